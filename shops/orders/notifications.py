"""Whom a step of an order is told: rows written in the step's own transaction, sent later (accounts.notifications.delivery)."""

from __future__ import annotations

from accounts.notifications import delivery
from shops.models import Order, OrderEvent

Verb, By = OrderEvent.Verb, OrderEvent.By
# The template's name is the gateway's: order_… says it to a buyer, shop_order_… to the shop's owner.
TO_BUYER = {
    Verb.PLACED,
    Verb.ACCEPTED,
    Verb.REOPENED,
    Verb.DECLINED,
    Verb.CANCELLED,
    Verb.EXPIRED,
    Verb.PAID,
    Verb.SHIPPED,
    Verb.RENUMBERED,
    Verb.SETTLED,
    Verb.REFUSED,
    Verb.REFUNDED,
}
TO_SELLER = {Verb.PLACED, Verb.CANCELLED, Verb.EXPIRED, Verb.RECEIVED, Verb.CLAIMED}
# A step after which an earlier word to the seller is no news any more.
DONE_WITH = {
    Verb.ACCEPTED: Verb.PLACED,
    Verb.DECLINED: Verb.PLACED,
    Verb.CANCELLED: Verb.PLACED,
    Verb.EXPIRED: Verb.PLACED,
    Verb.SETTLED: Verb.CLAIMED,
    Verb.REFUSED: Verb.CLAIMED,
}
# After these the buyer must not read any more that the order was accepted and may be paid, or that this was taken back.
WITHDRAWS = {
    Verb.ACCEPTED: (Verb.REOPENED,),
    Verb.REOPENED: (Verb.ACCEPTED,),
    Verb.DECLINED: (Verb.ACCEPTED, Verb.REOPENED),
    Verb.CANCELLED: (Verb.ACCEPTED, Verb.REOPENED),
    Verb.EXPIRED: (Verb.ACCEPTED, Verb.REOPENED),
}
# Whoever did these knows it; all else a buyer wants to keep, or cannot see from the other side.
KNOWN_TO_ITSELF = {Verb.CANCELLED, Verb.RECEIVED}


def tell(order: Order, event: OrderEvent) -> None:
    """Each side once; whoever cancelled is not told that they did. A statement a side, and one for each that holds no more."""
    facts = {"number": order.number, "shop": order.shop.name}
    if earlier := DONE_WITH.get(event.verb):
        news = delivery.unseen_notices(order.shop.owner.phone).filter(template=f"shop_order_{earlier}")
        delivery.mark_seen(news.filter(params__number=order.number))
    if withdrawn := WITHDRAWS.get(event.verb):
        unsent = delivery.unseen_notices(order.phone).filter(
            template__in=[f"order_{verb}" for verb in withdrawn]
        )
        delivery.mark_seen(unsent.filter(params__number=order.number, sent_at=None))
    if event.verb in TO_BUYER and not is_own(event, By.BUYER):
        told = facts | {"link": order.get_absolute_url()}
        delivery.write_notice(f"order-{event.pk}-buyer", order.phone, f"order_{event.verb}", **told)
    if event.verb in TO_SELLER and not is_own(event, By.SELLER):
        owner = order.shop.owner
        delivery.write_notice(f"order-{event.pk}-seller", owner.phone, f"shop_order_{event.verb}", **facts)


def is_own(event: OrderEvent, side: str) -> bool:
    return event.verb in KNOWN_TO_ITSELF and event.by == side
