"""White walls, grey tiles: the houses of a Hunan hill village."""

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.landscape import Hour
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect

TILE = "#5d646a"


def house(
    sketch: Sketch, hour: Hour, x: float, y: float, wide: float, gable: bool = False, floors: int = 1
) -> None:
    """Standing on (x, y), its left side in the light."""
    high = wide * (0.36 if floors == 1 else 0.58)
    roof, depth = wide * 0.26, wide * 0.3
    tile = mix(mix(TILE, hour.shade, 0.25), hour.air, 0.12)
    dim = mix(hour.wall, hour.shade, 0.34)
    sketch.add(ellipse(x + wide * 0.72, y + 2, wide * 0.72, wide * 0.07, "#1f2410", 0.34))
    wall = sketch.linear(
        (0, hour.wall), (1, mix(hour.wall, hour.shade, 0.14)), x1=x, y1=y - high, x2=x + wide, y2=y
    )
    sketch.add(rect(x, y - high, wide, high, wall))
    side = polygon(
        [
            (x + wide, y),
            (x + wide, y - high),
            (x + wide + depth * 0.5, y - high - roof * 0.62),
            (x + wide + depth, y - high),
            (x + wide + depth, y - wide * 0.03),
        ]
    )
    sketch.add(path(side, dim))
    sketch.add(
        path(
            f"M{x:.1f} {y:.1f}h{wide:.1f}v{-wide * 0.05:.1f}h{-wide:.1f}Z",
            mix("#8a8478", hour.shade, 0.3),
            0.6,
        )
    )
    _openings(sketch, hour, x, y, wide, high, floors)
    over = wide * 0.05
    slope = polygon(
        [
            (x - over, y - high + 1),
            (x + wide + over * 0.4, y - high + 1),
            (x + wide + depth * 0.52, y - high - roof * 0.7),
            (x + depth * 0.42, y - high - roof * 0.7),
        ]
    )
    sketch.add(
        path(
            slope,
            sketch.linear(
                (0, mix(tile, "#ffffff", 0.22)),
                (1, shift(tile, 0, 0.8)),
                x1=x,
                y1=y - high - roof,
                x2=x + wide,
                y2=y - high,
            ),
        )
    )
    ribs = "".join(
        f"M{x - over + (wide + over * 1.4) * k / 16:.1f} "
        f"{y - high + 1:.1f}L{x + depth * 0.42 + (wide + depth * 0.1) * k / 16:.1f} {y - high - roof * 0.7:.1f}"
        for k in range(17)
    )
    sketch.add(line(ribs, shift(tile, 0, 0.6), wide * 0.007, 0.5))
    ridge = f"M{x + depth * 0.38:.1f} {y - high - roof * 0.7:.1f}L{x + wide + depth * 0.56:.1f} {y - high - roof * 0.7:.1f}"
    sketch.add(
        line(ridge, shift(tile, 0, 0.5), wide * 0.026),
        line(ridge, mix(tile, "#ffffff", 0.4), wide * 0.008, 0.6),
    )
    sketch.add(
        line(
            f"M{x - over:.1f} {y - high + 2:.1f}H{x + wide + over * 0.4:.1f}",
            shift(tile, 0, 0.42),
            wide * 0.014,
            0.7,
        )
    )
    sketch.add(
        path(f"M{x:.1f} {y - high + 2:.1f}h{wide:.1f}v{wide * 0.05:.1f}h{-wide:.1f}Z", hour.shade, 0.28)
    )
    if gable:
        _horse_head(sketch, hour, x + wide, y, high, depth, roof, tile)


