"""Which step may be taken where, and where it leads: the one table of an order's life."""

from __future__ import annotations

import datetime

from django.utils import timezone

from shops.models import Order, OrderEvent

Status, Verb, By = Order.Status, OrderEvent.Verb, OrderEvent.By

# A slip of the thumb is seen at once; later the buyer may be on the way to paying.
REOPENS_WITHIN = datetime.timedelta(minutes=10)

LEAVES: dict[Verb, tuple[Status, ...]] = {
    Verb.PLACED: (),
    Verb.ACCEPTED: (Status.REQUESTED,),
    # Only for a short while: see `can`.
    Verb.REOPENED: (Status.ACCEPTED,),
    Verb.DECLINED: (Status.REQUESTED,),
    # Before money has changed hands; afterwards the way out is a refund.
    Verb.CANCELLED: (Status.REQUESTED, Status.ACCEPTED),
    Verb.EXPIRED: (Status.REQUESTED,),
    Verb.PAID: (Status.ACCEPTED,),
    Verb.PACKED: (Status.PAID,),
    Verb.SHIPPED: (Status.PAID, Status.PACKED),
    # A parcel only: what lies at a pick-up point has no number (see `can`).
    Verb.RENUMBERED: (Status.SHIPPED,),
    # Straight from the box only where the buyer fetches it: see `can`.
    Verb.RECEIVED: (Status.PACKED, Status.SHIPPED),
    Verb.CLAIMED: (Status.SHIPPED, Status.RECEIVED),
    # A claim that was open when all was refunded can still be answered.
    Verb.SETTLED: (Status.SHIPPED, Status.RECEIVED, Status.REFUNDED),
    Verb.REFUSED: (Status.SHIPPED, Status.RECEIVED, Status.REFUNDED),
    Verb.REFUNDED: (Status.PAID, Status.PACKED, Status.SHIPPED, Status.RECEIVED),
}

# None: the order stays where it is.
LEADS: dict[Verb, Status | None] = {
    Verb.PLACED: Status.REQUESTED,
    Verb.ACCEPTED: Status.ACCEPTED,
    Verb.REOPENED: Status.REQUESTED,
    Verb.DECLINED: Status.DECLINED,
    Verb.CANCELLED: Status.CANCELLED,
    Verb.EXPIRED: Status.EXPIRED,
    Verb.PAID: Status.PAID,
    Verb.PACKED: Status.PACKED,
    Verb.SHIPPED: Status.SHIPPED,
    Verb.RENUMBERED: None,
    Verb.RECEIVED: Status.RECEIVED,
    Verb.CLAIMED: None,
    Verb.SETTLED: None,
    Verb.REFUSED: None,
    Verb.REFUNDED: Status.REFUNDED,
}

WHO: dict[Verb, tuple[By, ...]] = {
    Verb.PLACED: (By.BUYER,),
    Verb.ACCEPTED: (By.SELLER,),
    Verb.REOPENED: (By.SELLER,),
    Verb.DECLINED: (By.SELLER,),
    Verb.CANCELLED: (By.BUYER, By.SELLER),
    Verb.EXPIRED: (By.CLOCK,),
    Verb.PAID: (By.SELLER,),
    Verb.PACKED: (By.SELLER,),
    Verb.SHIPPED: (By.SELLER,),
    Verb.RENUMBERED: (By.SELLER,),
    Verb.RECEIVED: (By.BUYER, By.SELLER),
    Verb.CLAIMED: (By.BUYER,),
    Verb.SETTLED: (By.SELLER,),
    Verb.REFUSED: (By.SELLER,),
    Verb.REFUNDED: (By.SELLER,),
}

# Narrower for one side: a seller who does not want a new request declines it, and says why in those words.
ONLY: dict[tuple[Verb, By], tuple[Status, ...]] = {(Verb.CANCELLED, By.SELLER): (Status.ACCEPTED,)}

# Its units are still in the house: they go back to the shelf when the order comes to nothing.
HOLDING = (Status.REQUESTED, Status.ACCEPTED, Status.PAID, Status.PACKED)
OVER = (Status.DECLINED, Status.CANCELLED, Status.EXPIRED, Status.REFUNDED)


def at(order: Order, now: datetime.datetime | None = None) -> Status:
    """The status as it is true at that time: Order.state, for any moment."""
    if order.status == Status.REQUESTED and order.expires_at <= (now or timezone.now()):
        return Status.EXPIRED
    return Status(order.status)


def can(verb: Verb, order: Order, now: datetime.datetime | None = None) -> bool:
    """Whether the order as it is true now may take this step; a request whose time is over only expires."""
    status = at(order, now)
    if verb == Verb.EXPIRED:
        return order.status == Status.REQUESTED and status == Status.EXPIRED
    if verb == Verb.REOPENED:
        return status == Status.ACCEPTED and reopens_until(order) > (now or timezone.now())
    if verb == Verb.RENUMBERED:
        return status == Status.SHIPPED and bool(order.parcel)
    if verb == Verb.RECEIVED and status == Status.PACKED:
        return order.point_id is not None
    return status in LEAVES[verb]


def reopens_until(order: Order) -> datetime.datetime:
    """Up to when an accepted order may go back to being a request."""
    return (order.accepted_at or order.placed_at) + REOPENS_WITHIN


def may(verb: Verb, by: By, order: Order, now: datetime.datetime | None = None) -> bool:
    """Whether this side may take the step."""
    only = ONLY.get((verb, by))
    return by in WHO[verb] and can(verb, order, now) and (only is None or at(order, now) in only)


def possible(order: Order, by: By) -> list[Verb]:
    """What this side can do next, for its screen."""
    return [verb for verb in Verb if may(verb, by, order)]
