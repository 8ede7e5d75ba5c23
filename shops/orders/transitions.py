"""Apply one state transition of an order: lock, validate, update, log the event, run side effects.

Amounts are in fen, weights in grams. Each transition is one transaction; repeated with the same key it changes nothing and
returns the first event. Every function here raises TransitionNotAllowed (Overtaken when somebody else was faster) with a
sentence to show, and IdempotencyConflict when the key belongs to another order.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from media.models import Document
from shops.exceptions import IdempotencyConflict
from shops.ledger import entries
from shops.models import Claim, Deal, LedgerEntry, Order, OrderEvent, Product
from shops.orders import notifications, reservations
from shops.orders.exceptions import Overtaken, TransitionNotAllowed, describe_state
from ui import formats
from ui.responses import page_cache

Status = Order.Status
Verb = OrderEvent.Verb
By = OrderEvent.By

# An accidental tap is noticed at once; later the buyer may already be paying.
REOPENS_WITHIN = datetime.timedelta(minutes=10)
MOST_GRAMS = 100_000_000  # a weight of a hundred tons in one box is a typing error

# The states in which a step may begin.
LEAVES: dict[Verb, tuple[Status, ...]] = {
    Verb.PLACED: (),
    Verb.ACCEPTED: (Status.REQUESTED,),
    # Only for REOPENS_WITHIN: see `is_possible`.
    Verb.REOPENED: (Status.ACCEPTED,),
    Verb.DECLINED: (Status.REQUESTED,),
    # Only before payment; afterwards the order is refunded instead.
    Verb.CANCELLED: (Status.REQUESTED, Status.ACCEPTED),
    Verb.EXPIRED: (Status.REQUESTED,),
    Verb.PAID: (Status.ACCEPTED,),
    Verb.PACKED: (Status.PAID,),
    Verb.SHIPPED: (Status.PAID, Status.PACKED),
    # Only an order that was sent: one at a pick-up point has no parcel number (see `is_possible`).
    Verb.RENUMBERED: (Status.SHIPPED,),
    # From PACKED only where the buyer fetches the order: see `is_possible`.
    Verb.RECEIVED: (Status.PACKED, Status.SHIPPED),
    Verb.CLAIMED: (Status.SHIPPED, Status.RECEIVED),
    # A claim that was open when all was refunded can still be answered.
    Verb.SETTLED: (Status.SHIPPED, Status.RECEIVED, Status.REFUNDED),
    Verb.REFUSED: (Status.SHIPPED, Status.RECEIVED, Status.REFUNDED),
    Verb.REFUNDED: (Status.PAID, Status.PACKED, Status.SHIPPED, Status.RECEIVED),
}

# The state to which a step leads; None where the state does not change.
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

# The sides that may take a step.
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

# Starting states narrowed for one side: a seller declines a new request, with a reason, instead of cancelling it.
ONLY: dict[tuple[Verb, By], tuple[Status, ...]] = {(Verb.CANCELLED, By.SELLER): (Status.ACCEPTED,)}

# States in which the units have not been sent: they return to the stock if the order ends.
HOLDING = (Status.REQUESTED, Status.ACCEPTED, Status.PAID, Status.PACKED)
OVER = (Status.DECLINED, Status.CANCELLED, Status.EXPIRED, Status.REFUNDED)


def get_status_at(order: Order, now: datetime.datetime | None = None) -> Status:
    """Return the status that holds at `now`: like Order.state, but for any moment."""
    if order.status == Status.REQUESTED and order.expires_at <= (now or timezone.now()):
        return Status.EXPIRED
    return Status(order.status)


def is_possible(verb: Verb, order: Order, now: datetime.datetime | None = None) -> bool:
    """Return whether the order may take this step at `now`; an overdue request can only expire."""
    status = get_status_at(order, now)
    if verb == Verb.EXPIRED:
        return order.status == Status.REQUESTED and status == Status.EXPIRED
    if verb == Verb.REOPENED:
        return status == Status.ACCEPTED and get_reopening_end(order) > (now or timezone.now())
    if verb == Verb.RENUMBERED:
        return status == Status.SHIPPED and bool(order.parcel)
    if verb == Verb.RECEIVED and status == Status.PACKED:
        return order.point_id is not None
    return status in LEAVES[verb]


def get_reopening_end(order: Order) -> datetime.datetime:
    """Return until when an accepted order may become a request again."""
    return (order.accepted_at or order.placed_at) + REOPENS_WITHIN


def can_apply(verb: Verb, by: By, order: Order, now: datetime.datetime | None = None) -> bool:
    """Return whether this side may take the step at `now`."""
    only = ONLY.get((verb, by))
    return (
        by in WHO[verb]
        and is_possible(verb, order, now)
        and (only is None or get_status_at(order, now) in only)
    )


def list_possible(order: Order, by: By) -> list[Verb]:
    """List the steps that this side can take next, to show them on its page."""
    return [verb for verb in Verb if can_apply(verb, by, order)]


Work = Callable[[Order, Status], dict | None]


def apply_transition(
    order: Order,
    verb: Verb,
    by: By,
    key: uuid.UUID,
    *,
    actor: User | None = None,
    now: datetime.datetime | None = None,
    put: dict | None = None,
    work: Work | None = None,
    **event,
) -> OrderEvent:
    """Take the step and return its event; a second call with the same key returns the first event.

    `put` holds fields to write on the order; `work(order, status before)` runs the side effects in the same transaction
    and may return more fields of the event. `order` is refreshed. Raises TransitionNotAllowed, Overtaken or
    IdempotencyConflict, and then nothing has changed.
    """
    now = now or timezone.now()
    step = Transition(verb, by, key, actor, now, put or {}, work, event)
    refusal = Overtaken if can_apply(verb, by, order, now) else TransitionNotAllowed
    try:
        with transaction.atomic():
            if row := find_event(key, order, verb):
                pass
            elif (row := step.apply(order)) is None:
                raise refusal(describe_state(Order.objects.get(pk=order.pk)))
    except (TransitionNotAllowed, IntegrityError):
        # The same submit on another connection came first.
        if (row := find_event(key, order, verb)) is None:
            raise
    order.refresh_from_db()
    return row


@dataclass(frozen=True)
class Transition:
    """Hold the arguments of one step, and apply it to a locked order."""

    verb: Verb
    by: By
    key: uuid.UUID
    actor: User | None
    now: datetime.datetime
    put: dict
    work: Work | None
    event: dict

    def apply(self, order: Order) -> OrderEvent | None:
        """Lock the order, update it and write the event; None where the order's state does not allow the step."""
        # With what the side effects and the notices read, so that no step asks for its shop again and again.
        rows = Order.objects.select_related("shop__owner").select_for_update(of=("self",))
        locked = rows.get(pk=order.pk)
        before = Status(locked.status)
        if self.by == By.SELLER and self.actor and not is_still_seller(self.actor, locked):
            raise TransitionNotAllowed(_("你在这家店的卖家身份结束了，这一步没有办。"))
        if not can_apply(self.verb, self.by, locked, self.now):
            return None
        change = {"status": LEADS[self.verb] or before, "changed_at": self.now} | self.put
        if not filter_by_starting_state(
            Order.objects.filter(pk=order.pk), self.verb, self.by, self.now
        ).update(**change):
            return None
        for name, value in change.items():
            setattr(locked, name, value)
        more = (self.work and self.work(locked, before)) or {}
        facts = {"verb": self.verb, "by": self.by, "key": self.key, "actor": self.actor, "at": self.now}
        row = OrderEvent.objects.create(order=locked, **facts | self.event | more)
        notifications.notify(locked, row)
        return row


