"""Small things that the pages of a running live need."""

from __future__ import annotations

import uuid

from django import template

register = template.Library()


@register.simple_tag
def new_event() -> str:
    """The id of one tap; a form sent twice is one fact."""
    return str(uuid.uuid4())


@register.filter
def signed(number: int) -> str:
    """With the long minus."""
    return f"−{-number}" if number < 0 else str(number)


@register.filter
def hours(seconds: int) -> str:
    """As a clock counts: 0:05:09."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@register.filter
def place(rows: list, row: object) -> int:
    """Where a row stands among all."""
    return rows.index(row)
