"""Honey and camellia oil: dipper, comb, flower, fruit."""

import math

from config.demo.pictures import skin as skins
from config.demo.pictures.body import drop_shadow, halo, outline_of
from config.demo.pictures.sketch import Sketch, ellipse, line, path, round_shape


def dipper(sketch: Sketch, x: float, y: float, turn: float, size: float) -> None:
    """A wooden honey dipper, honey still on it."""
    with sketch.at(x, y, turn, size):
        sketch.add(
            f'<g transform="rotate({-turn:.0f}) translate(6 10) '
            f'rotate({turn:.0f})">{path("M-60-5H90V5H-60Z", "#241003", 0.3)}</g>'
        )
        sketch.add(
            path(
                "M34-5H128Q136-5 136 0T128 5H34Z",
                sketch.linear((0, "#eccb98"), (0.5, "#c4935a"), (1, "#7d5428"), y1=-6, y2=6),
            )
        )
        for k in range(6):
            high = 15 + 9 * math.sin(math.pi * (k + 0.6) / 6.2)
            ring = sketch.linear((0, "#f3d3a0"), (0.4, "#cf9f60"), (1, "#7d4f22"), y1=-high, y2=high)
            sketch.add(
                f'<rect x="{-34 + k * 12}" y="{-high:.1f}" width="9" height="{2 * high:.1f}" rx="4" fill="{ring}"/>'
            )
        honey = outline_of(
            (-38, -8), (-20, -20), (10, -22), (30, -10), (34, 6), (16, 20), (-12, 22), (-34, 12)
        )
        sketch.add(path(honey, "#e8941a", 0.62), line("M-28-10Q-8-20 16-15", "#fff3c4", 3, 0.7))


def comb(sketch: Sketch, x: float, y: float, r: float) -> None:
    """A piece of honeycomb, cells full and capped."""
    rng = sketch.rng
    with sketch.at(x, y, -8, r / 100):
        block = outline_of(
            (-104, -30), (-50, -58), (40, -62), (100, -34), (108, 14), (62, 52), (-30, 58), (-98, 30)
        )
        drop_shadow(sketch, block, -8, 16, 0.4)
        with sketch.at(2, 16):
            sketch.add(
                path(block, sketch.linear((0, "#d98a1c"), (1, "#7d420a"), x1=-100, y1=0, x2=100, y2=40))
            )
        sketch.add(path(block, "#f3bd52"), f'<g clip-path="{sketch.clip(block)}">')
        for row in range(-5, 6):
            for column in range(-7, 8):
                cx, cy = column * 19 + row % 2 * 9.5, row * 13.4
                cell = (
                    "M"
                    + "L".join(
                        f"{cx + 9.4 * math.sin(k * 1.047):.1f} {cy + 7.6 * math.cos(k * 1.047):.1f}"
                        for k in range(6)
                    )
                    + "Z"
                )
                fill = "#f7dc98" if rng.random() < 0.22 else rng.choice(("#d57f12", "#c56c0c", "#e39420"))
                sketch.add(
                    path(cell, fill, 1, stroke="#ffe3a0", stroke_width=2.2),
                    ellipse(cx - 2, cy - 2.4, 3, 1.5, "#fff6d6", 0.7),
                )
        sketch.add(
            "</g>",
            path(
                block,
                sketch.linear(
                    (0, "#fff6d0", 0.35),
                    (0.5, "#fff6d0", 0),
                    (1, "#5a2c04", 0.3),
                    x1=-90,
                    y1=-60,
                    x2=90,
                    y2=60,
                ),
            ),
        )


def camellia(sketch: Sketch, x: float, y: float, r: float) -> None:
    """The white oil-tea flower."""
    rng = sketch.rng
    with sketch.at(x, y, rng.uniform(0, 60), r / 100):
        sketch.add(
            ellipse(
                8, 12, 104, 100, sketch.radial((0.4, "#241003", 0.4), (1, "#241003", 0), cx=8, cy=12, r=104)
            )
        )
        for k in range(6):
            a = k * 60 + rng.uniform(-8, 8)
            with sketch.at(0, 0, a):
                petal = outline_of(
                    (8, -14), (44, -38), (84, -30), (90, -8), (78, 2), (92, 12), (82, 32), (44, 38), (8, 14)
                )
                sketch.add(
                    path(
                        petal,
                        sketch.linear(
                            (0, "#f3ecc8"), (0.4, "#fffdf4"), (1, "#e9e4d2"), x1=0, y1=0, x2=92, y2=0
                        ),
                    )
                )
                sketch.add(
                    line("M16 0Q46-4 76 0M18-8Q44-20 66-20M18 8Q44 20 66 20", "#cfc9ac", 1.2, 0.6),
                    line(petal, "#a9a284", 1.1, 0.4),
                )
        stamens, heads = [], []
        for _ in range(60):
            a, out = rng.uniform(0, math.tau), rng.uniform(9, 30)
            px, py = out * math.cos(a), out * math.sin(a)
            stamens.append(f"M{px * 0.3:.1f} {py * 0.3:.1f}L{px:.1f} {py:.1f}")
            heads.append(f"M{px:.1f} {py:.1f}a2.800 2.800 0 1 0 .1 0Z")
        sketch.add(
            ellipse(0, 0, 32, 32, "#e6c65a", 0.7),
            line("".join(stamens), "#f6e9a4", 1.3, 0.9),
            path("".join(heads), "#e3a51c"),
            path("".join(heads[::3]), "#fbd864"),
        )


def oil_fruit(sketch: Sketch, x: float, y: float, r: float, split: bool = False) -> None:
    """The camellia's fruit; ripe, it opens on black seeds."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch)
        outline = round_shape(rng, 99, 95, 0.02)
        sketch.add(
            path(outline, skins.shade(sketch, ("#cfb56a", "#a98a46", "#80652f", "#573f1d", "#33220d")))
        )
        skins.rim(sketch, outline, "#2b1a08", 1, 0.25)
        if not split:
            skins.shine(sketch, 0.3, size=1.1)
            sketch.add(line("M-4-92Q-10-50 0-6M0-6Q40 6 84 34M0-6Q-36 20-70 60", "#3f2a10", 2.6, 0.5))
            return
        for k in range(3):
            with sketch.at(0, 4, k * 120 + 30):
                gap = outline_of((0, -6), (36, -26), (76, -10), (80, 10), (40, 26), (0, 8))
                sketch.add(
                    path(gap, "#efe0b4"),
                    path(
                        outline_of((6, -4), (36, -19), (68, -7), (70, 8), (38, 19), (6, 5)),
                        sketch.radial((0, "#6a4a38"), (0.5, "#33201a"), (1, "#150b08"), cx=32, cy=-6, r=40),
                    ),
                )
                sketch.add(ellipse(32, -6, 13, 4, "#ffffff", 0.45))
