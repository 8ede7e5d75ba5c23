"""Duck and hen eggs, whole and halved."""

import math

from config.demo.pictures.body import drop_shadow, tube
from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Sketch, curve, ellipse, path, round_shape


def egg(sketch: Sketch, x: float, y: float, r: float, turn: float, tone: str = "#cfe0d8") -> None:
    points = [
        (math.cos(a) * 100, math.sin(a) * (76 - 9 * math.cos(a))) for a in (k * 0.3491 for k in range(18))
    ]
    body = curve(points, True)
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 16, 0.34)
        tube(
            sketch,
            body,
            (
                mix(tone, "#ffffff", 0.75),
                mix(tone, "#ffffff", 0.3),
                tone,
                mix(tone, "#5b5238", 0.3),
                mix(tone, "#3f3626", 0.55),
            ),
            turn,
            90,
        )
        marks = [(sketch.rng.uniform(-76, 76), sketch.rng.uniform(-50, 50)) for _ in range(60)]
        sketch.add(
            path(
                "".join(f"M{a:.1f} {b:.1f}a1.400 1.400 0 1 0 .1 0Z" for a, b in marks),
                shift(tone, 0, 0.72),
                0.45,
            )
        )
        lit = math.radians(-turn - 128)
        gx, gy = 46 * math.cos(lit), 40 * math.sin(lit)
        sketch.add(
            ellipse(
                gx,
                gy,
                34,
                20,
                sketch.radial(
                    (0, "#ffffff", 0.8), (1, "#ffffff", 0), cx=gx, cy=gy, r=34, turn=-turn - 40, tall=0.6
                ),
                turn=-turn - 40,
            )
        )


YOLKS = {"salted": ("#ffb84a", "#f28c1c", "#c9580c"), "fresh": ("#ffe38a", "#fbc840", "#e09a1e")}


def half_egg(sketch: Sketch, x: float, y: float, r: float, turn: float, kept: str = "salted") -> None:
    """Salted: firm white, a yolk red with oil. Fresh: a plain boiled egg."""
    light, mid, dark = YOLKS[kept]
    shell = "#d8e6de" if kept == "salted" else "#e2b48c"
    points = [
        (math.cos(a) * 100, math.sin(a) * (78 - 9 * math.cos(a))) for a in (k * 0.3491 for k in range(18))
    ]
    body = curve(points, True)
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 18, 0.38)
        with sketch.at(0, 5):
            sketch.add(path(body, shift(shell, 0, 0.8)))
        sketch.add(path(body, shell))
        with sketch.at(0, 0, 0, 0.95):
            sketch.add(
                path(
                    body,
                    sketch.radial((0, "#ffffff"), (0.8, "#fbfaf2"), (1, "#e6e6da"), cx=-14, cy=-14, r=120),
                )
            )
        sketch.add(
            ellipse(8, 2, 53, 50, "#e2b25e", 0.6),
            path(
                round_shape(sketch.rng, 50, 47, 0.03),
                sketch.radial((0, light), (0.6, mid), (1, dark), cx=-6, cy=-8, r=58),
            ),
        )
        crumbs = "".join(
            f"M{sketch.rng.gauss(4, 20):.1f} {sketch.rng.gauss(0, 18):.1f}a3 2.400 0 1 0 .1 0Z"
            for _ in range(40)
        )
        sketch.add(path(crumbs, light, 0.5), ellipse(-12, -16, 18, 9, "#fff0c0", 0.6, -turn - 35))
