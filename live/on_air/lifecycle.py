"""Begin and end a live, each in one transaction.

Beginning reserves the quotas and takes snapshots of the listings; ending returns unsold units to the stock and books the
income.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from live import locks
from live.exceptions import ActionNotAllowed, LiveNotStarted, NotReady
from live.models import Livestream, RundownItem
from live.on_air import ledger, quota, snapshots
from live.readiness import checks
from shops import site_mode
from shops.inventory.stock import publish_stock
from shops.models import Product
from shops.orders import expiry


def start_live(live: Livestream, by: User | None) -> Livestream:
    """Begin a live, unless it has begun already, and refresh `live`.

    Raises NotReady while something is missing, ActionNotAllowed if a quota exceeds the stock or the plan was just changed.
    """
    if live.started_at is None:
        items = live.load_items()
        if live.is_real:
            expire_due_requests(items)
        require_ready(live)
        begin(live, items, by)
    live.refresh_from_db()
    return live


def require_ready(live: Livestream) -> None:
    """Raise NotReady or ActionNotAllowed if the live cannot begin."""
    if live.removed_at:
        raise ActionNotAllowed(_("这一场已经取消了。"))
    if missing := list_missing_requirements(live):
        raise NotReady(missing)
    if live.is_real and site_mode.is_practice():
        raise ActionNotAllowed(_("这是练习站，只能彩排，不能真卖。"))


def list_missing_requirements(live: Livestream) -> list:
    """Return what readiness.checks finds missing."""
    return list(checks.list_missing_requirements(live))


def expire_due_requests(items: list[RundownItem]) -> None:
    """Release the units of order requests that have expired."""
    now = timezone.now()
    due = [item.product for item in items if item.product and has_expired_holds(item.product, now)]
    if due:
        expiry.expire_due(due, now)


def has_expired_holds(product: Product, now: datetime.datetime) -> bool:
    """Return whether an expired order request still holds units of the product."""
    return product.free_at is not None and product.free_at <= now


@transaction.atomic
def begin(live: Livestream, items: list[RundownItem], by: User | None) -> None:
    """Lock the live, reserve its quotas and write that it began; does nothing if it has begun or was removed.

    Raises ActionNotAllowed if the plan was changed since `live` was read: what was checked is not what would be sold.
    """
    held = locks.lock_live(live.pk)
    if held.started_at or held.removed_at:
        return
    if held.version != live.version:
        raise ActionNotAllowed(_("计划刚刚改过，看一眼再点一次。"))
    if held.is_real:
        foreign = [str(item) for item in items if not is_of_shop(held, item)]
        if foreign:
            raise ActionNotAllowed(
                _("真播只能卖店里上架的商品：%(names)s 不是。") % {"names": str(_("、")).join(foreign)}
            )
        quota.reserve(items, by)
    held.started_at, held.started_by = timezone.now(), by
    held.save(update_fields=["started_at", "started_by"])
    snapshots.take_snapshots(held)
    locks.bump_version(held)
    if held.is_real:
        publish_stock()


def is_of_shop(live: Livestream, item: RundownItem) -> bool:
    return item.product is not None and item.product.shop_id == live.shop_id


def end_live(live: Livestream, by: User | None) -> Livestream:
    """End a live, unless it has ended already, and refresh `live`. Raises LiveNotStarted."""
    with transaction.atomic():
        held = locks.lock_live(live.pk)
        if held.started_at is None:
            raise LiveNotStarted
        if held.ended_at is None:
            finish(held, by, timezone.now())
    live.refresh_from_db()
    return live


def end_if_over(live: Livestream) -> None:
    """End a live, locked by the caller, that nobody has ended in time."""
    if live.ended_at is None and live.is_over:
        finish(live, None, timezone.now())


def finish(live: Livestream, by: User | None, now: datetime.datetime) -> None:
    """End a locked live: take snapshots, return unsold units, and book the income."""
    items = live.load_items()
    snapshots.take_snapshots(live)
    live.ended_at, live.ended_by = min(now, live.over_at or now), by
    live.save(update_fields=["ended_at", "ended_by"])
    if live.is_real:
        quota.release(items, by)
        ledger.book_sales(live, by)
    locks.bump_version(live)
    if live.is_real:
        publish_stock()


def end_forgotten_lives() -> int:
    """End the lives that nobody has ended in time, each in its own transaction: a task of the worker. Return how many."""
    return sum(end_forgotten(pk) for pk in Livestream.objects.forgotten().values_list("pk", flat=True))


@transaction.atomic
def end_forgotten(pk: int) -> bool:
    """End one live that is over its time; return whether it is ended by this call."""
    held = locks.lock_live(pk)
    if held.ended_at is not None:
        return False
    end_if_over(held)
    return held.ended_at is not None
