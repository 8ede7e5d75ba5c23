"""Read the drawings of icons, which are written into pages: fetched apart they would delay the styles."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

STATIC = Path(__file__).with_name("static") / "ui"
SYMBOL = re.compile(
    r'<symbol id="i-(?P<name>[\w-]+)" viewBox="0 0 24 24">(?P<drawing>.*?)</symbol>', re.DOTALL
)


@cache
def drawings() -> dict[str, SafeString]:
    """Return by the icon's name what is between <svg viewBox="0 0 24 24"> and </svg>: safe, for it is our own file."""
    found = SYMBOL.finditer((STATIC / "icons.svg").read_text())
    return {symbol["name"]: mark_safe(symbol["drawing"]) for symbol in found}


@cache
def tab_icon() -> SafeString:
    """Return an orange with its leaf as a data: address: a file would be one request more. It is our own file too."""
    drawing = (STATIC / "tab.svg").read_text().strip().replace('"', "'")
    return mark_safe("data:image/svg+xml," + quote(drawing, safe=" '/:=,<>"))
