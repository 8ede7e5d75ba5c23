"""Sales that a platform has made, keyed in by who stands beside it: never refused, exact, and undone by a row more.

A sale goes from the quota, then from the shelf; the rest is oversold (live.quota). Each is one transaction that holds the
live, so that helpers at once, an end and the orders of the shop never take the same unit twice.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from live import booking, ending, flashing, locks, quota, starting, tally
from live.exceptions import ActionNotAllowed, IdempotencyConflict, LiveNotStarted
from live.models import LiveSale, Livestream, RundownItem
from live.quota import Split
from live.telling import tell, told_before
from shops.models import Product
from ui import stamps

MOST_UNITS, MOST_FEN = 1_000_000, 1_000_000_000


def sell(
    item: RundownItem,
    quantity: int,
    by: User | None,
    event_id: uuid.UUID,
    *,
    price_fen: int | None = None,
    happened_at: datetime.datetime | None = None,
) -> LiveSale:
    """So many units at one price, in fen; without one, at the price that holds now. May be sent again: a second copy is
    answered with the first row. Keyed in after the end it is booked at once.

    Raises LiveNotStarted, IdempotencyConflict, or ActionNotAllowed for numbers that are none.
    """
    fitting(quantity, price_fen)
    item = full(item.pk)
    if item.livestream.is_real:
        starting.free_what_is_over([item])
    with transaction.atomic():
        return sold(item, quantity, by, event_id, price_fen, happened_at)


def fitting(quantity: int, price_fen: int | None) -> None:
    if not 1 <= quantity <= MOST_UNITS:
        raise ActionNotAllowed(_("卖了几份？填 1 到一百万之间的整数。"))
    if price_fen is not None and not 1 <= price_fen <= MOST_FEN:
        raise ActionNotAllowed(_("一份多少钱？最少 0.01 元。"))


def full(pk: int) -> RundownItem:
    """The item as it is now, with what a sale reads of it."""
    return RundownItem.objects.select_related("livestream", "product__shop__owner").get(pk=pk)


def sold(item, quantity, by, event_id, price_fen, happened_at) -> LiveSale:
    live = locks.lock_live(item.livestream_id)
    if earlier := told_before(LiveSale, event_id, live):
        return earlier
    if live.started_at is None:
        raise LiveNotStarted
    ending.end_if_over(live)
    price = price_fen or flashing.price_of(item)
    if price is None:
        raise ActionNotAllowed(_("“%(name)s”还没有价钱，先填一个。") % {"name": item})
    split = quota.draw(item, quantity, by, event_id) if live.is_real else practised(item, quantity)
    facts = split._asdict() | {"item": item, "quantity": quantity, "price_fen": price}
    sale = tell(LiveSale, live, by, event_id, happened_at, net_grams=weight(item), **facts)
    closed(live, sale, by, has_moved=bool(split.from_stock))
    return sale


def weight(item: RundownItem) -> int:
    return (item.product.net_grams if item.product_id else item.net_grams) or 0


def practised(item: RundownItem, quantity: int) -> Split:
    """In a rehearsal nothing is taken: only what would be left is reckoned, so that overselling can be practised too."""
    gone = item.sales.aggregate(quota=Sum("from_quota"), stock=Sum("from_stock"))
    from_quota = min(quantity, max(0, (item.quota or 0) - (gone["quota"] or 0)))
    rest = quantity - from_quota
    if not item.product_id and not item.quota:  # typed by hand, and nobody has said how many there are
        return Split(0, rest, 0)
    shelf = item.product.stock - (item.quota or 0) if item.product_id else 0
    from_stock = min(rest, max(0, shelf - (gone["stock"] or 0)))
    return Split(from_quota, from_stock, rest - from_stock)


def undo(sale: LiveSale, by: User | None, event_id: uuid.UUID, happened_at=None) -> LiveSale:
    """A slip of the finger: a row of the opposite sign, and the units where they came from. Once undone it stays so,
    whoever taps again. Raises ActionNotAllowed for the undoing of an undoing, and IdempotencyConflict."""
    if sale.undoes_id:
        raise ActionNotAllowed(_("这一笔本来就是撤回，撤不了第二次。记错了就再记一笔。"))
    with transaction.atomic():
        live = locks.lock_live(sale.livestream_id)
        earlier = told_before(LiveSale, event_id, live)
        if earlier and earlier.undoes_id != sale.pk:
            raise IdempotencyConflict
        if earlier := earlier or LiveSale.objects.filter(undoes=sale).first():
            return earlier
        ending.end_if_over(live)
        if live.is_over:
            nothing_came_of(live, sale)
        return undone(live, sale, by, event_id, happened_at)


def nothing_came_of(live: Livestream, sale: LiveSale) -> None:
    """After the end: money that went back, or oversold units that were made good, rest on what was sold."""
    left = tally.left_over(sale.item)
    is_settled = left["owed"] < sale.oversold or left["refundable"] < sale.quantity
    if is_settled or tally.income(live) < sale.fen:
        raise ActionNotAllowed(_("这一笔退过款，或者处理过超卖，撤不了。"))


def undone(live: Livestream, sale: LiveSale, by: User | None, event_id: uuid.UUID, happened_at) -> LiveSale:
    sale = LiveSale.objects.select_related("item__product__shop__owner").get(pk=sale.pk)
    if live.is_real:
        quota.put_back(live, sale, by, event_id)
    names = ("quantity", "from_quota", "from_stock", "oversold")
    facts = {name: -getattr(sale, name) for name in names}
    facts |= {"item": sale.item, "price_fen": sale.price_fen, "net_grams": sale.net_grams, "undoes": sale}
    row = tell(LiveSale, live, by, event_id, happened_at, **facts)
    closed(live, row, by, has_moved=bool(sale.from_stock or sale.from_quota))
    return row


def closed(live: Livestream, row: LiveSale, by: User | None, has_moved: bool) -> None:
    """What follows from every row; the stamp comes last, because every shop waits for it."""
    if live.is_real and live.is_over:
        booking.book_late(live, row, by)
    locks.bump_version(live)
    if live.is_real and has_moved:
        stamps.bump(Product.stamp_name)
