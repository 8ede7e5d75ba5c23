"""Read pages in tests."""

from __future__ import annotations

import re

from django.contrib.messages import get_messages
from django.http import HttpResponse


def squeeze(html: str) -> str:
    """Return a page with one space for each run of whitespace and none next to tags, however its template is wrapped."""
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", html))


def list_messages(answer: HttpResponse) -> list[str]:
    """Return what the page, or the one to which it leads, tells its reader above everything else."""
    return [str(message) for message in get_messages(answer.wsgi_request)]
