"""Lotus seeds and pods, chillies, mushrooms."""

import math

from config.demo.pictures.body import drop_shadow, five, glow_along, outline_of, tube
from config.demo.pictures.colour import mix, shift, shift_all
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape, taper, turned


def lotus_seed(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    rng = sketch.rng
    body = round_shape(rng, 100, 82, 0.02)
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 18, 0.38)
        tube(
            sketch,
            body,
            shift_all(("#fffaea", "#f8eacb", "#ecd7a8", "#cdb07a", "#92744a"), rng.uniform(-4, 4)),
            turn,
            84,
        )
        veins = "M-86 0C-40-26 30-28 84-6M-84 12C-40 26 30 28 84 10M-88 4C-40 2 40-2 88 2"
        sketch.add(line(veins, "#c39b62", 2.4, 0.42))
        tip = sketch.radial((0, "#a8703c", 0.75), (1, "#a8703c", 0), cx=92, cy=0, r=36)
        sketch.add(ellipse(86, 0, 30, 34, tip), ellipse(93, 0, 5, 8, "#6b4220"))
        gx, gy = turned(-30, -36, -turn)
        sketch.add(
            ellipse(
                gx,
                gy,
                28,
                15,
                sketch.radial(
                    (0, "#ffffff", 0.85), (1, "#ffffff", 0), cx=gx, cy=gy, r=28, turn=-turn - 42, tall=0.55
                ),
                turn=-turn - 42,
            )
        )


