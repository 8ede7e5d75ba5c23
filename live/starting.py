"""A live begins: its quotas are set aside and its pages kept as they stand."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from live import freezing, locks, quota
from live.exceptions import ActionNotAllowed, NotReady
from live.models import Livestream, RundownItem
from live.readiness import checks
from shops import site_role
from shops.models import Product
from shops.ordering import expiring
from ui import stamps


def start(live: Livestream, by: User | None) -> Livestream:
    """May be tapped twice: what has begun stays as it is. `live` is fresh afterwards.

    Raises NotReady while the checklist is not complete, ActionNotAllowed where a quota is more than there is.
    """
    if live.started_at is None:
        items = live.load_items()
        if live.is_real:
            free_what_is_over(items)
        why_not(live)
        begin(live, items, by)
    live.refresh_from_db()
    return live


def why_not(live: Livestream) -> None:
    if live.removed_at:
        raise ActionNotAllowed(_("这个计划已经撤掉了。"))
    if missing := lacking(live):
        raise NotReady(missing)
    if live.is_real and site_role.is_practice():
        raise ActionNotAllowed(_("这是练习站，只能彩排，不能真卖。"))


def lacking(live: Livestream) -> list:
    """What the checklist still misses, each with the page where it is mended."""
    return list(checks.missing_requirements(live))


def free_what_is_over(items: list[RundownItem]) -> None:
    """Requests whose time has run out hold nothing any more."""
    now = timezone.now()
    due = [item.product for item in items if item.product_id and is_due(item.product, now)]
    if due:
        expiring.expire_due(due, now)


def is_due(product: Product, now) -> bool:
    return product.free_at is not None and product.free_at <= now


@transaction.atomic
def begin(live: Livestream, items: list[RundownItem], by: User | None) -> None:
    held = locks.lock_live(live.pk)
    if held.started_at or held.removed_at:
        return
    if held.is_real:
        strangers = [str(item) for item in items if not is_the_shops(held, item)]
        if strangers:
            raise ActionNotAllowed(
                _("真播只能卖店里上架的商品：%(names)s 不是。") % {"names": str(_("、")).join(strangers)}
            )
        quota.carve(items, by)
    held.started_at, held.started_by = timezone.now(), by
    held.save(update_fields=["started_at", "started_by"])
    freezing.freeze(held)
    locks.bump_version(held)
    if held.is_real:
        stamps.bump(Product.stamp_name)


def is_the_shops(live: Livestream, item: RundownItem) -> bool:
    return item.product_id is not None and item.product.shop_id == live.shop_id
