"""What the fruit lies on: cloths, boards, stone, a bamboo mat. Square, in the window's light."""

import math
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops

from config.demo.pictures import textures
from config.demo.pictures.colour import channels, mix, shift
from config.demo.pictures.raster import rasterise
from config.demo.pictures.sketch import Sketch, curve, line, path, polygon, rect, taper

CLOTHS = {
    "linen": "#f6ecd6",
    "sage": "#ccd3b4",
    "rose": "#efd3bf",
    "clay": "#dcae84",
    "indigo": "#40576b",
    "calico": "#2f4a68",
}
BOARDS = {"pine": "#cfa06c", "cedar": "#a8754a", "walnut": "#74502f"}
SURFACES = (*CLOTHS, *BOARDS, "slate", "bamboo")


def overlay(sketch: Sketch, base: Image.Image) -> Image.Image:
    """A sketch's sharp layer laid over a base picture."""
    picture = base.convert("RGBA")
    for layer in sketch.layers:
        picture.alpha_composite(rasterise(sketch.document(layer, *base.size)))
    return picture.convert("RGB")


@lru_cache(maxsize=16)
def surface(kind: str, size: int, variant: int = 0) -> Image.Image:
    if kind in CLOTHS:
        sheet = _cloth(kind, size, variant)
    elif kind in BOARDS:
        sheet = _boards(BOARDS[kind], size, variant)
    elif kind == "slate":
        sheet = _slate(size, variant)
    else:
        sheet = _bamboo(size, variant)
    return ImageChops.multiply(sheet, daylight(size, 0.26 if kind in ("indigo", "calico", "slate") else 0.30))


@lru_cache(maxsize=8)
def daylight(size: int, fall: float) -> Image.Image:
    """Bright and warm at the upper left, dim and a little cooler at the lower right."""
    steps = 48
    pixels = bytearray()
    for y in range(steps):
        for x in range(steps):
            far = min(1.0, math.hypot(x / steps + 0.05, y / steps * 0.9 + 0.05) / 1.35) ** 1.5
            glow = 1 - far * fall
            pixels += bytes((round(255 * glow), round((250 - 4 * far) * glow), round((238 - 6 * far) * glow)))
    return Image.frombytes("RGB", (steps, steps), bytes(pixels)).resize(
        (size, size), Image.Resampling.BICUBIC
    )


def _cloth(kind: str, size: int, variant: int) -> Image.Image:
    base = Image.new("RGB", (size, size), CLOTHS[kind])
    if kind == "calico":
        base = _printed(base, Random(variant), size)
    base = textures.over(base, textures.folds(size, 12, 5 + variant))
    return textures.over(base, textures.weave(size, 2.4 * size / 720, 17, 11 + variant))


def _printed(base: Image.Image, rng: Random, size: int) -> Image.Image:
    """Blue calico: white resist flowers and dots, as printed in western Hunan."""
    sketch = Sketch(400, 400, rng)
    white = "#d9e0e0"
    for row in range(-1, 6):
        for column in range(-1, 6):
            x, y = column * 84 + row % 2 * 42 + 10, row * 78 + 16
            with sketch.at(x, y, rng.uniform(0, 72), 0.72):
                if (row + column) % 2:
                    sketch.add(*(path(_petal(72 * k), white, 0.85) for k in range(5)))
                    sketch.add(path("M-3.500 0a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0", "#2f4a68"))
                else:
                    sketch.add(
                        *(path(_dot(60 * k, 11, 2.6), white, 0.8) for k in range(6)),
                        path(_dot(0, 0, 3.6), white, 0.8),
                    )
    return overlay(sketch, base)


def _petal(degrees: float) -> str:
    a = math.radians(degrees)
    points = [(4, 0), (11, -6.5), (20, -5), (22, 0), (20, 5), (11, 6.5)]
    return curve(
        [(x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a)) for x, y in points], True
    )


def _dot(degrees: float, out: float, r: float) -> str:
    x, y = out * math.cos(math.radians(degrees)), out * math.sin(math.radians(degrees))
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"


def _boards(colour: str, size: int, variant: int) -> Image.Image:
    rng = Random(variant * 31 + 7)
    base = Image.new("RGB", (size, size), colour)
    base = textures.over(base, textures.grain((size, size), 150, 26, 3 + variant))
    sketch = Sketch(400, 400, rng)
    dark = shift(colour, -6, 0.45, 1.0)
    top = rng.uniform(-60, -20)
    while top < 400:
        high = rng.uniform(84, 128)
        tone, strength = rng.choice(
            ((dark, 0.10), ("#fff0d0", 0.12), (dark, 0.02), (shift(colour, 5, 1.05, 1.2), 0.3))
        )
        sketch.add(rect(0, top, 400, high, tone, strength))
        _fibres(sketch, top, high, dark)
        sketch.add(rect(0, top + high - 1.6, 400, 2.2, shift(colour, -4, 0.25), 0.75))
        sketch.add(rect(0, top + high + 0.6, 400, 1.0, "#ffe9c4", 0.35))
        top += high
    return overlay(sketch, base)


