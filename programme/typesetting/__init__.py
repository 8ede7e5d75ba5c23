"""Typeset PDFs with typst, in a process of its own: the app keeps none of its memory, and a bad page takes nobody with it."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from programme.exceptions import PdfNotMade
from shops.printables.text_layout import FONTS, is_drawn_by
from ui.svg import make_code
from ui.text import HAN

logger = logging.getLogger(__name__)
FOLDER = Path(__file__).parent
# So long somebody waits for a page; the worker may wait longer, on a computer that has much else to do.
PATIENCE_SECONDS = 60
# Beside Latin letters, from the inner marks to the outer ones.
LATIN_MARKS = (
    (re.compile(r"(?<=[!-~])’|‘(?=[!-~])"), "'"),
    (re.compile(r"“(?=[!-~])|(?<=[!-~])”"), '"'),
)


def typeset(template: str, content: Any, *, is_tagged: bool = True, patience: float | None = None) -> bytes:
    """Return the pages of a template (`certificate.typ`) filled with `content`, which it reads as JSON.

    The PDF is PDF/A-2b and tagged, its text can be searched. Tags tell a screen reader what is a table, and take twenty times
    the bytes of a long one. With a character that is in none of shops/fonts nothing is made: check for it before. Raises
    PdfNotMade, also if it takes more than `patience` seconds (PATIENCE_SECONDS by default).
    """
    order = {
        "template": str(FOLDER / template),
        "fonts": str(FONTS),
        "content": content,
        "is_tagged": is_tagged,
    }
    child = [sys.executable, "-I", str(FOLDER / "compile.py")]
    try:
        done = subprocess.run(
            child,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=patience or PATIENCE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        words = getattr(error, "stderr", None) or b""
        logger.exception("could not typeset %s: %s", template, words.decode(errors="replace")[-2000:])
        raise PdfNotMade from error
    return done.stdout


def list_unprintable(text: str) -> list[str]:
    """Return the characters that no font of ours has: with one of them no PDF is made."""
    return [letter for letter in dict.fromkeys(text) if not letter.isspace() and not is_drawn_by_ours(letter)]


def keep_printable(text: str) -> str:
    """Return the text without the characters that no font of ours has: with one of them nothing is printed at all."""
    lacking = set(list_unprintable(text))
    return "".join(letter for letter in text if letter not in lacking)


def straighten_marks(text: str) -> str:
    """Return a text that is mostly Latin with straight quotation marks: those of the fonts are as wide as a Chinese character."""
    if text.isascii() or len(HAN.findall(text)) * 4 > len(text):
        return text
    for pattern, mark in LATIN_MARKS:
        text = pattern.sub(mark, text)
    return text


def is_drawn_by_ours(letter: str) -> bool:
    """Return whether a font that comes with the project has it; the computer's own are not used for a PDF."""
    found = is_drawn_by(letter, bold=False)
    return found is not None and found.parent == FONTS


def draw_code(text: str) -> str:
    """Return the QR code of an address as SVG, which a template draws."""
    out = io.BytesIO()
    make_code(text).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()
