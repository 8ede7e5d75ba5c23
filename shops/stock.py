"""How many units there are: changed by one conditional UPDATE with its StockMove, in one transaction."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from shops.models import Presale, Product, ProductQuerySet, StockMove
from ui import stamps

LIMIT = 1_000_000
TRIES = 20


class OutOfRange(Exception):
    """The stock would fall below zero or pass the limit. `stock` is what it was when refused."""

    def __init__(self, stock: int) -> None:
        super().__init__(stock)
        self.stock = stock


class NotEnough(OutOfRange):
    """Less is there than was to be taken."""


class TooMany(OutOfRange):
    """More than a shop can hold: a slip of the finger."""


class EventTaken(Exception):
    """This event id belongs to a move of another product."""


def with_room(products: ProductQuerySet, delta: int) -> ProductQuerySet:
    """Those whose stock stays within 0 and the limit when `delta` is added: the guard of the UPDATE."""
    return products.filter(stock__gte=-delta, stock__lte=LIMIT - delta)


def move(
    product: Product,
    delta: int,
    reason: str,
    actor: User | None,
    event_id: uuid.UUID | None = None,
    note: str = "",
) -> StockMove:
    """Adds `delta` units (negative takes away) and writes the row that says so.

    May be replayed: a second call with the same event id changes nothing and returns the first row.
    `product.stock` is fresh afterwards. Raises NotEnough or TooMany, and then nothing has changed.
    """
    event_id = event_id or uuid.uuid4()
    if earlier := made_by(event_id, product):
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
    except IntegrityError:
        # The same tap on another connection was first; anything else is a real fault.
        if earlier := made_by(event_id, product):
            return earlier
        raise
    product.refresh_from_db(fields=["stock"])
    return row


def recount(
    product: Product, actual: int, actor: User | None, event_id: uuid.UUID | None = None, note: str = ""
) -> StockMove:
    """Says how many there are, whatever was thought before; may be replayed like `move`.

    A count that finds nothing amiss is a row too, with 0: sent again later, it must not undo a sale.
    """
    event_id = event_id or uuid.uuid4()
    for _try in range(TRIES):
        if earlier := made_by(event_id, product):
            return earlier
        try:
            with transaction.atomic():
                product.refresh_from_db(fields=["stock"])
                return counted(product, actual, actor, event_id, note)
        except (Moved, IntegrityError):
            continue
    raise Moved


class Moved(Exception):
    """Somebody else changed the stock between reading and writing."""


def counted(
    product: Product, actual: int, actor: User | None, event_id: uuid.UUID, note: str = ""
) -> StockMove:
    """One try: holds only if the stock is still what was read."""
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
    return row


def made_by(event_id: uuid.UUID, product: Product) -> StockMove | None:
    """The row an event has made already; `product.stock` is then made fresh."""
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
    """Adds to what a presale has left; the shelf is not touched. The caller's transaction holds both it and the quota.

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
