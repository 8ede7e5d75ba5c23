"""From a sketch to a Pillow picture, and many pictures on two cores."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

import resvg_py
from PIL import Image, ImageChops, ImageFilter

from config.demo.pictures.sketch import Layer, Sketch
from config.demo.pictures.textures import paper_grain

SOFT_STEP = 3


def develop(sketch: Sketch, width: int, height: int, grain: float = 1.0) -> Image.Image:
    ground = sketch.ground or Image.new("RGB", (width, height), "#ffffff")
    picture = ground.resize((width, height)).convert("RGBA")
    for layer in sketch.layers:
        picture.alpha_composite(_blurred(sketch, layer, width, height) if layer.blur else _sharp(sketch, layer, width, height))
    return ImageChops.soft_light(picture.convert("RGB"), paper_grain(width, height, grain))


def _sharp(sketch: Sketch, layer: Layer, width: int, height: int) -> Image.Image:
    png = resvg_py.svg_to_bytes(svg_string=sketch.document(layer, width, height), skip_system_fonts=True)
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _blurred(sketch: Sketch, layer: Layer, width: int, height: int) -> Image.Image:
    pixels = layer.blur * width / sketch.width
    step = SOFT_STEP if pixels > 4 else 1
    small = _sharp(sketch, layer, -(-width // step), -(-height // step)).convert("RGBa")
    return small.filter(ImageFilter.GaussianBlur(pixels / step)).convert("RGBA").resize((width, height), Image.Resampling.BICUBIC)
