"""Steps cut into a hillside: rice standing, or water giving back the sky."""

import math
from random import Random

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.landscape import Hour
from config.demo.pictures.sketch import Point, Sketch, line, path, polygon


def slope(w: float, y: float, tilt: float, bulge: float, at: float) -> list[Point]:
    """The brow of a hill across the picture."""
    points = []
    for k in range(-1, 26):
        x = k * w / 24
        points.append((x, y + tilt * (x / w - 0.5) - bulge * math.exp(-(((x / w - at) / 0.34) ** 2))))
    return points


def terraces(sketch: Sketch, hour: Hour, top: float, bottom: float, wet: float = 0.0) -> list[list[Point]]:
    """Steps down a hillside; gives back each step's edge so that things can stand on it."""
    w, rng = sketch.width, sketch.rng
    steps = rng.randrange(14, 18)
    at, bulge, tilt = (
        rng.uniform(0.2, 0.8),
        (bottom - top) * rng.uniform(0.3, 0.5),
        rng.uniform(-0.12, 0.12) * (bottom - top),
    )
    wobble = [(rng.uniform(2, 5), rng.uniform(0, 6)) for _ in range(3)]
    edges = []
    for k in range(steps):
        t = (k / steps) ** 1.5
        y = top + (bottom - top) * t
        shape = slope(w, y, tilt * (1 - t), bulge * (1 - t) ** 0.8, at)
        size = (4 + 12 * t) * w / 1200
        edge = [
            (x, py + size * sum(math.sin(f * x / w * math.tau * 0.7 + p + k * 0.55) for f, p in wobble) / 1.6)
            for x, py in shape
        ]
        edges.append(edge)
        _step(sketch, hour, edge, t, wet > rng.random(), w)
    return edges


def _step(sketch: Sketch, hour: Hour, edge: list[Point], t: float, wet: bool, w: float) -> None:
    rng = sketch.rng
    crop = mix(rng.choice(hour.field), hour.air, 0.42 * (1 - t) ** 1.3)
    bank = mix(shift(hour.leaf[1], 0, 0.82), hour.air, 0.4 * (1 - t) ** 1.3)
    deep = (4 + 13 * t) * w / 1200
    foot = edge[-1][1] + 400
    lower = [(x, y + deep) for x, y in edge]
    sketch.add(path(polygon([*edge, (w + 60, foot), (-60, foot)]), bank))
    level = edge[12][1] + deep
    reach = (26 + 70 * t) * w / 1200
    if wet:
        field = sketch.linear(
            (0, mix(hour.sky[1], hour.leaf[2], 0.3)),
            (0.35, mix(hour.sky[0], hour.sky[1], 0.6)),
            (1, mix(hour.sky[2], hour.sky[1], 0.3)),
            y1=level,
            y2=level + reach,
        )
    else:
        field = sketch.linear(
            (0, shift(crop, 0, 0.92)), (0.4, crop), (1, shift(crop, 0, 1.06)), y1=level, y2=level + reach
        )
    sketch.add(path(polygon([*lower, (w + 60, foot), (-60, foot)]), field))
    smooth = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in edge)
    sketch.add(line(smooth, mix(crop, "#fff8d0", 0.5), (0.8 + 1.4 * t) * w / 1200, 0.8))
    under = "M" + "L".join(f"{x:.1f} {y + deep:.1f}" for x, y in edge)
    sketch.add(line(under, shift(bank, 0, 0.6), (0.8 + 1.6 * t) * w / 1200, 0.4))
    tufts = "".join(
        _tuft(rng, edge, deep * rng.uniform(0.2, 0.9), (3 + 5 * t) * w / 1200)
        for _ in range(round(30 + 40 * t))
    )
    sketch.add(line(tufts, mix(bank, hour.leaf[0], 0.45), (0.8 + t) * w / 1200, 0.6))
    if wet:
        glint = "".join(
            f"M{x:.1f} {y + deep * rng.uniform(1.5, 2.6):.1f}h{rng.uniform(10, 46):.0f}"
            for x, y in edge
            if rng.random() < 0.5
        )
        sketch.add(line(glint, "#ffffff", 1.1 * w / 1200, 0.5))
    count = round((26 if wet else 74) * (0.6 + t))
    rows = "".join(
        _tuft(rng, edge, deep * rng.uniform(1.3, 4.2), (2 + 5 * t) * w / 1200) for _ in range(count)
    )
    sketch.add(line(rows, shift(crop, 0, 0.7), (0.7 + t) * w / 1200, 0.5))


def _tuft(rng: Random, edge: list[Point], below: float, tall: float) -> str:
    """One plant on a step, so far below its edge."""
    i = rng.randrange(len(edge) - 1)
    (ax, ay), (bx, by) = edge[i], edge[i + 1]
    f = rng.random()
    return f"M{ax + (bx - ax) * f:.1f} {ay + (by - ay) * f + below:.1f}l{rng.uniform(-1, 1):.1f} {-tall:.1f}"
