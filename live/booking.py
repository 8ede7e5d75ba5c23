"""What a live earned, into the shop's books. Fen and grams; only of real lives.

One row for all that was keyed in while it was on, one more for each that came later. A deal is written when it is booked:
until then a slip of the finger can be undone.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from live import tally
from live.models import LiveSale, Livestream
from shops import ledgering
from shops.models import Deal, LedgerEntry


def page_of(live: Livestream) -> str:
    return reverse("live:sales", args=[live.pk])


def day_of(live: Livestream) -> datetime.date:
    """The day on which it was earned, also when it is keyed in later."""
    return timezone.localdate(live.over_at)


def write(live: Livestream, kind: str, fen: int, grams: int, by: User | None, key: uuid.UUID) -> LedgerEntry:
    """A row that says which live it comes from and opens to its sales. The same key twice is the first row."""
    return ledgering.write(
        live.shop,
        kind,
        fen,
        grams,
        on=day_of(live) if kind == LedgerEntry.Kind.LIVE else None,
        note=live.title,
        actor=by,
        key=key,
        page=page_of(live),
    )


def book(live: Livestream, by: User | None) -> LedgerEntry | None:
    """At the end; the caller holds the live. None where nothing was sold, or all of it was undone."""
    rows = LiveSale.objects.filter(livestream=live, entry=None)
    sums = rows.aggregate(fen=tally.sum_of("price_fen"), grams=tally.sum_of("net_grams"))
    deal(rows.filter(undoes=None, undone_by=None).select_related("item__product"))
    if not sums["fen"]:
        return None
    key = uuid.uuid5(live.key, "income")
    entry = write(live, LedgerEntry.Kind.LIVE, sums["fen"], sums["grams"], by, key)
    rows.update(entry=entry)
    return entry


def book_late(live: Livestream, sale: LiveSale, by: User | None) -> None:
    """Keyed in, or undone, after the end: in the books at once."""
    grams = sale.net_grams * sale.quantity
    key = uuid.uuid5(sale.event_id, "income")
    sale.entry = write(live, LedgerEntry.Kind.LIVE, sale.fen, grams, by, key)
    sale.save(update_fields=["entry"])
    if sale.quantity > 0:
        deal([sale])


def deal(sales: Iterable[LiveSale]) -> None:
    """Into the log from which a struck-through price is taken (明码标价和禁止价格欺诈规定 §16)."""
    Deal.objects.bulk_create(
        Deal(
            product_id=sale.item.product_id,
            price_fen=sale.price_fen,
            net_grams=sale.net_grams,
            unit=sale.item.product.unit,
            quantity=sale.quantity,
            at=sale.received_at,
        )
        for sale in sales
        if sale.item.product_id and sale.net_grams
    )
