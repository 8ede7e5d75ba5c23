"""Units set aside for a live: out of the stock and back, and what a sale takes of them.

Each is one conditional UPDATE with a CHECK behind it and a row that says so in the caller's transaction, which holds the
live (live.locks). Many products are touched in the order of their ids; the caller moves the shops' stamp last.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, QuerySet

from accounts.models import User
from live.exceptions import ActionNotAllowed
from live.labels import describe_shortage
from live.models import LiveSale, Livestream, QuotaMove, RundownItem
from shops import running_low
from shops.models import Product, StockMove

Reason = QuotaMove.Reason
TRIES = 50


class Split(NamedTuple):
    """Where the units of a sale came from; together they are its quantity."""

    from_quota: int
    from_stock: int
    oversold: int


class Busy(Exception):
    """Others kept changing the stock between reading and writing."""


def enough(rows: QuerySet, field: str, quantity: int) -> QuerySet:
    """Those that have so many: the guard of the UPDATE."""
    return rows.filter(**{f"{field}__gte": quantity})


def take(rows: QuerySet, field: str, most: int) -> int:
    """Takes as many as there are, at most `most`, of one row's count, and says how many."""
    for _try in range(TRIES):
        taken = min(rows.values_list(field, flat=True).get(), most)
        if taken <= 0:
            return 0
        if enough(rows, field, taken).update(**{field: F(field) - taken}):
            return taken
    raise Busy


def carve(items: Iterable[RundownItem], by: User | None) -> None:
    """Sets aside each item's quota when the live begins. Raises ActionNotAllowed with what is there, and the caller's
    transaction must not survive it."""
    missing = []
    for item in in_order(items):
        if not item.quota:
            continue
        rows = Product.objects.filter(pk=item.product_id)
        if not enough(rows, "stock", item.quota).update(stock=F("stock") - item.quota):
            left = rows.values_list("stock", flat=True).get()
            missing.append(describe_shortage(item.product, item.quota, left))
            continue
        event = uuid.uuid5(item.key, "carved")
        move_stock(item.product, -item.quota, StockMove.Reason.LIVE_HELD, by, uuid.uuid5(event, "stock"))
        move_quota(item, item.quota, Reason.CARVED, by, event)
    if missing:
        raise ActionNotAllowed(" ".join(missing))


def give_back(items: Iterable[RundownItem], by: User | None) -> None:
    """What was not sold goes back on the shelf when the live is over."""
    for item in in_order(items):
        left = RundownItem.objects.values_list("left", flat=True).get(pk=item.pk)
        if not left:
            continue
        event = uuid.uuid5(item.key, "back")
        put_on_shelf(item.product, left, StockMove.Reason.LIVE_BACK, by, uuid.uuid5(event, "stock"))
        move_quota(item, -left, Reason.BACK, by, event)


def in_order(items: Iterable[RundownItem]) -> list[RundownItem]:
    return sorted((item for item in items if item.product_id), key=lambda item: item.product_id)


def draw(item: RundownItem, quantity: int, by: User | None, event: uuid.UUID) -> Split:
    """From the quota, then from the shelf; what is in neither is oversold. `item.product` with its shop's owner."""
    from_quota = take(RundownItem.objects.filter(pk=item.pk), "left", quantity)
    if from_quota:
        write_quota(item, -from_quota, Reason.SOLD, by, uuid.uuid5(event, "quota"))
    rest = quantity - from_quota
    from_stock = take(Product.objects.filter(pk=item.product_id), "stock", rest) if rest else 0
    if from_stock:
        move_stock(item.product, -from_stock, StockMove.Reason.LIVE_SOLD, by, uuid.uuid5(event, "stock"))
    return Split(from_quota, from_stock, rest - from_stock)


def put_back(live: Livestream, sale: LiveSale, by: User | None, event: uuid.UUID) -> None:
    """What a sale took; a quota that has gone back to the shelf already is not opened again."""
    to_quota = sale.from_quota if live.is_on else 0
    if to_quota:
        move_quota(sale.item, to_quota, Reason.UNDONE, by, uuid.uuid5(event, "quota"))
    to_shelf = sale.from_quota - to_quota + sale.from_stock
    if to_shelf:
        reason = StockMove.Reason.LIVE_UNDONE
        put_on_shelf(sale.item.product, to_shelf, reason, by, uuid.uuid5(event, "stock"))


def put_on_shelf(product: Product, count: int, reason: str, by: User | None, event: uuid.UUID) -> None:
    Product.objects.filter(pk=product.pk).update(stock=F("stock") + count)
    move_stock(product, count, reason, by, event)


def move_stock(product: Product, delta: int, reason: str, by: User | None, event: uuid.UUID) -> None:
    """The row for what an UPDATE has just done to the shelf; who keeps the shop hears when little is left."""
    row = StockMove.objects.create(event_id=event, product=product, delta=delta, reason=reason, actor=by)
    if reason == StockMove.Reason.LIVE_SOLD:
        product.refresh_from_db(fields=["stock"])
        running_low.tell_of_move(product, row)


def move_quota(item: RundownItem, delta: int, reason: str, by: User | None, event: uuid.UUID) -> None:
    RundownItem.objects.filter(pk=item.pk).update(left=F("left") + delta)
    write_quota(item, delta, reason, by, event)


def write_quota(item: RundownItem, delta: int, reason: str, by: User | None, event: uuid.UUID) -> None:
    QuotaMove.objects.create(event_id=event, item=item, delta=delta, reason=reason, actor=by)
