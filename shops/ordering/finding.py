"""A lost link: the orders of a phone, told to that phone and to nobody else."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts.models import Notice
from shops.models import Order

BACK = datetime.timedelta(days=60)
MOST = 5  # messages at once: each costs money


def send_links(phone: str) -> int:
    """Writes a message for each of the phone's newest orders, once an hour at most; how many there are to send."""
    now = timezone.now()
    orders = Order.objects.filter(phone=phone, placed_at__gte=now - BACK).select_related("shop")
    notices = [
        Notice(
            key=f"order-{order.pk}-link-{now:%y%m%d%H}",
            phone=phone,
            template="order_link",
            params={"number": order.number, "shop": order.shop.name, "link": order.get_absolute_url()},
        )
        for order in orders.order_by("-placed_at")[:MOST]
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)
