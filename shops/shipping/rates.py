"""Compute what a parcel weighs and costs to each province, in grams and fen, and describe a shop's rate table.

明码标价和禁止价格欺诈规定 §11 requires freight that is charged separately to have its own price: for each province a shop has
a price or does not send there; "to be agreed" does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from shops.audit import Verb
from shops.models import FreightRate, Product, Shop
from shops.shipping import provinces
from ui import formats
from ui.responses import page_cache


class NotShipped(Exception):
    """Raised when the shop does not send to the province (a code of GB/T 2260)."""

    def __init__(self, province: str) -> None:
        super().__init__(province)
        self.province = province


def find_rate(shop: Shop, province: str) -> FreightRate | None:
    """Return the rate of a province, or None if the shop does not send there. One query."""
    return FreightRate.objects.filter(shop=shop, province=province, ships=True).first()


def calculate_parcel_price(rate: FreightRate | Price, gross_grams: int) -> int:
    """Return the fen for one parcel: first weight, every further step begun, and the remote surcharge.

    0 fen for 0 grams, when the freight is included in the price.
    """
    if gross_grams <= 0:
        return 0
    over = max(gross_grams - rate.first_grams, 0)
    steps = -(-over // rate.step_grams)
    return rate.first_fen + steps * rate.step_fen + rate.surcharge_fen


def quote(shop: Shop, province: str, gross_grams: int) -> int:
    """Return the fen that the buyer pays for one parcel. Raises NotShipped.

    A shop that sells with the freight included and has never written a table sends to the whole mainland; parcels to Hong
    Kong, Macau and Taiwan go through customs.
    """
    if found := find_rate(shop, province):
        return calculate_parcel_price(found, gross_grams)
    if gross_grams <= 0 and province in provinces.MAINLAND and not has_table(shop):
        return 0
    raise NotShipped(province)


def has_table(shop: Shop) -> bool:
    """Return whether the shop has ever saved a rate table."""
    return FreightRate.objects.filter(shop=shop).exists()


def get_gross_weight(product: Product) -> int:
    """Return the gross grams of one unit, or its net grams while the seller has not entered the gross weight."""
    return product.gross_grams or product.net_grams


def calculate_charged_weight(lines: Iterable[tuple[Product, int]]) -> int:
    """Return the grams to charge freight for; `lines` are (product, units), those with freight included count 0."""
    return sum(get_gross_weight(product) * many for product, many in lines if not product.freight_included)


class Price(NamedTuple):
    """Hold the price of one parcel in grams and fen, as in FreightRate."""

    first_grams: int
    first_fen: int
    step_grams: int
    step_fen: int
    surcharge_fen: int = 0

    @classmethod
    def of(cls, rate: FreightRate) -> Price:
        return cls(*(getattr(rate, field) for field in cls._fields))

    def words(self) -> str:
        """Describe the price: 首重 6斤（3公斤）¥8.00，每加 2斤（1公斤）¥1.50，偏远加 ¥10.00."""
        params = {
            "first": formats.jin_and_kg(self.first_grams),
            "fen": formats.yuan(self.first_fen),
            "step": formats.jin_and_kg(self.step_grams),
            "more": formats.yuan(self.step_fen),
        }
        text = _("首重 %(first)s¥%(fen)s，每加 %(step)s¥%(more)s") % params
        if self.surcharge_fen:
            text += _("，偏远加 ¥%(fen)s") % {"fen": formats.yuan(self.surcharge_fen)}
        return text


@dataclass(frozen=True)
class Group:
    """Hold the provinces (codes) that share a price."""

    price: Price
    provinces: tuple[str, ...]

    def names(self) -> str:
        return join_names(self.provinces)


# The table offered to a shop without one; it is stored only when the seller saves it. Hong Kong, Macau and Taiwan are
# left out: parcels there go through customs.
START = (
    Group(Price(3000, 800, 1000, 150), provinces.NEAR),
    Group(Price(3000, 1000, 1000, 250), provinces.FAR),
    Group(Price(1000, 1800, 1000, 1000), provinces.REMOTE),
)


class FreightRow(NamedTuple):
    """Hold one row of the table that buyers see; `fen` is the price to send one unit."""

    names: str
    fen: int
    words: str


def group_rates(rates: Iterable[FreightRate]) -> list[Group]:
    """Group the provinces with the same price, cheapest first; provinces that are not sent to are left out."""
    found: dict[Price, list[str]] = {}
    for rate in rates:
        if rate.ships:
            found.setdefault(Price.of(rate), []).append(rate.province)
    ordered = sorted(found.items(), key=lambda pair: (pair[0].first_fen + pair[0].surcharge_fen, pair[0]))
    return [Group(price, tuple(sorted(codes))) for price, codes in ordered]


def list_rate_groups(shop: Shop) -> list[Group]:
    """Return the shop's rate table, grouped by price."""
    return group_rates(FreightRate.objects.filter(shop=shop))


def list_freight_rows(rates: Sequence[FreightRate], grams: int) -> list[FreightRow]:
    """Return the rows of the buyer's table for one unit of this gross weight in grams."""
    return [
        FreightRow(group.names(), calculate_parcel_price(group.price, grams), group.price.words())
        for group in group_rates(rates)
    ]


def join_names(codes: Iterable[str]) -> str:
    """Return the provinces' names in the order of their codes, joined by 、."""
    return _("、").join(provinces.join_names(set(codes)))


def list_unserved(sent_to: Iterable[str]) -> str:
    """Return the names of the provinces that are not in `sent_to`; empty when all are."""
    return join_names(provinces.BY_CODE.keys() - set(sent_to))


@transaction.atomic
def replace_rates(shop: Shop, wanted: Sequence[Group], actor: User | None) -> bool:
    """Replace the whole table and return whether it changed; provinces in no group are not sent to."""
    Shop.objects.select_for_update().get(pk=shop.pk)  # two simultaneous calls follow each other
    if list_prices_by_province(wanted) == list_prices_by_province(list_rate_groups(shop)):
        return False
    rows = [
        FreightRate(shop=shop, province=code, ships=True, **group.price._asdict())
        for group in wanted
        for code in group.provinces
    ]
    FreightRate.objects.filter(shop=shop).exclude(province__in=[row.province for row in rows]).delete()
    FreightRate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["shop", "province"],
        update_fields=["ships", *Price._fields],
    )
    page_cache.invalidate(FreightRate.stamp_name)
    AuditEntry.write(actor, Verb.FREIGHT_CHANGED, shop, shop.place, provinces=len(rows))
    return True


def list_prices_by_province(table: Sequence[Group]) -> dict[str, Price]:
    """Return the price to each province of the table."""
    return {code: group.price for group in table for code in group.provinces}
