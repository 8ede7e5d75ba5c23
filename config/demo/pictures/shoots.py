"""Bamboo shoots and lily bulbs."""

import math

from config.demo.pictures.body import drop_shadow, halo, outline_of, tube
from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape, taper, turned


def bamboo_shoot(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """Winter shoot in its sheaths, tip along the turn."""
    rng = sketch.rng
    outline = (
        (-104, -34),
        (-88, -52),
        (-40, -58),
        (14, -48),
        (66, -28),
        (118, -4),
        (66, 30),
        (14, 50),
        (-40, 58),
        (-88, 52),
        (-104, 34),
    )
    body = outline_of(*outline)
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 12, 0.42)
        tube(sketch, body, ("#e9c98c", "#c99c58", "#9c6c34", "#6b431d", "#3f240d"), turn, 62)
        sketch.add(f'<g clip-path="{sketch.clip(body)}">')
        for k, start in enumerate((-96, -66, -36, -8, 18, 42, 64)):
            side = -1 if k % 2 else 1
            edge = [
                (start - 14, side * 62),
                (start + 20, side * 40),
                (start + 48, side * 8),
                (start + 74, -side * 14),
                (start + 52, -side * 34),
                (start + 14, -side * 56),
            ]
            sheath = curve([(start - 34, side * 66), *edge, (start - 30, -side * 66)], True)
            tone = ("#c49452", "#b07f40", "#a8743a", "#b98c4c")[k % 4]
            sketch.add(f'<g transform="translate(3 4)">{line(curve(edge), "#2f1907", 5, 0.35)}</g>')
            sketch.add(
                path(
                    sheath,
                    sketch.linear(
                        (0, shift(tone, 3, 1.22)),
                        (0.5, tone),
                        (1, shift(tone, -4, 0.55)),
                        x1=start,
                        y1=-60,
                        x2=start + 14,
                        y2=62,
                    ),
                    0.93,
                )
            )
            hairs = "".join(
                f"M{start + rng.uniform(-40, 40):.1f} "
                f"{rng.uniform(-54, 54):.1f}l{rng.uniform(10, 24):.1f} {rng.uniform(-3, 3):.1f}"
                for _ in range(26)
            )
            sketch.add(line(hairs, "#4a2a10", 1.0, 0.30), line(curve(edge), "#f1ddaa", 1.8, 0.6))
        sketch.add(path(outline_of((70, -40), (130, -6), (70, 40), (84, 0)), "#7f9440", 0.55), "</g>")
        sketch.add(path(taper([(106, -4), (124, -10), (140, -20)], [9, 6, 1]), "#8fa14a"))
        butt = sketch.radial((0, "#fbeecb"), (0.7, "#ecd49c"), (1, "#b8925a"), cx=-100, cy=-8, r=40)
        sketch.add(
            ellipse(-99, 0, 15, 37, butt),
            line("M-99-26A8 26 0 0 1-99 26M-100-14A5 14 0 0 1-100 14", "#c9a468", 1.4, 0.7),
        )
        sketch.add(
            path(
                "".join(
                    f"M{-104 + rng.uniform(-3, 12):.1f} {rng.uniform(-38, 38):.1f}a2.400 2.400 0 1 0 .1 0Z"
                    for _ in range(12)
                ),
                "#8f3f3c",
                0.8,
            )
        )


