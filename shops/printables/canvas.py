"""Shapes of a poster in the site's colours: paper, cards with a soft shadow, chips, the price tag, the QR code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from shops.printables.text_layout import TextLine, write
from ui.svg import make_code

PAPER, CARD, SUNK, ZEST, PEEL = "#fcf8f0", "#ffffff", "#f4ecdd", "#fdefd6", "#9f4708"
INK, INK_2, LEAF, LEAF_TINT, CALICO, CALICO_TINT, HOLE = (
    "#2b241c", "#665b4d", "#3a6f35", "#e8f1de", "#2f5078", "#e8eef5", "#f2d9ad",
)  # fmt: skip
ASK, ASK_TINT = "#735000", "#fff4d0"
CHIPS = {
    "zest": (ZEST, PEEL),
    "leaf": (LEAF_TINT, LEAF),
    "calico": (CALICO_TINT, CALICO),
    "sunk": (SUNK, INK),
}
FINE = 4  # corners are drawn so many times larger, then reduced
Box = tuple[int, int, int, int]


@lru_cache(32)
def draw_corner(radius: int) -> Image.Image:
    """Draw the upper left corner, filled."""
    tile = Image.new("L", (radius * FINE, radius * FINE), 0)
    ImageDraw.Draw(tile).ellipse((0, 0, 2 * radius * FINE - 1, 2 * radius * FINE - 1), fill=255)
    return tile.resize((radius, radius), Image.Resampling.BOX)


def draw_rounded_mask(size: tuple[int, int], radii: int | tuple[int, int, int, int]) -> Image.Image:
    """Draw a mask with these corner radii, clockwise from the upper left."""
    mask, (w, h) = Image.new("L", size, 255), size
    for n, radius in enumerate((radii,) * 4 if isinstance(radii, int) else radii):
        if radius:
            at = ((0, 0), (w - radius, 0), (w - radius, h - radius), (0, h - radius))[n]
            mask.paste(draw_corner(radius).rotate(-90 * n), at)
    return mask


@lru_cache(2)
def mark(size: int) -> Image.Image:
    """Return the site's logo (ui/static/ui/logo.svg, drawn at 512 pixels), used where there is no photo."""
    with Image.open(Path(__file__).with_name("logo.png")) as logo:
        return logo.resize((size, size), Image.Resampling.LANCZOS)


class Sheet:
    def __init__(self, width: int, height: int, ground: str = PAPER) -> None:
        self.image = Image.new("RGB", (width, height), ground)
        self.pen = ImageDraw.Draw(self.image)

    def box(
        self, box: Box, fill: str, radii: int | tuple[int, int, int, int] = 0, lifted: bool = False
    ) -> None:
        size = (box[2] - box[0], box[3] - box[1])
        if lifted:
            self.shade(box, radii)
        self.image.paste(fill, box, draw_rounded_mask(size, radii))

    def shade(self, box: Box, radii: int | tuple[int, int, int, int], blur: int = 14) -> None:
        """Draw a brown shadow below, a little lower than the box."""
        size, air = (box[2] - box[0], box[3] - box[1]), 2 * blur
        mask = Image.new("L", (size[0] + 2 * air, size[1] + 2 * air), 0)
        mask.paste(draw_rounded_mask(size, radii), (air, air))
        mask = mask.filter(ImageFilter.BoxBlur(blur // 2)).filter(ImageFilter.BoxBlur(blur // 2))
        mask = ImageChops.multiply(mask, Image.new("L", mask.size, 52))
        self.image.paste("#502f0a", (box[0] - air, box[1] - air + 6), mask)

    def photo(self, name: str, box: Box, radii: int | tuple[int, int, int, int] = 0) -> None:
        """Draw the photo cropped to fill the box; the site's logo if there is none or its file cannot be read."""
        size = (box[2] - box[0], box[3] - box[1])
        self.image.paste(
            open_picture(name, size) or draw_placeholder(size), box[:2], draw_rounded_mask(size, radii)
        )

    def line(self, x: int, baseline: int, line: TextLine, colour: str = INK) -> int:
        return write(self.pen, x, baseline, line, colour)

    def lines(self, x: int, top: int, lines: list[TextLine], colour: str = INK, leading: float = 1.28) -> int:
        """Returns where they end."""
        for line in lines:
            step = round(line.size * leading)
            self.line(x, top + round(line.size * 0.88 + (step - line.size) / 2), line, colour)
            top += step
        return top

    def chips(self, x: int, top: int, chips: list[tuple[str, str]], room: int, size: int = 26) -> int:
        """Draw the chips in as many rows as they need; return the y where they end."""
        at, height = x, round(size * 1.7)
        for text, kind in chips:
            # The dot between two Chinese words is as wide as a character.
            line = TextLine(text.replace(" · ", "·"), size)
            wide = line.width + round(size * 1.2)
            if at + wide > x + room and at > x:
                at, top = x, top + height + 12
            ground, ink = CHIPS[kind]
            self.box((at, top, at + wide, top + height), ground, height // 2)
            self.line(at + round(size * 0.6), top + round(size * 1.2), line, ink)
            at += wide + 12
        return top + height if chips else top

    def code(self, text: str, x: int, top: int, size: int) -> None:
        """Draw a QR code on a white card: modules of whole pixels, with three modules around it and then light paper."""
        code = make_code(text)
        rows = code.matrix
        count = len(rows)
        scale = size // (count + 6)
        bits = Image.frombytes(
            "L", (count, count), bytes(0 if module else 255 for row in rows for module in row)
        )
        bits = bits.resize((count * scale, count * scale), Image.Resampling.NEAREST)
        self.box((x, top, x + size, top + size), CARD, 20)
        gap = (size - count * scale) // 2
        self.image.paste(bits.convert("RGB"), (x + gap, top + gap))


def open_picture(name: str, size: tuple[int, int]) -> Image.Image | None:
    if not name:
        return None
    try:
        with default_storage.open(name) as file, Image.open(file) as image:
            return ImageOps.fit(image.convert("RGB"), size, Image.Resampling.BICUBIC)
    except (OSError, ValueError):
        return None


def draw_placeholder(size: tuple[int, int]) -> Image.Image:
    ground = Image.new("RGB", size, SUNK)
    sign = mark(min(size) * 2 // 5)
    ground.paste(sign, ((size[0] - sign.width) // 2, (size[1] - sign.height) // 2), sign)
    return ground
