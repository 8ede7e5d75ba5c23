"""Citrus opened up: the cut face with its juice sacs, loose segments, the peeled fruit in its peel."""

import math
from dataclasses import dataclass

from config.demo.pictures import skin as skins
from config.demo.pictures.colour import mix
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape
from config.demo.pictures.skin import Skin


@dataclass(frozen=True)
class Flesh:
    pale: str
    juice: str
    deep: str
    pith: str = "#fdf0d6"
    rind: float = 9
    """How thick the white under the peel is, of a radius of 100."""
    segments: int = 10
    core: float = 6
    seeds: int = 0


SWEET = Flesh("#ffc95f", "#ff9f1f", "#ef7d08", "#fff0d2", 6)


RIPE = Flesh("#ffbd58", "#fb8b17", "#e36605", "#fff0d2", 7)


BLUSH = Flesh("#f7b19e", "#e9736a", "#c9413f", "#fdeee2", 19, 12, 7)


MOON = Flesh("#fdf3cf", "#f2e2a0", "#d9c27a", "#fbf4e0", 21, 12, 7)


SOUR = Flesh("#fdf7cd", "#f6e68e", "#dcc04a", "#fdf8e2", 9, 9, 5, 2)


RED = Flesh("#ffae66", "#f5722a", "#d64a14", "#ffe8cc", 4, 10, 8)


def half(
    sketch: Sketch,
    skin: Skin,
    flesh: Flesh,
    x: float,
    y: float,
    r: float,
    tall: float = 0.94,
    turn: float = 0,
) -> None:
    """A half with its face to the viewer; below it a crescent of the outside shows."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        dark = sketch.radial((0.6, "#2a1003", 0.32), (1, "#2a1003", 0), cx=8, cy=14, r=124)
        sketch.add(ellipse(8, 14, 124, 120, dark))
        thick = 7 + 26 * (1 - tall)
        back = round_shape(rng, 99, 100 * tall + 2, 0.006)
        with sketch.at(2, thick):
            sketch.add(
                path(
                    back,
                    skins.shade(
                        sketch,
                        (
                            skin.tones[2],
                            skin.tones[2],
                            skin.tones[3],
                            skin.tones[4],
                            mix(skin.tones[4], "#2a0f02", 0.3),
                        ),
                    ),
                )
            )
        with sketch.at(0, 0, turn, 1, tall):
            _face(sketch, skin, flesh)
        wet = sketch.linear(
            (0, "#fffdf2", 0.34), (0.5, "#fffdf2", 0.04), (1, "#5a2604", 0.16), x1=-80, y1=-90, x2=70, y2=90
        )
        sketch.add(ellipse(0, 0, 97, 97 * tall, wet))


def _face(sketch: Sketch, skin: Skin, flesh: Flesh) -> None:
    rng = sketch.rng
    sketch.add(
        path(round_shape(rng, 100, 100, 0.006), skin.tones[2]),
        line("M-88-45A99 99 0 0 1 20-97", skin.tones[0], 1.6, 0.5),
    )
    inner = 96 - flesh.rind
    white = sketch.radial(
        (0, flesh.pith),
        (inner / 98, flesh.pith),
        (0.97, mix(flesh.pith, skin.tones[1], 0.35)),
        (1, skin.tones[1]),
        r=97,
    )
    sketch.add(path(round_shape(rng, 96.5, 96.5, 0.005), white))
    gap = 3.0
    for k in range(flesh.segments):
        start, end = 360 * k / flesh.segments, 360 * (k + 1) / flesh.segments
        _sector(sketch, flesh, start + rng.uniform(-1.5, 1.5), end + rng.uniform(-1.5, 1.5), inner, gap)
    middle = round_shape(rng, flesh.core, flesh.core * 0.9, 0.12)
    sketch.add(path(middle, mix(flesh.pith, "#e9cf9a", 0.3)))
    for _ in range(flesh.seeds):
        angle = rng.uniform(0, 360)
        with sketch.at(30 * math.cos(math.radians(angle)), 30 * math.sin(math.radians(angle)), angle):
            seed(sketch)


def seed(sketch: Sketch) -> None:
    shape = curve([(-9, 0), (-4, -4.5), (4, -5), (10, -1), (11, 1), (4, 5), (-4, 4)], True)
    sketch.add(
        f'<g transform="translate(1.500 2)">{path(shape, "#7a4a10", 0.4)}</g>',
        path(shape, "#efe0b4"),
        line("M-5-2Q2-4 8-1", "#fffaf0", 1.2, 0.9),
    )


def _sector(sketch: Sketch, flesh: Flesh, start: float, end: float, out: float, gap: float) -> None:
    """One segment of the cut face: outline, then sacs pointing to the middle."""
    rng = sketch.rng
    out *= rng.uniform(0.965, 1.0)
    middle, spread = math.radians((start + end) / 2), math.radians((end - start) / 2)
    shape, near = [], flesh.core + 4
    for r, side in (
        (near, 0),
        (out * 0.45, -1),
        (out * 0.80, -1),
        (out * 0.95, -0.86),
        (out, -0.5),
        (out * 1.005, 0),
    ):
        slack = max(0.02, spread - math.asin(min(1, gap / 2 / max(r, 1)))) if side else 0
        shape.append((r, middle + side * slack))
    shape += [(r, 2 * middle - a) for r, a in shape[-2:0:-1]]
    outline = curve([(r * math.cos(a), r * math.sin(a)) for r, a in shape], True)
    fill = sketch.radial(
        (0.08, flesh.pale),
        (0.42, flesh.juice),
        (0.8, mix(flesh.juice, flesh.deep, 0.25)),
        (1, flesh.deep),
        r=out,
    )
    sketch.add(path(outline, fill))
    light, dark = [], []
    for _ in range(52):
        r = out * math.sqrt(rng.uniform(0.09, 0.86))
        a = middle + rng.uniform(-0.88, 0.88) * max(0.02, spread - gap / 1.6 / r)
        long, wide = out * rng.uniform(0.09, 0.17), rng.uniform(1.6, 3.0) * (0.5 + r / out)
        if r + long > out * 0.97:
            long = out * 0.97 - r
        (light if rng.random() < 0.55 else dark).append(_sac(r, a, long, wide))
    sketch.add(
        path("".join(dark), flesh.deep, 0.42), path("".join(light), mix(flesh.pale, "#fff4c8", 0.3), 0.40)
    )
    glints = []
    for _ in range(5):
        r, a = out * rng.uniform(0.4, 0.88), middle + rng.uniform(-0.5, 0.5) * spread
        glints.append(_sac(r, a, rng.uniform(3, 6), rng.uniform(0.8, 1.5)))
    sketch.add(
        path("".join(glints), "#ffffff", 0.75), line(outline, mix(flesh.deep, "#5a2604", 0.2), 0.9, 0.45)
    )


def _sac(r: float, a: float, long: float, wide: float) -> str:
    """A drop: its fat end outwards."""
    c, s = math.cos(a), math.sin(a)
    points = [(r, 0), (r + long * 0.6, -wide), (r + long, 0), (r + long * 0.6, wide)]
    placed = [(px * c - py * s, px * s + py * c) for px, py in points]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = placed
    return f"M{ax:.1f} {ay:.1f}Q{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f}Q{dx:.1f} {dy:.1f} {ax:.1f} {ay:.1f}Z"
