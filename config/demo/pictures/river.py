"""A stream by the houses, and the bank on this side."""

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.landscape import Hour
from config.demo.pictures.planting import H, W, leafage
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path
from config.demo.pictures.trees import grass, near_tree


def stream(sketch: Sketch, hour: Hour, horizon: float) -> None:
    """Water: the bank upside down, then the hills, then the sky, cut by ripples."""
    rng = sketch.rng
    shore = [
        (x, horizon + 214 + 22 * ((x / W - 0.5) * 2) ** 2 + rng.uniform(-5, 5))
        for x in range(-40, W + 80, 40)
    ]
    dusk = mix(hour.sky[0], "#7f9fa8", 0.45)
    water = (
        (0, mix(hour.leaf[2], dusk, 0.35)),
        (0.16, mix(hour.leaf[1], dusk, 0.5)),
        (0.4, mix(dusk, hour.sky[1], 0.4)),
        (0.75, mix(hour.sky[1], hour.sky[2], 0.3)),
        (1, dusk),
    )
    sketch.add(path(curve(shore) + f"L{W + 80} {H}L-40 {H}Z", sketch.linear(*water, y1=horizon + 208, y2=H)))
    for _ in range(26):
        x, deep = rng.uniform(0, W), rng.uniform(20, 56)
        sketch.soft(3, ellipse(x, horizon + 226 + deep * 0.7, rng.uniform(9, 26), deep, hour.leaf[2], 0.4))
    sketch.add(
        line(curve(shore), shift(hour.leaf[2], 0, 0.8), 10, 0.9),
        line(curve([(x, y + 7) for x, y in shore]), mix(hour.sky[2], "#ffffff", 0.5), 2, 0.6),
    )
    for _ in range(90):
        x, t = rng.uniform(-40, W), rng.random()
        y, long = horizon + 236 + t * 210, rng.uniform(16, 90) * (0.4 + t)
        tone = rng.choice(("#ffffff", hour.sky[2], hour.leaf[2]))
        sketch.add(
            line(
                f"M{x:.1f} {y:.1f}q{long / 2:.1f} {rng.uniform(-2, 2):.1f} {long:.1f} 0",
                tone,
                rng.uniform(0.8, 2.4),
                0.36,
            )
        )
    _boat(sketch, rng.uniform(0.2, 0.8) * W, horizon + rng.uniform(280, 300))


def _boat(sketch: Sketch, x: float, y: float) -> None:
    """A black-awned boat with crates of oranges."""
    sketch.soft(3, ellipse(x, y + 16, 80, 8, "#23352f", 0.5))
    with sketch.at(x, y, 0, sketch.rng.choice((-1.0, 1.0)), 1.0):
        sketch.add(
            path("M-84-6C-60 14 60 14 92-10 70-4-56-2-84-6Z", "#4b3a26"),
            path("M-84-6C-56-1 70-4 92-10 70-7-56-5-84-6Z", "#8d7047"),
        )
        sketch.add(
            path("M-34-6C-34-40 26-40 26-7Z", "#3c3f3c"),
            line("M-26-7C-26-34 18-34 18-7M-12-7C-12-36 4-36 4-7", "#74776f", 1.6, 0.8),
        )
        sketch.add(
            path("M34-8h30v-13h-30z", "#b08a52"),
            path("".join(f"M{36 + k * 6.4} -21a3.600 3.600 0 0 1 7 0Z" for k in range(4)), "#f59a1e"),
        )


def near_bank(sketch: Sketch, hour: Hour) -> None:
    rng = sketch.rng
    low = rng.choice((0, W))
    brow = [
        (x, H - 30 - 92 * (1 - abs(x - low) / W) ** 1.4 + rng.uniform(-4, 4)) for x in range(-40, W + 80, 40)
    ]
    sketch.add(
        path(
            curve(brow) + f"L{W + 80} {H + 20}L-40 {H + 20}Z",
            sketch.linear((0, hour.field[0]), (1, shift(hour.leaf[1], 0, 0.7)), y1=H - 120, y2=H),
        )
    )
    for x, y in brow:
        sketch.add(line(grass(rng, x, y + 6, 22, 26, 22), rng.choice(hour.leaf[:2]), 1.8, 0.9))
    side = 1 if low == 0 else -1
    for k in range(3):
        x = low + side * (70 + k * 170)
        near_tree(sketch, x, H - 46 + k * 22, 88 - k * 14, leafage(hour, 0), 18)