def is_still_seller(actor: User, order: Order) -> bool:
    """Return whether the actor still is a seller of the shop; locks the membership, so that it ends before or after."""
    place = order.shop.place_id
    held = Membership.objects.granted().filter(user=actor, place=place, role=Membership.Role.SELLER)
    return held.select_for_update().values_list("pk", flat=True).first() is not None


def filter_by_starting_state(orders: QuerySet, verb: Verb, by: By, now: datetime.datetime) -> QuerySet:
    """Filter the orders to those in which the step may begin.

    This is the condition of the UPDATE: of an acceptance and an expiry at the same time, only one matches the row.
    """
    orders = orders.filter(status__in=ONLY.get((verb, by), LEAVES[verb]))
    if verb == Verb.EXPIRED:
        return orders.filter(expires_at__lte=now)
    if verb == Verb.REOPENED:
        return orders.filter(accepted_at__gt=now - REOPENS_WITHIN)
    if verb in (Verb.ACCEPTED, Verb.DECLINED):
        return orders.filter(expires_at__gt=now)
    return orders


def find_event(key: uuid.UUID, order: Order, verb: Verb) -> OrderEvent | None:
    """Return the event already written under this key; raises IdempotencyConflict for another order or step."""
    row = OrderEvent.objects.filter(key=key).first()
    if row and (row.order_id != order.pk or row.verb != verb):
        raise IdempotencyConflict
    return row


