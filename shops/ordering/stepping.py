"""What seller and buyer do with an order, one function a step. Fen and grams.

Each is one transaction; sent again under the same key it changes nothing and returns the first row. All raise
NotPossible (Overtaken when somebody else was faster) with a sentence to show, and KeyTaken for another order's key.
"""

from __future__ import annotations

import uuid

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media.models import Document
from shops.ledger import entries
from shops.models import Claim, Deal, LedgerEntry, Order, OrderEvent, Product
from shops.ordering import holding, states
from shops.ordering.refusals import NotPossible
from shops.ordering.taking import take
from ui import amounts, stamps

Verb, By, Status = OrderEvent.Verb, OrderEvent.By, Order.Status
MOST_GRAMS = 100_000_000  # a hundred tons in one box is a slip of the finger


def accept(order: Order, actor: User, key: uuid.UUID) -> OrderEvent:
    """From here on the buyer may pay. Only while the request's time is not over."""

    def work(order: Order, before: Status) -> None:
        holding.settle(order)
        # Accepted for the second time it is the same deal.
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
    return take(order, Verb.ACCEPTED, By.SELLER, key, actor=actor, put=put, work=work)


def reopen(order: Order, actor: User, key: uuid.UUID) -> OrderEvent:
    """An acceptance by mistake is taken back within states.REOPENS_WITHIN, before money has come in.

    The order is a request again and keeps its units; its time goes on where the acceptance had stopped it.
    """
    now = timezone.now()

    def work(order: Order, before: Status) -> None:
        stood_still = now - order.accepted_at
        order.expires_at, order.accepted_at = order.expires_at + stood_still, None
        order.save(update_fields=["expires_at", "accepted_at"])
        holding.renew(order)
        stamps.bump(Product.stamp_name)  # its deal counts no more for a price that is struck through

    return take(order, Verb.REOPENED, By.SELLER, key, actor=actor, now=now, work=work)


def decline(order: Order, actor: User, key: uuid.UUID, reason: str) -> OrderEvent:
    return take(
        order, Verb.DECLINED, By.SELLER, key, actor=actor, work=freeing(actor), detail={"reason": reason}
    )


def cancel(order: Order, by: By, actor: User | None, key: uuid.UUID, reason: str = "") -> OrderEvent:
    return take(order, Verb.CANCELLED, by, key, actor=actor, work=freeing(actor), detail={"reason": reason})


def freeing(actor: User | None):
    return lambda order, before: holding.free(order, actor)


def mark_paid(order: Order, actor: User, key: uuid.UUID, fen: int) -> OrderEvent:
    """The seller says that the whole sum is there: it is the shop's income from now on."""
    if fen != order.total_fen:
        raise NotPossible(_("这一单要收 ¥%(fen)s，数目对不上。") % {"fen": amounts.yuan(order.total_fen)})

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

    return take(order, Verb.PAID, By.SELLER, key, actor=actor, work=work, fen=fen, grams=order.net_grams)


def pack(order: Order, actor: User, key: uuid.UUID, grams: int, photo: Document | None = None) -> OrderEvent:
    if not 0 < grams <= MOST_GRAMS:
        raise NotPossible(_("称出来的重量要大于 0。"))
    put = {"packed_grams": grams}
    return take(order, Verb.PACKED, By.SELLER, key, actor=actor, put=put, grams=grams, photo=photo)


def ship(
    order: Order, actor: User, key: uuid.UUID, courier: str, parcel: str, cost_fen: int = 0
) -> OrderEvent:
    """Without courier and number only to a pick-up point. `cost_fen`, when known, is what the courier took."""
    if not (courier and parcel) and order.point_id is None:
        raise NotPossible(_("要填快递公司和单号。"))
    put = {"courier": courier, "parcel": parcel}

    def work(order: Order, before: Status) -> None:
        if cost_fen:
            entries.write_freight(order, cost_fen, actor, uuid.uuid5(key, "freight"))

    return take(order, Verb.SHIPPED, By.SELLER, key, actor=actor, put=put, work=work, detail=put)


def renumber(order: Order, actor: User, key: uuid.UUID, courier: str, parcel: str) -> OrderEvent:
    """A number that was copied wrongly, or the wrong courier; what it was stays in the trail."""
    put = {"courier": courier, "parcel": parcel}
    return take(order, Verb.RENUMBERED, By.SELLER, key, actor=actor, put=put, detail=put)


def receive(order: Order, by: By, actor: User | None, key: uuid.UUID) -> OrderEvent:
    return take(order, Verb.RECEIVED, by, key, actor=actor, put={"received_at": timezone.now()})


def refund_all(order: Order, actor: User, key: uuid.UUID, reason: str) -> OrderEvent:
    """What has not been refunded yet goes back, and the units too if they have not been sent."""

    def work(order: Order, before: Status) -> dict:
        rest = order.total_fen - order.refunded_fen
        refund(order, rest, actor, uuid.uuid5(key, "refund"))
        if before in states.HOLDING:
            holding.free(order, actor)
        else:  # its deal counts no more for a price that is struck through
            stamps.bump(Product.stamp_name)
        return {"fen": -rest}

    return take(order, Verb.REFUNDED, By.SELLER, key, actor=actor, work=work, detail={"reason": reason})


def refund(order: Order, fen: int, actor: User | None, key: uuid.UUID, claim: Claim | None = None) -> None:
    """Inside a step, with the order locked: never above what was paid. The kilograms go when the last fen does."""
    left = order.total_fen - order.refunded_fen
    if not 0 <= fen <= left:
        raise NotPossible(_("最多还能退 ¥%(fen)s。") % {"fen": amounts.yuan(left)})
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
