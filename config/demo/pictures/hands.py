"""Hands seen close, and the sleeves they come out of."""

import math

from config.demo.pictures.colour import mix
from config.demo.pictures.people import SKIN, fill, limb
from config.demo.pictures.sketch import Point, Sketch, curve, ellipse, line, path, polygon, taper


def finger(
    sketch: Sketch, points: list[Point], wide: float, tone: str = SKIN, nail: float | None = None
) -> None:
    """For a hand seen close; `nail` is the way the nail faces, in degrees."""
    widths = (
        [wide * 1.04, wide, wide * 0.98, wide * 0.8][-len(points) :]
        if len(points) <= 4
        else [wide] * len(points)
    )
    (tx, ty), w = points[-1], widths[-1]
    x, y = points[len(points) // 2]
    shade = fill(sketch, tone, x, y, wide * 1.25)
    outline = taper(points, widths)
    sketch.add(
        path(outline, "#3a1a08", 0.25, transform="translate(1.2 2.2)"),
        ellipse(tx, ty, w / 2, w / 2, shade),
        path(outline, shade),
        line(outline, "#8a5230", 0.7, 0.35),
    )
    if nail is not None:
        px, py = points[-2]
        turn = math.degrees(math.atan2(ty - py, tx - px))
        sketch.add(
            ellipse(
                tx + w * 0.06 * math.cos(math.radians(turn)), ty, w * 0.36, w * 0.26, "#f6d2bb", 0.95, turn
            ),
            ellipse(tx - w * 0.04, ty - w * 0.06, w * 0.2, w * 0.1, "#ffffff", 0.4, turn),
        )


def palm(sketch: Sketch, points: list[Point], tone: str = SKIN) -> None:
    outline = curve(points, True)
    cx, cy = (sum(p[k] for p in points) / len(points) for k in (0, 1))
    sketch.add(path(outline, fill(sketch, tone, cx, cy, 30)), line(outline, "#8a5230", 0.8, 0.4))


def sleeve(sketch: Sketch, start: Point, end: Point, wide: float, tone: str) -> None:
    """A forearm coming into the picture, cuff at its end."""
    (ax, ay), (bx, by) = start, end
    limb(sketch, [start, ((ax + bx) / 2, (ay + by) / 2), end], [wide * 1.25, wide * 1.1, wide], tone)
    long = math.hypot(bx - ax, by - ay) or 1
    nx, ny = -(by - ay) / long * wide / 2, (bx - ax) / long * wide / 2
    dx, dy = (bx - ax) / long, (by - ay) / long
    cuff = polygon(
        [
            (bx - nx - dx * 4, by - ny - dy * 4),
            (bx + nx - dx * 4, by + ny - dy * 4),
            (bx + nx + dx * 3, by + ny + dy * 3),
            (bx - nx + dx * 3, by - ny + dy * 3),
        ]
    )
    sketch.add(path(cuff, mix(tone, "#ffffff", 0.5)))
