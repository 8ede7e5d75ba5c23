"""Typeset PDFs with typst, in a process of its own: the app keeps none of its memory, and a bad page takes nobody with it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from programme.exceptions import PdfNotMade
from shops.printables.text_layout import FONTS

logger = logging.getLogger(__name__)
FOLDER = Path(__file__).parent
PATIENCE_SECONDS = 60


def typeset(template: str, content: Any, form: str = "pdf") -> bytes:
    """Return the pages of a template (`certificate.typ`) filled with `content`, which it reads as JSON.

    The PDF is PDF/A-2b and tagged, its text can be searched; `form` "png" gives the first page as a picture of 96 pixels an
    inch. A character that is in none of shops/fonts would be missing without a word: check for it before. Raises PdfNotMade.
    """
    order = {"template": str(FOLDER / template), "fonts": str(FONTS), "content": content, "form": form}
    child = [sys.executable, "-I", str(FOLDER / "compile.py")]
    try:
        done = subprocess.run(
            child, input=json.dumps(order).encode(), capture_output=True, timeout=PATIENCE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        words = getattr(error, "stderr", None) or b""
        logger.exception("could not typeset %s: %s", template, words.decode(errors="replace")[-2000:])
        raise PdfNotMade from error
    return done.stdout
