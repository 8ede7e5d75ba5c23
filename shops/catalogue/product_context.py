"""Load what a product page shows around the price: freight, gifts, presale, reference price and season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops.inventory import presales
from shops.models import Gift, PickUpPoint, Presale, Product
from shops.pricing.reference_price import ReferencePrice, find_reference_price
from shops.shipping import rates as shipping_rates
from shops.shipping.policy import Ways, read_ways
from shops.shipping.rates import FreightRow
from ui.database.orm import PreparedQuery
from ui.formats import day as spoken

OPENING_DAYS, LAST_DAYS = 10, 10  # days after the first and before the last harvest day


@dataclass(frozen=True)
class ProductPageContext:
    """Hold a product page's context; `presale` is today's, `reference_price` is None unless its seller shows it."""

    product: Product
    ways: Ways
    gifts: list[Gift]
    presale: Presale | None
    reference_price: ReferencePrice | None

    @property
    def points(self) -> list[PickUpPoint]:
        return list(self.ways.points)

    @property
    def can_send(self) -> bool:
        return self.ways.can_send(self.product)

    @cached_property
    def freight(self) -> list[FreightRow]:
        """Return what one unit costs to send, cheapest first; empty where the shop has no price for any province."""
        return shipping_rates.list_freight_rows(list(self.ways.rates.values()), self.gross_grams)

    @property
    def not_sent(self) -> str:
        """Return the provinces that this product is not sent to; empty when it is sent to all, or to none."""
        return shipping_rates.list_unserved(self.ways.provinces_of(self.product)) if self.can_send else ""

    @property
    def gross_grams(self) -> int:
        return shipping_rates.get_gross_weight(self.product)

    @property
    def box_grams(self) -> int:
        """Return the grams of the box and its padding; 0 while the seller has not weighed it."""
        return self.gross_grams - self.product.net_grams


GIFTS = PreparedQuery(lambda product: Gift.objects.filter(product=product), 1)


def load_product_context(product: Product) -> ProductPageContext:
    """Load the context of one product's page: four queries, and those of `find_reference_price` where its seller shows it."""
    return ProductPageContext(
        product=product,
        ways=read_ways(product.shop),
        gifts=GIFTS.instances(product.pk),
        presale=presales.find_current(product),
        reference_price=find_reference_price(product) if product.shows_earlier else None,
    )


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
        """Return two characters for the picture; empty out of season."""
        if not self.is_on:
            return ""
        if self.days_left <= LAST_DAYS and self.days_left <= self.days_in:
            return _("末批")
        return _("开园") if self.days_in < OPENING_DAYS else _("在采")

    def note(self) -> str:
        """Return a sentence on when the product is harvested, for a buyer."""
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
        """Return January to December, each with whether anything is harvested in it."""
        first = self.first.year * 12 + self.first.month - 1
        last = min(self.last.year * 12 + self.last.month - 1, first + 11)
        picked = {month % 12 + 1 for month in range(first, last + 1)}
        return [Month(n, n in picked, n == self.today.month) for n in range(1, 13)]


@dataclass(frozen=True)
class Month:
    number: int
    is_on: bool
    is_now: bool
