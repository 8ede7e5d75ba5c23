"""Compute the totals of a live's sales, and write them to the shop's ledger. Units, fen, grams.

Only real lives are booked: one entry for everything keyed in while the live was on, and one for each later sale. A Deal, from
which reference prices are computed, is written when its sale is booked: until then a mistake can be undone.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from live.models import LiveSale, Livestream, RundownItem, Settlement
from shops.ledger import entries
from shops.models import Deal, LedgerEntry


def build_sum(field: str) -> Sum:
    """Return the sum of a column times the units, as a big integer: PostgreSQL's integers would overflow."""
    return Sum(Cast(F(field), BigIntegerField()) * F("quantity"))


@dataclass
class ItemTotals:
    """Totals of one item; `owed` are oversold units that are not settled yet."""

    item: RundownItem
    units: int = 0
    fen: int = 0
    grams: int = 0
    oversold: int = 0
    owed: int = 0
    back_fen: int = 0


@dataclass
class Totals:
    lines: list[ItemTotals] = field(default_factory=list)
    units: int = 0
    fen: int = 0
    grams: int = 0
    oversold: int = 0
    owed: int = 0
    back_fen: int = 0

    @property
    def net_fen(self) -> int:
        return self.fen - self.back_fen


def calculate_totals(live: Livestream) -> Totals:
    """Return the totals of a live and its items. Four queries, however many sales."""
    items = live.items.select_related("product").order_by("position", "id")
    lines = {item.pk: ItemTotals(item, **facts) for item, facts in group_sales_by_item(items, live)}
    for row in Settlement.objects.filter(livestream=live).order_by().values("item", "fen", "quantity"):
        line = lines[row["item"]]
        line.owed -= row["quantity"]
        line.back_fen += row["fen"]
    totals = Totals(list(lines.values()))
    for item_id, fen in live.liverefunds.order_by().values_list("item", "fen"):
        if item_id:
            lines[item_id].back_fen += fen
        else:
            totals.back_fen += fen
    for name in ("units", "fen", "grams", "oversold", "owed", "back_fen"):
        setattr(totals, name, getattr(totals, name) + sum(getattr(line, name) for line in totals.lines))
    return totals


def group_sales_by_item(items, live: Livestream):
    sums = {
        "units": Sum("quantity"),
        "fen": build_sum("price_fen"),
        "grams": build_sum("net_grams"),
        "oversold": Sum("oversold"),
    }
    rows: Iterable[Any] = LiveSale.objects.filter(livestream=live).order_by().values("item").annotate(**sums)
    found: dict[int, dict[str, int]] = {row.pop("item"): row for row in rows}
    for item in items:
        facts = found.get(item.pk, {})
        yield item, facts | {"owed": facts.get("oversold", 0)}


def count_units_by_item(live_pk: int) -> dict[int, tuple[int, int]]:
    """Return {item id: (units sold, oversold units not settled)}. Two queries."""
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


def count_rehearsal_units_by_item(live_pk: int) -> dict[int, tuple[int, int]]:
    """Return {item id: (units from the quota, units from the stock)} of a rehearsal. One query."""
    rows = LiveSale.objects.filter(livestream=live_pk).order_by().values("item")
    sums = rows.annotate(quota=Sum("from_quota"), stock=Sum("from_stock"))
    return {row["item"]: (row["quota"], row["stock"]) for row in sums}


def calculate_income(live: Livestream) -> int:
    """Return what buyers paid less what was paid back, in fen. Three queries."""
    sales = LiveSale.objects.filter(livestream=live).aggregate(sum=build_sum("price_fen"))
    back = live.liverefunds.aggregate(sum=Sum("fen"))["sum"] or 0
    settled = live.settlements.aggregate(sum=Sum("fen"))["sum"] or 0
    return (sales["sum"] or 0) - back - settled


def count_remaining(item: RundownItem) -> dict[str, int]:
    """Return of one item the oversold units still owed and the sold units still refundable. Three queries."""
    sales = item.sales.aggregate(units=Sum("quantity"), over=Sum("oversold"))
    refunded = Sum("quantity", filter=Q(how=Settlement.How.REFUNDED))
    settled = item.settlements.aggregate(units=Sum("quantity"), refunded=refunded)
    back = item.refunds.aggregate(units=Sum("quantity"))["units"] or 0
    owed = (sales["over"] or 0) - (settled["units"] or 0)
    return {"owed": owed, "refundable": (sales["units"] or 0) - back - (settled["refunded"] or 0)}


# --- the shop's ledger ---


def get_sales_url(live: Livestream) -> str:
    return reverse("live:sales", args=[live.pk])


def get_earning_day(live: Livestream) -> datetime.date:
    """Return the day on which the live's income was earned, also for sales keyed in later."""
    return timezone.localdate(live.over_at)


def write_entry(
    live: Livestream, kind: str, fen: int, grams: int, by: User | None, key: uuid.UUID
) -> LedgerEntry:
    """Write a ledger row that links to the live's sales; the same key again returns the first row."""
    assert live.shop is not None  # a live is real only with a shop
    return entries.write(
        live.shop,
        kind,
        fen,
        grams,
        on=get_earning_day(live) if kind == LedgerEntry.Kind.LIVE else None,
        note=live.title,
        actor=by,
        key=key,
        page=get_sales_url(live),
    )


def book_sales(live: Livestream, by: User | None) -> LedgerEntry | None:
    """Book the income at the end, with the live locked. Return None if nothing was sold or all was undone."""
    rows = LiveSale.objects.filter(livestream=live, entry=None)
    sums = rows.aggregate(fen=build_sum("price_fen"), grams=build_sum("net_grams"))
    record_deals(rows.filter(undoes=None, undone_by=None).select_related("item__product"))
    if not sums["fen"]:
        return None
    key = uuid.uuid5(live.key, "income")
    entry = write_entry(live, LedgerEntry.Kind.LIVE, sums["fen"], sums["grams"], by, key)
    rows.update(entry=entry)
    return entry


def book_late_sale(live: Livestream, sale: LiveSale, by: User | None) -> None:
    """Book a sale, or its undo, that was keyed in after the end."""
    grams = sale.net_grams * sale.quantity
    key = uuid.uuid5(sale.event_id, "income")
    sale.entry = write_entry(live, LedgerEntry.Kind.LIVE, sale.fen, grams, by, key)
    sale.save(update_fields=["entry"])
    if sale.quantity > 0:
        record_deals([sale])


def record_deals(sales: Iterable[LiveSale]) -> None:
    """Write sales to the log from which reference prices are taken (明码标价和禁止价格欺诈规定 §16)."""
    Deal.objects.bulk_create(
        Deal(
            product=sale.item.product,
            price_fen=sale.price_fen,
            net_grams=sale.net_grams,
            unit=sale.item.product.unit,
            quantity=sale.quantity,
            at=sale.received_at,
        )
        for sale in sales
        if sale.item.product and sale.net_grams
    )
