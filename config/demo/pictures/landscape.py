"""Sky, far ridges, mist and terraces: the land behind a village."""

import math
from dataclasses import dataclass
from random import Random

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Point, Sketch, ellipse, path, polygon, rect


@dataclass(frozen=True)
class Hour:
    """A time of day: sky from top to horizon, the air between, what light does to green, where the sun stands."""

    sky: tuple[str, str, str]
    air: str
    leaf: tuple[str, str, str]
    field: tuple[str, ...]
    sun: tuple[float, float, str] | None
    mist: float
    wall: str
    shade: str
    warm: float


HOURS = (
    Hour(
        ("#9fc0d6", "#d5e2e0", "#f8ead0"),
        "#dbe5e2",
        ("#a9c46a", "#6b9650", "#3f6b44"),
        ("#8fb45c", "#a9c56c", "#7aa456", "#c0d07c"),
        (0.2, 0.16, "#fff6dc"),
        0.65,
        "#fbf7ec",
        "#3e5560",
        0.16,
    ),
    Hour(
        ("#7fb0d4", "#b7d5e2", "#ecf1e4"),
        "#cfe0e2",
        ("#a5c45c", "#66984a", "#38683c"),
        ("#8cbc54", "#a8cc66", "#76a84c", "#c9d678"),
        (0.16, 0.1, "#fffbe8"),
        0.36,
        "#fffdf4",
        "#41606c",
        0.08,
    ),
    Hour(
        ("#e9b98c", "#f7d3a0", "#fdecc6"),
        "#f3e0bd",
        ("#c6bd55", "#84943f", "#49643a"),
        ("#b8b450", "#d8bf5a", "#9fa548", "#e3cf7c"),
        (0.24, 0.3, "#fff2c4"),
        0.46,
        "#fff0d4",
        "#6b5a52",
        0.3,
    ),
    Hour(
        ("#8fa3c4", "#d6b9bd", "#fbd9b4"),
        "#e4cdc6",
        ("#9aa75c", "#64804c", "#3b5844"),
        ("#8e9f5c", "#b3ad6a", "#7d9058", "#d9bf86"),
        (0.3, 0.36, "#ffe3b4"),
        0.6,
        "#f8e6d6",
        "#4d5068",
        0.24,
    ),
    Hour(
        ("#b9c9cc", "#d5dcd6", "#eceadc"),
        "#dde2da",
        ("#9dba6c", "#6a9156", "#41694a"),
        ("#93b266", "#adc27a", "#7ea05e", "#c6cd8c"),
        None,
        0.95,
        "#f6f4ea",
        "#4c5c60",
        0.05,
    ),
)


def sky(sketch: Sketch, hour: Hour, horizon: float) -> None:
    w = sketch.width
    top, middle, low = hour.sky
    sketch.soft(
        6,
        rect(
            -20,
            -20,
            w + 40,
            horizon + 80,
            sketch.linear((0, top), (0.55, middle), (1, low), y1=0, y2=horizon),
        ),
    )
    if hour.sun:
        x, y, colour = hour.sun[0] * w, hour.sun[1] * horizon, hour.sun[2]
        glow = sketch.radial(
            (0, colour, 0.95),
            (0.07, colour, 0.85),
            (0.1, colour, 0.4),
            (0.4, colour, 0.16),
            (1, colour, 0),
            cx=x,
            cy=y,
            r=w * 0.42,
        )
        sketch.soft(6, ellipse(x, y, w * 0.42, w * 0.42, glow))
    rng = sketch.rng
    for _ in range(rng.randrange(3, 7)):
        x, y, wide = rng.uniform(0, w), rng.uniform(0.06, 0.5) * horizon, rng.uniform(0.08, 0.2) * w
        for _ in range(6):
            dx, r = rng.uniform(-0.7, 0.7) * wide, rng.uniform(0.2, 0.42) * wide
            sketch.soft(
                6, ellipse(x + dx, y + rng.uniform(-4, 4), r, r * 0.16, mix(hour.sky[2], "#ffffff", 0.6), 0.5)
            )


