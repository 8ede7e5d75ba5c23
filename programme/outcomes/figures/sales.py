"""Sum what was sold, in fen and grams, and count who earned enough, by month and village.

The ledger is the only source: an order writes its income once, when it is paid (shops.orders.transitions.mark_paid), a live
session once, when it ends (live.on_air.ledger.book_sales), a sale keyed in later by itself; each under a key of its own. So a
sum of the ledger counts nothing twice, and orders and live sales are not added to it. A refund counts in the month in which
the money went back. A correction has the day of what it corrects and so changes that month, which is then shown as corrected.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from accounts.models import User
from programme.models import OutcomeTarget, StepRules
from programme.models.outcomes import TARGET_GRAMS
from programme.outcomes.figures.scope import Scope
from shops.ledger import reports
from shops.ledger.reports import Month
from shops.models import LedgerEntry, LedgerMonth, Order
from ui.days import begin_day

COUNTED = (*reports.SOLD, *reports.BACK)
Kind = LedgerEntry.Kind


@dataclass(frozen=True)
class Late:
    """What was written after its month was over (corrections and late sales), and what may still be refunded."""

    entries: int = 0
    fen: int = 0
    grams: int = 0
    open_fen: int = 0


@dataclass
class Sales:
    """Sums of the period by month and by place; `year_grams` are of the calendar year of its last month, up to it."""

    by_month: dict[datetime.date, Month]
    by_place: dict[int, Month]
    late: dict[datetime.date, Late]
    year_grams: int
    year_target: int
    earners: dict[datetime.date, int] = field(default_factory=dict)

    @property
    def fen(self) -> int:
        return sum(month.net for month in self.by_month.values())

    @property
    def grams(self) -> int:
        return sum(month.grams for month in self.by_month.values())

    @property
    def year_percent(self) -> str:
        """Return the share of the year's target, rounded down to a tenth: 0.2."""
        return f"{self.year_grams * 1000 // self.year_target / 10:.1f}".removesuffix(".0")


def sum_sales(scope: Scope, today: datetime.date | None = None) -> Sales:
    """Sum the sales of the scope. Five queries, however many entries there are."""
    today = today or timezone.localdate()
    year = scope.last.replace(month=1)
    rows = find_months(scope).filter(month__gte=min(scope.first, year), month__lte=scope.last)
    by_month = {month: Month(month) for month in scope.months}
    by_place: dict[int, Month] = {}
    year_grams = 0
    sums = rows.values_list("shop__place", "month", "kind").annotate(
        fens=Sum("fen"), weighs=Sum("grams"), count=Sum("entries")
    )
    for place, month, kind, fen, grams, count in sums:
        year_grams += grams if month >= year else 0
        if month in by_month:
            by_month[month].add(kind, fen, grams, count)
            by_place.setdefault(place, Month(scope.first)).add(kind, fen, grams, count)
    target = find_target(year)
    late = sum_late(scope, today)
    return Sales(by_month, by_place, late, year_grams, target, count_earners(scope))


def find_months(scope: Scope) -> QuerySet[LedgerMonth]:
    """Return the monthly sums of what was sold and refunded in the shops of the scope."""
    rows = LedgerMonth.objects.filter(kind__in=COUNTED, shop__in=scope.find_shops().values("pk")).order_by()
    return rows.filter(villager__in=scope.find_members()) if scope.cohort else rows


def find_entries(scope: Scope) -> QuerySet[LedgerEntry]:
    """Return the entries of the period that the sums consist of."""
    rows = LedgerEntry.objects.filter(
        kind__in=COUNTED, on__gte=scope.first, on__lt=scope.end, shop__in=scope.find_shops().values("pk")
    )
    return rows.filter(villager__in=scope.find_members()) if scope.cohort else rows


def filter_late(rows: QuerySet[LedgerEntry], months: Sequence[datetime.date]) -> Any:
    """Return the entries of these months that were written after their month was over.

    Each day is compared with the ends of the months, in one pass over the rows and without a function of each: for 150,000
    entries on SQLite that takes a third of the time of one range for each month.
    """
    ends = [reports.find_month(month, -1) for month in sorted(months)]
    over = Case(
        *(When(on__lt=end, then=Value(begin_day(end))) for end in ends),
        default=Value(begin_day(ends[-1])),
        output_field=DateTimeField(),
    )
    return rows.annotate(month_over=over).filter(at__gte=F("month_over"))


def filter_open(rows: QuerySet[LedgerEntry], today: datetime.date) -> QuerySet[LedgerEntry]:
    """Return the income that may still be refunded: parcels on their way or just received, live sessions just over."""
    fresh = today - reports.SETTLES_AFTER
    going = (Order.Status.PAID, Order.Status.PACKED, Order.Status.SHIPPED)
    orders = Q(order__status__in=going) | Q(
        order__status=Order.Status.RECEIVED, order__received_at__gt=timezone.now() - reports.SETTLES_AFTER
    )
    return rows.filter((Q(kind=Kind.ORDER) & orders) | Q(kind=Kind.LIVE, on__gt=fresh))


def sum_late(scope: Scope, today: datetime.date) -> dict[datetime.date, Late]:
    """Return by month what was written late and what may still be refunded. Two queries."""
    rows = find_entries(scope).order_by()
    found: dict[datetime.date, Late] = {}
    late = filter_late(rows, scope.months).values_list("on")
    for on, count, fen, grams in late.annotate(n=Count("pk"), fens=Sum("fen"), weighs=Sum("grams")):
        one = found.get(on.replace(day=1), Late())
        found[on.replace(day=1)] = Late(one.entries + count, one.fen + fen, one.grams + grams)
    for on, fen in filter_open(rows, today).values_list("on").annotate(fens=Sum("fen")):
        one = found.get(on.replace(day=1), Late())
        found[on.replace(day=1)] = replace(one, open_fen=one.open_fen + fen)
    return found


def find_target(day: datetime.date) -> int:
    """Return the grams a year that are aimed at on this day: of the newest target that had begun, else the default."""
    row = OutcomeTarget.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return row.year_grams if row else TARGET_GRAMS


# --- income ---


def find_incomes(scope: Scope, rules: StepRules | None = None) -> QuerySet:
    """Return {"villager", "month", "net"} of the months in which somebody's net income reached that month's standard.

    Over all shops, of people of the scope; by the rule of the month's first day, as for the ladder's step.
    """
    rules = rules or StepRules.load()
    # Of grouped columns alone: any other would split the sums.
    enough = Q()
    for month in scope.months:
        enough |= Q(month=month, net__gte=rules.find(month).target_fen)
    rows = LedgerMonth.objects.filter(
        month__gte=scope.first,
        month__lte=scope.last,
        villager__in=scope.find_people().order_by().values("pk"),
    )
    return rows.order_by().values("villager", "month").annotate(net=Sum("fen")).filter(enough)


def count_earners(scope: Scope) -> dict[datetime.date, int]:
    """Return by month how many people earned enough. Two queries."""
    counted = Counter(find_incomes(scope).values_list("month", flat=True))
    return {month: counted[month] for month in scope.months}


def list_earners(scope: Scope, month: datetime.date) -> QuerySet[User]:
    found = [row["villager"] for row in find_incomes(scope.at(month=month))]
    return User.objects.filter(pk__in=found)


def read_nets(people: Iterable[int], month: datetime.date) -> dict[int, int]:
    """Return the net income (fen) of these people in a month. One query."""
    rows = LedgerMonth.objects.filter(villager__in=people, month=month).order_by()
    return dict(rows.values_list("villager").annotate(net=Sum("fen")))
