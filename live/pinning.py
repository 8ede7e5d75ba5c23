"""Which item is the one on the table."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction

from accounts.models import User
from live import freezing, locks
from live.models import Livestream, Pin, RundownItem
from live.telling import tell, told_before


@transaction.atomic
def pin(
    item: RundownItem, by: User | None, event_id: uuid.UUID, happened_at: datetime.datetime | None = None
) -> Pin:
    """From here on this item; may be sent again. One that comes late takes its place in the log and, where another was put
    up since, not the table. Raises LiveNotStarted or IdempotencyConflict."""
    live = locks.lock_live(item.livestream_id)
    if earlier := told_before(Pin, event_id, live):
        return earlier
    row = tell(Pin, live, by, event_id, happened_at, item=item)
    if live.is_on:
        freezing.freeze(live, item.pk)
    locks.bump_version(live)
    return row


def on_the_table(live: Livestream) -> int | None:
    """The item's id. One query."""
    newest = Pin.objects.filter(livestream=live).order_by("-happened_at", "-id")
    return newest.values_list("item", flat=True).first()
