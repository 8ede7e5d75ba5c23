"""Decide how a product reaches its buyers: sent with freight included, sent by the shop's rate table, or fetched.

A product needs at least one of these to be published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from shops.models import FreightRate, PickUpPoint, Product, Shop
from shops.shipping import provinces
from shops.shipping import rates as shipping_rates
from ui.database.orm import PreparedQuery


class Sending(models.TextChoices):
    """List the choices that a shop with neither a rate table nor a pick-up point has at its first product."""

    INCLUDED = "included", gettext_lazy("包邮，运费我出")
    TABLE = "table", gettext_lazy("买家出运费，先用常见的运费表")
    FETCHED = "fetched", gettext_lazy("不寄，让人来取")


@dataclass(frozen=True)
class Ways:
    """Hold how a shop's goods reach a buyer: its rate for each province it sends to, and its open pick-up points.

    `has_table` is also true for a table by which the shop sends nowhere.
    """

    rates: Mapping[str, FreightRate]
    points: Sequence[PickUpPoint]
    has_table: bool

    def provinces_of(self, product: Product) -> Collection[str]:
        """Return the codes (GB/T 2260) of the provinces to which this product is sent; agrees with `rates.quote`."""
        if self.has_table:
            return self.rates.keys()
        return provinces.MAINLAND if product.freight_included else ()

    def can_send(self, product: Product) -> bool:
        return bool(self.provinces_of(product))

    def can_reach(self, product: Product) -> bool:
        """Return whether a buyer can receive the product, by parcel or at a pick-up point."""
        return bool(self.points) or self.can_send(product)


RATES = PreparedQuery(lambda shop: FreightRate.objects.filter(shop=shop), 1)
OPEN_POINTS = PreparedQuery(lambda shop: PickUpPoint.objects.filter(shop=shop, is_open=True), 1)


def read_ways(shop: Shop) -> Ways:
    """Read the shop's rates and open pick-up points; two queries."""
    table, points = RATES.instances(shop.pk), OPEN_POINTS.instances(shop.pk)
    return Ways({rate.province: rate for rate in table if rate.ships}, points, bool(table))


def can_reach(product: Product) -> bool:
    """Return whether a buyer can receive this one product, as `Ways.can_reach`; one query if it is sent, else two."""
    table = list(FreightRate.objects.filter(shop=product.shop_id))
    ways = Ways({rate.province: rate for rate in table if rate.ships}, (), bool(table))
    return ways.can_send(product) or PickUpPoint.objects.filter(shop=product.shop_id, is_open=True).exists()


def is_settled(shop: Shop | None) -> bool:
    """Return whether the shop sends by a rate table or has an open pick-up point. At most two queries."""
    if shop is None:
        return False
    rates = FreightRate.objects.filter(shop=shop, ships=True)
    return rates.exists() or PickUpPoint.objects.filter(shop=shop, is_open=True).exists()


@transaction.atomic
def apply_sending(shop: Shop, chosen: str, actor: User | None) -> None:
    """Store the seller's choice of Sending: the usual rate table or a first pick-up point, unless the shop has one."""
    if chosen == Sending.TABLE and not FreightRate.objects.filter(shop=shop).exists():
        shipping_rates.replace_rates(shop, shipping_rates.START, actor)
    if chosen == Sending.FETCHED and not PickUpPoint.objects.filter(shop=shop).exists():
        PickUpPoint.objects.create(
            shop=shop,
            name=_("自家"),
            address=shop.address or shop.place.full_name(),
            hours=_("先打电话约好"),
        )


def describe_start_table() -> str:
    """Describe the usual rate table, as it is offered to a new shop."""
    parts = [
        _("%(names)s：%(price)s") % {"names": group.names(), "price": group.price.words()}
        for group in shipping_rates.START
    ]
    return _("；").join(parts) + _("。以后在“运费表”里随时改。")
