"""Load what a product page shows around the price: freight, gifts, presale, reference price and season.

Several tables are read in one statement, because the page has a budget of queries.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops.models import Presale, Product
from shops.pricing import reference_price
from shops.pricing.reference_price import ReferencePrice
from shops.shipping import rates as shipping_rates
from shops.shipping.policy import Ways
from shops.shipping.rates import Line
from ui.days import day as spoken

BESIDE = """SELECT CASE WHEN r.ships THEN 'rate' ELSE 'kept' END, r.province, '', '', '',
 r.first_grams, r.first_fen, r.step_grams, r.step_fen, r.surcharge_fen, ''
FROM shops_freightrate r WHERE r.shop_id = %s
UNION ALL SELECT 'gift', g.kind, g.spec, g."limit", g.way, g.number, g.value_fen, g.id, 0, 0, ''
FROM shops_gift g WHERE g.product_id = %s
UNION ALL SELECT 'point', o.name, o.address, o.hours, '', o.id, 0, 0, 0, 0, ''
FROM shops_pickuppoint o WHERE o.shop_id = %s AND o.is_open
UNION ALL SELECT 'presale', CAST(s.ship_by AS varchar), CAST(s.closes_on AS varchar), s.terms, '',
 s.quota, s."left", s.id, 0, 0, '' FROM shops_presale s WHERE s.product_id = %s AND s.ended_at IS NULL"""
DEALS = " UNION ALL SELECT e.what, '', '', '', '', e.price_fen, e.net_grams, 0, 0, 0, e.at FROM ({}) e"


class Rate(NamedTuple):
    """As FreightRate, without the cost of a model."""

    province: str
    first_grams: int
    first_fen: int
    step_grams: int
    step_fen: int
    surcharge_fen: int
    ships: bool = True


class GiftRow(NamedTuple):
    """As Gift."""

    kind: str
    spec: str
    limit: str
    way: str
    number: int
    value_fen: int | None


class PickUpPointRow(NamedTuple):
    """As PickUpPoint."""

    name: str
    address: str
    hours: str


@dataclass
class ProductPageContext:
    product: Product
    rates: list[Rate] = field(default_factory=list)
    gifts: list[GiftRow] = field(default_factory=list)
    points: list[PickUpPointRow] = field(default_factory=list)
    has_table: bool = False
    presale: Presale | None = None
    earlier: ReferencePrice | None = None

    @cached_property
    def ways(self) -> Ways:
        return Ways({rate.province: rate for rate in self.rates}, self.points, self.has_table)

    @cached_property
    def can_send(self) -> bool:
        return self.ways.can_send(self.product)

    @cached_property
    def freight(self) -> list[Line]:
        """What one unit costs to send, cheapest first."""
        return shipping_rates.lines(self.rates, self.gross_grams)

    @property
    def not_sent(self) -> str:
        """The provinces that this product is not sent to; empty when it is sent to all, or to none."""
        return shipping_rates.not_sent(self.ways.provinces_of(self.product)) if self.can_send else ""

    @property
    def gross_grams(self) -> int:
        return shipping_rates.gross_weight(self.product)

    @property
    def box_grams(self) -> int:
        """What the box and its padding weigh; 0 while nobody has said."""
        return self.gross_grams - self.product.net_grams


def load_product_context(product: Product) -> ProductPageContext:
    """Load the context of one product's page in one query."""
    sql, params = BESIDE, [product.shop_id, product.pk, product.shop_id, product.pk]
    if product.shows_earlier:
        sql += DEALS.format(reference_price.sql())
        params += reference_price.params(product.pk)
    found, deals = ProductPageContext(product), []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for what, *row in cursor.fetchall():
            found.has_table |= what in ("rate", "kept")
            if what == "rate":
                found.rates.append(Rate(row[0], *row[4:9]))
            elif what == "gift":
                found.gifts.append(GiftRow(*row[:6]))
            elif what == "point":
                found.points.append(PickUpPointRow(*row[:3]))
            elif what == "presale":
                found.presale = presale(product, row)
            else:
                deals.append((what, row[4], row[5], row[9]))
    found.earlier = reference_price.read(product, deals) if deals else None
    return found


def presale(product: Product, row: list) -> Presale | None:
    """Build the presale from its row; None when its last day has passed, even if the seller has not ended it."""
    ship_by, closes_on = (datetime.date.fromisoformat(text) for text in row[:2])
    if closes_on < timezone.localdate():
        return None
    quota, left, pk = row[4:7]
    return Presale(
        pk=pk, product=product, quota=quota, left=left, ship_by=ship_by, closes_on=closes_on, terms=row[2]
    )


OPENING_DAYS = 10
LAST_DAYS = 10


@dataclass(frozen=True)
class Season:
    first: date
    last: date
    today: date

    @property
    def is_on(self) -> bool:
        return self.first <= self.today <= self.last

    @property
    def days_in(self) -> int:
        return (self.today - self.first).days

    @property
    def days_left(self) -> int:
        return (self.last - self.today).days

    def word(self) -> str:
        """Two characters for the picture; empty out of season. A short harvest is opening, then ending."""
        if not self.is_on:
            return ""
        if self.days_left <= LAST_DAYS and self.days_left <= self.days_in:
            return _("末批")
        return _("开园") if self.days_in < OPENING_DAYS else _("在采")

    def note(self) -> str:
        """What it means for who wants some."""
        if self.today < self.first:
            return _("%(day)s开采") % {"day": spoken(self.first)}
        if not self.is_on:
            return _("这一季采完了")
        if not self.days_left:
            return _("今天采最后一天")
        return ngettext("还能采 %(n)s 天", "还能采 %(n)s 天", self.days_left) % {"n": self.days_left}

    def span(self) -> str:
        return _("%(first)s到%(last)s") % {"first": spoken(self.first), "last": spoken(self.last)}

    def months(self) -> list[Month]:
        """January to December, each with whether anything is picked in it."""
        first = self.first.year * 12 + self.first.month - 1
        last = min(self.last.year * 12 + self.last.month - 1, first + 11)
        picked = {month % 12 + 1 for month in range(first, last + 1)}
        return [Month(n, n in picked, n == self.today.month) for n in range(1, 13)]


@dataclass(frozen=True)
class Month:
    number: int
    is_on: bool
    is_now: bool
