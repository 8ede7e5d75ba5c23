"""Tea, rice, honey, camellia oil and duck eggs."""

import math

from config.demo.pictures.colour import mix
from config.demo.pictures.leaves import OLD, YOUNG, leaf
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, taper


def tea_leaves(sketch: Sketch, x: float, y: float, r: float, dark: bool = False) -> None:
    """A small heap of rolled leaf."""
    rng = sketch.rng
    tones = (
        ("#2b1c12", "#4a3220", "#6d4c30", "#8f6b46")
        if dark
        else ("#26351c", "#3f5529", "#5f7538", "#90a25a", "#c8cfa0")
    )
    sketch.add(
        ellipse(
            x + 5,
            y + 7,
            r * 1.05,
            r * 0.52,
            sketch.radial(
                (0.3, "#1d1204", 0.55), (1, "#1d1204", 0), cx=x + 5, cy=y + 7, r=r * 1.05, tall=0.5
            ),
        )
    )
    for k in range(150):
        a, out = rng.uniform(0, math.tau), math.sqrt(rng.random()) * r
        px, py = x + out * math.cos(a), y + out * 0.5 * math.sin(a) - (1 - out / r) * r * 0.34
        turn, long = rng.uniform(0, math.tau), rng.uniform(10, 19) * r / 80
        dx, dy, bend = long * math.cos(turn), long * 0.7 * math.sin(turn), rng.uniform(-4, 4)
        points = [(px, py), (px + dx * 0.5 - dy * 0.1 + bend, py + dy * 0.5 + bend), (px + dx, py + dy)]
        tone = rng.choice(tones[: 2 + k // 40])
        w = rng.uniform(2.4, 4.2) * r / 80
        sketch.add(
            path(taper(points, [w * 0.5, w, 0.4]), tone),
            line(curve(points), mix(tone, "#f2f2cc", 0.35), 0.5, 0.5),
        )


def tea_shoot(sketch: Sketch, x: float, y: float, turn: float, size: float) -> None:
    """Two leaves and a bud."""
    with sketch.at(x, y, turn, size):
        sketch.add(path(taper([(0, 0), (28, -3), (52, -4)], [4.4, 3.6, 3]), "#a9bf62"))
        leaf(sketch, 26, -2, 42, 0.66, OLD, 20, 14)
        leaf(sketch, 40, -4, -40, 0.62, YOUNG, 18, -10)
        leaf(sketch, 52, -4, -4, 0.5, ("#eef0b8", "#c3d27a", "#8fae52"), 10, 5, veins=0)


def rice_heap(
    sketch: Sketch, x: float, y: float, rx: float, ry: float, count: int = 900, peak: float = 0.5
) -> None:
    """Polished grains, thousands of them, lit as a mound."""
    rng = sketch.rng
    heap = curve(
        [
            (x - rx, y + ry * 0.3),
            (x - rx * 0.6, y - ry * 0.5 * peak),
            (x, y - ry * peak * 1.5),
            (x + rx * 0.6, y - ry * 0.5 * peak),
            (x + rx, y + ry * 0.3),
            (x + rx * 0.5, y + ry),
            (x - rx * 0.5, y + ry),
        ],
        True,
    )
    sketch.add(
        path(
            heap,
            sketch.radial(
                (0, "#faf5e6"),
                (0.6, "#e9dfc6"),
                (1, "#b9a987"),
                cx=x - rx * 0.3,
                cy=y - ry * peak,
                r=rx * 1.3,
            ),
        )
    )
    groups: list[list[str]] = [[], [], []]
    for _ in range(count):
        a, out = rng.uniform(0, math.tau), math.sqrt(rng.random())
        px, py = x + rx * out * math.cos(a), y + ry * out * math.sin(a) * 0.92 - (1 - out**1.5) * ry * peak
        groups[min(2, max(0, int((px - x) / rx * 0.8 + (py - y) / ry * 0.6 + rng.uniform(0.4, 2.0))))].append(
            _grain(px, py, rng.uniform(0, 180))
        )
    for grains, colour, edge in zip(
        groups, ("#fffdf4", "#f4ecd8", "#d9cba9"), ("#c9b88e", "#ad9a6e", "#8a774e"), strict=True
    ):
        sketch.add(path("".join(grains), colour, 1, stroke=edge, stroke_width=0.45, stroke_opacity=0.7))


def _grain(x: float, y: float, turn: float) -> str:
    a = math.radians(turn)
    dx, dy = 3.5 * math.cos(a), 3.5 * math.sin(a)
    arc = f"a3.600 1.350 {turn:.0f} 1 0"
    return f"M{x - dx:.1f} {y - dy:.1f}{arc} {2 * dx:.2f} {2 * dy:.2f}{arc} {-2 * dx:.2f} {-2 * dy:.2f}Z"


def loose_rice(sketch: Sketch, x: float, y: float, wide: float, count: int) -> None:
    rng = sketch.rng
    spots = [
        (x + rng.gauss(0, wide), y + rng.gauss(0, wide * 0.4), rng.uniform(0, 180)) for _ in range(count)
    ]
    sketch.add(path("".join(_grain(a + 1, b + 1.6, t) for a, b, t in spots), "#2b1a06", 0.4))
    sketch.add(
        path("".join(_grain(a, b, t) for a, b, t in spots), "#faf4e2", 1, stroke="#b3a174", stroke_width=0.4)
    )


def rice_ear(sketch: Sketch, x: float, y: float, turn: float, size: float) -> None:
    rng = sketch.rng
    with sketch.at(x, y, turn, size):
        stem = [(0, 0), (50, -10), (104, -8), (156, 14), (190, 44)]
        sketch.add(path(taper(stem, [4, 3.4, 2.8, 2.2, 1.4]), "#b59a45"))
        for k in range(34):
            t = 0.35 + k / 52
            i = min(3, int(t * 4))
            f = t * 4 - i
            px = stem[i][0] + (stem[i + 1][0] - stem[i][0]) * f
            py = stem[i][1] + (stem[i + 1][1] - stem[i][1]) * f
            lean = 20 + 40 * t + (-34 if k % 2 else 34) + rng.uniform(-10, 10)
            with sketch.at(px, py, lean):
                husk = "M0 0C4-5 13-5 18 0 13 5 4 5 0 0Z"
                sketch.add(
                    f'<g transform="translate(1.500 3)">{path(husk, "#2b1a06", 0.35)}</g>',
                    path(husk, rng.choice(("#e7c768", "#d8b24c", "#f0d684"))),
                    line("M2 0H17", "#9c7a26", 0.7, 0.7),
                )
