"""Set and read the featured item: the one that the host is showing now.

Sellers call it 上桌 ("on the table"); each change is a row of the model Pin.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction

from accounts.models import User
from live import locks
from live.models import Livestream, Pin, RundownItem
from live.on_air import snapshots
from live.on_air.client_events import find_event, write_event


@transaction.atomic
def feature_item(
    item: RundownItem, by: User | None, event_id: uuid.UUID, happened_at: datetime.datetime | None = None
) -> Pin:
    """Feature an item from `happened_at` on; the same event id again returns the first row.

    A late event takes its place in the log and changes the featured item only if none was featured since.
    Raises LiveNotStarted or IdempotencyConflict.
    """
    live = locks.lock_live(item.livestream_id)
    if earlier := find_event(Pin, event_id, live):
        return earlier
    row = write_event(Pin, live, by, event_id, happened_at, item=item)
    if live.is_on:
        snapshots.take_snapshots(live, item.pk)
    locks.bump_version(live)
    return row


def featured_item_id(live: Livestream) -> int | None:
    """Return the id of the featured item. One query."""
    newest = Pin.objects.filter(livestream=live).order_by("-happened_at", "-id")
    return newest.values_list("item", flat=True).first()
