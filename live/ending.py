"""A live ends: what was set aside goes back on the shelf and what was sold into the books, in one transaction."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from live import booking, freezing, locks, quota
from live.exceptions import LiveNotStarted
from live.models import Livestream
from shops.models import Product
from ui import stamps


def end(live: Livestream, by: User | None) -> Livestream:
    """May be tapped twice: the first end stays. `live` is fresh afterwards. Raises LiveNotStarted."""
    with transaction.atomic():
        held = locks.lock_live(live.pk)
        if held.started_at is None:
            raise LiveNotStarted
        if held.ended_at is None:
            finish(held, by, timezone.now())
    live.refresh_from_db()
    return live


def end_if_over(live: Livestream) -> None:
    """Of a live that the caller holds: nobody has ended it and its time is over."""
    if live.ended_at is None and live.is_over:
        finish(live, None, timezone.now())


def finish(live: Livestream, by: User | None, now: datetime.datetime) -> None:
    items = live.load_items()
    freezing.freeze(live)
    live.ended_at, live.ended_by = min(now, live.over_at), by
    live.save(update_fields=["ended_at", "ended_by"])
    if live.is_real:
        quota.give_back(items, by)
        booking.book(live, by)
    locks.bump_version(live)
    if live.is_real:
        stamps.bump(Product.stamp_name)


def sweep() -> int:
    """The worker's round: those that nobody has ended. Each in a transaction of its own."""
    return sum(swept(pk) for pk in Livestream.objects.forgotten().values_list("pk", flat=True))


@transaction.atomic
def swept(pk: int) -> bool:
    held = locks.lock_live(pk)
    if held.ended_at is not None:
        return False
    end_if_over(held)
    return held.ended_at is not None
