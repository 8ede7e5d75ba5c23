"""Render the grid of product cards.

A list page consists mostly of cards, so they are formatted by format_html: a template loop would cost more than the rest
of the page together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from media.models.photo import list_available_widths, make_photo_url
from shops.catalogue.product_context import Season
from shops.catalogue.queries import ProductRow
from shops.labels import choose_name
from shops.models import Product
from ui import formats
from ui.formats import day as spoken
from ui.templatetags.ui import lang_attr
from ui.text import is_page_chinese

GOOD = """<article class="good"><div class="good__pic">{picture}{season}</div><div class="good__in">\
<h{level}{name_lang}><a href="{url}">{name}</a></h{level}><p{village_lang}>{village}</p>\
<p class="price"><small>¥</small>{per_jin}<span> /{jin}</span></p>\
<p><span class="nb num">{per_kg}</span><br><span class="num">{pack}</span></p></div></article>"""
# Lazy, so that no picture is requested before the page's styles have loaded.
PICTURE = '<img class="pic" src="{src}" width="320" height="320" alt="" loading="lazy" decoding="async">'

NO_PICTURE = format_html('<div class="{}"></div>', "pic")
SEASON = '<span class="chip chip--zest">{}</span>'
GRID = '<div class="goods">{}</div>'


def render_cards(rows: Iterable[ProductRow], level: int = 2) -> SafeString:
    """Return the cards as HTML; `level` is the level of their headings (2 for h2). Empty for no rows."""
    today, jin, per_kg = timezone.localdate(), _("斤"), _("合 ¥%(price)s/公斤")
    start = reverse("shops:product", args=[0]).removesuffix("0/")
    mark = no_mark if is_page_chinese() else lang_attr
    cards = []
    for row in rows:
        village, grams, fen = choose_name(row.place_name, row.place_name_en), row.net_grams, row.price_fen
        season = Season(row.harvest_from, row.harvest_until, today).word()
        cards.append(
            {
                "picture": render_picture(row),
                "season": format_html(SEASON, season) if season else "",
                "level": level,
                "name_lang": mark(row.name),
                "url": f"{start}{row.id}/",
                "name": row.name,
                "village_lang": mark(village),
                "village": village,
                "per_jin": formats.per_jin(fen, grams),
                "jin": jin,
                "per_kg": per_kg % {"price": formats.per_kg(fen, grams)},
                "pack": render_offer(row, today),
            }
        )
    return format_html(GRID, format_html_join("", GOOD, cards)) if cards else SafeString()


def render_offer(row: ProductRow, today: datetime.date) -> str:
    """Return the last line of a card: the presale's shipping day, the price of one unit, or that it is sold out."""
    if row.ship_by and row.closes_on and row.closes_on >= today:
        if not row.bookable:
            return _("预售订完了")
        return _("预售 · %(day)s前发") % {"day": spoken(row.ship_by)}
    return pack(row) if row.stock else _("卖完了")


def render_picture(row: ProductRow) -> SafeString:
    """Return the card's picture in the smallest width: a card is half a phone wide, and a page has twenty-four."""
    if not row.photo_key:
        return NO_PICTURE
    return format_html(PICTURE, src=get_cover_url(row))


def get_cover_url(row: ProductRow, at: int = 0) -> str:
    """Return the URL of the row's photo in the smallest width, or in the one `at` this place among its widths.

    A model instance would take longer to build than the card.
    """
    return make_photo_url(
        row.photo_key or "", list_available_widths(row.photo_width or 0, settings.PHOTO_WIDTHS)[at]
    )


def no_mark(text: str) -> str:
    return ""


def pack(row: ProductRow | Product) -> str:
    """Return a box's weight and price, as in 5斤装 ¥29.90, or that the product is sold by weight."""
    if row.unit == Product.Unit.BOX:
        weight, price = formats.jin(row.net_grams), formats.yuan(row.price_fen)
        return _("%(weight)s装 ¥%(price)s") % {"weight": weight, "price": price}
    return _("按公斤卖") if row.unit == Product.Unit.KG else _("按斤卖")
