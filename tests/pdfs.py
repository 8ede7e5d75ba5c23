"""Draw PDFs as a printer does, by PDFium, and look at what is on their pages."""

from __future__ import annotations

import array

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops

# A printer's dots are finer; at 150 an inch a page takes a twentieth of a second.
DOTS_AN_INCH = 150
POINTS_AN_INCH = 72
Box = tuple[int, int, int, int]


def draw_pages(pdf: bytes, width: int | None = None) -> list[Image.Image]:
    """Return the picture of each page, so many dots wide."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.render(scale=width / page.get_width() if width else DOTS_AN_INCH / POINTS_AN_INCH).to_pil()
            for page in document
        ]


def find_letters(pdf: bytes, words: str, number: int = 0) -> list[Box]:
    """Return where each letter of the words stands on the page of this number, from 0, in dots of `draw_pages`."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number]
        height, text = page.get_height(), page.get_textpage()
        # PDFium counts what UTF-16 takes for a letter: two for a rare one.
        units = [pypdfium2.raw.FPDFText_GetUnicode(text, n) for n in range(text.count_chars())]
        start = to_bytes(units).find(words.encode("utf-16-le")) // 2
        assert start >= 0, f"{words} is not on the page"
        scale = DOTS_AN_INCH / POINTS_AN_INCH
        found = []
        for letter in words:
            left, bottom, right, top = text.get_charbox(start, loose=True)
            found.append(tuple(int(scale * side) for side in (left, height - top, right, height - bottom)))
            start += len(letter.encode("utf-16-le")) // 2
        return found


def to_bytes(units: list[int]) -> bytes:
    return array.array("H", units).tobytes()


def measure_ink(picture: Image.Image, empty: Image.Image) -> float:
    """Return the share of dots that differ from the picture of the same page without the words."""
    difference = ImageChops.difference(empty.convert("L"), picture.convert("L"))
    return sum(difference.histogram()[64:]) / (difference.width * difference.height)


def read_codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]
