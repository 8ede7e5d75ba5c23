"""A lost link: the orders of a phone that its owner has proven, or one order by its number and the phone's last four digits."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from shops.models import Order

BACK = datetime.timedelta(days=400)  # last season's order is looked up to order again
MOST_FOUND = 50


def of_phone(phone: str) -> QuerySet[Order]:
    """The newest first. The caller has seen the phone proven."""
    rows = Order.objects.filter(phone=phone, placed_at__gte=timezone.now() - BACK)
    return rows.select_related("shop").prefetch_related("lines").order_by("-placed_at", "-id")[:MOST_FOUND]


def by_number(number: str, tail: str) -> Order | None:
    """The order of this number, when its phone ends in these four digits; None for either being wrong alike."""
    order = Order.objects.filter(number=number).first()
    right = constant_time_compare(str(order.phone)[-4:] if order else "----", tail)
    return order if order and right else None
