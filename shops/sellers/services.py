"""What an owner changes about the shop itself, each change with its audit row."""

from __future__ import annotations

from django.db import transaction

from accounts import consents
from accounts.audit import changed_values
from accounts.models import AuditEntry, Consent, User
from shops.audit import Verb
from shops.models import Shop
from shops.products import search
from shops.traceability import certificates


def is_closed_by_others(shop: Shop) -> bool:
    """Whether an organiser closed it: then its owner cannot open it. One query, none while it is open.

    Read off the trail, which has a word of its own for what an organiser does; the owner's own closing is a change
    like any other.
    """
    if shop.is_open:
        return False
    done = AuditEntry.objects.filter(subject=f"shop {shop.pk}", place=shop.place_id)
    last = done.filter(verb__in=(Verb.SHOP_CLOSED, Verb.SHOP_REOPENED)).order_by("-id").first()
    return last is not None and last.verb == Verb.SHOP_CLOSED and last.actor_id != shop.owner_id


@transaction.atomic
def change_shop(shop: Shop, facts: dict, actor: User) -> list[str]:
    """Takes over what is different and returns the names of those fields.

    Whoever is here has said that the number may be public; saying so again is one row of consent.
    """
    changed = [field for field, value in facts.items() if getattr(shop, field) != value]
    consents.give(shop.owner, Consent.Kind.PUBLIC_CONTACT)
    if not changed:
        return []
    changes = changed_values(
        {field: getattr(shop, field) for field in changed}, {field: facts[field] for field in changed}
    )
    for field in changed:
        setattr(shop, field, facts[field])
    shop.save(update_fields=changed)
    if "name" in changed:
        search.index_many(shop.products.all())
    if "legal_name" in changed:
        certificates.look_again(shop)
    AuditEntry.write(actor, Verb.SHOP_CHANGED, shop, shop.place, fields=changed, changes=changes)
    return changed


@transaction.atomic
def add_helper(shop: Shop, helper: User, actor: User) -> None:
    if not shop.helpers.filter(pk=helper.pk).exists():
        shop.helpers.add(helper)
        AuditEntry.write(actor, Verb.HELPER_ADDED, shop, shop.place, helper=helper.pk)


@transaction.atomic
def remove_helper(shop: Shop, helper: User, actor: User) -> None:
    shop.helpers.remove(helper)
    AuditEntry.write(actor, Verb.HELPER_REMOVED, shop, shop.place, helper=helper.pk)
