"""Change stock. Every change is one conditional UPDATE with its StockMove, in one transaction; all counts are units.

This is the only module that changes `Product.stock`, `Presale.left` and their `free_at` (when the first open hold on them
ends), and the only one that writes StockMove. A new product is created with its stock (by shops.listings.services and the
demo's seed), then `record_first_stock` writes the first move. tests/shops/inventory/test_one_writer.py checks that.
`filter_with_room` is the condition of every UPDATE that could otherwise sell a unit twice.

With a transaction of their own:
- `change_stock` adds or subtracts units; `recount_stock` sets the stock to a counted number.

Inside the caller's transaction:
- `record_first_stock`: the first move of a new product
- `take_units`, `take_available`, `return_units`: move units between the stock and a live's quota
- `reserve_units`, `release_units`, `update_free_at`: hold units for an order, and release them
- `change_presale_quota`: change what is left of a presale (and publish it)
- `notify_low_stock_of_order`, `notify_low_stock_of_move`: notify the owner that little is left
- `publish_stock`: invalidate the pages that show stock

Such a caller locks products in the order of their ids, changes stock after everything else, because all buyers of a product
wait for its row, and calls `publish_stock` last, because all shops wait for the page version.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import F, Min, QuerySet, Value
from django.db.models.functions import Coalesce, Least

from accounts.models import User
from accounts.notifications import delivery
from shops.exceptions import IdempotencyConflict
from shops.models import Order, OrderLine, Presale, Product, Shop, StockMove
from ui.responses import page_cache

LIMIT = 1_000_000
TRIES = 20
CONTENTION_TRIES = 50

Stocked = Product | Presale  # a row that counts units: a product, or a presale with its quota


class OutOfRange(Exception):
    """Raised when the stock would fall below zero or exceed LIMIT. `stock` is the count at that moment."""

    def __init__(self, stock: int) -> None:
        super().__init__(stock)
        self.stock = stock


class NotEnough(OutOfRange):
    """Raised when fewer units are left than should be taken."""


class StockLimitExceeded(OutOfRange):
    """Raised when the stock would exceed LIMIT, most likely by a typing error."""


class Moved(Exception):
    """Raised when another transaction changed the stock between reading and writing it."""


class StockContended(Exception):
    """Raised when other transactions changed the count at each of CONTENTION_TRIES tries."""


# --- the UPDATE ---


def filter_with_room(rows: QuerySet, field: str, delta: int) -> QuerySet:
    """Return the rows whose count stays at 0 or above when `delta` is added: the condition of the UPDATE."""
    return rows.filter(**{f"{field}__gte": -delta}) if delta < 0 else rows


def change_count(rows: QuerySet, field: str, delta: int, *, limit: int | None = None, **more) -> bool:
    """Add `delta` to a count of the one row if it stays between 0 and `limit`; return whether it did.

    `more` are other columns of the row to write with it. Also for counts that were separated from the stock, such as a
    live's quota.
    """
    if limit is not None:
        rows = rows.filter(**{f"{field}__lte": limit - delta})
    return bool(filter_with_room(rows, field, delta).update(**{field: F(field) + delta}, **more))


def decrement_available(rows: QuerySet, field: str, most: int) -> int:
    """Subtract as many as there are, at most `most`, from a count of the one row; return how many.

    Like `change_count`, also for counts that were separated from the stock. Raises StockContended.
    """
    for _try in range(CONTENTION_TRIES):
        taken = min(rows.values_list(field, flat=True).get(), most)
        if taken <= 0:
            return 0
        if change_count(rows, field, -taken):
            return taken
    raise StockContended


def count_field(stocked: Stocked) -> str:
    """Return the name of the column that says how many units there are."""
    return "left" if isinstance(stocked, Presale) else "stock"


def filter_row(stocked: Stocked) -> QuerySet:
    """Return the queryset of this one row."""
    return type(stocked).objects.filter(pk=stocked.pk)


def refuse(stocked: Stocked, delta: int) -> None:
    """Raise NotEnough or StockLimitExceeded with what there is now."""
    raise (NotEnough if delta < 0 else StockLimitExceeded)(
        filter_row(stocked).values_list(count_field(stocked), flat=True).get()
    )


# --- what a seller does: a transaction of its own ---


def change_stock(
    product: Product,
    delta: int,
    reason: str,
    actor: User | None,
    event_id: uuid.UUID | None = None,
    note: str = "",
    order: Order | None = None,
) -> StockMove:
    """Add `delta` units (negative: subtract) and write the StockMove.

    May be replayed: a second call with the same event id changes nothing and returns the first row.
    `product.stock` is fresh afterwards. Raises NotEnough or StockLimitExceeded, and then nothing has changed.
    """
    event_id = event_id or uuid.uuid4()
    if earlier := find_move(event_id, product):
        return earlier
    if abs(delta) > LIMIT:  # more than the column holds, perhaps
        refuse(product, delta)
    try:
        with transaction.atomic():
            row = StockMove.objects.create(
                event_id=event_id,
                product=product,
                order=order,
                delta=delta,
                reason=reason,
                actor=actor,
                note=note,
            )
            if not change_count(filter_row(product), "stock", delta, limit=LIMIT):
                refuse(product, delta)
            publish_stock()
            product.refresh_from_db(fields=["stock"])
            notify_low_stock_of_move(product, row)
    except IntegrityError:
        # The same submit on another connection came first; anything else is a real error.
        if earlier := find_move(event_id, product):
            return earlier
        raise
    return row


def recount_stock(
    product: Product, actual: int, actor: User | None, event_id: uuid.UUID | None = None, note: str = ""
) -> StockMove:
    """Set the stock to a counted number; may be replayed like `change_stock`.

    A count that changes nothing is also recorded, with delta 0: sent again later, it must not undo a sale.
    """
    event_id = event_id or uuid.uuid4()
    for _try in range(TRIES):
        if earlier := find_move(event_id, product):
            return earlier
        try:
            with transaction.atomic():
                product.refresh_from_db(fields=["stock"])
                return try_recount(product, actual, actor, event_id, note)
        except (Moved, IntegrityError):
            continue
    raise Moved


def try_recount(
    product: Product, actual: int, actor: User | None, event_id: uuid.UUID, note: str = ""
) -> StockMove:
    """Try once to set the stock. Raises Moved if it is no longer what was read."""
    if not 0 <= actual <= LIMIT:
        raise (NotEnough if actual < 0 else StockLimitExceeded)(product.stock)
    row = StockMove.objects.create(
        event_id=event_id,
        product=product,
        delta=actual - product.stock,
        reason=StockMove.Reason.COUNT,
        actor=actor,
        note=note,
    )
    if not filter_row(product).filter(stock=product.stock).update(stock=actual):
        raise Moved
    publish_stock()
    product.stock = actual
    notify_low_stock_of_move(product, row)
    return row


def find_move(event_id: uuid.UUID, product: Product) -> StockMove | None:
    """Return the row that this event wrote before, if any, and refresh `product.stock` then. Raises IdempotencyConflict."""
    earlier = StockMove.objects.filter(event_id=event_id).first()
    if earlier is None:
        return None
    if earlier.product_id != product.pk:
        raise IdempotencyConflict
    product.refresh_from_db(fields=["stock"])
    return earlier


# --- parts of a longer transaction of the caller ---


def publish_stock() -> None:
    """Invalidate the pages that show stock. Call last in the transaction that changed it."""
    page_cache.invalidate(Product.stamp_name)


def record_first_stock(product: Product, actor: User | None, event_id: uuid.UUID | None = None) -> StockMove:
    """Write the first StockMove of a product that was just created with its stock."""
    return StockMove.objects.create(
        event_id=event_id or uuid.uuid4(),
        product=product,
        delta=product.stock,
        reason=StockMove.Reason.FIRST,
        actor=actor,
    )


def take_units(
    *,
    product: Product,
    quantity: int,
    reason: str,
    actor: User | None,
    event_id: uuid.UUID,
    warn_low: bool = True,
) -> StockMove:
    """Take exactly `quantity` units; `warn_low` notifies the owner when little is left.

    With `warn_low`, load `product` with its shop's owner. Raises NotEnough with the units left, and then nothing has
    changed.
    """
    if not change_count(filter_row(product), "stock", -quantity):
        refuse(product, -quantity)
    return record_taken(product, quantity, reason, actor, event_id, warn_low)


def take_available(
    *, product: Product, most: int, reason: str, actor: User | None, event_id: uuid.UUID
) -> int:
    """Take as many units as there are, at most `most`, and return how many; no StockMove for none.

    Notifies the owner when little is left: `product` with its shop's owner. Raises StockContended.
    """
    taken = decrement_available(filter_row(product), "stock", most)
    if taken:
        record_taken(product, taken, reason, actor, event_id, warn_low=True)
    return taken


def record_taken(
    product: Product, quantity: int, reason: str, actor: User | None, event_id: uuid.UUID, warn_low: bool
) -> StockMove:
    """Write the StockMove of units that were taken, and notify the owner if `warn_low` and little is left."""
    row = StockMove.objects.create(
        event_id=event_id, product=product, delta=-quantity, reason=reason, actor=actor
    )
    if warn_low:
        product.refresh_from_db(fields=["stock"])
        notify_low_stock_of_move(product, row)
    return row


def return_units(
    *, product: Product, quantity: int, reason: str, actor: User | None, event_id: uuid.UUID
) -> StockMove:
    """Add units that were taken before; never refused."""
    change_count(filter_row(product), "stock", quantity)
    return StockMove.objects.create(
        event_id=event_id, product=product, delta=quantity, reason=reason, actor=actor
    )


def reserve_units(order: Order, stocked: Stocked, quantity: int) -> StockMove:
    """Take `quantity` units for an order until its `expires_at`. Raises NotEnough; nothing has changed then."""
    until = order.expires_at
    # SQLite's least of NULL and a time is NULL, PostgreSQL's the time.
    first_end = Coalesce(Least(F("free_at"), Value(until)), Value(until))
    if not change_count(filter_row(stocked), count_field(stocked), -quantity, free_at=first_end):
        refuse(stocked, -quantity)
    return record_order_move(order, stocked, -quantity, StockMove.Reason.HELD, None)


def release_units(order: Order, stocked: Stocked, quantity: int, actor: User | None) -> StockMove:
    """Return units of an order that ends; never refused. Call once, in the transaction that ends it."""
    change_count(filter_row(stocked), count_field(stocked), quantity)
    move = record_order_move(order, stocked, quantity, StockMove.Reason.FREED, actor)
    filter_row(stocked).update(free_at=find_first_hold_end(stocked))
    return move


def record_order_move(
    order: Order, stocked: Stocked, delta: int, reason: str, actor: User | None
) -> StockMove:
    """Write the StockMove of units that an order takes or returns."""
    presale = stocked if isinstance(stocked, Presale) else None
    return StockMove.objects.create(
        product_id=presale.product_id if presale else stocked.pk,
        presale=presale,
        order=order,
        delta=delta,
        reason=reason,
        actor=actor,
    )


def update_free_at(stocked: Stocked) -> None:
    """Write when the first open hold ends. Call when the end of a hold has changed or been removed."""
    # The lock keeps others from reserving between reading the holds and writing the earliest end.
    filter_row(stocked).select_for_update().values_list("pk").first()
    filter_row(stocked).update(free_at=find_first_hold_end(stocked))


def build_order_line_lookup(stocked: Stocked) -> dict:
    """Return the lookup of the order lines that take units from this product or presale."""
    return {"presale": stocked} if isinstance(stocked, Presale) else {"product": stocked, "presale": None}


def find_first_hold_end(stocked: Stocked) -> datetime.datetime | None:
    """Return when the first open hold ends; None without one."""
    lines = OrderLine.objects.filter(order__status=Order.Status.REQUESTED, **build_order_line_lookup(stocked))
    return lines.aggregate(first=Min("order__expires_at"))["first"]


def change_presale_quota(presale: Presale, delta: int, actor: User | None, event_id: uuid.UUID) -> StockMove:
    """Change what is left of the presale's quota, not the product's stock.

    Call inside the transaction that updates `Presale.quota`. Raises NotEnough with what is left, or StockLimitExceeded.
    """
    running = filter_row(presale).filter(ended_at__isnull=True)
    if abs(delta) > LIMIT or not change_count(running, "left", delta, limit=LIMIT):
        refuse(presale, delta)
    row = StockMove.objects.create(
        event_id=event_id,
        product_id=presale.product_id,
        presale=presale,
        delta=delta,
        reason=StockMove.Reason.QUOTA,
        actor=actor,
    )
    publish_stock()
    presale.refresh_from_db()
    return row


# --- the notice that little is left: once each time the stock falls to `Product.low_stock` or below ---


def notify_low_stock_of_order(order: Order) -> None:
    """Notify the owner of products that an order has brought down to `low_stock`; one query.

    Call after the units are reserved, in the same transaction. Lines of a presale are left out: they take no stock.
    """
    for line in order.lines.filter(presale=None).select_related("product"):
        notify_low_stock(
            line.product, line.product.stock, line.quantity, f"low-{order.pk}-{line.product_id}", order.shop
        )


def notify_low_stock_of_move(product: Product, move: StockMove) -> None:
    """Notify the owner of a move by somebody else; `product.stock` is the stock after it."""
    if move.delta < 0 and move.actor_id != product.shop.owner_id:
        notify_low_stock(product, product.stock, -move.delta, f"low-move-{move.pk}", product.shop)


def notify_low_stock(product: Product, left: int, taken: int, key: str, shop: Shop) -> None:
    """Write the notice if taking `taken` units brought the stock to `low_stock` or below; `left` are left now."""
    if not left <= product.low_stock < left + taken:
        return
    unit = str(Product.Unit(product.unit).after(left))
    facts = {"name": product.name, "left": left, "unit": unit, "shop": shop.name}
    delivery.write_notice(key, shop.owner.phone, "stock_low", **facts)
