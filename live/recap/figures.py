"""Read the figures of a live: entered, imported from its platform, or summed from the site's own rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Sum

from accounts.models import User
from live.models import Figure, LiveRefund, LiveSale, Livestream

Name = Figure.Name
OWN = "own"


@dataclass(frozen=True)
class KnownFigures:
    """A live's figures. `rows`: the newest figure of each name; `own`: the sums of the site's own rows."""

    rows: dict[str, Figure]
    own: dict[str, int]

    @property
    def values(self) -> dict[str, int]:
        """Return {name: value}; a figure counts before the site's own sum."""
        return self.own | {name: row.value for name, row in self.rows.items()}

    def source(self, name: str) -> Figure | str | None:
        """Return the row of a value, OWN for our own sum, or None."""
        return self.rows.get(name) or (OWN if name in self.own else None)


def find_known_figures(live: Livestream) -> KnownFigures:
    """Return the figures of one live. Three queries."""
    return load_known_figures([live])[live.pk]


def load_known_figures(lives: Iterable[Livestream]) -> dict[int, KnownFigures]:
    """Return the figures of several lives by id. Three queries."""
    found = {live.pk: KnownFigures({}, {}) for live in lives}
    whole = Figure.objects.filter(livestream__in=found, minute=None).select_related("source", "by")
    for row in whole.order_by("id"):
        found[row.livestream_id].rows[row.name] = row
    sales = LiveSale.objects.filter(livestream__in=found).order_by().values("livestream")
    for sums in sales.annotate(sum=Sum(F("price_fen") * F("quantity"))):
        found[sums["livestream"]].own[Name.SALES_FEN] = sums["sum"]
    refunds = LiveRefund.objects.filter(livestream__in=found).order_by().values("livestream")
    for sums in refunds.annotate(sum=Sum("fen")):
        found[sums["livestream"]].own[Name.REFUND_FEN] = sums["sum"]
    for one in found.values():
        if Name.SALES_FEN in one.own:
            one.own.setdefault(Name.REFUND_FEN, 0)
    return found


def write_figures(live: Livestream, values: dict[str, int | None], by: User) -> list[Figure]:
    """Add rows for the values that differ from the known ones. Four queries."""
    before = find_known_figures(live).rows
    rows = [
        Figure(livestream=live, name=name, value=value, by=by)
        for name, value in values.items()
        if value is not None and (name not in before or before[name].value != value)
    ]
    return Figure.objects.bulk_create(rows)


def load_figures_by_minute(live: Livestream, name: str) -> dict[int, int]:
    """Return {minute: newest value}. One query."""
    rows = Figure.objects.filter(livestream=live, name=name, minute__isnull=False).order_by("id")
    return {minute: value for minute, value in rows.values_list("minute", "value") if minute is not None}
