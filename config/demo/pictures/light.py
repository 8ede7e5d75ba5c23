"""Light on the table and the shadows things throw; always from the upper left."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image

from config.demo.pictures.raster import rasterise
from config.demo.pictures.sketch import Sketch, ellipse, path, polygon, rect


@dataclass
class Piece:
    """One thing on the table: where it stands, how big, and how to draw it."""

    x: float
    y: float
    r: float
    draw: Callable[[], None]
    low: float = 0.88
    """How far below its middle it touches the table, of its radius; 0 throws no shadow."""
    wide: float = 1.0


def lay(sketch: Sketch, pieces: Sequence[Piece], deep: float = 0.5) -> None:
    """Shadows of everything first, then the things themselves in the order given."""
    standing = [p for p in pieces if p.low]
    for p in standing:
        x, y = p.x + 0.26 * p.r, p.y + p.low * p.r
        sketch.soft(12, ellipse(x, y, p.r * 1.14 * p.wide, p.r * 0.42, "#2b1405", deep, 6))
    for p in standing:
        sketch.soft(
            4,
            ellipse(
                p.x + 0.07 * p.r, p.y + p.low * p.r + 1, p.r * 0.82 * p.wide, p.r * 0.2, "#1d0c02", deep * 1.1
            ),
        )
    for p in pieces:
        p.draw()


def window(sketch: Sketch, strength: float = 0.5) -> None:
    """Sun through a window lying on the table, its bars between."""
    rng = sketch.rng
    x, slant, wide = rng.uniform(-120, 30), rng.uniform(90, 170), rng.uniform(96, 130)
    for pane in range(2):
        left = x + pane * (wide + 16)
        for top, bottom in ((-20, 186), (204, 420)):
            a, b = left + slant * (top + 20) / 440, left + slant * (bottom + 20) / 440
            corners = [(a, top), (a + wide, top), (b + wide, bottom), (b, bottom)]
            sketch.soft(7, path(polygon(corners), "#fff3cf", strength * (1 - pane * 0.25)))


def dapple(sketch: Sketch, strength: float = 0.5) -> None:
    """Leaf shadows with sun between them."""
    rng = sketch.rng
    for _ in range(9):
        x, y, turn = rng.uniform(-20, 260), rng.uniform(-30, 170), rng.uniform(0, 180)
        sketch.soft(
            6, ellipse(x, y, rng.uniform(26, 52), rng.uniform(9, 17), "#23210c", strength * 0.42, turn)
        )
    for _ in range(7):
        sketch.soft(
            6,
            ellipse(
                rng.uniform(0, 400),
                rng.uniform(0, 400),
                rng.uniform(14, 30),
                rng.uniform(10, 18),
                "#fff2c8",
                strength * 0.5,
            ),
        )


def sweep(sketch: Sketch, strength: float = 0.5) -> None:
    """One broad beam across the cloth."""
    rng = sketch.rng
    x, lean = rng.uniform(-80, 20), rng.uniform(150, 230)
    beam = sketch.linear((0, "#fff5d8", strength), (1, "#fff5d8", 0.0), x1=x, y1=0, x2=x + 300, y2=400)
    sketch.soft(14, path(polygon([(x, -20), (x + 210, -20), (x + 260 + lean, 420), (x + lean, 420)]), beam))


def finish(sketch: Sketch, warm: float = 0.15, dark: float = 0.20) -> None:
    """A breath of sun over everything at the upper left, the far corner let down."""
    sketch.veil = (warm, dark)


@lru_cache(maxsize=4)
def veil(width: int, height: int, warm: float, dark: float) -> Image.Image:
    """What `finish` asked for, the same for every picture of this size."""
    sheet = Sketch(400, round(400 * height / width), Random(0))
    w, h = sheet.width, sheet.height
    sun = sheet.radial(
        (0, "#fff0c8", warm),
        (0.5, "#fff0c8", warm * 0.4),
        (1, "#fff0c8", 0),
        cx=w * 0.1,
        cy=h * 0.02,
        r=w * 0.8,
    )
    far = sheet.radial(
        (0, "#2a1606", 0),
        (0.62, "#2a1606", 0),
        (1, "#2a1606", dark),
        cx=w * 0.36,
        cy=h * 0.32,
        r=math.hypot(w, h) * 0.74,
    )
    sheet.add(rect(0, 0, w, h, sun), rect(0, 0, w, h, far))
    return rasterise(sheet.document(sheet.layers[0], width, height))
