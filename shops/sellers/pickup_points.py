"""Add and change the points where buyers fetch orders. Points are closed, never deleted, since orders refer to them."""

from __future__ import annotations

from django.db import transaction

from accounts.models import AuditEntry, User
from shops.audit import Verb
from shops.models import PickUpPoint, Shop

MOST = 20


class TooManyPoints(Exception):
    """Raised when a shop has MOST points already."""


@transaction.atomic
def add_point(shop: Shop, facts: dict, actor: User | None) -> PickUpPoint:
    """Add a pick-up point, or return the one with this name and address. Raises TooManyPoints."""
    Shop.objects.select_for_update().get(pk=shop.pk)
    if found := shop.points.filter(name=facts["name"], address=facts["address"]).first():
        return found
    if shop.points.count() >= MOST:
        raise TooManyPoints
    point = PickUpPoint.objects.create(shop=shop, **facts)
    AuditEntry.write(actor, Verb.POINT_ADDED, shop, shop.place, name=point.name)
    return point


@transaction.atomic
def change_point(point: PickUpPoint, facts: dict, actor: User | None) -> list[str]:
    """Change the point and return the names of the fields that changed."""
    changed = [field for field, value in facts.items() if getattr(point, field) != value]
    if changed:
        for field in changed:
            setattr(point, field, facts[field])
        point.save(update_fields=changed)
        AuditEntry.write(actor, Verb.POINT_CHANGED, point.shop, point.shop.place, fields=changed)
    return changed