def _openings(sketch: Sketch, hour: Hour, x: float, y: float, wide: float, high: float, floors: int) -> None:
    wood, dark = mix("#7d5432", hour.shade, 0.15), mix("#33302c", hour.shade, 0.25)
    storey = high / floors
    door = wide * 0.16
    dx = x + wide * 0.42
    sketch.add(
        rect(dx - door * 0.1, y - storey * 0.78, door * 1.2, storey * 0.78, shift(wood, 0, 0.7)),
        rect(dx, y - storey * 0.72, door, storey * 0.72, wood),
        rect(dx + door * 0.48, y - storey * 0.72, door * 0.05, storey * 0.72, dark, 0.8),
    )
    for couplet in (-0.24, 1.1):
        sketch.add(rect(dx + door * couplet, y - storey * 0.7, door * 0.13, storey * 0.5, "#c9442e", 0.9))
    for floor in range(floors):
        top = y - storey * floor - storey * 0.68
        for at in (0.12, 0.72) if floor == 0 else (0.1, 0.42, 0.74):
            wx, ww, wh = x + wide * at, wide * 0.15, storey * 0.34
            sketch.add(
                rect(wx - 1, top - 1, ww + 2, wh + 2, mix(wood, "#e9ddc4", 0.4)), rect(wx, top, ww, wh, dark)
            )
            sketch.add(
                path(
                    f"M{wx:.1f} {top:.1f}h{ww * 0.5:.1f}l{-ww * 0.4:.1f} {wh:.1f}h{-ww * 0.1:.1f}Z",
                    mix(hour.sky[1], "#ffffff", 0.3),
                    0.5,
                )
            )
            sketch.add(
                line(f"M{wx + ww / 2:.1f} {top:.1f}v{wh:.1f}", mix(wood, "#e9ddc4", 0.4), wide * 0.008)
            )


def _horse_head(
    sketch: Sketch, hour: Hour, x: float, y: float, high: float, depth: float, roof: float, tile: str
) -> None:
    """The stepped fire gable."""
    steps = [
        (x - 1, y),
        (x - 1, y - high - roof * 0.3),
        (x + depth * 0.26, y - high - roof * 0.3),
        (x + depth * 0.26, y - high - roof * 0.95),
        (x + depth * 0.74, y - high - roof * 0.95),
        (x + depth * 0.74, y - high - roof * 0.3),
        (x + depth, y - high - roof * 0.3),
        (x + depth, y - depth * 0.1),
    ]
    sketch.add(path(polygon(steps), mix(hour.wall, hour.shade, 0.26)))
    for ax, bx, cy in (
        (x - depth * 0.08, x + depth * 0.3, -0.3),
        (x + depth * 0.2, x + depth * 0.8, -0.95),
        (x + depth * 0.7, x + depth * 1.08, -0.3),
    ):
        top = y - high + roof * cy
        sketch.add(
            path(
                f"M{ax:.1f} {top:.1f}Q{(ax + bx) / 2:.1f} {top + roof * 0.05:.1f} "
                f"{bx:.1f} {top:.1f}L{bx:.1f} {top - roof * 0.13:.1f}H{ax:.1f}Z",
                shift(tile, 0, 0.62),
            )
        )


def cluster(sketch: Sketch, hour: Hour, x: float, y: float, size: float, count: int) -> None:
    """Houses up a slope, the far ones first."""
    rng = sketch.rng
    places = []
    for k in range(count):
        t = k / max(1, count - 1)
        places.append(
            (
                x + rng.uniform(-1.5, 1.5) * size,
                y - size * 0.85 * (1 - t) + rng.uniform(-0.06, 0.06) * size,
                size * (0.56 + 0.44 * t) * rng.uniform(0.86, 1.1),
            )
        )
    placed: list[tuple[float, float, float]] = []
    for px, py, wide in places:
        for _ in range(12):
            if all(abs(px - qx) > (wide + qw) * 0.62 or abs(py - qy) > size * 0.5 for qx, qy, qw in placed):
                break
            px = x + rng.uniform(-2.2, 2.2) * size
        placed.append((px, py, wide))
    for px, py, wide in sorted(placed, key=lambda p: p[1]):
        house(sketch, hour, px - wide / 2, py, wide, rng.random() < 0.3, 2 if rng.random() < 0.4 else 1)
        _bushes(sketch, hour, px, py, wide)


def _bushes(sketch: Sketch, hour: Hour, x: float, y: float, wide: float) -> None:
    rng = sketch.rng
    for side in (-0.62, 0.66):
        if rng.random() < 0.75:
            bx = x + wide * side
            for tone, r, dy in (
                (hour.leaf[2], 0.13, 0),
                (hour.leaf[1], 0.1, -0.03),
                (hour.leaf[0], 0.055, -0.07),
            ):
                for _ in range(3):
                    sketch.add(
                        ellipse(
                            bx + rng.uniform(-0.09, 0.09) * wide,
                            y + (dy - 0.07) * wide,
                            wide * r,
                            wide * r * 0.8,
                            tone,
                            0.95,
                        )
                    )
