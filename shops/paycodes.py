"""The picture of a shop's own payment code: who may see it, and how it is changed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts import noticing
from accounts.models import AuditEntry, User
from media.models import Document
from shops.models import Order, PayCode, Shop
from shops.trail import Verb


def current(shop: Shop) -> PayCode | None:
    """None while the shop has none, and when it was taken away."""
    newest = shop.pay_codes.select_related("picture").first()
    return newest if newest and newest.picture_id else None


def for_buyer(order: Order) -> PayCode | None:
    """Only while an accepted order waits for its money (电子商务法 §49); the caller has asked for the phone's tail."""
    return current(order.shop) if order.state == Order.Status.ACCEPTED else None


@transaction.atomic
def change(shop: Shop, picture: Document | None, actor: User) -> PayCode:
    """A row more, its audit entry, and word to the owner's phone: whoever changes this takes all the money."""
    row = PayCode.objects.create(shop=shop, picture=picture, set_by=actor, at=timezone.now())
    AuditEntry.write(
        actor, Verb.PAYCODE_CHANGED, shop, shop.place, paycode=row.pk, taken_away=picture is None
    )
    noticing.write(f"paycode-{row.pk}", shop.owner.phone, "paycode_changed", shop=shop.name)
    return row