def half_shoot(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """Split lengthwise: pale flesh with its ladder of chambers."""
    points = (
        (-104, -32),
        (-84, -50),
        (-40, -54),
        (14, -44),
        (62, -26),
        (110, 0),
        (62, 27),
        (14, 45),
        (-40, 55),
        (-84, 50),
        (-104, 32),
    )
    body = outline_of(*points)
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 12, 0.40)
        with sketch.at(2, 5):
            sketch.add(path(body, "#9c6f38"))
        sketch.add(path(body, "#d9b878"))
        inner = outline_of(*((px * 0.95, py * 0.88) for px, py in points))
        sketch.add(
            path(
                inner, sketch.radial((0, "#fffdf0"), (0.6, "#fbf3d2"), (1, "#ecdba4"), cx=-30, cy=-14, r=130)
            )
        )
        for k in range(13):
            px = -64 + k * 12.4
            high = 26 * (1 - (k / 14) ** 1.3) + 3
            cell = outline_of(
                (px - 4, -high),
                (px + 1, -high * 1.06),
                (px + 4.4, 0),
                (px + 1, high * 1.06),
                (px - 4, high),
                (px - 2, 0),
            )
            sketch.add(
                path(cell, "#e2cf94", 0.9),
                line(f"M{px - 3:.1f} {-high:.1f}Q{px:.1f} 0 {px - 3:.1f} {high:.1f}", "#b89f5c", 1.2, 0.6),
            )
        layers = "".join(
            f"M{-90 + k * 26} {-44 + k * 4}Q{-20 + k * 22} {-44 + k * 5} {60 + k * 10} {-14 + k * 2}"
            for k in range(4)
        )
        mirrored = "".join(
            f"M{-90 + k * 26} {44 - k * 4}Q{-20 + k * 22} {44 - k * 5} {60 + k * 10} {14 - k * 2}"
            for k in range(4)
        )
        sketch.add(line(layers + mirrored, "#cdb678", 1.5, 0.7), line(inner, "#fffef4", 1.6, 0.8))


def lily_bulb(sketch: Sketch, x: float, y: float, r: float) -> None:
    """Scales closed like a lotus, white with a purple breath at the tips."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 100, 92, 0.36)
        sketch.add(path(round_shape(rng, 86, 78, 0.02), "#c9b583"))
        for ring, count, out, size in ((0, 9, 50, 1.0), (1, 8, 36, 0.9), (2, 6, 22, 0.78), (3, 4, 9, 0.6)):
            for k in sorted(range(count), key=lambda k, c=count: math.sin(math.tau * k / c)):
                a = math.degrees(math.tau * k / count) + ring * 21 + rng.uniform(-6, 6)
                bx, by = out * math.cos(math.radians(a)), out * 0.86 * math.sin(math.radians(a)) + 8
                with sketch.at(bx, by, a, size * rng.uniform(0.9, 1.06)):
                    _scale(sketch, a)
        roots = "".join(
            f"M{rng.uniform(-26, 26):.1f} 80q{rng.uniform(-8, 8):.1f} 12 {rng.uniform(-20, 20):.1f} 26"
            for _ in range(14)
        )
        sketch.add(line(roots, "#a58a55", 1.5, 0.8))


def _scale(sketch: Sketch, a: float) -> None:
    petal = outline_of((-34, 0), (-18, -27), (14, -29), (40, -14), (54, 0), (40, 14), (14, 29), (-18, 27))
    lx, ly = turned(-0.6, -0.8, -a)
    sketch.add(
        f'<g transform="rotate({-a:.0f}) translate(3 5) rotate({a:.0f})">{path(petal, "#5d471c", 0.34)}</g>'
    )
    sketch.add(
        path(
            petal,
            sketch.linear(
                (0, "#fffef6"),
                (0.5, "#f8f1dc"),
                (1, "#d5c39a"),
                x1=lx * 40,
                y1=ly * 40,
                x2=-lx * 40,
                y2=-ly * 40,
            ),
        )
    )
    tip = sketch.radial((0, "#a97a90", 0.55), (1, "#a97a90", 0), cx=54, cy=0, r=28)
    sketch.add(
        path(petal, tip),
        line(
            "M-26 0Q10-3 46 0M-18-12Q10-16 38-8M-18 12Q10 16 38 8", mix("#cdbb90", "#ffffff", 0.1), 1.1, 0.6
        ),
        line(petal, "#a8946a", 0.9, 0.5),
    )
