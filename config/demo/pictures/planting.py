"""What grows at an hour of the day, and where the ground is."""

from config.demo.pictures.colour import mix
from config.demo.pictures.landscape import Hour
from config.demo.pictures.sketch import Point
from config.demo.pictures.trees import CITRUS, Leafage, tinted

W, H = 1200, 750


def leafage(hour: Hour, away: float, fruit: bool = True) -> Leafage:
    base = Leafage(
        *(mix(a, b, 0.45) for a, b in zip((CITRUS.lit, CITRUS.mid, CITRUS.dark), hour.leaf, strict=True)),
        CITRUS.fruit if fruit else "",
    )
    return tinted(base, hour.air, away)


def height_at(edge: list[Point], x: float) -> float:
    i = min(len(edge) - 2, max(0, int((x / W) * 24 + 1)))
    (ax, ay), (bx, by) = edge[i], edge[i + 1]
    return ay + (by - ay) * (x - ax) / (bx - ax)
