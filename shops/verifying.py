"""That a seller is who the card says: looked at by an organiser, on a platform at least every six months."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from shops import cards
from shops.audit import Verb
from shops.models import Shop


class NotPossible(Exception):
    """`reasons` are sentences for the person who asked."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


@transaction.atomic
def verify(shop: Shop, actor: User) -> None:
    """Today this person has compared the card with the papers. Twice a day is once."""
    if problems := cards.problems_of(shop):
        raise NotPossible(*problems)
    today = timezone.localdate()
    if (
        not Shop.objects.filter(pk=shop.pk)
        .exclude(verified_on=today)
        .update(verified_on=today, verified_by=actor)
    ):
        return
    AuditEntry.write(actor, Verb.SHOP_VERIFIED, shop, shop.place, name=shop.legal_name)
