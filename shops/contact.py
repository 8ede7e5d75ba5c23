"""A shop's number is public only while its owner agrees (个人信息保护法 §15), whatever the shop's row still holds."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts import consents
from accounts.models import Consent
from shops.models import Shop

PUBLIC = Consent.Kind.PUBLIC_CONTACT


def agreed(owner: str) -> Exists:
    """An annotation for the page's own query; `owner` leads from its rows to the shop's owner."""
    return Exists(Consent.objects.filter(user=OuterRef(owner), kind=PUBLIC, withdrawn_at__isnull=True))


def is_public(shop: Shop) -> bool:
    """The same for one shop, in one query."""
    return bool(shop.contact) and consents.given(shop.owner, PUBLIC)
