"""What a parcel costs to each province, from the shop's own table. Fen and grams.

明码标价和禁止价格欺诈规定 §11: freight asked for apart is priced apart, so there is no "to be agreed" here: a province
has its price, or the shop does not send there.
"""

from __future__ import annotations

from collections.abc import Iterable

from shops import provinces
from shops.models import FreightRate, Product, Shop


class NotShipped(Exception):
    """The shop sends nothing to this province. `province` is its code."""

    def __init__(self, province: str) -> None:
        super().__init__(province)
        self.province = province


def rate(shop: Shop, province: str) -> FreightRate | None:
    """The row for a province; None where nothing is sent, by word or by silence. One query."""
    return FreightRate.objects.filter(shop=shop, province=province, ships=True).first()


def fen(rate: FreightRate, gross_grams: int) -> int:
    """One parcel of this weight: the first weight, each step begun, what is added for remote places. Nothing for
    what weighs nothing: its freight is in its price."""
    if gross_grams <= 0:
        return 0
    over = max(gross_grams - rate.first_grams, 0)
    steps = -(-over // rate.step_grams)
    return rate.first_fen + steps * rate.step_fen + rate.surcharge_fen


def quote(shop: Shop, province: str, gross_grams: int) -> int:
    """What the buyer pays for one parcel. Raises NotShipped.

    A shop that sells with the freight included and has never written a table sends to the whole mainland: parcels to Hong
    Kong, Macau and Taiwan go through the customs.
    """
    if found := rate(shop, province):
        return fen(found, gross_grams)
    if gross_grams <= 0 and province in provinces.MAINLAND and not has_table(shop):
        return 0
    raise NotShipped(province)


def has_table(shop: Shop) -> bool:
    return FreightRate.objects.filter(shop=shop).exists()


def gross(product: Product) -> int:
    """Grams of one unit as it is sent. While nobody has weighed it with its box, its net weight: a buyer pays for no
    guess. Said on the seller's screens."""
    return product.gross_grams or product.net_grams


def weight(lines: Iterable[tuple[Product, int]]) -> int:
    """The grams that freight is asked for: (product, how many units) without those whose price includes it."""
    return sum(gross(product) * many for product, many in lines if not product.freight_included)
