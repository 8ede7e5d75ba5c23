"""A village among its hills, 8:5, at one of several hours of the day."""

from random import Random

from PIL import Image

from config.demo.pictures import buildings, landscape, light, terraces
from config.demo.pictures.colour import mix, shift
from config.demo.pictures.landscape import HOURS, Hour
from config.demo.pictures.leaves import OLD, YOUNG, leaf
from config.demo.pictures.planting import H, W, height_at, leafage
from config.demo.pictures.render import develop
from config.demo.pictures.river import near_bank, stream
from config.demo.pictures.sketch import Point, Sketch, ellipse, line, path, polygon, taper
from config.demo.pictures.trees import bamboo_clump, far_tree, grass, near_tree

Lane = tuple[Point, Point]
"""Where the track begins and where it leaves the picture."""


def village(seed: int, width: int = 1200) -> Image.Image:
    rng = Random(f"village/{seed}")
    hour = HOURS[seed % len(HOURS)]
    sketch = Sketch(W, H, rng)
    horizon = rng.uniform(300, 350)
    landscape.sky(sketch, hour, horizon)
    landscape.ridges(sketch, hour, horizon)
    (_terraced, _orchard, _riverside)[seed % 3](sketch, hour, horizon)
    light.finish(sketch, hour.warm, 0.16)
    return develop(sketch, width, round(width * H / W), 0.9)


