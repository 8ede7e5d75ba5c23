"""Pears, peaches, plums, persimmons, loquats: tree fruit other than citrus."""

import math

from config.demo.pictures import skin as skins
from config.demo.pictures.body import halo, outline_of, speckle
from config.demo.pictures.leaves import OLD, YOUNG, leaf, stalk
from config.demo.pictures.sketch import Sketch, ellipse, line, path, round_shape, taper
from config.demo.pictures.skin import Axis, Skin, on_ball

PEACH = Skin(
    ("#ffe9a6", "#fdc95c", "#f4a338", "#d3722a", "#9a3f22"),
    "#b3552a",
    0,
    gloss=0.2,
    mottle=("#e4573a", "#e2483a", "#d93c34"),
)


PLUM = Skin(
    ("#e88a86", "#b8434f", "#842a40", "#551a30", "#300d1e"),
    "#3a1020",
    0,
    gloss=0.5,
    mottle=("#d8663e", "#5a2348", "#e08a3a"),
)


def peach(sketch: Sketch, x: float, y: float, r: float, leaning: float = 0, leafy: bool = False) -> None:
    """Yellow flesh peach with its cleft and blush; down, not gloss."""
    axis = (66, -88 + leaning)
    with sketch.at(x, y, 0, r / 100):
        halo(sketch)
        skins.ball(sketch, PEACH, 0.97)
        px, py = sketch.rng.uniform(20, 44), sketch.rng.uniform(-24, 20)
        blush = sketch.radial(
            (0, "#d0382f", 0.62), (0.5, "#d8452f", 0.34), (1, "#d8452f", 0), cx=px, cy=py, r=72
        )
        sketch.add(
            f'<g clip-path="{sketch.clip(round_shape(sketch.rng, 98, 95, 0.004))}">',
            ellipse(px, py, 72, 72, blush),
        )
        sketch.add(path(speckle(sketch.rng, 130, 94, 90, (0.4, 1.1)), "#ffe7a8", 0.5), "</g>")
        _cleft(sketch, axis, 150 + leaning, "#8e2f1c", "#ffe2a8")
        tip = skins.hollow(sketch, axis, "#6e2d12", 26, 0.65)
        if leafy:
            stalk(sketch, tip, (tip[0] + 3, tip[1] - 16), 7)
            leaf(sketch, tip[0] + 2, tip[1] - 12, -24, 1.05, OLD, 19, 22)
            leaf(sketch, tip[0], tip[1] - 10, -156, 0.85, YOUNG, 18, -20)
        skins.shine(sketch, 0.26, size=1.5)


def _cleft(sketch: Sketch, axis: Axis, around: float, dark: str, light: str) -> None:
    """The seam from stem to tip."""
    seam = [p for p in (on_ball(axis, a, around) for a in range(2, 130, 9)) if p[2] > 0.03]
    points = [(p[0] * 99, p[1] * 97) for p in seam]
    if len(points) > 3:
        widths = [7 * (1 - i / len(points)) + 1.2 for i in range(len(points))]
        sketch.add(path(taper([(px - 4, py) for px, py in points], [w * 2.4 for w in widths]), dark, 0.10))
        sketch.add(
            path(taper([(px + 3, py + 1) for px, py in points], widths), light, 0.3),
            path(taper(points, widths), dark, 0.34),
        )


