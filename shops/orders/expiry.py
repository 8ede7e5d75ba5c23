"""End requests that were not accepted in time, and release their stock."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import Subquery
from django.utils import timezone

from shops.models import Order, OrderEvent, Product
from shops.orders import reservations
from shops.orders.exceptions import TransitionNotAllowed
from shops.orders.transitions import apply_transition

# The event's key is derived from the order, so that two sweeps at the same time write one event.
NAMES = uuid.UUID("5b0f2a0e-6f0b-4d2c-9a5e-0f8f3c1f7a11")


def find_latest_expired(now: datetime.datetime) -> Subquery:
    """Return the id of the request that expired last until `now` among those still holding stock.

    Part of the page version (STAMP_CLOCKS): cached pages that show stock are rendered again when it changes.
    """
    return Subquery(Order.objects.due(now).order_by("-expires_at").values("pk")[:1])


def expire_due(products: Iterable[Product] | None = None, now: datetime.datetime | None = None) -> int:
    """End the overdue requests for these products, or for all, and return how many were ended.

    Each is ended in its own transaction; if the seller accepts at the same moment, the faster one wins.
    """
    now = now or timezone.now()
    due = Order.objects.due(now)
    if products is not None:
        due = due.filter(lines__product__in=list(products)).distinct()
    return sum(expire(order, now) for order in due)


def expire(order: Order, now: datetime.datetime) -> bool:
    """End one overdue request and release its stock; False if it is no longer an overdue request."""
    try:
        apply_transition(
            order,
            OrderEvent.Verb.EXPIRED,
            OrderEvent.By.CLOCK,
            uuid.uuid5(NAMES, str(order.pk)),
            now=now,
            work=lambda locked, before: reservations.release_stock(locked, None),
        )
    except TransitionNotAllowed:
        return False
    return True
