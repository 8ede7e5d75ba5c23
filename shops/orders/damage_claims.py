"""Open, settle and refuse damage claims; units sent again are taken from the stock."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media.models import Document
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock
from shops.models import Claim, Order, OrderEvent, OrderLine, Product, StockMove
from shops.orders.exceptions import TransitionNotAllowed, describe_state
from shops.orders.transitions import apply_transition, is_possible, refund

Verb = OrderEvent.Verb
By = OrderEvent.By

CLAIMS_AN_ORDER = 5


def explain_closed(order: Order) -> str:
    """Return why the buyer cannot report damage now; empty if it is possible."""
    if not is_possible(Verb.CLAIMED, order):
        return describe_state(order)
    return _("报得太多了，打电话找卖家，或者投诉。") if order.claims.count() >= CLAIMS_AN_ORDER else ""


def claim_damage(order: Order, key: uuid.UUID, text: str, documents: Sequence[Document] = ()) -> Claim:
    """Open a damage claim with its photos. Raises TransitionNotAllowed while another one is open."""

    def work(order: Order, before: str) -> dict:
        if order.claims.filter(status=Claim.Status.OPEN).exists():
            raise TransitionNotAllowed(_("已经报过一次，等卖家处理完再报。"))
        made = Claim.objects.create(key=key, order=order, text=text)
        made.photos.set(documents)
        return {"claim": made}

    made = apply_transition(order, Verb.CLAIMED, By.BUYER, key, work=work).claim
    assert made is not None  # `work` has written it
    return made


def settle(
    claim: Claim, actor: User, key: uuid.UUID, refund_fen: int, resend: bool, answer: str
) -> OrderEvent:
    """Settle the claim: refund part or all (fen, never more than was paid), send goods again, or both."""

    def work(order: Order, before: str) -> dict:
        close_claim(claim, Claim.Status.SETTLED, actor, answer, refund_fen=refund_fen, resend=resend)
        refund(order, refund_fen, actor, uuid.uuid5(key, "refund"), claim)
        return {"fen": -refund_fen, "claim": claim, "detail": {"resend": resend, "answer": answer}}

    return check_event(
        claim, apply_transition(claim.order, Verb.SETTLED, By.SELLER, key, actor=actor, work=work)
    )


def refuse(claim: Claim, actor: User, key: uuid.UUID, answer: str) -> OrderEvent:
    """Refuse the claim with an answer for the buyer."""

    def work(order: Order, before: str) -> dict:
        close_claim(claim, Claim.Status.REFUSED, actor, answer)
        return {"claim": claim, "detail": {"answer": answer}}

    return check_event(
        claim, apply_transition(claim.order, Verb.REFUSED, By.SELLER, key, actor=actor, work=work)
    )


def close_claim(claim: Claim, status: Claim.Status, actor: User, answer: str, **fields) -> None:
    """Write the answer on an open claim; raises TransitionNotAllowed if it was answered already."""
    rows = Claim.objects.filter(pk=claim.pk, status=Claim.Status.OPEN)
    fields |= {"answer": answer, "answered_by": actor, "answered_at": timezone.now()}
    if not rows.update(status=status, **fields):
        raise TransitionNotAllowed(_("这一条已经处理过了。"))


def check_event(claim: Claim, event: OrderEvent) -> OrderEvent:
    """Refresh the claim and return the event; raises IdempotencyConflict if it is another claim's."""
    if event.claim_id != claim.pk:
        raise IdempotencyConflict
    claim.refresh_from_db()
    return event


def settle_claim(
    claim: Claim, actor: User, key: uuid.UUID, refund_fen: int, units: dict[OrderLine, int], answer: str
) -> OrderEvent:
    """Settle the claim and take the units to send again from the stock, in one transaction.

    `units`: how many of each line are sent again. A second call with the same key changes nothing. Raises
    TransitionNotAllowed, and then nothing has changed.
    """
    with transaction.atomic():
        event = settle(claim, actor, key, refund_fen, bool(units), answer)
        for line, count in sorted(units.items(), key=lambda pair: pair[0].product_id):
            take_resent(line, count, actor, uuid.uuid5(key, f"resend {line.pk}"))
    return event


def take_resent(line: OrderLine, count: int, actor: User, event_id: uuid.UUID) -> None:
    """Take `count` units of the line from the stock, converted if the product's unit has changed since the order.

    Raises TransitionNotAllowed if not enough is left.
    """
    product = Product.objects.select_related("shop__owner").get(pk=line.product_id)
    if line.unit != product.unit:
        count = -(-count * line.net_grams // product.net_grams)
    try:
        stock.change_stock(product, -count, StockMove.Reason.RESENT, actor, event_id, order=line.order)
    except stock.OutOfRange as short:
        unit = Product.Unit(product.unit).after(short.stock)
        params = {"name": product.name, "left": short.stock, "unit": unit}
        raise TransitionNotAllowed(
            _("“%(name)s”只剩 %(left)s %(unit)s，补发不了这么多。") % params
        ) from short
