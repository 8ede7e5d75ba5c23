"""Fill in a printed attendance sheet as people do, and photograph it as a phone does: slanted, in half a shadow, as JPEG."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

from programme.attendance import paper
from tests.pdfs import draw_pages

PIXELS = 6  # a millimetre, of the sheet that is written on


def draw_sheet(pdf: bytes) -> Image.Image:
    """Return the first page of a printed sheet, large enough to be written on."""
    return draw_pages(pdf, paper.WIDTH * PIXELS)[0].convert("RGB")


def tick(page: Image.Image, line: int, mark: str, how: str = "tick", ink: str = "#1d2a6b") -> None:
    """Put a mark into a box of a line (from 0): "tick", "cross", "fill", or "dot", which says nothing for sure."""
    draw = ImageDraw.Draw(page)
    x, y = paper.BOXES[mark] * PIXELS, (paper.TOP + (line + 0.5) * paper.ROW) * PIXELS
    if how == "tick":
        draw.line([(x - 13, y - 2), (x - 3, y + 11), (x + 18, y - 18)], ink, 4, joint="curve")
    elif how == "cross":
        draw.line([(x - 13, y - 12), (x + 12, y + 13)], ink, 4)
        draw.line([(x + 13, y - 13), (x - 12, y + 11)], ink, 4)
    elif how == "fill":
        draw.ellipse([x - 12, y - 12, x + 12, y + 12], ink)
    else:
        draw.line([(x - 8, y + 1), (x + 4, y + 1)], "#5a5f7a", 3)


def sign(page: Image.Image, line: int, seed: int) -> None:
    """Write something like a name into the column of signatures."""
    chance, draw = random.Random(seed), ImageDraw.Draw(page)
    top = (paper.TOP + line * paper.ROW) * PIXELS
    x, points = (paper.SIGN + 4) * PIXELS, []
    while x < (paper.SIGN + 30) * PIXELS:
        points.append((x, top + chance.uniform(12, 42)))
        x += chance.uniform(4, 13)
    draw.line(points, "#14181f", 3, joint="curve")


def photograph(
    page: Image.Image, seed: int = 1, slant: float = 0.05, turn: float = 4, height: int = 1900
) -> bytes:
    """Return a JPEG of the sheet on a table: `turn` degrees, its far edge narrower by `slant`, darker to one side."""
    chance = random.Random(seed)
    wide, tall = page.size
    scene = Image.new("RGB", (round(wide * 1.2), round(tall * 1.16)), "#6b5b4a")
    scene.paste(page, (round(wide * 0.1), round(tall * 0.08)))
    scene = scene.rotate(turn, Image.Resampling.BILINEAR, expand=True, fillcolor="#6b5b4a")
    width, high = scene.size
    narrow = slant * width
    corners = [(0, 0), (width, 0), (width, high), (0, high)]
    # Where the corners of the photo are taken from: the far edge becomes narrower.
    taken = [(-narrow, 0), (width + narrow, 0), (width - narrow * 0.2, high), (narrow * 0.4, high)]
    plane = paper.fit_homography(corners, taken)
    how = Image.Transform.PERSPECTIVE
    scene = scene.transform(scene.size, how, plane, Image.Resampling.BILINEAR, fillcolor="#6b5b4a")
    scene = bend(scene, width / 500)
    shadow = Image.linear_gradient("L").rotate(90).resize(scene.size).point(lambda value: 120 + value * 0.5)
    scene = Image.composite(scene, Image.new("RGB", scene.size, "#2a2620"), shadow)
    scene = scene.resize((round(width * height / high), height), Image.Resampling.LANCZOS)
    scene = scene.filter(ImageFilter.GaussianBlur(0.7))
    noise = Image.effect_noise(scene.size, 14).convert("RGB")
    scene = Image.blend(scene, noise, 0.05 + 0.01 * chance.random())
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=72)
    return out.getvalue()


def bend(scene: Image.Image, most: float) -> Image.Image:
    """Return it with its middle moved down by so many pixels, as on a table that is not even."""
    width, high = scene.size
    parts, mesh = 8, []
    for n in range(parts):
        left, right = width * n // parts, width * (n + 1) // parts
        up, down = (most * (1 - ((2 * x / width) - 1) ** 2) for x in (left, right))
        mesh.append(((left, 0, right, high), (left, -up, left, high - up, right, high - down, right, -down)))
    return scene.transform(
        scene.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor="#6b5b4a"
    )
