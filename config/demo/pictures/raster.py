"""SVG text to pixels. No fonts are used: figures are drawn as strokes, so every machine makes the same bytes."""

import io

import resvg_py
from PIL import Image


def rasterise(document: str) -> Image.Image:
    png = resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True)
    return Image.open(io.BytesIO(png)).convert("RGBA")
