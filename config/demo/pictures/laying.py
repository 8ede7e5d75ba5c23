"""Ways to set many things of one kind on a table."""

import math
from collections.abc import Callable

from config.demo.pictures.baskets import tray
from config.demo.pictures.light import Piece
from config.demo.pictures.table import Table


def row(sketch: Table, draw: Callable, spots: list[tuple], low: float = 0.86) -> list[Piece]:
    """Pieces from (x, y, r, *rest) with the x mirrored when the sketch is."""
    placed = [
        (sketch.mirror(x) + sketch.rng.uniform(-5, 5), y + sketch.rng.uniform(-5, 5), r, rest)
        for x, y, r, *rest in spots
    ]
    return [
        Piece(x, y, r, lambda x=x, y=y, r=r, rest=rest: draw(sketch, x, y, r, *rest), low)
        for x, y, r, rest in placed
    ]


def strewn(
    sketch: Table, count: int, rx: float, ry: float, cy: float = 200, gap: float = 30
) -> list[tuple[float, float]]:
    """Places in an oval, none too near another, far ones first."""
    found: list[tuple[float, float]] = []
    for _ in range(count * 60):
        a, out = sketch.rng.uniform(0, math.tau), math.sqrt(sketch.rng.random())
        x, y = 200 + rx * out * math.cos(a), cy + ry * out * math.sin(a)
        if all(math.hypot(x - px, (y - py) * 1.2) > gap for px, py in found):
            found.append((x, y))
        if len(found) == count:
            break
    return sorted(found, key=lambda p: p[1])


def spread(sketch: Table, draw: Callable, count: int, r: float, vessel: str, gap: float) -> None:
    """Small goods strewn on a tray or bare on the cloth."""
    rng = sketch.rng
    if vessel == "tray":
        tray(sketch, 200, 202, 190, 0.86)
        places = strewn(sketch, count, 142, 118, 198, gap)
    else:
        places = strewn(sketch, count, 176, 150, 206, gap)
    for x, y in places:
        draw(sketch, x, y, r * rng.uniform(0.9, 1.1), rng.uniform(0, 360))