def _terraced(sketch: Sketch, hour: Hour, horizon: float) -> None:
    """Rice steps coming down to the houses, an orange bough close by."""
    rng = sketch.rng
    edges = terraces.terraces(sketch, hour, horizon + 14, 742, 0.42 if hour.mist > 0.5 else 0.1)
    at = rng.uniform(0.28, 0.72) * W
    third = edges[len(edges) // 3]
    for k in range(7):
        x = at + (k - 3) * 74 + rng.uniform(-20, 20)
        far_tree(sketch, x, height_at(third, x) - 26, rng.uniform(15, 24), leafage(hour, 0.3, False), 0)
    buildings.cluster(sketch, hour, at, height_at(third, at) + 46, 108, 6)
    side, spread = rng.choice((0.0, 1.0)), rng.uniform(0.3, 0.5) * W
    for k, edge in enumerate(edges[-7:]):
        for _ in range(7):
            x = side * W + (1 - 2 * side) * rng.random() ** 1.4 * spread
            r = 17 + 5.4 * k
            (near_tree if r > 38 else far_tree)(
                sketch,
                x,
                height_at(edge, x) + 8,
                r * rng.uniform(0.85, 1.1),
                leafage(hour, 0.1 - 0.014 * k),
                10,
            )
    _bough(sketch, side == 0)


def _orchard(sketch: Sketch, hour: Hour, horizon: float) -> None:
    """Rows of orange trees on the slope, a path between, houses above."""
    rng = sketch.rng
    at, tilt, bulge = rng.uniform(0.2, 0.8), rng.uniform(-70, 70), rng.uniform(30, 80)
    brow = terraces.slope(W, horizon + 50, tilt, bulge, at)
    ground = sketch.linear(
        (0, mix(hour.field[1], hour.air, 0.3)),
        (0.4, hour.field[0]),
        (1, shift(hour.leaf[1], 0, 0.86)),
        y1=horizon,
        y2=H,
    )
    sketch.add(path(polygon([*brow, (W + 60, H + 20), (-60, H + 20)]), ground))
    hx = rng.uniform(0.24, 0.76) * W
    if rng.random() < 0.6:
        bamboo_clump(
            sketch, hx + rng.choice((-1, 1)) * 250, height_at(brow, hx) + 34, 130, leafage(hour, 0.25, False)
        )
    buildings.cluster(sketch, hour, hx, height_at(brow, hx) + 52, 104, 5)
    lane = ((hx + rng.uniform(-30, 30), height_at(brow, hx) + 60), (rng.uniform(0.3, 0.7) * W, H + 20.0))
    _path(sketch, hour, lane)
    _rows(sketch, hour, horizon, brow, lane)


def _rows(sketch: Sketch, hour: Hour, horizon: float, brow: list[Point], lane: Lane) -> None:
    """Orange trees to both sides of the lane, growing as they come near."""
    rng = sketch.rng
    y, row = horizon + 130.0, 0
    while y < H + 40:
        near = min(1.0, (y - horizon) / (H - horizon))
        r = 13 + 62 * near**1.5
        draw, fruits = (near_tree, 14) if r > 42 else (far_tree, 9)
        x = -r + (row % 2) * r * 1.15
        while x < W + r:
            tx = x + rng.uniform(-0.14, 0.14) * r
            ty = y + (height_at(brow, x) - horizon - 50) * (1 - near) ** 1.2 + rng.uniform(-0.1, 0.1) * r
            if abs(x - _lane(lane, y)) > 30 + 78 * near and ty < H + r * 0.8:
                draw(sketch, tx, ty, r * rng.uniform(0.88, 1.06), leafage(hour, 0.3 * (1 - near)), fruits)
            x += r * 2.3
        y += r * 1.18
        row += 1


def _lane(lane: Lane, y: float) -> float:
    (ax, ay), (bx, by) = lane
    t = max(0.0, min(1.0, (y - ay) / (by - ay)))
    return ax + (bx - ax) * t**0.8


def _path(sketch: Sketch, hour: Hour, lane: Lane) -> None:
    """A beaten track widening to the viewer."""
    y = lane[0][1]
    points = [(_lane(lane, y + (H + 20 - y) * k / 8), y + (H + 20 - y) * k / 8) for k in range(9)]
    widths = [8 + 118 * (k / 8) ** 1.5 for k in range(9)]
    earth = mix("#d9bd92", hour.sky[2], 0.25)
    sketch.add(path(taper(points, [v * 1.16 for v in widths]), shift(hour.leaf[1], 0, 0.8), 0.7))
    sketch.add(
        path(
            taper(points, widths),
            sketch.linear((0, mix(earth, hour.air, 0.3)), (1, shift(earth, -3, 0.84)), y1=y, y2=H),
        )
    )
    rng = sketch.rng
    for side in (-1, 1):
        rut = [(px + side * w * 0.24, py) for (px, py), w in zip(points, widths, strict=True)]
        sketch.add(path(taper(rut, [w * 0.16 for w in widths]), shift(earth, -4, 0.74), 0.4))
    stones = "".join(
        f"M{px + rng.uniform(-0.5, 0.5) * w:.1f} {py + rng.uniform(-20, 20):.1f}h{w * 0.03:.1f}"
        for (px, py), w in zip(points, widths, strict=True)
        for _ in range(9)
    )
    sketch.add(line(stones, "#fff3d6", 2, 0.6))
    for (px, py), w in list(zip(points, widths, strict=True))[1:]:
        for side in (-1, 1):
            sketch.add(
                line(grass(rng, px + side * w * 0.54, py, w * 0.1, 12, 5 + w * 0.12), hour.leaf[0], 1.4, 0.8)
            )


def _riverside(sketch: Sketch, hour: Hour, horizon: float) -> None:
    """Houses along a stream that gives back the sky."""
    rng = sketch.rng
    bank = terraces.slope(W, horizon + 66, rng.uniform(-30, 30), rng.uniform(10, 40), rng.uniform(0.2, 0.8))
    sketch.add(
        path(
            polygon([*bank, (W + 60, H), (-60, H)]),
            sketch.linear(
                (0, mix(hour.field[1], hour.air, 0.3)), (1, hour.field[2]), y1=horizon + 40, y2=horizon + 200
            ),
        )
    )
    for _ in range(26):
        x = rng.uniform(0, W)
        far_tree(
            sketch,
            x,
            height_at(bank, x) + rng.uniform(4, 40),
            rng.uniform(13, 26),
            leafage(hour, 0.28, rng.random() < 0.7),
            6,
        )
    left = rng.uniform(0.3, 0.7) * W
    buildings.cluster(sketch, hour, left, height_at(bank, left) + 112, 122, 5)
    bamboo_clump(
        sketch,
        left + rng.choice((-1, 1)) * rng.uniform(330, 420),
        horizon + 180,
        180,
        leafage(hour, 0.12, False),
    )
    stream(sketch, hour, horizon)
    near_bank(sketch, hour)


def _bough(sketch: Sketch, right: bool) -> None:
    """An orange branch hanging into the picture, close to the eye."""
    rng = sketch.rng
    flip = (lambda x: W - x) if right else (lambda x: x)
    points = [(flip(-30), 20), (flip(90), 66), (flip(200), 84), (flip(300), 128)]
    sketch.add(
        path(taper(points, [20, 16, 11, 5]), "#5f4c2c"),
        path(taper([(x, y - 4) for x, y in points], [4, 4, 3, 1]), "#b39a66", 0.6),
    )
    for k in range(11):
        t = k / 10
        x, y = -20 + 310 * t, 26 + 96 * t
        turn = rng.uniform(-80, 100)
        leaf(
            sketch,
            flip(x),
            y,
            180 - turn if right else turn,
            rng.uniform(0.9, 1.25),
            rng.choice((OLD, OLD, YOUNG)),
        )
    for x, y, r in ((70, 132, 40), (168, 150, 44), (128, 208, 36)):
        fruit = sketch.radial(
            (0, "#ffd98a"),
            (0.3, "#ffae36"),
            (0.66, "#f2860f"),
            (1, "#b65406"),
            cx=flip(x) - r * 0.3,
            cy=y - r * 0.36,
            r=r * 1.5,
        )
        sketch.add(
            line(f"M{flip(x):.0f} {y - r + 4:.0f}L{flip(x + 6):.0f} {y - r - 34:.0f}", "#6f6a35", 6),
            ellipse(flip(x), y, r, r * 0.97, fruit),
        )
        sketch.add(
            ellipse(flip(x) - r * 0.34, y - r * 0.42, r * 0.24, r * 0.14, "#ffffff", 0.55, -40),
            ellipse(flip(x), y - r * 0.9, 7, 4, "#5f7a34"),
        )
