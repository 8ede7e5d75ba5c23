"""Report what a shop has earned, from its monthly sums; every figure leads to the entries it consists of.

Only monthly sums are read, so a shop of 50,000 orders opens as fast as one of 50.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from shops.models import LedgerEntry, LedgerMonth, Order, Shop

Kind = LedgerEntry.Kind
TARGET_FEN = 500_000  # what Song Chunjiao's neighbours make in a month: 5,000 yuan
HALF_YEAR = 6
SETTLES_AFTER = datetime.timedelta(days=7)
COUNTED = 200  # open orders are counted up to this number
SOLD, BACK = (Kind.ORDER, Kind.LIVE, Kind.OTHER_IN), (Kind.REFUND,)
PARCELS = (Kind.FREIGHT, Kind.BOXES)
REST = (Kind.INPUTS, Kind.HELPERS, Kind.SUPPLY, Kind.OTHER_OUT)
# The four lines of a month's summary; the names are the values of the URL's `?part=`.
PARTS = {"sold": SOLD, "back": BACK, "parcels": PARCELS, "rest": REST}


@dataclass
class Month:
    """Hold one month's sums by kind, in fen and grams."""

    first: datetime.date
    fen: dict[str, int] = field(default_factory=dict)
    grams: int = 0
    entries: int = 0

    def part(self, name: str) -> int:
        return sum(self.fen.get(kind, 0) for kind in PARTS[name])

    @property
    def net(self) -> int:
        return sum(self.fen.values())

    @property
    def missing(self) -> int:
        """Return the fen missing to the target; 0 when it is reached."""
        return max(0, TARGET_FEN - self.net)

    @property
    def is_reached(self) -> bool:
        return self.net >= TARGET_FEN

    def add(self, kind: str, fen: int, grams: int, entries: int) -> None:
        self.fen[kind] = self.fen.get(kind, 0) + fen
        self.grams += grams
        self.entries += entries


def find_month(day: datetime.date, back: int = 0) -> datetime.date:
    """Return the first day of the month `back` months before (after, if negative) that of `day`."""
    number = day.year * 12 + day.month - 1 - back
    return datetime.date(number // 12, number % 12 + 1, 1)


def read_month(text: str, today: datetime.date | None = None) -> datetime.date:
    """Read `2026-11` as its first day; anything that is no month, or a future one, is read as this month."""
    this = find_month(today or timezone.localdate())
    try:
        asked = datetime.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return this
    return min(max(asked, datetime.date(2000, 1, 1)), this)


def list_months(
    shop: Shop, last: datetime.date, villager: User | None = None, count: int = HALF_YEAR
) -> list[Month]:
    """Return the `count` months up to `last`, the oldest first; months without entries are zero. One query."""
    found = {find_month(last, back): Month(find_month(last, back)) for back in reversed(range(count))}
    rows = LedgerMonth.objects.filter(shop=shop, month__gte=min(found), month__lte=last).order_by()
    if villager:
        rows = rows.filter(villager=villager)
    for month, kind, fen, grams, count in rows.values_list("month", "kind", "fen", "grams", "entries"):
        found[month].add(kind, fen, grams, count)
    return list(found.values())


def list_incomes(people: Collection[int]) -> dict[int, list[Month]]:
    """Return the months of these people over all shops, the earliest first, by the person's id. One query."""
    found: dict[int, dict[datetime.date, Month]] = {}
    rows = LedgerMonth.objects.filter(villager__in=people).order_by("month")
    for person, first, kind, fen, grams, count in rows.values_list(
        "villager", "month", "kind", "fen", "grams", "entries"
    ):
        found.setdefault(person, {}).setdefault(first, Month(first)).add(kind, fen, grams, count)
    return {person: list(months.values()) for person, months in found.items()}


def sum_sales(people: Collection[int] | QuerySet) -> dict[int, tuple[int, int]]:
    """Return (fen, grams) that these people have sold over all shops, refunds taken off, by the person's id. One query."""
    rows = LedgerMonth.objects.filter(villager__in=people, kind__in=(*SOLD, *BACK)).order_by()
    summed = rows.values_list("villager").annotate(fen=Sum("fen"), grams=Sum("grams"))
    return {person: (fen, grams) for person, fen, grams in summed}


def find_villagers(shop: Shop) -> QuerySet[User]:
    """Return everybody with earnings in this shop's ledger."""
    return User.objects.filter(pk__in=LedgerMonth.objects.filter(shop=shop).order_by().values("villager"))


def compute_totals(shop: Shop) -> dict[str, int]:
    """Return all that was ever earned (fen) and sold (grams) in this shop."""
    sums = LedgerMonth.objects.filter(shop=shop).aggregate(fen=Sum("fen"), grams=Sum("grams"))
    return {name: value or 0 for name, value in sums.items()}


def count_unsettled(shop: Shop, now: datetime.datetime | None = None) -> int:
    """Count the paid orders that may still be refunded: not received, or within SETTLES_AFTER. At most COUNTED."""
    now = now or timezone.now()
    going = (Order.Status.PAID, Order.Status.PACKED, Order.Status.SHIPPED)
    fresh = Q(status=Order.Status.RECEIVED, received_at__gt=now - SETTLES_AFTER)
    rows = Order.objects.filter(Q(status__in=going) | fresh, shop=shop).order_by()
    return rows[:COUNTED].count()


def list_entries(
    shop: Shop, month: datetime.date | None, part: str = "", villager: User | None = None
) -> QuerySet:
    """Return the entries behind a figure; `part` is a name of PARTS or a kind."""
    rows = LedgerEntry.objects.filter(shop=shop).select_related("order", "villager", "made_by")
    if month:
        rows = rows.filter(on__gte=month, on__lt=find_month(month, -1))
    if part in PARTS:
        rows = rows.filter(kind__in=PARTS[part])
    elif part in Kind.values:
        rows = rows.filter(kind=part)
    return rows.filter(villager=villager) if villager else rows
