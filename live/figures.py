"""What is known of a live in numbers: what its people keyed in, what its platform exported, what its own rows sum to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Sum

from accounts.models import User
from live.models import Figure, LiveRefund, LiveSale, Livestream

Name = Figure.Name
OWN = "own"


@dataclass(frozen=True)
class Known:
    """`rows`: the newest figure of each name. `own`: what our own entries come to, where nobody has said more."""

    rows: dict[str, Figure]
    own: dict[str, int]

    @property
    def values(self) -> dict[str, int]:
        """By name; the platform's word counts before our own count."""
        return self.own | {name: row.value for name, row in self.rows.items()}

    def source(self, name: str) -> Figure | str | None:
        """The row that says so, or OWN."""
        return self.rows.get(name) or (OWN if name in self.own else None)


def known(live: Livestream) -> Known:
    return known_of([live])[live.pk]


def known_of(lives: Iterable[Livestream]) -> dict[int, Known]:
    """Three queries, however many lives."""
    found = {live.pk: Known({}, {}) for live in lives}
    whole = Figure.objects.filter(livestream__in=found, minute=None).select_related("source", "by")
    for row in whole.order_by("id"):
        found[row.livestream_id].rows[row.name] = row
    sales = LiveSale.objects.filter(livestream__in=found).order_by().values("livestream")
    for row in sales.annotate(fen=Sum(F("price_fen") * F("quantity")), units=Sum("quantity")):
        found[row["livestream"]].own[Name.SALES_FEN] = row["fen"]
    refunds = LiveRefund.objects.filter(livestream__in=found).order_by().values("livestream")
    for row in refunds.annotate(sum=Sum("fen")):
        found[row["livestream"]].own[Name.REFUND_FEN] = row["sum"]
    for one in found.values():
        if Name.SALES_FEN in one.own:
            one.own.setdefault(Name.REFUND_FEN, 0)
    return found


def say(live: Livestream, said: dict[str, int | None], by: User) -> list[Figure]:
    """Writes what is different from what is known: rows are only added. Three queries and one more."""
    before = known(live).rows
    rows = [
        Figure(livestream=live, name=name, value=value, by=by)
        for name, value in said.items()
        if value is not None and (name not in before or before[name].value != value)
    ]
    return Figure.objects.bulk_create(rows)


def by_minute(live: Livestream, name: str) -> dict[int, int]:
    """The newest of each minute; one query."""
    rows = Figure.objects.filter(livestream=live, name=name, minute__isnull=False).order_by("id")
    return dict(rows.values_list("minute", "value"))
