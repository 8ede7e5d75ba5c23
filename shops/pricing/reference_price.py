"""Find the earlier price that may be shown struck through: what a unit was really sold for before a price cut.

明码标价和禁止价格欺诈规定 §16: no more than the lowest deal of the seven days before the cut, or, where there was none,
than the last deal. A deal is what an order stands by: neither cancelled nor refunded as a whole, nor a request again.
Prices are compared by weight, so that a lighter box hides no dearer 斤.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.models import GRAMS_PER_JIN, Product
from ui import amounts
from ui.days import day as spoken

# The newest two prices, the lowest deal of the seven days before the newest, and the last deal before it: rows of
# (what, fen, grams, when). One statement, so that a product page asks no more often for showing it.
CUT = """(SELECT c.at FROM shops_pricechange c WHERE c.product_id = %s AND c.at <= %s
 ORDER BY c.at DESC, c.id DESC LIMIT 1)"""
WEEK_BEFORE = {
    # Text, with the fraction as it is stored: SQLite's own arithmetic keeps but three digits of it, and rounds.
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', substr({at}, 1, 19), '-7 days') || substr({at}, 20)",
    "postgresql": "{at} - interval '7 days'",
}
# An order that came to nothing sold nothing, whoever asked for it and accepted it.
HOLDS = """NOT EXISTS (SELECT 1 FROM shops_orderline l JOIN shops_order o ON o.id = l.order_id
  WHERE l.id = d.line_id AND o.status NOT IN ('accepted', 'paid', 'packed', 'shipped', 'received'))"""
ARMS = """SELECT * FROM (SELECT 'price' AS what, c.price_fen, c.net_grams, CAST(c.at AS varchar) AS at
  FROM shops_pricechange c WHERE c.product_id = %s AND c.at <= %s ORDER BY c.at DESC, c.id DESC LIMIT 2) newest
UNION ALL SELECT * FROM (SELECT 'week', d.price_fen, d.net_grams, CAST(d.at AS varchar)
  FROM shops_deal d WHERE d.product_id = %s AND d.at < {cut} AND d.at >= {week} AND {holds}
  ORDER BY d.price_fen * 1.0 / d.net_grams, d.at DESC LIMIT 1) week
UNION ALL SELECT * FROM (SELECT 'last', d.price_fen, d.net_grams, CAST(d.at AS varchar)
  FROM shops_deal d WHERE d.product_id = %s AND d.at < {cut} AND {holds} ORDER BY d.at DESC, d.id DESC LIMIT 1) last"""


@dataclass(frozen=True)
class ReferencePrice:
    """`fen` is what as much as is in one unit today cost then, never rounded up; `day` is that of the deal, `cut_on`
    that of the cut. `in_week`: the lowest of the seven days, and not the last deal before them."""

    fen: int
    per_jin_fen: int
    day: datetime.date
    cut_on: datetime.date
    in_week: bool

    @property
    def per_jin(self) -> str:
        return amounts.yuan(self.per_jin_fen)

    @property
    def basis(self) -> str:
        """Printed wherever the price is struck through."""
        told = {"price": self.per_jin, "day": spoken(self.day), "cut": spoken(self.cut_on)}
        if self.in_week:
            return _("%(cut)s降的价。划掉的每斤 ¥%(price)s，是降价前 7 天里最低的成交价（%(day)s）。") % told
        return (
            _("%(cut)s降的价。降价前 7 天没有成交，划掉的每斤 ¥%(price)s 是最后一次成交价（%(day)s）。")
            % told
        )


def reference_price_of(product: Product, now: datetime.datetime | None = None) -> ReferencePrice | None:
    """Return the reference price; None if the price was not cut or no dearer deal came before. One query.

    The seller's own switch (`Product.shows_earlier`) is not looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql(), params(product.pk, now))
        return read(product, cursor.fetchall())


def sql() -> str:
    return ARMS.format(holds=HOLDS, cut=CUT, week=WEEK_BEFORE[connection.vendor].format(at=CUT))


def params(product: int, now: datetime.datetime | None = None) -> list:
    """Return the parameters of `sql` in order; SQLite needs the time of the cut twice to find the week before it."""
    until = connection.ops.adapt_datetimefield_value(now or timezone.now())
    cut = [product, until]
    week = cut * WEEK_BEFORE[connection.vendor].count("{at}")
    return [*cut, product, *cut, *week, product, *cut]


def read(product: Product, rows: Iterable[tuple]) -> ReferencePrice | None:
    """Return the reference price from the rows of `sql`."""
    found: dict[str, list[tuple]] = {}
    for what, *row in rows:
        found.setdefault(what, []).append(tuple(row))
    prices = sorted(found.get("price", ()), key=lambda row: row[2], reverse=True)
    if len(prices) < 2 or not is_cut(prices[1], prices[0]):
        return None
    in_week = "week" in found
    deals = found.get("week") or found.get("last")
    return struck(product, deals[0], day_of(prices[0][2]), in_week) if deals else None


def is_cut(before: tuple, now: tuple) -> bool:
    """Whether the price for the same weight fell."""
    return before[0] * now[1] > now[0] * before[1]


def struck(product: Product, deal: tuple, cut_on: datetime.date, in_week: bool) -> ReferencePrice | None:
    """Return the reference price, or None unless it is higher than today's price as shown."""
    fen, grams, at = deal
    whole, per_jin = fen * product.net_grams // grams, fen * GRAMS_PER_JIN // grams
    today = amounts.fen_per(product.price_fen, product.net_grams, GRAMS_PER_JIN)
    if whole <= product.price_fen or per_jin <= today:
        return None
    return ReferencePrice(whole, per_jin, day_of(at), cut_on, in_week)


def day_of(text: str) -> datetime.date:
    """A time as the database writes it in text, in UTC."""
    at = datetime.datetime.fromisoformat(text)
    return timezone.localtime(at if at.tzinfo else at.replace(tzinfo=datetime.UTC)).date()
