"""Sweet potatoes, bamboo shoots, lily bulbs."""

import math

from config.demo.pictures.body import drop_shadow, glow_along, halo, outline_of, speckle, tube
from config.demo.pictures.colour import shift, shift_all
from config.demo.pictures.sketch import Sketch, ellipse, line, path, round_shape, taper, turned

POTATO = (
    (-128, 6),
    (-104, -14),
    (-78, -44),
    (-30, -62),
    (24, -60),
    (66, -44),
    (96, -18),
    (126, -6),
    (100, 18),
    (74, 42),
    (28, 60),
    (-28, 58),
    (-76, 38),
    (-104, 20),
)


def sweet_potato(sketch: Sketch, x: float, y: float, r: float, turn: float, hue: float = 0) -> None:
    rng = sketch.rng
    body = outline_of(*((px * rng.uniform(0.95, 1.05), py * rng.uniform(0.86, 1.1)) for px, py in POTATO))
    tones = shift_all(
        ("#e39a98", "#c4626c", "#963f50", "#682638", "#421523"),
        hue + rng.uniform(-3, 3),
        rng.uniform(0.95, 1.06),
    )
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 10, 0.4)
        tube(sketch, body, tones, turn, 64, 1.5)
        sketch.add(f'<g clip-path="{sketch.clip(body)}">')
        for _ in range(9):
            px, py = rng.uniform(-90, 90), rng.uniform(-40, 40)
            clay = sketch.radial((0, "#c9a27c", 0.34), (1, "#c9a27c", 0), cx=px, cy=py, r=22)
            sketch.add(ellipse(px, py, 26, 12, clay))
        for _ in range(34):
            px, py = rng.uniform(-112, 112), rng.uniform(-56, 56)
            long = rng.uniform(5, 17)
            mark = [(px, py - long), (px + rng.uniform(-2, 3), py), (px + rng.uniform(-3, 3), py + long)]
            sketch.add(
                path(taper(mark, [0.4, rng.uniform(1.6, 3.2), 0.4]), tones[4], 0.5),
                path(taper([(a + 2.2, b) for a, b in mark], [0.3, 1.6, 0.3]), tones[0], 0.45),
            )
        sketch.add(path(speckle(rng, 160, 118, 54, (0.5, 1.1)), tones[0], 0.4), "</g>")
        lx, ly = turned(-0.6, -0.8, -turn)
        ridge = [(px, ly * 30 + lx * 6 - 10 * math.sin((px + 70) / 45)) for px in (-66, -40, -14, 12, 38, 60)]
        glow_along(sketch, ridge, [2, 12, 17, 16, 10, 2], 0.26, "#fff0ea")
        for end, way in ((-126, -1), (124, 1)):
            root = [
                (end - way * 4, 0),
                (end + way * 14, rng.uniform(-6, 6)),
                (end + way * 34, rng.uniform(-14, 14)),
            ]
            sketch.add(path(taper(root, [8, 3.4, 0.8]), tones[3]))
        for _ in range(4):
            px = rng.uniform(-80, 80)
            py = 44 * rng.choice((-1, 1))
            sketch.add(
                line(
                    f"M{px:.1f} {py}q4 {math.copysign(8, py):.0f} {rng.uniform(-4, 12):.1f} {math.copysign(17, py):.0f}",
                    tones[3],
                    1.3,
                    0.8,
                )
            )


def cut_potato(sketch: Sketch, x: float, y: float, r: float, flesh: str = "#f6a94e") -> None:
    """A thick round, face to the viewer."""
    rng = sketch.rng
    with sketch.at(x, y, -8, r / 100, r / 100 * 0.78):
        halo(sketch)
        face = round_shape(rng, 100, 96, 0.03)
        with sketch.at(6, 22):
            sketch.add(path(face, sketch.linear((0, "#a2505e"), (1, "#4d1826"), x1=-90, y1=0, x2=90, y2=40)))
        sketch.add(path(face, "#b0566a"))
        with sketch.at(0, 0, 0, 0.955):
            sketch.add(
                path(
                    face,
                    sketch.radial(
                        (0, shift(flesh, 6, 1.16)),
                        (0.7, flesh),
                        (0.93, shift(flesh, -6, 0.9)),
                        (1, "#f3c9a0"),
                        cx=-10,
                        cy=-12,
                        r=104,
                    ),
                )
            )
        rays, threads = [], []
        for _ in range(70):
            a, out = rng.uniform(0, math.tau), rng.uniform(10, 78)
            rays.append(
                f"M{out * math.cos(a):.1f} {out * math.sin(a):.1f}l{9 * math.cos(a):.1f} {9 * math.sin(a):.1f}"
            )
            out = rng.uniform(6, 84)
            threads.append(f"M{out * math.cos(a * 1.7):.1f} {out * math.sin(a * 1.7):.1f}l2 1")
        sketch.add(
            line("".join(rays), shift(flesh, -10, 0.8), 1.6, 0.5), line("".join(threads), "#fff2cf", 2.2, 0.8)
        )
        ring = round_shape(rng, 78, 74, 0.03)
        sketch.add(line(ring, shift(flesh, -12, 0.78), 2, 0.5))
        sketch.add(
            path(face, sketch.linear((0, "#ffffff", 0.3), (0.5, "#ffffff", 0), x1=-80, y1=-80, x2=30, y2=50))
        )
