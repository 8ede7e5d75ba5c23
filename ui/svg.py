"""SVG that is written into pages: icons and QR codes.

Icons in a file of their own would delay the styles. A QR code in SVG prints sharp, and no picture has to be stored.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import segno
from django.utils.safestring import SafeString, mark_safe


def make_code(text: str) -> segno.QRCode:
    """Make the QR code of `text`: error correction M, because a carton's label gets creased and wet; never a Micro QR."""
    return segno.make(text, error="m", micro=False)


def draw_code(text: str) -> str:
    """Return the code of `text` as a data URI for <img src>."""
    return make_code(text).svg_data_uri(border=2, omitsize=True)


STATIC = Path(__file__).with_name("static") / "ui"
SYMBOL = re.compile(
    r'<symbol id="i-(?P<name>[\w-]+)" viewBox="0 0 24 24">(?P<drawing>.*?)</symbol>', re.DOTALL
)


@cache
def load_drawings() -> dict[str, SafeString]:
    """Return the content of <svg viewBox="0 0 24 24"> by icon name; marked safe because the file is the project's own."""
    found = SYMBOL.finditer((STATIC / "icons.svg").read_text())
    return {symbol["name"]: mark_safe(symbol["drawing"]) for symbol in found}


@cache
def get_tab_icon() -> SafeString:
    """Return the icon of the browser tab as a data: URL, which saves a request; the file is the project's own too."""
    drawing = (STATIC / "tab.svg").read_text().strip().replace('"', "'")
    return mark_safe("data:image/svg+xml," + quote(drawing, safe=" '/:=,<>"))
