"""Leaves and stalks."""

import math

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Point, Sketch, curve, line, path, taper

OLD = ("#93b565", "#558540", "#2f5c2c")
YOUNG = ("#cddb86", "#8eae50", "#5a8438")
BAMBOO = ("#b4c77c", "#7d9d4c", "#4c7434")


def leaf(
    sketch: Sketch,
    x: float,
    y: float,
    turn: float,
    size: float,
    tones=OLD,
    width=27.0,
    bend=10.0,
    tip=1.0,
    veins=7,
) -> None:
    """A blade 100 long from its stalk at (x, y); two halves that catch the light differently."""
    rng = sketch.rng
    bend += rng.uniform(-5, 5)
    upper, lower = width * rng.uniform(0.85, 1.1), width * rng.uniform(0.7, 1.05)
    rib = [(t, (t * 100, bend * t * t)) for t in (i / 12 for i in range(13))]
    top = [(px, py - _half(t, upper, tip)) for t, (px, py) in rib]
    bottom = [(px, py + _half(t, lower, tip)) for t, (px, py) in rib]
    middle = [p for _, p in rib]
    lit = math.cos(math.radians(turn + 45)) > -0.2
    light, mid, dark = tones
    with sketch.at(x, y, turn, size):
        outline = curve(top) + "L" + curve(bottom[::-1])[1:] + "Z"
        sketch.add(
            f'<g transform="rotate({-turn:.0f}) translate(4 6) rotate({turn:.0f})">',
            path(outline, "#1d1204", 0.22),
            "</g>",
        )
        bright = sketch.linear(
            (0, light), (0.55, mid), (1, mix(mid, dark, 0.5)), x1=10, y1=-width, x2=80, y2=width * 0.4
        )
        deep = sketch.linear((0, mid), (0.6, mix(mid, dark, 0.6)), (1, dark), x1=10, y1=0, x2=90, y2=width)
        over, under = (bright, deep) if lit else (deep, bright)
        sketch.add(path(curve(top) + "L" + curve(middle[::-1])[1:] + "Z", over))
        sketch.add(path(curve(bottom) + "L" + curve(middle[::-1])[1:] + "Z", under))
        _veins(sketch, middle, top, bottom, veins, light, dark)
        _gloss(sketch, middle, top if lit else bottom)
        sketch.add(line(curve(top if lit else bottom), mix(light, "#ffffff", 0.35), 0.9, 0.55))
        sketch.add(
            path(taper(middle, [2.4 - 1.9 * i / 12 for i in range(13)]), mix(light, "#f4f3c8", 0.5), 0.85)
        )
        stalk = [(-14, -1.5), (-7, 0.6), (0, 0)]
        sketch.add(path(taper(stalk, [3.4, 2.6, 2.4]), mix(mid, "#6b5a2a", 0.25)))


def _half(t: float, width: float, tip: float) -> float:
    swell = math.sin(math.pi * t**0.86) if t < 1 else 0
    return width * max(0, swell) ** (0.8 + 0.35 * tip * t)


def _veins(
    sketch: Sketch,
    middle: list[Point],
    top: list[Point],
    bottom: list[Point],
    count: int,
    light: str,
    dark: str,
) -> None:
    if not count:
        return
    pale, deep = [], []
    for edge, sign in ((top, -1), (bottom, 1)):
        for k in range(count):
            i = 1 + k * 9 / count
            (sx, sy), (ex, ey) = _along(middle, i), _along(edge, min(11.5, i + 2.1))
            ex, ey = sx + (ex - sx) * 0.9, sy + (ey - sy) * 0.86
            mx, my = (sx + ex) / 2 + 2.5, (sy + ey) / 2 - sign * 1.0
            pale.append(f"M{sx:.1f} {sy:.1f}Q{mx:.1f} {my:.1f} {ex:.1f} {ey:.1f}")
            deep.append(
                f"M{sx + 0.6:.1f} {sy + 1:.1f}Q{mx + 0.6:.1f} {my + 1:.1f} {ex + 0.6:.1f} {ey + 1:.1f}"
            )
    sketch.add(
        line("".join(deep), dark, 1.3, 0.30), line("".join(pale), mix(light, "#f2f4cc", 0.5), 0.8, 0.55)
    )


def _along(points: list[Point], at: float) -> Point:
    i = int(at)
    (ax, ay), (bx, by) = points[i], points[min(i + 1, len(points) - 1)]
    return ax + (bx - ax) * (at - i), ay + (by - ay) * (at - i)


def _gloss(sketch: Sketch, middle: list[Point], edge: list[Point]) -> None:
    band = []
    for i in range(2, 10):
        (mx, my), (ex, ey) = middle[i], edge[i]
        band.append((mx + (ex - mx) * 0.5, my + (ey - my) * 0.5))
    sketch.add(path(taper(band, [0.3, 3, 5.5, 6.5, 6, 4.5, 2.5, 0.3]), "#fbffe6", 0.22))


def stalk(sketch: Sketch, start: Point, end: Point, width: float, colour: str = "#6f6a35") -> None:
    """A woody stub with a cut end."""
    (sx, sy), (ex, ey) = start, end
    middle = ((sx + ex) / 2 + width * 0.2, (sy + ey) / 2)
    shape = taper([start, middle, end], [width * 1.5, width, width * 1.05])
    dark = shift(colour, 0, 0.55)
    long = math.hypot(ex - sx, ey - sy) or 1
    nx, ny = -(ey - sy) / long * width, (ex - sx) / long * width
    fill = sketch.linear(
        (0, shift(colour, 0, 1.35)),
        (0.5, colour),
        (1, dark),
        x1=sx - abs(nx),
        y1=sy - abs(ny),
        x2=sx + abs(nx),
        y2=sy + abs(ny),
    )
    turn = math.degrees(math.atan2(ey - sy, ex - sx))
    sketch.add(path(shape, fill))
    sketch.add(
        f'<ellipse cx="{ex:.1f}" cy="{ey:.1f}" rx="{width * 0.25:.1f}" ry="{width * 0.52:.1f}" '
        f'transform="rotate({turn:.0f} {ex:.1f} {ey:.1f})" fill="#d8cf9c" stroke="{dark}" stroke-width=".6"/>'
    )


def sprig(
    sketch: Sketch, x: float, y: float, turn: float, size: float, leaves=3, tones=OLD, width=27.0
) -> None:
    """A twig with leaves to both sides, the last one at its end."""
    with sketch.at(x, y, turn, size):
        points = [(0, 0), (30, -5), (62, -4), (92, -12)]
        sketch.add(path(taper(points, [4, 3.4, 2.8, 2]), "#66683a"))
        for k in range(leaves - 1):
            px = 22 + k * 60 / max(1, leaves - 1)
            side = -1 if k % 2 else 1
            leaf(
                sketch, px, -4, side * sketch.rng.uniform(38, 58), sketch.rng.uniform(0.62, 0.8), tones, width
            )
        leaf(sketch, 90, -11, -12, 0.85, tones, width)
