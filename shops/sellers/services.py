"""Change a shop, its helpers and the points where buyers fetch orders, each change with its audit entry.

Points are closed, never deleted, since orders refer to them.
"""

from __future__ import annotations

from django.db import transaction

from accounts import consents
from accounts.audit import list_changed_values
from accounts.models import AuditEntry, Consent, User
from shops.audit import Verb
from shops.models import PickUpPoint, Shop
from shops.products import search
from shops.traceability import certificates


def is_closed_by_others(shop: Shop) -> bool:
    """Return whether an organiser closed the shop, so that its owner cannot open it. One query, none if it is open.

    Read from the audit trail: an organiser closes with SHOP_CLOSED, an owner with SHOP_CHANGED.
    """
    if shop.is_open:
        return False
    done = AuditEntry.objects.filter(subject=f"shop {shop.pk}", place=shop.place_id)
    last = done.filter(verb__in=(Verb.SHOP_CLOSED, Verb.SHOP_REOPENED)).order_by("-id").first()
    return last is not None and last.verb == Verb.SHOP_CLOSED and last.actor_id != shop.owner_id


@transaction.atomic
def change_shop(shop: Shop, facts: dict, actor: User) -> list[str]:
    """Change the shop and return the names of the fields that changed.

    The form requires the consent to a public phone number; giving it twice is a no-op.
    """
    changed = [field for field, value in facts.items() if getattr(shop, field) != value]
    consents.give(shop.owner, Consent.Kind.PUBLIC_CONTACT)
    if not changed:
        return []
    changes = list_changed_values(
        {field: getattr(shop, field) for field in changed}, {field: facts[field] for field in changed}
    )
    for field in changed:
        setattr(shop, field, facts[field])
    shop.save(update_fields=changed)
    if "name" in changed:
        search.index_many(shop.products.all())
    if "legal_name" in changed:
        certificates.recheck_holders(shop)
    AuditEntry.write(actor, Verb.SHOP_CHANGED, shop, shop.place, fields=changed, changes=changes)
    return changed


@transaction.atomic
def add_helper(shop: Shop, helper: User, actor: User) -> None:
    """Let another seller of the village help in the shop."""
    if not shop.helpers.filter(pk=helper.pk).exists():
        shop.helpers.add(helper)
        AuditEntry.write(actor, Verb.HELPER_ADDED, shop, shop.place, helper=helper.pk)


@transaction.atomic
def remove_helper(shop: Shop, helper: User, actor: User) -> None:
    """End the helper's access to the shop."""
    shop.helpers.remove(helper)
    AuditEntry.write(actor, Verb.HELPER_REMOVED, shop, shop.place, helper=helper.pk)


MOST_POINTS = 20


class TooManyPoints(Exception):
    """Raised when a shop has MOST_POINTS points already."""


@transaction.atomic
def add_point(shop: Shop, facts: dict, actor: User | None) -> PickUpPoint:
    """Add a pick-up point, or return the one with this name and address. Raises TooManyPoints."""
    Shop.objects.select_for_update().get(pk=shop.pk)
    if found := shop.points.filter(name=facts["name"], address=facts["address"]).first():
        return found
    if shop.points.count() >= MOST_POINTS:
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
