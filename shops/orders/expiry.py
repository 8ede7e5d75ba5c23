"""Requests that nobody accepted in time give back what they held."""

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

# Each order that ends is a row of the same name on every node: two sweeps at once write one.
NAMES = uuid.UUID("5b0f2a0e-6f0b-4d2c-9a5e-0f8f3c1f7a11")


def last_over() -> Subquery:
    """The request whose time was over last, of those that still hold stock: pages that say how much there is are made
    anew as soon as it is another one (STAMP_CLOCKS)."""
    return Subquery(Order.objects.due().order_by("-expires_at").values("pk")[:1])


def expire_due(products: Iterable[Product] | None = None, now: datetime.datetime | None = None) -> int:
    """Ends the requests whose time is over, of these products or of all, and says how many it ended.

    Each in a transaction of its own; whoever is faster, this or a seller's acceptance, decides.
    """
    now = now or timezone.now()
    due = Order.objects.due(now)
    if products is not None:
        due = due.filter(lines__product__in=list(products)).distinct()
    return sum(expire(order, now) for order in due)


def expire(order: Order, now: datetime.datetime) -> bool:
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
