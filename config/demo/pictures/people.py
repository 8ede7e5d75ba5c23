"""People at work, drawn plainly: cloth, a straw hat, hands. A face is two eyes and a smile at most."""

import math
from dataclasses import dataclass

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Point, Sketch, curve, ellipse, line, path, taper

SKIN = "#e3ae84"


@dataclass(frozen=True)
class Clothes:
    coat: str = "#46607a"
    legs: str = "#4a4540"
    shoes: str = "#3b3028"
    hat: str = "#e3c27a"


def fill(sketch: Sketch, tone: str, x: float, y: float, reach: float, contrast: float = 1.0) -> str:
    """Cloth or skin around (x, y), lit from the upper left."""
    light, dark = (
        mix(tone, "#fff1d0", 0.34 * contrast),
        mix(shift(tone, -4, 0.62), "#2a1606", 0.12 * contrast),
    )
    return sketch.linear(
        (0, light),
        (0.45, tone),
        (1, dark),
        x1=x - reach * 0.62,
        y1=y - reach * 0.5,
        x2=x + reach * 0.62,
        y2=y + reach * 0.5,
    )


def limb(sketch: Sketch, points: list[Point], widths: list[float], tone: str) -> None:
    x, y = points[len(points) // 2]
    outline = taper(points, widths)
    for px, py, w in ((*points[0], widths[0]), (*points[-1], widths[-1])):
        sketch.add(ellipse(px, py, w / 2, w / 2, tone))
    sketch.add(
        path(outline, fill(sketch, tone, x, y, max(widths) * 1.3)),
        line(outline, shift(tone, 0, 0.45), 0.7, 0.35),
    )


def arm(sketch: Sketch, shoulder: Point, elbow: Point, hand: Point, tone: str, size: float = 1.0) -> None:
    """A sleeve to the wrist, then the hand."""
    wrist = (elbow[0] + (hand[0] - elbow[0]) * 0.84, elbow[1] + (hand[1] - elbow[1]) * 0.84)
    limb(sketch, [elbow, wrist, hand], [8 * size, 6.4 * size, 6.6 * size], SKIN)
    sketch.add(ellipse(hand[0], hand[1], 5.2 * size, 5.6 * size, fill(sketch, SKIN, *hand, 6 * size)))
    cuff = (elbow[0] + (hand[0] - elbow[0]) * 0.7, elbow[1] + (hand[1] - elbow[1]) * 0.7)
    limb(
        sketch,
        [shoulder, ((shoulder[0] + elbow[0]) / 2, (shoulder[1] + elbow[1]) / 2), elbow],
        [15 * size, 13.6 * size, 12 * size],
        tone,
    )
    limb(
        sketch,
        [elbow, ((elbow[0] + cuff[0]) / 2, (elbow[1] + cuff[1]) / 2), cuff],
        [12 * size, 11 * size, 10 * size],
        tone,
    )
    ax, ay = cuff[0] - elbow[0], cuff[1] - elbow[1]
    long = math.hypot(ax, ay) or 1
    nx, ny = -ay / long * 5 * size, ax / long * 5 * size
    sketch.add(
        line(
            f"M{cuff[0] - nx:.1f} {cuff[1] - ny:.1f}L{cuff[0] + nx:.1f} {cuff[1] + ny:.1f}",
            mix(tone, "#ffffff", 0.5),
            2 * size,
            0.9,
        )
    )


def leg(
    sketch: Sketch, hip: Point, knee: Point, foot: Point, clothes: Clothes, way: int, size: float = 1.0
) -> None:
    """`way` is where the toes point: 1 right, -1 left, 0 to the viewer."""
    fx, fy = foot
    shoe = [
        (fx - 6 * size, fy),
        (fx - 5.6 * size, fy - 7 * size),
        (fx + 3 * size, fy - 8 * size),
        (fx + 9 * size, fy - 5 * size),
        (fx + 14 * size, fy - 1.6 * size),
        (fx + 13 * size, fy + 1.4 * size),
    ]
    if way < 0:
        shoe = [(2 * fx - x, y) for x, y in shoe]
    if way == 0:
        shoe = [
            (fx - 7 * size, fy + 3 * size),
            (fx - 6 * size, fy - 6 * size),
            (fx + 6 * size, fy - 6 * size),
            (fx + 7 * size, fy + 3 * size),
            (fx, fy + 5 * size),
        ]
    sketch.add(
        path(curve(shoe, True), fill(sketch, clothes.shoes, fx, fy, 12 * size)),
        line(f"M{shoe[0][0]:.1f} {fy + 1:.1f}L{shoe[-1][0]:.1f} {fy + 1:.1f}", "#efe4cc", 1.6 * size, 0.7),
    )
    ankle = (fx, fy - 7 * size)
    limb(sketch, [hip, knee, ankle], [19 * size, 15.6 * size, 11.6 * size], clothes.legs)


def torso(sketch: Sketch, outline: list[Point], clothes: Clothes, collar: Point | None = None) -> None:
    shape = curve(outline, True)
    cx, cy = (sum(p[k] for p in outline) / len(outline) for k in (0, 1))
    sketch.add(
        path(shape, fill(sketch, clothes.coat, cx, cy, 44)),
        line(shape, shift(clothes.coat, 0, 0.45), 0.8, 0.4),
    )
    if collar:
        x, y = collar
        foot = max(p[1] for p in outline) - 4
        sketch.add(line(f"M{x:.1f} {y:.1f}V{foot:.1f}", shift(clothes.coat, 0, 0.6), 1.2, 0.7))
        for k in range(4):
            ky = y + (foot - y) * (0.14 + 0.24 * k)
            sketch.add(
                line(f"M{x - 4.4:.1f} {ky:.1f}H{x + 4.4:.1f}", mix(clothes.coat, "#ffffff", 0.45), 1.3, 0.9),
                ellipse(x, ky, 1.3, 1.3, mix(clothes.coat, "#ffffff", 0.6)),
            )
