"""Reserve units for a live: take them from the stock when it begins, sell from them, and return the rest when it ends.

Only shops.inventory.stock changes the stock and the quota's column; this module writes the QuotaMoves (Reason.CARVED records
that units were set aside). Every function changes products in the order of their ids, in the caller's transaction. The caller
holds the lock of the live (live.locks) and calls shops.inventory.stock.publish_stock last.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import User
from live.exceptions import ActionNotAllowed
from live.labels import describe_shortage
from live.models import LiveSale, Livestream, QuotaMove, RundownItem
from shops.inventory import stock
from shops.models import StockMove

Reason = QuotaMove.Reason


class Split(NamedTuple):
    """Where the units of a sale came from; the three add up to its quantity."""

    from_quota: int
    from_stock: int
    oversold: int


def reserve(items: Iterable[RundownItem], by: User | None) -> None:
    """Take each item's quota out of the stock when the live begins.

    Raises ActionNotAllowed, naming the stock, if it does not suffice; the caller's transaction must then be rolled back.
    """
    shortages = []
    for item in sort_by_product(items):
        if not item.quota:
            continue
        event = uuid.uuid5(item.key, "carved")  # a part of stored ids: do not change it
        try:
            stock.take_units(
                product=item.sold_product,
                quantity=item.quota,
                reason=StockMove.Reason.LIVE_HELD,
                actor=by,
                event_id=uuid.uuid5(event, "stock"),
                warn_low=False,
            )
        except stock.NotEnough as short:
            shortages.append(describe_shortage(item.sold_product, item.quota, short.stock))
            continue
        change_quota(item, item.quota, Reason.CARVED, by, event)
    if shortages:
        raise ActionNotAllowed(" ".join(shortages))


def release(items: Iterable[RundownItem], by: User | None) -> None:
    """Return the unsold units to the stock when the live is over."""
    for item in sort_by_product(items):
        left = RundownItem.objects.values_list("left", flat=True).get(pk=item.pk)
        if not left:
            continue
        event = uuid.uuid5(item.key, "back")
        stock.return_units(
            product=item.sold_product,
            quantity=left,
            reason=StockMove.Reason.LIVE_BACK,
            actor=by,
            event_id=uuid.uuid5(event, "stock"),
        )
        change_quota(item, -left, Reason.BACK, by, event)


def sort_by_product(items: Iterable[RundownItem]) -> list[RundownItem]:
    """Return the items that are products, in the order in which their rows are locked."""
    return sorted((item for item in items if item.product_id), key=lambda item: item.product_id or 0)


def consume(item: RundownItem, quantity: int, by: User | None, event: uuid.UUID) -> Split:
    """Sell units from the quota, then from the stock; the rest is oversold. Needs `item.product.shop.owner` loaded."""
    rows = RundownItem.objects.filter(pk=item.pk)
    from_quota = stock.decrement_available(rows, "left", most=quantity)
    if from_quota:
        record_move(item, -from_quota, Reason.SOLD, by, uuid.uuid5(event, "quota"))
    rest = quantity - from_quota
    from_stock = 0
    if rest:
        from_stock = stock.take_available(
            product=item.sold_product,
            most=rest,
            reason=StockMove.Reason.LIVE_SOLD,
            actor=by,
            event_id=uuid.uuid5(event, "stock"),
        )
    return Split(from_quota, from_stock, rest - from_stock)


def restore(live: Livestream, sale: LiveSale, by: User | None, event: uuid.UUID) -> None:
    """Return the units of a sale: to the quota while the live is on, else to the stock."""
    to_quota = sale.from_quota if live.is_on else 0
    if to_quota:
        change_quota(sale.item, to_quota, Reason.UNDONE, by, uuid.uuid5(event, "quota"))
    to_stock = sale.from_quota - to_quota + sale.from_stock
    if to_stock:
        stock.return_units(
            product=sale.item.sold_product,
            quantity=to_stock,
            reason=StockMove.Reason.LIVE_UNDONE,
            actor=by,
            event_id=uuid.uuid5(event, "stock"),
        )


def change_quota(item: RundownItem, delta: int, reason: str, by: User | None, event: uuid.UUID) -> None:
    """Add `delta` to what is left of the item's quota, and write the QuotaMove. Raises StockContended below 0."""
    if not stock.change_count(RundownItem.objects.filter(pk=item.pk), "left", delta):
        raise stock.StockContended
    record_move(item, delta, reason, by, event)


def record_move(item: RundownItem, delta: int, reason: str, by: User | None, event: uuid.UUID) -> None:
    """Write the QuotaMove of a change that was made."""
    QuotaMove.objects.create(event_id=event, item=item, delta=delta, reason=reason, actor=by)
