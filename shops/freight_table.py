"""A shop's freight as people speak of it: a few prices, each with the provinces it holds for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from shops import freights, provinces
from shops.models import FreightRate, Shop
from shops.trail import Verb
from ui import amounts, stamps


class Price(NamedTuple):
    """One parcel: grams and fen, as in FreightRate."""

    first_grams: int
    first_fen: int
    step_grams: int
    step_fen: int
    surcharge_fen: int = 0

    @classmethod
    def of(cls, rate: FreightRate) -> Price:
        return cls(*(getattr(rate, field) for field in cls._fields))

    def words(self) -> str:
        """首重 6斤（3公斤）¥8.00，每加 2斤（1公斤）¥1.50，偏远加 ¥10.00."""
        told = {
            "first": amounts.both(self.first_grams),
            "fen": amounts.yuan(self.first_fen),
            "step": amounts.both(self.step_grams),
            "more": amounts.yuan(self.step_fen),
        }
        words = _("首重 %(first)s¥%(fen)s，每加 %(step)s¥%(more)s") % told
        if self.surcharge_fen:
            words += _("，偏远加 ¥%(fen)s") % {"fen": amounts.yuan(self.surcharge_fen)}
        return words


@dataclass(frozen=True)
class Group:
    price: Price
    provinces: tuple[str, ...]

    def names(self) -> str:
        return names(self.provinces)


# What a table may begin with; offered, and written only when the seller saves it. Hong Kong, Macau and Taiwan are in
# none: parcels there go through the customs.
START = (
    Group(Price(3000, 800, 1000, 150), provinces.NEAR),
    Group(Price(3000, 1000, 1000, 250), provinces.FAR),
    Group(Price(1000, 1800, 1000, 1000), provinces.REMOTE),
)


class Line(NamedTuple):
    """One row of the table that buyers see: `fen` is what one unit costs to send."""

    names: str
    fen: int
    words: str


def groups(rates: Iterable[FreightRate]) -> list[Group]:
    """The rates that send, cheapest first."""
    found: dict[Price, list[str]] = {}
    for rate in rates:
        if rate.ships:
            found.setdefault(Price.of(rate), []).append(rate.province)
    ordered = sorted(found.items(), key=lambda pair: (pair[0].first_fen + pair[0].surcharge_fen, pair[0]))
    return [Group(price, tuple(sorted(codes))) for price, codes in ordered]


def groups_of(shop: Shop) -> list[Group]:
    return groups(FreightRate.objects.filter(shop=shop))


def lines(rates: Sequence[FreightRate], grams: int) -> list[Line]:
    """For one unit of this gross weight."""
    return [
        Line(group.names(), freights.fen(group.price, grams), group.price.words()) for group in groups(rates)
    ]


def names(codes: Iterable[str]) -> str:
    """In the order of the codes, which is how every list of provinces stands."""
    return _("、").join(provinces.names(set(codes)))


def not_sent(sent_to: Iterable[str]) -> str:
    """The provinces besides `sent_to`; empty when that is all of them."""
    return names(provinces.BY_CODE.keys() - set(sent_to))


@transaction.atomic
def write(shop: Shop, wanted: Sequence[Group], actor: User | None) -> bool:
    """The whole table anew: what stands in no group is not sent to. Whether anything is different."""
    Shop.objects.select_for_update().get(pk=shop.pk)  # of two at once the second writes over the first
    if priced(wanted) == priced(groups_of(shop)):
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
    stamps.bump(FreightRate.stamp_name)
    AuditEntry.write(actor, Verb.FREIGHT_CHANGED, shop, shop.place, provinces=len(rows))
    return True


def priced(table: Sequence[Group]) -> dict[str, Price]:
    return {code: group.price for group in table for code in group.provinces}
