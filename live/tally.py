"""What a live came to: sums over its sales, each of which opens to its rows. Units, fen, grams."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.functions import Cast

from live.models import LiveSale, Livestream, RundownItem, Settlement


def sum_of(field: str) -> Sum:
    """Of a column a unit, times the units; PostgreSQL's integers would run over."""
    return Sum(Cast(F(field), BigIntegerField()) * F("quantity"))


@dataclass
class Line:
    """One item: `owed` are oversold units that nothing was done about yet."""

    item: RundownItem
    units: int = 0
    fen: int = 0
    grams: int = 0
    oversold: int = 0
    owed: int = 0
    back_fen: int = 0


@dataclass
class Tally:
    lines: list[Line] = field(default_factory=list)
    units: int = 0
    fen: int = 0
    grams: int = 0
    oversold: int = 0
    owed: int = 0
    back_fen: int = 0

    @property
    def net_fen(self) -> int:
        return self.fen - self.back_fen


def of(live: Livestream) -> Tally:
    """Four queries, however many were sold."""
    items = live.items.select_related("product").order_by("position", "id")
    lines = {item.pk: Line(item, **facts) for item, facts in with_sales(items, live)}
    for row in Settlement.objects.filter(livestream=live).order_by().values("item", "fen", "quantity"):
        line = lines[row["item"]]
        line.owed -= row["quantity"]
        line.back_fen += row["fen"]
    tally = Tally(list(lines.values()))
    for row in live.liverefunds.order_by().values("item", "fen"):
        if row["item"]:
            lines[row["item"]].back_fen += row["fen"]
        else:
            tally.back_fen += row["fen"]
    for name in ("units", "fen", "grams", "oversold", "owed", "back_fen"):
        setattr(tally, name, getattr(tally, name) + sum(getattr(line, name) for line in tally.lines))
    return tally


def with_sales(items, live: Livestream):
    sums = {
        "units": Sum("quantity"),
        "fen": sum_of("price_fen"),
        "grams": sum_of("net_grams"),
        "oversold": Sum("oversold"),
    }
    rows = LiveSale.objects.filter(livestream=live).order_by().values("item").annotate(**sums)
    found = {row.pop("item"): row for row in rows}
    for item in items:
        facts = found.get(item.pk, {})
        yield item, facts | {"owed": facts.get("oversold", 0)}


def sold(live_pk: int) -> dict[int, tuple[int, int]]:
    """By item: units sold, and oversold ones that nothing was done about. Two queries."""
    rows = LiveSale.objects.filter(livestream=live_pk).order_by().values("item")
    found = {
        row["item"]: (row["units"], row["over"])
        for row in rows.annotate(units=Sum("quantity"), over=Sum("oversold"))
    }
    if any(over for _units, over in found.values()):
        settled = Settlement.objects.filter(livestream=live_pk).order_by().values("item")
        for row in settled.annotate(units=Sum("quantity")):
            units, over = found[row["item"]]
            found[row["item"]] = (units, over - row["units"])
    return found


def practised(live_pk: int) -> dict[int, tuple[int, int]]:
    """By item: what a rehearsal has sold, as from the quota and as from the shelf. One query."""
    rows = LiveSale.objects.filter(livestream=live_pk).order_by().values("item")
    sums = rows.annotate(quota=Sum("from_quota"), stock=Sum("from_stock"))
    return {row["item"]: (row["quota"], row["stock"]) for row in sums}


def income(live: Livestream) -> int:
    """What buyers paid and was not given back, in fen. Three queries."""
    sales = LiveSale.objects.filter(livestream=live).aggregate(sum=sum_of("price_fen"))
    back = live.liverefunds.aggregate(sum=Sum("fen"))["sum"] or 0
    settled = live.settlements.aggregate(sum=Sum("fen"))["sum"] or 0
    return (sales["sum"] or 0) - back - settled


def left_over(item: RundownItem) -> dict[str, int]:
    """Of one item: oversold units still owed, and sold ones of which money can still go back. Three queries."""
    sales = item.sales.aggregate(units=Sum("quantity"), over=Sum("oversold"))
    refunded = Sum("quantity", filter=Q(how=Settlement.How.REFUNDED))
    settled = item.settlements.aggregate(units=Sum("quantity"), refunded=refunded)
    back = item.refunds.aggregate(units=Sum("quantity"))["units"] or 0
    owed = (sales["over"] or 0) - (settled["units"] or 0)
    return {"owed": owed, "refundable": (sales["units"] or 0) - back - (settled["refunded"] or 0)}