def lotus_pod(sketch: Sketch, x: float, y: float, r: float) -> None:
    """Seen from above, seeds in their wells."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        outline = curve(
            [
                (math.cos(k * 0.349) * (100 + 5 * (k % 2)), math.sin(k * 0.349) * (84 + 4 * (k % 2)))
                for k in range(18)
            ],
            True,
        )
        with sketch.at(4, 24, 0, 0.9):
            sketch.add(path(outline, "#5b6a2c"))
        drop_shadow(sketch, outline, 0, 26, 0.3)
        with sketch.at(2, 12, 0, 0.97):
            sketch.add(path(outline, "#6c7e36"))
        sketch.add(
            path(
                outline,
                sketch.radial((0, "#d7df9a"), (0.6, "#aebd62"), (1, "#7d9040"), cx=-24, cy=-26, r=130),
            )
        )
        sketch.add(line(outline, "#e9eec0", 2.4, 0.6))
        wells = [(0, 0)] + [
            (46 * math.cos(k * 1.257 + 0.4), 37 * math.sin(k * 1.257 + 0.4)) for k in range(5)
        ]
        wells += [(82 * math.cos(k * 0.698), 67 * math.sin(k * 0.698)) for k in range(9)]
        for wx, wy in wells:
            wx, wy = wx + rng.uniform(-3, 3), wy + rng.uniform(-2, 2)
            sketch.add(ellipse(wx, wy, 14.5, 12, "#8a9c4c"), ellipse(wx + 0.8, wy + 1.4, 13, 10.4, "#5b6b2c"))
            seed = sketch.radial((0, "#cfdd8e"), (0.6, "#8fae52"), (1, "#557530"), cx=wx - 3, cy=wy - 3, r=13)
            sketch.add(
                ellipse(wx + 0.5, wy + 1, 11.4, 9.2, seed),
                ellipse(wx + 0.5, wy, 2, 1.6, "#3d3a1a"),
                ellipse(wx - 3, wy - 3.5, 3, 1.6, "#ffffff", 0.6, -30),
            )


def chilli(sketch: Sketch, x: float, y: float, r: float, turn: float, dried: bool = True) -> None:
    """A pod 200 long, curved, on its stem."""
    rng = sketch.rng
    bend = rng.uniform(-34, 34)
    spine = [(-92 + k * 18.5, bend * math.sin((k / 10) * 2.6) * 0.8) for k in range(11)]
    swell = [30, 36, 37, 36, 34, 31, 27, 22, 16, 9, 2]
    body = taper(spine, [w * rng.uniform(0.88 if dried else 0.97, 1.05) for w in swell])
    base = (
        ("#e5604a", "#b92a1e", "#861513", "#5c0c0e", "#350608")
        if dried
        else ("#ff8a6a", "#ec3f2a", "#cb1d17", "#921014", "#58090d")
    )
    tones = shift_all(base, rng.uniform(-4, 6), rng.uniform(0.9, 1.1))
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 10, 0.42)
        tube(sketch, body, tones, turn, 26, 2.6)
        lx, ly = turned(-0.6, -0.8, -turn)
        ridge = [(px + lx * 6, py + ly * 6) for px, py in spine[1:9]]
        glow_along(sketch, ridge, [2, 6, 9, 8, 7, 5, 3, 1], 0.42 if dried else 0.7, "#ffe3d6")
        if dried:
            for _ in range(8):
                k, off = rng.randrange(1, 7), rng.uniform(-9, 9)
                fold = [(spine[k + i][0], spine[k + i][1] + off + rng.uniform(-2, 2)) for i in range(3)]
                sketch.add(
                    path(taper(fold, [0.5, 4, 0.5]), tones[4], 0.55),
                    path(taper([(a, b - 3) for a, b in fold], [0.4, 2.2, 0.4]), tones[0], 0.4),
                )
        cap = outline_of((-104, -12), (-92, -18), (-80, -14), (-84, 0), (-80, 13), (-92, 18), (-104, 11))
        green = "#8d8a4a" if dried else "#6c9a3c"
        sketch.add(
            path(cap, sketch.linear((0, shift(green, 0, 1.3)), (1, shift(green, 0, 0.6)), y1=-18, y2=18))
        )
        sketch.add(
            path(
                taper([(-100, 0), (-122, rng.uniform(-8, 8)), (-146, rng.uniform(-20, 12))], [8, 6, 7]),
                mix(green, "#4d4520", 0.25),
            )
        )


def mushroom(sketch: Sketch, x: float, y: float, r: float) -> None:
    """Winter shiitake, its cap cracked like a flower."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100, r / 100 * 0.84):
        cap = round_shape(rng, 100, 98, 0.03)
        sketch.add(
            ellipse(
                9, 16, 112, 108, sketch.radial((0.6, "#241003", 0.5), (1, "#241003", 0), cx=9, cy=16, r=116)
            )
        )
        with sketch.at(1, 7):
            sketch.add(path(cap, "#d8bd92"))
        sketch.add(
            path(
                cap,
                sketch.radial(
                    *zip((0, 0.3, 0.6, 0.85, 1), five("#b98a5c", "#7d5230", "#40240f"), strict=True),
                    cx=-28,
                    cy=-34,
                    r=140,
                ),
            )
        )
        cracks = []
        for ring, count in ((30, 5), (56, 9), (80, 14)):
            for k in range(count):
                a = math.tau * k / count + rng.uniform(-0.2, 0.2)
                bx, by = ring * math.cos(a), ring * math.sin(a)
                for b in (a + rng.uniform(0.6, 1.2), a - rng.uniform(0.6, 1.2), a + rng.uniform(1.8, 2.6)):
                    long = rng.uniform(12, 22)
                    points = [
                        (bx, by),
                        (bx + long * 0.5 * math.cos(b) + rng.uniform(-2, 2), by + long * 0.5 * math.sin(b)),
                        (bx + long * math.cos(b), by + long * math.sin(b)),
                    ]
                    cracks.append(taper(points, [5.5, 4, 0.6]))
        sketch.add(
            f'<g clip-path="{sketch.clip(cap)}"><g transform="translate(-1 '
            f'-1.500)">{path("".join(cracks), "#3a200c", 0.45)}</g>{path("".join(cracks), "#f3e2c0", 0.9)}</g>'
        )
        sketch.add(
            ellipse(
                -30,
                -34,
                40,
                28,
                sketch.radial((0, "#fff6e4", 0.4), (1, "#fff6e4", 0), cx=-30, cy=-34, r=40, tall=0.7),
            ),
            line(cap, "#2e1808", 1.6, 0.4),
        )
