"""Chestnuts, peanuts, lotus seeds, chillies and mushrooms."""

import math

from config.demo.pictures.body import drop_shadow, outline_of, tube
from config.demo.pictures.colour import shift_all
from config.demo.pictures.sketch import Sketch, ellipse, line, path, turned

CHESTNUT = "M0-104C12-86 32-78 60-56 97-26 105 22 84 60 66 90 34 97 0 97S-66 90-84 60C-105 22-97-26-60-56-32-78-12-86 0-104Z"


HILUM = "M-86 52C-54 34 54 34 86 52 68 90 34 97 0 97S-68 90-86 52Z"


def chestnut(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    rng = sketch.rng
    tones = shift_all(
        ("#c9804c", "#98502a", "#6b3016", "#471c0b", "#2a0f05"), rng.uniform(-5, 5), rng.uniform(0.94, 1.08)
    )
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, CHESTNUT, turn, 14, 0.42)
        tube(sketch, CHESTNUT, tones, turn, 96)
        fibres = []
        for k in range(17):
            foot = -84 + k * 10.5 + rng.uniform(-2, 2)
            fibres.append(
                f"M0-96C{foot * 0.5:.1f}-66 {foot * 1.06:.1f}-20 {foot:.1f} {50 - abs(foot) * 0.1:.1f}"
            )
        sketch.add(
            line("".join(fibres), tones[4], 2.0, 0.26), line("".join(fibres[::3]), tones[0], 1.1, 0.28)
        )
        sketch.add(path(HILUM, sketch.linear((0, "#dcb98c"), (0.6, "#b98f62"), (1, "#7d5836"), y1=36, y2=97)))
        grain = "".join(
            f"M{rng.uniform(-70, 70):.1f} {rng.uniform(50, 84):.1f}l{rng.uniform(-3, 3):.1f} 7"
            for _ in range(44)
        )
        brow = line("M-84 54C-54 38 54 38 84 54", "#4a2410", 5, 0.5)
        sketch.add(f'<g clip-path="{sketch.clip(HILUM)}">', line(grain, "#6e4a28", 1.4, 0.4), brow, "</g>")
        gx, gy = turned(-34, -36, -turn)
        fill = sketch.radial(
            (0, "#fff2e0", 0.62),
            (0.5, "#ffe6cc", 0.22),
            (1, "#ffe6cc", 0),
            cx=gx,
            cy=gy,
            r=34,
            turn=-turn - 48,
            tall=0.5,
        )
        sketch.add(ellipse(gx, gy, 34, 17, fill, turn=-turn - 48))
        tip = outline_of((0, -108), (7, -92), (4, -84), (-4, -84), (-7, -92))
        sketch.add(path(tip, "#e8d2ac"), line("M0-106 0-86M-3-102-5-88M3-102 5-88", "#a98a5c", 1, 0.8))