def accept(order: Order, actor: User, key: uuid.UUID) -> OrderEvent:
    """Accept a request that has not expired; from then on the buyer may pay."""

    def work(order: Order, before: Status) -> None:
        reservations.update_holds(order)
        # An order accepted again after it was reopened has its deals already.
        for line in order.lines.filter(deal=None):
            Deal.objects.create(
                product_id=line.product_id,
                line=line,
                price_fen=line.price_fen,
                net_grams=line.net_grams,
                unit=line.unit,
                quantity=line.quantity,
            )

    put = {"accepted_at": timezone.now()}
    return apply_transition(order, Verb.ACCEPTED, By.SELLER, key, actor=actor, put=put, work=work)


def reopen(order: Order, actor: User, key: uuid.UUID) -> OrderEvent:
    """Undo a mistaken acceptance, within REOPENS_WITHIN and before payment.

    The order becomes a request again and keeps its units; its expiry is put off by the time it was accepted.
    """
    now = timezone.now()

    def work(order: Order, before: Status) -> None:
        assert order.accepted_at is not None  # it is accepted, or the step would have been refused
        order.expires_at += now - order.accepted_at
        order.accepted_at = None
        order.save(update_fields=["expires_at", "accepted_at"])
        reservations.update_holds(order)
        # The deal no longer counts for the crossed-out reference price.
        page_cache.invalidate(Product.stamp_name)

    return apply_transition(order, Verb.REOPENED, By.SELLER, key, actor=actor, now=now, work=work)


def decline(order: Order, actor: User, key: uuid.UUID, reason: str) -> OrderEvent:
    """Decline a request and release its units."""
    return apply_transition(
        order, Verb.DECLINED, By.SELLER, key, actor=actor, work=release_work(actor), detail={"reason": reason}
    )


def cancel(order: Order, by: By, actor: User | None, key: uuid.UUID, reason: str = "") -> OrderEvent:
    """Cancel an unpaid order and release its units."""
    return apply_transition(
        order, Verb.CANCELLED, by, key, actor=actor, work=release_work(actor), detail={"reason": reason}
    )


def release_work(actor: User | None) -> Work:
    """Return the side effect that releases the order's units."""
    return lambda order, before: reservations.release_stock(order, actor)


def mark_paid(order: Order, actor: User, key: uuid.UUID, fen: int) -> OrderEvent:
    """Record that the seller received the whole amount, and write it to the shop's ledger as income.

    Raises TransitionNotAllowed if `fen` is not the order's total.
    """
    if fen != order.total_fen:
        raise TransitionNotAllowed(
            _("这一单要收 ¥%(fen)s，数目对不上。") % {"fen": formats.yuan(order.total_fen)}
        )

    def work(order: Order, before: Status) -> None:
        entries.write(
            order.shop,
            LedgerEntry.Kind.ORDER,
            order.total_fen,
            grams=order.net_grams,
            order=order,
            actor=actor,
            key=uuid.uuid5(key, "income"),
        )

    return apply_transition(
        order, Verb.PAID, By.SELLER, key, actor=actor, work=work, fen=fen, grams=order.net_grams
    )


