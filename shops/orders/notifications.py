"""Notify buyer and seller of an order's steps: rows written in the step's transaction, sent by accounts.notifications."""

from __future__ import annotations

from accounts.notifications import delivery
from shops.models import Order, OrderEvent

Verb = OrderEvent.Verb
By = OrderEvent.By
# The SMS gateway's templates: order_… for the buyer, shop_order_… for the shop's owner.
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
# Steps after which an earlier notice to the seller is settled.
DONE_WITH: dict[str, Verb] = {
    Verb.ACCEPTED: Verb.PLACED,
    Verb.DECLINED: Verb.PLACED,
    Verb.CANCELLED: Verb.PLACED,
    Verb.EXPIRED: Verb.PLACED,
    Verb.SETTLED: Verb.CLAIMED,
    Verb.REFUSED: Verb.CLAIMED,
}
# Steps after which an unsent notice to the buyer is no longer true and must not be sent.
WITHDRAWS: dict[str, tuple[Verb, ...]] = {
    Verb.ACCEPTED: (Verb.REOPENED,),
    Verb.REOPENED: (Verb.ACCEPTED,),
    Verb.DECLINED: (Verb.ACCEPTED, Verb.REOPENED),
    Verb.CANCELLED: (Verb.ACCEPTED, Verb.REOPENED),
    Verb.EXPIRED: (Verb.ACCEPTED, Verb.REOPENED),
}
# Steps of which the side that took them is not notified.
KNOWN_TO_ITSELF = {Verb.CANCELLED, Verb.RECEIVED}


def notify(order: Order, event: OrderEvent) -> None:
    """Write the notices of a step to both sides, and withdraw earlier notices that it settles or makes untrue."""
    facts = {"number": order.number, "shop": order.shop.name}
    if earlier := DONE_WITH.get(event.verb):
        news = delivery.find_unseen_notices(order.shop.owner.phone).filter(template=f"shop_order_{earlier}")
        delivery.mark_seen(news.filter(params__number=order.number))
    if withdrawn := WITHDRAWS.get(event.verb):
        unsent = delivery.find_unseen_notices(order.phone).filter(
            template__in=[f"order_{verb}" for verb in withdrawn]
        )
        delivery.mark_seen(unsent.filter(params__number=order.number, sent_at=None))
    if event.verb in TO_BUYER and not is_own(event, By.BUYER):
        params = facts | {"link": order.get_absolute_url()}
        delivery.write_notice(f"order-{event.pk}-buyer", order.phone, f"order_{event.verb}", **params)
    if event.verb in TO_SELLER and not is_own(event, By.SELLER):
        owner = order.shop.owner
        delivery.write_notice(f"order-{event.pk}-seller", owner.phone, f"shop_order_{event.verb}", **facts)


def is_own(event: OrderEvent, side: str) -> bool:
    """Return whether this side took the step itself and needs no notice of it."""
    return event.verb in KNOWN_TO_ITSELF and event.by == side