def kernel(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """A shelled chestnut."""
    with sketch.at(x, y, turn, r / 100):
        body = outline_of(
            (0, -88),
            (44, -72),
            (86, -22),
            (82, 36),
            (48, 76),
            (0, 84),
            (-50, 74),
            (-84, 32),
            (-84, -24),
            (-44, -72),
        )
        drop_shadow(sketch, body, turn, 14, 0.36)
        tube(sketch, body, ("#fff6d6", "#f8e5ac", "#ecd08a", "#cfa558", "#9c7234"), turn, 92)
        sketch.add(
            line(
                "M-8-84C-26-40-18 10-34 66M20-80C16-40 40-8 30 60M-44-66C-56-30-44 0-62 40",
                "#b8924e",
                2.6,
                0.55,
            )
        )
        sketch.add(line("M-5-84C-23-40-15 10-31 66M23-80C19-40 43-8 33 60", "#fffbe8", 1.5, 0.7))


def burr(sketch: Sketch, x: float, y: float, r: float) -> None:
    """The spiny husk, split."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        layers: tuple[list[str], ...] = ([], [], [])
        for k in range(640):
            a, base = rng.uniform(0, math.tau), rng.uniform(20, 84)
            long, bend = rng.uniform(22, 36), rng.uniform(-0.32, 0.32)
            sx, sy = base * math.cos(a), base * math.sin(a)
            layers[k % 3].append(
                f"M{sx:.1f} {sy:.1f}l{long * math.cos(a + bend):.1f} {long * math.sin(a + bend):.1f}"
            )
        sketch.add(
            ellipse(
                9, 14, 106, 104, sketch.radial((0.6, "#241003", 0.5), (1, "#241003", 0), cx=9, cy=14, r=112)
            )
        )
        sketch.add(
            ellipse(
                0,
                0,
                88,
                88,
                sketch.radial((0, "#b3b35a"), (0.7, "#7d7d34"), (1, "#4d4a1c"), cx=-26, cy=-30, r=120),
            )
        )
        for parts, colour in zip(layers, ("#5f5c22", "#9da04a", "#d6d68a"), strict=True):
            sketch.add(line("".join(parts), colour, 1.9, 0.85))
        split = outline_of((-6, -58), (34, -34), (56, 4), (40, 44), (0, 60), (-40, 42), (-54, 2), (-36, -36))
        sketch.add(path(split, "#e9d8a8"), line(split, "#a68b4c", 4, 0.8))
        chestnut(sketch, -14, 2, 40, -18)
        chestnut(sketch, 22, 6, 38, 24)


def peanut(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    rng = sketch.rng
    w = rng.uniform(0.9, 1.08)
    body = outline_of(
        (-100, -4),
        (-84, -38 * w),
        (-48, -46),
        (-8, -30),
        (30, -42 * w),
        (72, -44),
        (100, -18),
        (100, 16),
        (72, 42),
        (32, 43 * w),
        (-6, 31),
        (-46, 46),
        (-86, 36),
    )
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 13, 0.40)
        tube(
            sketch,
            body,
            shift_all(
                ("#f6deac", "#e6c084", "#cf9f5e", "#a67640", "#6f4a24"),
                rng.uniform(-4, 4),
                rng.uniform(0.94, 1.05),
            ),
            turn,
            54,
        )
        ribs = []
        for k in range(-3, 4):
            h = k * 12.5
            pinch = 0.7
            ribs.append(
                f"M-96 {h * 0.5:.1f}C-70 {h:.1f}-40 {h:.1f}-8 {h * pinch:.1f}S60 {h:.1f} 96 {h * 0.55:.1f}"
            )
        sketch.add(line("".join(ribs), "#8c5f30", 2.6, 0.5))
        sketch.add(f'<g transform="translate(1.500 2.500)">{line("".join(ribs), "#fff0cc", 1.6, 0.45)}</g>')
        cells = ([], [])
        for _ in range(44):
            px, k = rng.uniform(-84, 84), rng.randrange(-3, 3)
            squeeze = 1 - 0.3 * math.exp(-((px / 24) ** 2)) - 0.3 * (px / 100) ** 4
            y1, y2 = k * 12.5 * squeeze, (k + 1) * 12.5 * squeeze
            cells[0].append(f"M{px:.1f} {y1:.1f}L{px + rng.uniform(-3, 3):.1f} {y2:.1f}")
            cells[1].append(f"M{px + 2:.1f} {y1 + 2:.1f}L{px + 2:.1f} {y2 - 1:.1f}")
        sketch.add(
            line("".join(cells[0]), "#8c5f30", 2.4, 0.42), line("".join(cells[1]), "#fff0cc", 1.4, 0.36)
        )
        sketch.add(line("M96-4q10 2 14 8", "#7a5228", 4, 0.9))


def open_peanut(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    body = outline_of(
        (-100, -4),
        (-84, -40),
        (-48, -46),
        (-8, -32),
        (30, -43),
        (72, -44),
        (100, -16),
        (98, 18),
        (72, 42),
        (32, 43),
        (-6, 33),
        (-46, 46),
        (-86, 36),
    )
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 12, 0.40)
        sketch.add(path(body, "#b98a50"))
        with sketch.at(0, 0, 0, 0.94, 0.90):
            sketch.add(
                path(body, sketch.radial((0, "#e9cf9e"), (0.7, "#f7e6c2"), (1, "#fff2d8"), r=104, tall=0.5))
            )
        for cx in (-47, 50):
            nut = outline_of(
                (cx - 34, 2),
                (cx - 22, -24),
                (cx + 8, -28),
                (cx + 33, -10),
                (cx + 33, 12),
                (cx + 8, 28),
                (cx - 24, 24),
            )
            sketch.add(
                f'<g transform="rotate({-turn:.0f}) translate(4 8) rotate({turn:.0f})">{path(nut, "#6b4314", 0.5)}</g>'
            )
            gx, gy = turned(-12, -14, -turn)
            fill = sketch.radial(
                (0, "#f0a890"), (0.4, "#cf6f5c"), (0.8, "#a3463e"), (1, "#6f2a28"), cx=cx + gx, cy=gy, r=44
            )
            sketch.add(
                path(nut, fill),
                line(
                    f"M{cx - 24} -4Q{cx} -12 {cx + 26} -2M{cx - 20} 10Q{cx} 6 {cx + 24} 10",
                    "#7d2f2c",
                    1.3,
                    0.5,
                ),
            )
            sketch.add(ellipse(cx + gx, gy, 9, 5, "#fff2ea", 0.6, -turn - 40))