def _fibres(sketch: Sketch, top: float, high: float, dark: str) -> None:
    """Grain lines that part around a knot, if this board has one."""
    rng = sketch.rng
    knot = (rng.uniform(40, 360), top + high * rng.uniform(0.3, 0.7)) if rng.random() < 0.6 else None
    for _ in range(13):
        y = top + rng.uniform(4, high - 4)
        start, wave = rng.uniform(0, 6), rng.uniform(0.6, 2.2)
        points = []
        for x in range(-10, 420, 26):
            dy = wave * math.sin(start + x / 70)
            if knot:
                near = math.exp(-(((x - knot[0]) / 34) ** 2))
                dy += near * math.copysign(max(0, 15 - abs(y - knot[1]) * 0.35), y - knot[1])
            points.append((x, y + dy))
        sketch.add(line(curve(points), dark, rng.uniform(0.4, 1.3), rng.uniform(0.12, 0.34)))
    if knot:
        for r, clear in ((9, 0.25), (6, 0.4), (3, 0.5)):
            points = [(knot[0] + 1.7 * r * math.cos(a / 2), knot[1] + r * math.sin(a / 2)) for a in range(12)]
            sketch.add(path(curve(points, True), dark, clear))


def _slate(size: int, variant: int) -> Image.Image:
    rng = Random(variant + 90)
    base = Image.new("RGB", (size, size), "#6e6d68")
    base = textures.over(base, textures.spread(textures.clouds((size, size), 5, 31 + variant, 4), 22))
    base = textures.over(base, textures.grit(size, 15, 51 + variant))
    sketch = Sketch(400, 400, rng)
    for _ in range(5):
        x, y, lean = rng.uniform(0, 400), rng.uniform(0, 400), rng.uniform(-0.6, 0.6)
        points = [(x + k * 22, y + k * 22 * lean + rng.uniform(-5, 5)) for k in range(8)]
        sketch.add(path(taper(points, [rng.uniform(0.2, 1.2) for _ in points]), "#e9e6da", 0.22))
    return overlay(sketch, base)


def _bamboo(size: int, variant: int) -> Image.Image:
    """A woven mat: flat strips going over two and under two."""
    rng = Random(variant + 17)
    sketch = Sketch(400, 400, rng)
    sketch.add(rect(0, 0, 400, 400, "#6d4f26"))
    wide, tints = 15, ("#d8b774", "#cda860", "#e2c589", "#c79d56", "#d3b06a")
    across = [rng.choice(tints) for _ in range(30)]
    along = [rng.choice(tints) for _ in range(30)]
    for row in range(28):
        for column in range(28):
            x, y = column * wide, row * wide
            if (row + column) % 4 < 2:
                _strip(sketch, x - 1, y + 0.8, wide + 2, wide - 1.6, across[row], False)
            else:
                _strip(
                    sketch, x + 0.8, y - 1, wide - 1.6, wide + 2, mix(along[column], "#9a7a3c", 0.25), True
                )
    base = overlay(sketch, Image.new("RGB", (size, size)))
    base = base.rotate(45, Image.Resampling.BICUBIC).crop(
        (size // 6, size // 6, size - size // 6, size - size // 6)
    )
    base = base.resize((size, size), Image.Resampling.BICUBIC)
    return textures.over(base, textures.grit(size, 5, 8 + variant))


def _strip(sketch: Sketch, x: float, y: float, w: float, h: float, tint: str, upright: bool) -> None:
    sketch.add(rect(x, y, w, h, tint))
    for k in (0.3, 0.62):
        vein = (
            rect(x + w * k, y, 0.5, h, "#7d5f2c", 0.4)
            if upright
            else rect(x, y + h * k, w, 0.5, "#7d5f2c", 0.4)
        )
        sketch.add(vein)
    edge = polygon([(x, y), (x + w, y), (x + w, y + 1.4), (x, y + 1.4)])
    sketch.add(path(edge, "#fff3cf", 0.4), rect(x, y + h - 1.8, w, 1.8, "#4c3412", 0.45))
    if upright:
        sketch.add(rect(x + w - 2, y, 2, h, "#4c3412", 0.3))


def is_dark(kind: str) -> bool:
    colour = CLOTHS.get(kind) or BOARDS.get(kind) or ("#6e6d68" if kind == "slate" else "#d3b06a")
    return sum(channels(colour)) < 380
