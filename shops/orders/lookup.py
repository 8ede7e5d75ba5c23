"""Find orders whose link is lost: by a proven phone, or by the order's number and the phone's last four digits."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from shops.models import Order

BACK = datetime.timedelta(days=400)  # last season's order is looked up to order again
MOST_FOUND = 50


def list_orders_of_phone(phone: str) -> QuerySet[Order]:
    """Return the orders of the last BACK of this phone, the newest first. The caller must have proven the phone."""
    rows = Order.objects.filter(phone=phone, placed_at__gte=timezone.now() - BACK)
    return rows.select_related("shop").prefetch_related("lines").order_by("-placed_at", "-id")[:MOST_FOUND]


def find_by_number(number: str, tail: str) -> Order | None:
    """Return the order of this number if its phone ends in `tail`; None whichever of the two is wrong."""
    order = Order.objects.filter(number=number).first()
    right = constant_time_compare(str(order.phone)[-4:] if order else "----", tail)
    return order if order and right else None
