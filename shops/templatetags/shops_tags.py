"""Filters and tags of the shops' templates: names in the reader's language, articles of law, the note on the site's role."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import Place
from shops import site_mode
from shops.labels import choose_name
from shops.models import Category, Order
from wording.rulebook import rules

Status = Order.Status
CHIPS = {
    Status.REQUESTED: "ask",
    Status.ACCEPTED: "ask",
    Status.PAID: "zest",
    Status.PACKED: "zest",
    Status.SHIPPED: "leaf",
    Status.RECEIVED: "leaf",
    Status.DECLINED: "stop",
    Status.CANCELLED: "stop",
    Status.EXPIRED: "stop",
    Status.REFUNDED: "stop",
}

register = template.Library()
register.simple_tag(site_mode.get_note, name="site_note")


@register.filter
def local_name(row: Place | Category) -> str:
    """Return the row's name in the reader's language: {{ village.place|local_name }}."""
    return choose_name(row.name, row.name_en)


@register.filter
def spell_article(article: str) -> str:
    """Return 第九条第三项 on a Chinese page, §9(3) on an English one: {{ finding.article|spell_article }}."""
    return rules.spell_article(article, get_language() or "zh")


@register.simple_tag
def order_chip(state: Order.Status) -> SafeString:
    """Draw the state of an order as its seller reads it."""
    return format_html('<span class="chip chip--{}">{}</span>', CHIPS[state], state.for_seller)
