"""What the prompter shows: the script of each item in its order, cut into lines as they are said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from live import reading, rundown, scripts
from live.models import Livestream, RundownItem

# After a sentence, where somebody breathes; a point inside a figure is none.
ENDS = re.compile(r"(?<=[。！？；!?;])[”’」』）)]*\s*|(?<=[.])\s+|\n+")


@dataclass(frozen=True)
class Line:
    """`characters` is how long it takes, in those of a minute's rate."""

    text: str
    characters: int


@dataclass(frozen=True)
class Part:
    code: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Told:
    """An item; without a script its talking points stand for one."""

    item: RundownItem
    number: int
    parts: list[Part]

    @property
    def seconds(self) -> int:
        return self.item.minutes * 60


def told(live: Livestream) -> list[Told]:
    """Three queries and those of the facts, the same for one item and for sixty."""
    items = rundown.items_of(live)
    versions = scripts.newest(items)
    return [
        Told(item, number, parts_of(item, scripts.lines(versions.get(item.pk), item)))
        for number, item in enumerate(items, 1)
    ]


def parts_of(item: RundownItem, written: list[tuple[str, str, str]]) -> list[Part]:
    if not written and item.talking_points.strip():
        written = [("points", _("要讲到的"), item.talking_points)]
    return [Part(code, title, lines_of(text)) for code, title, text in written]


def lines_of(text: str) -> list[Line]:
    """A line a sentence; marks that close it stay with it."""
    found, start = [], 0
    for end in ENDS.finditer(text):
        found.append(text[start : end.start()] + end.group().strip())
        start = end.end()
    found.append(text[start:])
    return [Line(line.strip(), max(1, reading.characters(line))) for line in found if line.strip()]
