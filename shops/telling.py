"""Whom a step of an order is told: rows written in the step's own transaction, sent later."""

from __future__ import annotations

from accounts.notice import Notice
from shops.models import Order, OrderEvent

Verb, By = OrderEvent.Verb, OrderEvent.By
TO_BUYER = {Verb.PLACED, Verb.ACCEPTED, Verb.DECLINED, Verb.EXPIRED, Verb.PAID, Verb.SHIPPED}
TO_BUYER |= {Verb.SETTLED, Verb.REFUSED, Verb.REFUNDED}
TO_SELLER = {Verb.PLACED, Verb.RECEIVED, Verb.CLAIMED, Verb.EXPIRED}


def tell(order: Order, event: OrderEvent) -> None:
    """Each side once; whoever cancelled is not told that they did."""
    to_buyer = event.verb in TO_BUYER or (event.verb == Verb.CANCELLED and event.by == By.SELLER)
    to_seller = event.verb in TO_SELLER or (event.verb == Verb.CANCELLED and event.by == By.BUYER)
    params = {"number": order.number, "shop": order.shop.name}
    if to_buyer:
        write(f"order-{event.pk}-buyer", order.phone, event, params | {"link": order.get_absolute_url()})
    if to_seller:
        write(f"order-{event.pk}-seller", order.shop.owner.phone, event, params)


def write(key: str, phone: object, event: OrderEvent, params: dict) -> None:
    Notice.objects.get_or_create(
        key=key, defaults={"phone": phone, "template": f"order_{event.verb}", "params": params}
    )
