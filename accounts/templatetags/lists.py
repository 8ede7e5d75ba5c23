"""Render a row of an admin list with labelled cells, for screens that have no room for the columns' headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import template

register = template.Library()
EMPTY = ">-</td>"


@dataclass(frozen=True)
class Cell:
    """Django's cell as HTML; `label` is its column's header, empty for the checkbox that selects the row."""

    html: str
    label: str

    @property
    def is_td(self) -> bool:
        return self.html.startswith("<td")

    @property
    def is_empty(self) -> bool:
        return self.html.endswith(EMPTY)


@register.filter
def cells(row: Iterable[str], headers: Iterable[dict]) -> Iterator[Cell]:
    for html, head in zip(row, headers, strict=False):
        yield Cell(html, "" if "action-checkbox" in html[:40] else head["text"])
