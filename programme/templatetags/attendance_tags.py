"""Filters of the attendance pages: hours, and how a mark is shown."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext

from programme.models import Mark

register = template.Library()

CHIPS = {Mark.PRESENT: "leaf", Mark.LATE: "ask", Mark.ABSENT: "stop", Mark.EXCUSED: "calico"}


@register.filter
def hours(minutes: int) -> str:
    """Format minutes as hours with at most one decimal: 90 → "1.5", 120 → "2"."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


@register.filter
def mark_label(mark: str) -> str:
    return str(Mark(mark).label)


@register.filter
def mark_short(mark: str) -> str:
    """Return the mark as it stands on a narrow button and on the printed sheet."""
    short = {
        Mark.PRESENT: pgettext("short", "到"),
        Mark.LATE: pgettext("short", "迟"),
        Mark.ABSENT: pgettext("short", "缺"),
        Mark.EXCUSED: pgettext("short", "假"),
        Mark.OPEN: "",
    }
    return short[Mark(mark)]


@register.filter
def mark_chip(mark: str) -> str:
    """Return the class of the chip in which the mark is shown."""
    tone = CHIPS.get(Mark(mark))
    return f"chip chip--{tone}" if tone else "chip"


@register.filter
def of_mark(counts: dict[str, int], mark: str) -> int:
    return counts.get(mark, 0)