def pack(order: Order, actor: User, key: uuid.UUID, grams: int, photo: Document | None = None) -> OrderEvent:
    """Record that the order is packed, its weight as weighed and a photo; at most MOST_GRAMS."""
    if not 0 < grams <= MOST_GRAMS:
        raise TransitionNotAllowed(_("称出来的重量要大于 0。"))
    put = {"packed_grams": grams}
    return apply_transition(
        order, Verb.PACKED, By.SELLER, key, actor=actor, put=put, grams=grams, photo=photo
    )


def ship(
    order: Order, actor: User, key: uuid.UUID, courier: str, parcel: str, cost_fen: int = 0
) -> OrderEvent:
    """Record that the order was sent, or brought to its pick-up point (then courier and number may be empty).

    `cost_fen`, when known, is what the courier charged; it is written to the ledger.
    """
    if not (courier and parcel) and order.point_id is None:
        raise TransitionNotAllowed(_("要填快递公司和单号。"))
    put = {"courier": courier, "parcel": parcel}

    def work(order: Order, before: Status) -> None:
        if cost_fen:
            entries.write_freight(order, cost_fen, actor, uuid.uuid5(key, "freight"))

    return apply_transition(order, Verb.SHIPPED, By.SELLER, key, actor=actor, put=put, work=work, detail=put)


def renumber(order: Order, actor: User, key: uuid.UUID, courier: str, parcel: str) -> OrderEvent:
    """Correct the courier or the parcel number; the old ones stay in the order's events."""
    put = {"courier": courier, "parcel": parcel}
    return apply_transition(order, Verb.RENUMBERED, By.SELLER, key, actor=actor, put=put, detail=put)


def receive(order: Order, by: By, actor: User | None, key: uuid.UUID) -> OrderEvent:
    """Record that the buyer has the goods."""
    return apply_transition(order, Verb.RECEIVED, by, key, actor=actor, put={"received_at": timezone.now()})


def refund_all(order: Order, actor: User, key: uuid.UUID, reason: str) -> OrderEvent:
    """Refund what has not been refunded yet, and release the units if they have not been sent."""

    def work(order: Order, before: Status) -> dict:
        rest = order.total_fen - order.refunded_fen
        refund(order, rest, actor, uuid.uuid5(key, "refund"))
        if before in HOLDING:
            reservations.release_stock(order, actor)
        else:  # the deal no longer counts for the crossed-out reference price
            page_cache.invalidate(Product.stamp_name)
        return {"fen": -rest}

    return apply_transition(
        order, Verb.REFUNDED, By.SELLER, key, actor=actor, work=work, detail={"reason": reason}
    )


def refund(order: Order, fen: int, actor: User | None, key: uuid.UUID, claim: Claim | None = None) -> None:
    """Refund `fen` and write it to the ledger; the refund of the last fen also takes the order's weight back.

    Call inside a transition, with the order locked. Raises TransitionNotAllowed if more would be refunded than was paid.
    """
    left = order.total_fen - order.refunded_fen
    if not 0 <= fen <= left:
        raise TransitionNotAllowed(_("最多还能退 ¥%(fen)s。") % {"fen": formats.yuan(left)})
    if fen == 0:
        return
    Order.objects.filter(pk=order.pk).update(refunded_fen=F("refunded_fen") + fen)
    entries.write(
        order.shop,
        LedgerEntry.Kind.REFUND,
        -fen,
        grams=-order.net_grams if fen == left else 0,
        order=order,
        claim=claim,
        actor=actor,
        key=key,
    )
