"""Filters and tags of the live pages: amounts, times, figures, and the id of one tap."""

from __future__ import annotations

import uuid

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from live.models import Figure
from live.recap.forms import format_seconds
from live.recap.timeline import Timeline, compute_chart_geometry
from ui import formats

register = template.Library()

# The last circled number of Unicode's block.
CIRCLED = 20


@register.simple_tag
def new_event() -> str:
    """Return a new event id; a form sent twice writes one fact."""
    return str(uuid.uuid4())


@register.filter
def signed(number: int) -> str:
    """Format a number with the long minus sign."""
    return f"−{-number}" if number < 0 else str(number)


@register.filter
def hours(seconds: int) -> str:
    """Format seconds as hours, minutes and seconds: 0:05:09."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@register.filter
def place(rows: list, row: object) -> int:
    """Return the position of a row in the list."""
    return rows.index(row)


@register.filter
def spoken_time(seconds: int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return _("%(s)s 秒") % {"s": rest}
    if not rest:
        return _("%(m)s 分钟") % {"m": minutes}
    return _("%(m)s 分 %(s)s 秒") % {"m": minutes, "s": rest}


@register.filter
def in_unit(value: int | None, unit: str) -> str:
    """Format a value in its unit: ¥12.30, 4.5%, 3分12秒 or 1,234; a dash if it is unknown."""
    if value is None:
        return "—"
    if unit == "fen":
        return f"¥{formats.yuan(value)}"
    if unit == "share":
        return f"{value / 100:.2f}".rstrip("0").rstrip(".") + "%"
    return format_seconds(value) if unit == "seconds" else f"{value:,}"


@register.filter
def figure_name(name: str) -> str:
    return Figure.Name(name).spoken


@register.filter
def figure_unit(name: str) -> str:
    if name.endswith("_fen"):
        return "fen"
    return "seconds" if name == Figure.Name.WATCH_SECONDS else "count"


@register.filter
def clock(at) -> str:
    return timezone.localtime(at).strftime("%H:%M") if at else ""


@register.filter
def minute_clock(minute: int) -> str:
    """Format minutes since the start as hours and minutes: 75 → 1:15."""
    return f"{minute // 60}:{minute % 60:02d}"


@register.filter
def against(value: int | None, other: int | None) -> str:
    """Format the change from the earlier value in per cent of it: +12%."""
    if value is None or not other:
        return ""
    change = round((value - other) * 100 / abs(other))
    if not change:
        return _("一样")
    return f"{'+' if change > 0 else '−'}{abs(change):,}%"


@register.filter
def of_name(rows: dict, name: str):
    return rows.get(name)


@register.filter
def circled(number: int) -> str:
    """Return the circled number, ① to ⑳, that names an item; never used for a count."""
    return chr(0x245F + number) if 1 <= number <= CIRCLED else str(number)


@register.filter
def drawn(timeline: Timeline) -> dict:
    """Return the geometry of the timeline's chart."""
    return compute_chart_geometry(timeline)
