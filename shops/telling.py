"""Whom a step of an order is told: rows written in the step's own transaction, sent later (accounts.noticing)."""

from __future__ import annotations

from accounts import noticing
from shops import running_low
from shops.models import Order, OrderEvent

Verb, By = OrderEvent.Verb, OrderEvent.By
# The template's name is the gateway's: order_… says it to a buyer, shop_order_… to the shop's owner.
TO_BUYER = {
    Verb.PLACED,
    Verb.ACCEPTED,
    Verb.DECLINED,
    Verb.CANCELLED,
    Verb.EXPIRED,
    Verb.PAID,
    Verb.SHIPPED,
    Verb.SETTLED,
    Verb.REFUSED,
    Verb.REFUNDED,
}
TO_SELLER = {Verb.PLACED, Verb.CANCELLED, Verb.EXPIRED, Verb.RECEIVED, Verb.CLAIMED}
# Whoever did these knows it; all else a buyer wants to keep, or cannot see from the other side.
KNOWN_TO_ITSELF = {Verb.CANCELLED, Verb.RECEIVED}


def tell(order: Order, event: OrderEvent) -> None:
    """Each side once, in two statements at most; whoever cancelled is not told that they did."""
    facts = {"number": order.number, "shop": order.shop.name}
    if event.verb in TO_BUYER and not is_own(event, By.BUYER):
        told = facts | {"link": order.get_absolute_url()}
        noticing.write(f"order-{event.pk}-buyer", order.phone, f"order_{event.verb}", **told)
    if event.verb in TO_SELLER and not is_own(event, By.SELLER):
        owner = order.shop.owner
        noticing.write(f"order-{event.pk}-seller", owner.phone, f"shop_order_{event.verb}", **facts)
    if event.verb == Verb.PLACED:
        running_low.tell_of_order(order)


def is_own(event: OrderEvent, side: str) -> bool:
    return event.verb in KNOWN_TO_ITSELF and event.by == side
