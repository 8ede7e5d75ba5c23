"""The stock: every change is one conditional UPDATE with its StockMove, in one transaction.

The only module that writes `Product.stock`. The owner is notified once each time it falls to `Product.low_stock` or below.
"""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from accounts.models import User
from accounts.notifications import delivery
from shops.models import Order, Presale, Product, ProductQuerySet, StockMove
from ui import stamps

LIMIT = 1_000_000
TRIES = 20
CONTENTION_TRIES = 50


class OutOfRange(Exception):
    """The stock would fall below zero or pass the limit. `stock` is what it was when refused."""

    def __init__(self, stock: int) -> None:
        super().__init__(stock)
        self.stock = stock


class NotEnough(OutOfRange):
    """There are fewer units than were to be taken."""


class TooMany(OutOfRange):
    """The stock would pass LIMIT: most likely a typing error."""


class EventTaken(Exception):
    """This event id belongs to a move of another product."""


def with_room(products: ProductQuerySet, delta: int) -> ProductQuerySet:
    """Return the products whose stock stays between 0 and LIMIT when `delta` is added: the guard of the UPDATE."""
    return products.filter(stock__gte=-delta, stock__lte=LIMIT - delta)


def change_stock(
    product: Product,
    delta: int,
    reason: str,
    actor: User | None,
    event_id: uuid.UUID | None = None,
    note: str = "",
) -> StockMove:
    """Add `delta` units (negative: subtract) and write the StockMove.

    May be replayed: a second call with the same event id changes nothing and returns the first row.
    `product.stock` is fresh afterwards. Raises NotEnough or TooMany, and then nothing has changed.
    """
    event_id = event_id or uuid.uuid4()
    if earlier := move_of_event(event_id, product):
        return earlier
    if abs(delta) > LIMIT:  # more than the column holds, perhaps
        refuse(product, delta)
    try:
        with transaction.atomic():
            row = StockMove.objects.create(
                event_id=event_id, product=product, delta=delta, reason=reason, actor=actor, note=note
            )
            if not with_room(Product.objects.filter(pk=product.pk), delta).update(stock=F("stock") + delta):
                refuse(product, delta)
            stamps.bump(Product.stamp_name)
            product.refresh_from_db(fields=["stock"])
            notify_low_stock_of_move(product, row)
    except IntegrityError:
        # The same tap on another connection was first; anything else is a real fault.
        if earlier := move_of_event(event_id, product):
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
        if earlier := move_of_event(event_id, product):
            return earlier
        try:
            with transaction.atomic():
                product.refresh_from_db(fields=["stock"])
                return try_recount(product, actual, actor, event_id, note)
        except (Moved, IntegrityError):
            continue
    raise Moved


class Moved(Exception):
    """The stock was changed by another transaction between reading and writing."""


def try_recount(
    product: Product, actual: int, actor: User | None, event_id: uuid.UUID, note: str = ""
) -> StockMove:
    """Try once to set the stock. Raises Moved if it is no longer what was read."""
    if not 0 <= actual <= LIMIT:
        raise (NotEnough if actual < 0 else TooMany)(product.stock)
    row = StockMove.objects.create(
        event_id=event_id,
        product=product,
        delta=actual - product.stock,
        reason=StockMove.Reason.COUNT,
        actor=actor,
        note=note,
    )
    if not Product.objects.filter(pk=product.pk, stock=product.stock).update(stock=actual):
        raise Moved
    stamps.bump(Product.stamp_name)
    product.stock = actual
    notify_low_stock_of_move(product, row)
    return row


# --- inside a longer transaction of the caller ---
#
# A live changes several products, quotas and ledger rows in one transaction. These functions are its part of it: each is
# one conditional UPDATE with its StockMove. The caller touches products in the order of their ids and calls publish_stock
# as its last statement, because the page version is one row for which every shop waits.


