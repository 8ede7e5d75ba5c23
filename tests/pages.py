"""Read pages in tests."""

from __future__ import annotations

import re


def squeeze(html: str) -> str:
    """Return a page with one space for each run of whitespace and none next to tags, however its template is wrapped."""
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", html))
