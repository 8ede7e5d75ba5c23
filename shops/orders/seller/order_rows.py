"""Draw the rows of a shop's orders and the filters above them as strings: in a template's loops they took half of the page's
time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shops.models import Order
from shops.orders.seller import queue
from shops.templatetags.shops_tags import order_chip
from ui import formats
from ui.pages import build_url_prefix
from ui.templatetags.ui import icon, lang_attr, text
from ui.text import is_page_chinese, join_escaped

Status = Order.Status
# The filters above the list, in the order in which an order passes through the states.
STATES = (
    Status.REQUESTED,
    Status.ACCEPTED,
    Status.PAID,
    Status.PACKED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.DECLINED,
    Status.CANCELLED,
    Status.EXPIRED,
    Status.REFUNDED,
)
PILL = '<a class="pill" href="?shop={}{}"{}>{}</a>'


def list_filters(shop: int, chosen: str | None, waiting: int) -> SafeString:
    """Return the filters of the list: all, the `waiting` orders, each state. `chosen` is None for what was searched.

    CLAIMED and OWED, which are opened from the rows of what waits, are only listed while they are chosen.
    """
    number = format_html(' <span class="num">{}</span>', waiting) if waiting else ""
    opened = {queue.CLAIMED: _("报坏果"), queue.OWED: _("等你发货")}
    found = [("", _("全部")), (queue.WAITING, format_html("{}{}", _("要做的"), number))]
    found += [(state, label) for state, label in opened.items() if state == chosen]
    pills = (
        (
            shop,
            f"&state={state}" if state else "",
            format_html(' aria-current="{}"', "true") if state == chosen else "",
            label,
        )
        for state, label in (*found, *label_states(get_language()))
    )
    return format_html_join("\n", PILL, pills)


@cache
def label_states(language: str | None) -> list[tuple[str, str]]:
    """Return the states with their labels in this language, which is the page's."""
    return [(state.value, state.for_seller) for state in STATES]


def list_orders(orders: Iterable[Any]) -> SafeString:
    """Return the rows of orders with `goods` and `left` (shops.orders.seller.views.add_row_texts)."""
    chip_of, now = cache(order_chip), timezone.localtime()
    mark, write = (no_mark, escape) if is_page_chinese() else (lang_attr, text)
    prefix = build_url_prefix("shops:my_order")
    claimed = f'<span class="chip chip--stop">{escape(_("报坏果"))}</span>'
    rows = (
        f'<li id="order-{order.number}"><div class="grow"><a class="grow" href="{prefix}{order.number}/">'
        f"<b{mark(order.goods)}>{escape(order.goods)}</b><br>"
        f'<span class="soft num">{order.number}</span></a>'
        f'<p class="row row--split soft"><span>{write(order.buyer)} · '
        f'<span class="nb">{escape(formats.ago(order.placed_at, now))}</span></span>\n'
        f'<b class="num">¥{formats.yuan(order.total_fen)}</b></p>'
        f'<p class="row row--chips">{claimed if order.claimed else ""}{chip_of(order.state)} '
        f"{draw_left(order.left) if order.left else ''}</p></div></li>"
        for order in orders
    )
    return join_escaped(rows)


def no_mark(text: str) -> str:
    return ""


def draw_left(left: str) -> str:
    return f'<span class="row peel num">{icon("clock", small=True)}{escape(left)}</span>'
