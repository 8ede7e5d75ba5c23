"""A row of an admin list whose cells say what they hold, for screens where the columns' heads have no room."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html_join, mark_safe
from django.utils.text import capfirst

register = template.Library()
EMPTY = ">-</td>"


@register.simple_tag
def labelled_cells(row: Iterable[str], headers: Iterable[dict]) -> str:
    """Django's cells, each <td> with its column's head as `data-label`, and marked where it is empty."""
    return format_html_join(
        "", "{}", ((labelled(cell, head),) for cell, head in zip(row, headers, strict=False))
    )


def labelled(cell: str, head: dict) -> str:
    if not cell.startswith("<td"):
        return cell
    label = "" if "action-checkbox" in cell[:40] else f' data-label="{escape(capfirst(head["text"]))}"'
    return mark_safe(f"<td{label}{' data-empty' if cell.endswith(EMPTY) else ''}{cell[3:]}")
