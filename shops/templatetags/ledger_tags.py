"""Filters of the ledger's templates: names of months and of parts of the net, and figures of its chart."""

from __future__ import annotations

import datetime

from django import template
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _

from shops.models import LedgerEntry
from ui import formats
from ui.text import is_page_chinese

register = template.Library()


@register.filter
def month_name(first: datetime.date) -> str:
    return written(first, "Y年n月" if is_page_chinese() else "F Y")


@register.filter
def month_short(first: datetime.date) -> str:
    return written(first, "n月" if is_page_chinese() else "M")


@register.filter
def part_name(part: str) -> str:
    """Return the name of a line of the month's card, or of a kind of entry."""
    names = {"sold": _("卖出"), "back": _("退款"), "parcels": _("运费包装"), "rest": _("农资、帮工和其他")}
    kinds = dict(LedgerEntry.Kind.choices)
    return names.get(part) or str(kinds.get(part, ""))


@register.filter
def round_yuan(fen: int) -> str:
    """Format fen as whole yuan, for a bar of the chart."""
    return formats.yuan((fen + 50) // 100 * 100).removesuffix(".00")


@register.filter(name="label_y")
def get_label_y(y: float) -> str:
    """Return the y of the label over a bar that begins at `y`, in pixels of the chart."""
    return f"{max(12, y - 7):.1f}"


@register.filter
def at_least_zero(fen: int) -> int:
    return max(0, fen)
