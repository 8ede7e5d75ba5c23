"""Damage: what the buyer reports and how the seller answers. Replayed and refused like the steps in stepping."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media.models import Document
from shops.models import Claim, Order, OrderEvent
from shops.ordering.refusals import KeyTaken, NotPossible
from shops.ordering.stepping import refund
from shops.ordering.taking import take

Verb, By = OrderEvent.Verb, OrderEvent.By


def claim(order: Order, key: uuid.UUID, text: str, documents: Sequence[Document] = ()) -> Claim:
    """One at a time may be open. Raises NotPossible while another one is."""

    def work(order: Order, before: str) -> dict:
        if order.claims.filter(status=Claim.Status.OPEN).exists():
            raise NotPossible(_("已经报过一次，等卖家处理完再报。"))
        made = Claim.objects.create(key=key, order=order, text=text)
        made.photos.set(documents)
        return {"claim": made}

    return take(order, Verb.CLAIMED, By.BUYER, key, work=work).claim


def settle(
    claim: Claim, actor: User, key: uuid.UUID, refund_fen: int, resend: bool, answer: str
) -> OrderEvent:
    """Refunds part or all (fen), sends anew, or both; never more than was paid."""

    def work(order: Order, before: str) -> dict:
        closed(claim, Claim.Status.SETTLED, actor, answer, refund_fen=refund_fen, resend=resend)
        refund(order, refund_fen, actor, uuid.uuid5(key, "refund"), claim)
        return {"fen": -refund_fen, "claim": claim, "detail": {"resend": resend, "answer": answer}}

    return answered(claim, take(claim.order, Verb.SETTLED, By.SELLER, key, actor=actor, work=work))


def refuse(claim: Claim, actor: User, key: uuid.UUID, answer: str) -> OrderEvent:
    def work(order: Order, before: str) -> dict:
        closed(claim, Claim.Status.REFUSED, actor, answer)
        return {"claim": claim, "detail": {"answer": answer}}

    return answered(claim, take(claim.order, Verb.REFUSED, By.SELLER, key, actor=actor, work=work))


def closed(claim: Claim, status: Claim.Status, actor: User, answer: str, **fields) -> None:
    rows = Claim.objects.filter(pk=claim.pk, status=Claim.Status.OPEN)
    fields |= {"answer": answer, "answered_by": actor, "answered_at": timezone.now()}
    if not rows.update(status=status, **fields):
        raise NotPossible(_("这一条已经处理过了。"))


def answered(claim: Claim, event: OrderEvent) -> OrderEvent:
    if event.claim_id != claim.pk:
        raise KeyTaken
    claim.refresh_from_db()
    return event