class StockContended(Exception):
    """Other transactions changed the count each time between reading and writing it."""


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

    `product` with its shop's owner where `warn_low`. Raises NotEnough with what is there; nothing has changed then.
    """
    rows = Product.objects.filter(pk=product.pk)
    if not at_least(rows, "stock", quantity).update(stock=F("stock") - quantity):
        refuse(product, -quantity)
    return record_taken(product, quantity, reason, actor, event_id, warn_low)


def take_available(
    *, product: Product, most: int, reason: str, actor: User | None, event_id: uuid.UUID
) -> int:
    """Take as many units as there are, at most `most`, and return how many; no StockMove for none.

    Notifies the owner when little is left: `product` with its shop's owner. Raises StockContended.
    """
    taken = decrement_available(Product.objects.filter(pk=product.pk), field="stock", most=most)
    if taken:
        record_taken(product, taken, reason, actor, event_id, warn_low=True)
    return taken


def return_units(
    *, product: Product, quantity: int, reason: str, actor: User | None, event_id: uuid.UUID
) -> StockMove:
    """Add units that were taken before; never refused."""
    Product.objects.filter(pk=product.pk).update(stock=F("stock") + quantity)
    return StockMove.objects.create(
        event_id=event_id, product=product, delta=quantity, reason=reason, actor=actor
    )


def publish_stock() -> None:
    """Invalidate the pages that show stock. Call last in the transaction that changed it."""
    stamps.bump(Product.stamp_name)


def record_taken(
    product: Product, quantity: int, reason: str, actor: User | None, event_id: uuid.UUID, warn_low: bool
) -> StockMove:
    row = StockMove.objects.create(
        event_id=event_id, product=product, delta=-quantity, reason=reason, actor=actor
    )
    if warn_low:
        product.refresh_from_db(fields=["stock"])
        notify_low_stock_of_move(product, row)
    return row


def at_least(rows: QuerySet, field: str, quantity: int) -> QuerySet:
    """Return the rows whose count is `quantity` or more: the guard of an UPDATE that subtracts it."""
    return rows.filter(**{f"{field}__gte": quantity})


def decrement_available(rows: QuerySet, *, field: str, most: int) -> int:
    """Subtract as many as there are, at most `most`, from the count of the one row, and return how many.

    Also for counts that were set aside from the stock, as a live's quota. Raises StockContended.
    """
    for _try in range(CONTENTION_TRIES):
        taken = min(rows.values_list(field, flat=True).get(), most)
        if taken <= 0:
            return 0
        if at_least(rows, field, taken).update(**{field: F(field) - taken}):
            return taken
    raise StockContended


def move_of_event(event_id: uuid.UUID, product: Product) -> StockMove | None:
    """Return the row that this event wrote before, if any, and refresh `product.stock` then."""
    earlier = StockMove.objects.filter(event_id=event_id).first()
    if earlier is None:
        return None
    if earlier.product_id != product.pk:
        raise EventTaken
    product.refresh_from_db(fields=["stock"])
    return earlier


def refuse(product: Product, delta: int) -> None:
    stock = Product.objects.values_list("stock", flat=True).get(pk=product.pk)
    raise (NotEnough if delta < 0 else TooMany)(stock)


def move_quota(presale: Presale, delta: int, actor: User | None, event_id: uuid.UUID) -> StockMove:
    """Change the presale's remaining quota, not the product's stock.

    Call inside the transaction that updates `Presale.quota`.

    Raises NotEnough with what is left, or TooMany.
    """
    rows = Presale.objects.filter(pk=presale.pk, ended_at__isnull=True)
    if abs(delta) > LIMIT or not rows.filter(left__gte=-delta, left__lte=LIMIT - delta).update(
        left=F("left") + delta
    ):
        left = Presale.objects.values_list("left", flat=True).get(pk=presale.pk)
        raise (NotEnough if delta < 0 else TooMany)(left)
    row = StockMove.objects.create(
        event_id=event_id,
        product_id=presale.product_id,
        presale=presale,
        delta=delta,
        reason=StockMove.Reason.QUOTA,
        actor=actor,
    )
    stamps.bump(Presale.stamp_name)
    presale.refresh_from_db()
    return row


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


def notify_low_stock(product: Product, left: int, taken: int, key: str, shop) -> None:
    if not left <= product.low_stock < left + taken:
        return
    unit = str(Product.Unit(product.unit).after(left))
    facts = {"name": product.name, "left": left, "unit": unit, "shop": shop.name}
    delivery.write_notice(key, shop.owner.phone, "stock_low", **facts)
