"""Cloth, wood and stone surfaces as grey relief (128 is flat), made with Pillow from seeded noise."""

from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageStat

_EMBOSS = ImageFilter.Kernel((3, 3), (-2, -1, 0, -1, 0, 1, 0, 1, 2), scale=1, offset=128)


def noise(width: int, height: int, seed: int) -> Image.Image:
    return Image.frombytes("L", (width, height), Random(seed).randbytes(width * height))


def stretched(size: tuple[int, int], cells: tuple[int, int], seed: int) -> Image.Image:
    """Noise of so many cells across and down, drawn out over the whole size."""
    return noise(max(2, cells[0]), max(2, cells[1]), seed).resize(size, Image.Resampling.BICUBIC)


def clouds(size: tuple[int, int], cells: int, seed: int, octaves: int = 3) -> Image.Image:
    across = size[0] / max(size)
    down = size[1] / max(size)
    sheet = stretched(size, (round(cells * across), round(cells * down)), seed)
    for octave in range(1, octaves):
        fine = cells * 2**octave
        layer = stretched(size, (round(fine * across), round(fine * down)), seed + octave)
        sheet = Image.blend(sheet, layer, 1 / (octave + 2))
    return sheet


def relief(height_map: Image.Image, strength: float) -> Image.Image:
    """Lit from the upper left."""
    width, height = height_map.size
    lit = height_map.filter(_EMBOSS).crop(
        (1, 1, width - 1, height - 1)
    )  # the kernel leaves the edge untouched
    return spread(lit.resize((width, height), Image.Resampling.BICUBIC), strength)


def spread(sheet: Image.Image, strength: float) -> Image.Image:
    """Centre the greys on 128 with the given deviation."""
    stat = ImageStat.Stat(sheet)
    mean, deviation = stat.mean[0], stat.stddev[0] or 1
    return sheet.point([max(0, min(255, round(128 + (v - mean) * strength / deviation))) for v in range(256)])


def over(base: Image.Image, grey: Image.Image) -> Image.Image:
    return ImageChops.soft_light(base, Image.merge("RGB", (grey, grey, grey)))


@lru_cache(maxsize=8)
def paper_grain(width: int, height: int, strength: float) -> Image.Image:
    grey = spread(clouds((width, height), max(width, height) // 2, 77, 2), 5 * strength)
    return Image.merge("RGB", (grey, grey, grey))


@lru_cache(maxsize=8)
def weave(size: int, thread: float, strength: float, seed: int) -> Image.Image:
    """Crossing threads, `thread` pixels thick, each a little uneven along its length."""
    count, slubs = round(size / thread), size // 26
    warp = stretched((size, size), (count, slubs), seed)
    weft = stretched((size, size), (slubs, count), seed + 1)
    return relief(Image.blend(warp, weft, 0.5), strength)


@lru_cache(maxsize=8)
def folds(size: int, strength: float, seed: int) -> Image.Image:
    """Broad soft creases where a cloth was folded in the cupboard."""
    sheet = stretched((size * 2, size * 2), (5, 3), seed).rotate(28 + seed % 3 * 40, Image.Resampling.BICUBIC)
    sheet = sheet.crop((size // 2, size // 2, size // 2 + size, size // 2 + size)).resize(
        (size // 3, size // 3)
    )
    return (
        relief(sheet, strength)
        .filter(ImageFilter.GaussianBlur(3))
        .resize((size, size), Image.Resampling.BICUBIC)
    )


@lru_cache(maxsize=8)
def grain(size: tuple[int, int], lines: int, strength: float, seed: int) -> Image.Image:
    """Wood fibre running across the picture."""
    coarse = stretched(size, (7, lines // 3), seed)
    fine = stretched(size, (16, lines), seed + 1)
    pores = stretched(size, (60, lines * 2), seed + 2)
    return spread(Image.blend(Image.blend(coarse, fine, 0.5), pores, 0.3), strength)


@lru_cache(maxsize=8)
def grit(size: int, strength: float, seed: int) -> Image.Image:
    return relief(clouds((size, size), size // 7, seed, 3), strength)