def half_peach(sketch: Sketch, x: float, y: float, r: float) -> None:
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 100, 98)
        with sketch.at(2, 9):
            sketch.add(
                path(round_shape(rng, 99, 97, 0.01), skins.shade(sketch, PEACH.tones[1:] + PEACH.tones[4:]))
            )
        sketch.add(path(round_shape(rng, 99, 94, 0.008), "#e78a3c"))
        meat = sketch.radial((0.2, "#f3a83e"), (0.45, "#fcc44e"), (0.8, "#ffd568"), (1, "#f6b84a"), r=96)
        sketch.add(path(round_shape(rng, 96, 91, 0.008), meat))
        rays = []
        for _ in range(90):
            a, start, end = rng.uniform(0, math.tau), rng.uniform(38, 48), rng.uniform(52, 88)
            rays.append(
                f"M{start * math.cos(a):.1f} {start * math.sin(a) * 0.95:.1f}L{end * math.cos(a):.1f} "
                f"{end * math.sin(a) * 0.95:.1f}"
            )
        sketch.add(
            line("".join(rays[:45]), "#ffe9a0", 1.1, 0.5), line("".join(rays[45:]), "#e08a2c", 0.9, 0.35)
        )
        sketch.add(
            path(
                round_shape(rng, 46, 52, 0.04),
                sketch.radial((0.5, "#b2402a"), (0.8, "#d96a34"), (1, "#f3a23e"), r=50),
            )
        )
        stone = outline_of((0, -44), (24, -24), (30, 6), (16, 34), (0, 42), (-18, 32), (-30, 4), (-22, -26))
        sketch.add(
            path(stone, sketch.radial((0, "#c98a56"), (0.6, "#8d5430"), (1, "#532a16"), cx=-8, cy=-12, r=52))
        )
        pits = [f"M{rng.uniform(-18, 18):.1f} {rng.uniform(-30, 28):.1f}q4 -6 2 -12" for _ in range(22)]
        sketch.add(line("".join(pits), "#43200f", 2.2, 0.6), line("M-12-28Q-22-6-12 22", "#e6b486", 2, 0.45))
        wet = sketch.linear((0, "#ffffff", 0.30), (0.5, "#ffffff", 0), x1=-80, y1=-80, x2=40, y2=60)
        sketch.add(ellipse(0, 0, 94, 90, wet))


def plum(sketch: Sketch, x: float, y: float, r: float, leaning: float = 0, leafy: bool = False) -> None:
    """Wine red, a grey bloom rubbed off where it was held."""
    axis = (64, -86 + leaning)
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch)
        skins.ball(sketch, PLUM, 1.0)
        _cleft(sketch, axis, 160 + leaning, "#2a0a18", "#f0b0ae")
        bx, by = rng.uniform(-20, 26), rng.uniform(-10, 34)
        bloom = sketch.radial(
            (0, "#c6cbe6", 0.46), (0.55, "#c3cbe4", 0.24), (1, "#c3cbe4", 0), cx=bx, cy=by, r=66
        )
        sketch.add(
            ellipse(bx, by, 66, 60, bloom), path(speckle(rng, 90, 92, 92, (0.5, 1.2)), "#f2c9a8", 0.42)
        )
        tip = skins.hollow(sketch, axis, "#220812", 24, 0.6)
        stalk(sketch, tip, (tip[0] + 4, tip[1] - 24), 4.5, "#7d7a3c")
        if leafy:
            leaf(sketch, tip[0] + 3, tip[1] - 16, -30, 0.9, YOUNG, 20, 14)
        skins.shine(sketch, 0.42, size=0.9)


def half_plum(sketch: Sketch, x: float, y: float, r: float) -> None:
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch)
        with sketch.at(2, 9):
            sketch.add(
                path(round_shape(rng, 99, 97, 0.01), skins.shade(sketch, PLUM.tones[1:] + PLUM.tones[4:]))
            )
        sketch.add(path(round_shape(rng, 99, 95, 0.008), "#8f2b3c"))
        meat = sketch.radial((0.2, "#e9963a"), (0.6, "#f7c04c"), (0.9, "#f2a548"), (1, "#cf5a44"), r=97)
        sketch.add(path(round_shape(rng, 95, 91, 0.008), meat))
        rays = []
        for _ in range(60):
            a, end = rng.uniform(0, math.tau), rng.uniform(56, 86)
            rays.append(
                f"M{40 * math.cos(a):.1f} {40 * math.sin(a):.1f}L{end * math.cos(a):.1f} {end * math.sin(a):.1f}"
            )
        sketch.add(line("".join(rays), "#ffe6a0", 1.2, 0.5))
        stone = outline_of((0, -40), (22, -20), (27, 8), (12, 34), (-4, 38), (-20, 26), (-26, 0), (-18, -26))
        sketch.add(f'<g transform="translate(3 5)">{path(stone, "#8a3a14", 0.5)}</g>')
        sketch.add(
            path(stone, sketch.radial((0, "#dcae74"), (0.7, "#a8733f"), (1, "#6d4422"), cx=-8, cy=-12, r=46))
        )
        sketch.add(line("M-8-26Q-14 0-4 28M6-28Q14 0 4 30", "#6a4220", 1.8, 0.5))
        sketch.add(
            ellipse(
                0,
                0,
                93,
                90,
                sketch.linear((0, "#ffffff", 0.32), (0.5, "#ffffff", 0), x1=-80, y1=-80, x2=40, y2=60),
            )
        )
