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
        tube(sketch, body, ("#e9c98c", "#c99c58", "#9c6c34", "#6b431d", "#3f240d"), turn, 58, 1.8)
        sketch.add(f'<g clip-path="{sketch.clip(body)}">')
        lit = 1 if turned(-0.6, -0.8, -turn)[1] < 0 else -1
        for k, start in enumerate((76, 52, 28, 2, -26, -56, -86)):
            _sheath(sketch, start, -1 if k % 2 else 1, lit, ("#bf8f4c", "#a87838", "#b58442")[k % 3])
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


def _sheath(sketch: Sketch, start: float, side: int, lit: int, tone: str) -> None:
    """One leaf of the coat, wrapped about the shoot, its point to one side; those nearer the foot lie over it."""
    rng = sketch.rng
    edge = [
        (start - 22, -side * 66),
        (start - 4, -side * 34),
        (start + 16, -side * 4),
        (start + 44, side * 22),
        (start + 26, side * 44),
        (start - 6, side * 66),
    ]
    fill = sketch.linear(
        (0, shift(tone, 4, 1.3)),
        (0.4, tone),
        (1, shift(tone, -6, 0.42)),
        x1=start,
        y1=-60 * lit,
        x2=start,
        y2=60 * lit,
    )
    brow = curve(edge)
    sketch.add(f'<g transform="translate(5 2)">{line(brow, "#2a1505", 7, 0.42)}</g>')
    sketch.add(path(brow + "L-140 70L-140 -70Z", fill))
    ribs = "".join(
        f"M-130 {y}L{start - 8 + 20 * (1 - abs(y) / 60):.1f} {y * 0.9:.1f}" for y in range(-54, 58, 9)
    )
    hairs = "".join(
        f"M{start - rng.uniform(4, 40):.1f} {rng.uniform(-54, 54):.1f}l{rng.uniform(6, 15):.1f} {rng.uniform(-2, 2):.1f}"
        for _ in range(22)
    )
    sketch.add(line(ribs, "#5f3a16", 0.9, 0.28), line(hairs, "#3f230c", 1.1, 0.36))
    sketch.add(
        line(brow, "#f3dfae", 2.2, 0.75),
        f'<g transform="translate(-3 0)">{line(brow, "#6b4a20", 1.2, 0.4)}</g>',
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
