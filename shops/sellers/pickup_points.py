"""Where a buyer can fetch an order. A point that orders name is closed, never deleted."""

from __future__ import annotations

from django.db import transaction

from accounts.models import AuditEntry, User
from shops.audit import Verb
from shops.models import PickUpPoint, Shop

MOST = 20


class TooMany(Exception):
    """More points than a village shop has."""


@transaction.atomic
def add_point(shop: Shop, facts: dict, actor: User | None) -> PickUpPoint:
    """The same point sent twice is one. Raises TooMany."""
    Shop.objects.select_for_update().get(pk=shop.pk)
    if found := shop.points.filter(name=facts["name"], address=facts["address"]).first():
        return found
    if shop.points.count() >= MOST:
        raise TooMany
    point = PickUpPoint.objects.create(shop=shop, **facts)
    AuditEntry.write(actor, Verb.POINT_ADDED, shop, shop.place, name=point.name)
    return point


@transaction.atomic
def change_point(point: PickUpPoint, facts: dict, actor: User | None) -> list[str]:
    """The names of the fields that are different now."""
    changed = [field for field, value in facts.items() if getattr(point, field) != value]
    if changed:
        for field in changed:
            setattr(point, field, facts[field])
        point.save(update_fields=changed)
        AuditEntry.write(actor, Verb.POINT_CHANGED, point.shop, point.shop.place, fields=changed)
    return changed
