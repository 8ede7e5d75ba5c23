"""How many can be ordered now: true when read, also where the task that gives back what is over has not run."""

from __future__ import annotations

import datetime

from django.utils import timezone

from shops.inventory import presales
from shops.models import Order, OrderLine, Presale, Product
from shops.ordering import holding


def left(product: Product, now: datetime.datetime | None = None) -> int:
    """Units on the shelf, or in the presale that is open, with the holds whose time is over.

    No query beyond the presale's unless a hold is over.
    """
    presale = presales.current(product)
    return on(presale or product, now)


def on(shelf: Product | Presale, now: datetime.datetime | None = None) -> int:
    now = now or timezone.now()
    is_presale = isinstance(shelf, Presale)
    count = shelf.left if is_presale else shelf.stock
    if shelf.free_at is None or shelf.free_at > now:
        return count
    lines = OrderLine.objects.filter(order__in=Order.objects.due(now)).select_related("product")
    lines = lines.filter(presale=shelf) if is_presale else lines.filter(product=shelf, presale=None)
    return count + sum(holding.units_now(holding.Held(line, shelf)) for line in lines)
