"""Read what stands on each sheet: courses/programme/<language>/sheets.toml, which a county may change.

A part is "fields", "table", "checks", "text", "signs", "script", "card" or "big"; programme/typesetting/sheets.typ draws each.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from courses.import_export.programme import ROOT

NAME = "sheets.toml"
KINDS = ("fields", "table", "checks", "text", "signs", "script", "card", "big")


@dataclass(frozen=True)
class Sheet:
    """One sheet. `filled_from`: what it is filled from (programme.sheets.sources), "" if the site knows nothing of it;
    `lessons`: codes of the lessons that ask for it, the first one is its own.
    """

    code: str
    group: str
    title: str
    about: str
    hint: str
    lessons: tuple[str, ...]
    parts: tuple[dict[str, Any], ...]
    filled_from: str = ""
    landscape: bool = False


@dataclass(frozen=True)
class Texts:
    """All sheets of one language, in the order of the page, with their groups and the words that every sheet has."""

    words: dict[str, str]
    groups: tuple[tuple[str, str], ...]
    sheets: dict[str, Sheet]
    by_lesson: dict[str, tuple[Sheet, ...]] = field(default_factory=dict)

    def list_groups(self) -> list[tuple[str, list[Sheet]]]:
        """Return (title, sheets) of each group."""
        return [
            (title, [one for one in self.sheets.values() if one.group == code]) for code, title in self.groups
        ]


def load_texts() -> Texts:
    """Return the sheets in the page's language; in Chinese where a language has none."""
    language = get_language() or ""
    found = next(
        (name for name in list_languages() if language.startswith(name.partition("-")[0])), "zh-hans"
    )
    return read_texts(ROOT / found / NAME)


@cache
def list_languages() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in ROOT.glob(f"*/{NAME}")))


@cache
def read_texts(path: Path) -> Texts:
    """Read a file once a process. Raises ValueError for a part or group that does not exist, and KeyError for a missing text."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    groups = tuple((one["code"], one["title"]) for one in read["group"])
    sheets = {}
    for one in read["sheet"]:
        parts = one.pop("part")
        if one["group"] not in dict(groups):
            raise ValueError(f"{path}: {one['code']} is in no group")
        for part in parts:
            if part["kind"] not in KINDS:
                raise ValueError(f"{path}: {one['code']} has a part of no kind: {part['kind']}")
        sheets[one["code"]] = Sheet(**one | {"lessons": tuple(one["lessons"]), "parts": tuple(parts)})
    by_lesson: dict[str, tuple[Sheet, ...]] = {}
    for sheet in sheets.values():
        for lesson in sheet.lessons:
            by_lesson[lesson] = (*by_lesson.get(lesson, ()), sheet)
    return Texts(read["words"], groups, sheets, by_lesson)
