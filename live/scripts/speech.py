"""A script as it is spoken: how long it takes, and the lines that the teleprompter shows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from live.models import Livestream, RundownItem
from live.scripts import services
from live.scripts.placeholders import get_filled_text

# Characters a minute, as taught in the lesson on the five parts.
RATE = 200
SLOWEST, FASTEST = 120, 320
# An English word takes as long as about 1.6 characters (125 words a minute); a figure is read digit by digit.
WORD = 1.6
UNITS = re.compile(r"[A-Za-z][A-Za-z'’-]*|[0-9]|[^\W_]", re.UNICODE)
# The end of a sentence, where the speaker breathes; not a point inside a figure.
ENDS = re.compile(r"(?<=[。！？；!?;])[”’」』）)]*\s*|(?<=[.])\s+|\n+")


def count_characters(text: str) -> int:
    """Return the length as spoken, in Chinese characters; punctuation and spaces count nothing."""
    return math.ceil(
        sum(WORD if unit[0].isascii() and unit[0].isalpha() else 1 for unit in UNITS.findall(text))
    )


def measure_text(text: str, rate: int = RATE) -> int:
    """Return how long a text takes at `rate` characters a minute, rounded up to whole seconds."""
    return math.ceil(count_characters(text) * 60 / rate)


def measure_script(parts: Mapping[str, str], item: RundownItem) -> int:
    """Return how long a script takes, with its facts filled in."""
    return measure_text(
        "".join(get_filled_text(text, item) for _part, text in services.list_written_parts(parts))
    )


@dataclass(frozen=True)
class SpokenLine:
    """One line of the teleprompter; `characters` as counted by count_characters, at least 1."""

    text: str
    characters: int


@dataclass(frozen=True)
class Part:
    code: str
    title: str
    lines: list[SpokenLine]


@dataclass(frozen=True)
class PrompterItem:
    """One item with the parts of its script; without a script, its talking points."""

    item: RundownItem
    number: int
    parts: list[Part]

    @property
    def seconds(self) -> int:
        return self.item.minutes * 60


def list_prompter_items(live: Livestream) -> list[PrompterItem]:
    """Return the whole script of a live. Three queries and those of the facts, however many items."""
    items = live.load_items()
    versions = services.find_latest_versions(items)
    return [
        PrompterItem(
            item, number, list_parts(item, services.list_readable_parts(versions.get(item.pk), item))
        )
        for number, item in enumerate(items, 1)
    ]


def list_parts(item: RundownItem, written: list[tuple[str, str, str]]) -> list[Part]:
    if not written and item.talking_points.strip():
        written = [("points", _("要讲到的"), item.talking_points)]
    return [Part(code, title, split_lines(text)) for code, title, text in written]


def split_lines(text: str) -> list[SpokenLine]:
    """Cut a text into one line a sentence; closing marks stay with their sentence."""
    found, start = [], 0
    for end in ENDS.finditer(text):
        found.append(text[start : end.start()] + end.group().strip())
        start = end.end()
    found.append(text[start:])
    return [SpokenLine(line.strip(), max(1, count_characters(line))) for line in found if line.strip()]