def ridge_line(rng: Random, w: float, y: float, rise: float, rough: float, step: float = 12) -> list[Point]:
    waves = [
        (rng.uniform(0.6, 1.3) * k, rng.uniform(0, math.tau), 1 / k**1.15) for k in (1, 2, 3.3, 5.1, 9, 15)
    ]
    points = []
    x = -20.0
    while x <= w + 20:
        h = sum(a * math.sin(f * x / w * math.tau + p) * (rough if f > 6 else 1) for f, p, a in waves)
        points.append((x, y - rise * (0.35 + 0.5 * h)))
        x += step
    return points


def ridges(sketch: Sketch, hour: Hour, horizon: float, count: int = 4) -> None:
    """Each nearer ridge darker and greener, mist lying in the valley before it."""
    w, rng = sketch.width, sketch.rng
    for k in range(count):
        near = (k + 1) / (count + 0.6)
        y = horizon * (0.58 + 0.40 * near)
        rise = horizon * (0.36 - 0.16 * near) * rng.uniform(0.7, 1.2)
        points = ridge_line(rng, w, y, rise, 0.5 + near)
        tone = mix(mix(hour.sky[2], hour.shade, 0.34), hour.leaf[2], near * 0.72)
        tone = mix(tone, hour.air, 0.62 * (1 - near) + 0.08)
        fill = sketch.linear(
            (0, tone), (1, mix(tone, hour.air, 0.35 + 0.5 * hour.mist)), y1=y - rise, y2=y + horizon * 0.16
        )
        shape = polygon([*points, (w + 20, horizon + 160), (-20, horizon + 160)])
        draw = sketch.add if k >= count / 2 else lambda *parts: sketch.soft(2.6, *parts)
        draw(path(shape, fill))
        if near > 0.4:
            draw(*_woods(sketch, points, rise, tone, hour, near))
        draw(*_mist(sketch, hour, y + horizon * 0.05, horizon))


def _woods(sketch: Sketch, points: list[Point], rise: float, tone: str, hour: Hour, near: float) -> list[str]:
    rng = sketch.rng
    crowns, lit = [], []
    for _ in range(round(420 * near)):
        x, y = rng.choice(points)
        x, y = x + rng.uniform(-8, 8), y + rng.random() ** 1.3 * rise * 0.8
        r = rng.uniform(4, 8) * near * sketch.width / 1200
        crowns.append(f"M{x - r:.1f} {y + r:.1f}a{r:.1f} {r:.1f} 0 0 1 {2 * r:.1f} 0Z")
        lit.append(
            f"M{x - r:.1f} {y + r * 0.8:.1f}a{r:.1f} {r:.1f} 0 0 1 {1.2 * r:.1f} {-0.7 * r:.1f}L{x:.1f} {y + r * 0.8:.1f}Z"
        )
    return [
        path("".join(crowns), shift(tone, 0, 0.93), 0.5),
        path("".join(lit), mix(tone, hour.leaf[0], 0.4), 0.3),
    ]


def _mist(sketch: Sketch, hour: Hour, y: float, horizon: float) -> list[str]:
    rng = sketch.rng
    white, veils = mix(hour.air, "#ffffff", 0.5), []
    for _ in range(round(2 + hour.mist * 5)):
        x, wide = rng.uniform(0, sketch.width), rng.uniform(0.18, 0.42) * sketch.width
        cy, tall = y + rng.uniform(-0.03, 0.05) * horizon, horizon * rng.uniform(0.03, 0.07)
        fill = sketch.radial(
            (0, white, 0.62 * hour.mist),
            (0.5, white, 0.3 * hour.mist),
            (1, white, 0),
            cx=x,
            cy=cy,
            r=wide,
            tall=tall / wide,
        )
        veils.append(ellipse(x, cy, wide, tall, fill))
    return veils
