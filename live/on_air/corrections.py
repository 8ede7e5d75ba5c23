"""Record corrections of what was said wrongly in a live (直播电商监督管理办法 §31)."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction

from accounts.models import User
from live import locks
from live.models import Livestream, RundownItem, Slip
from live.on_air.client_events import find_event, write_event


@transaction.atomic
def record_correction(
    live: Livestream,
    said: str,
    right: str,
    by: User | None,
    event_id: uuid.UUID,
    *,
    item: RundownItem | None = None,
    happened_at: datetime.datetime | None = None,
) -> Slip:
    """Record a correction; the same event id again returns the first row. Raises LiveNotStarted or IdempotencyConflict."""
    held = locks.lock_live(live.pk)
    if earlier := find_event(Slip, event_id, held):
        return earlier
    row = write_event(Slip, held, by, event_id, happened_at, item=item, said=said, right=right)
    locks.bump_version(held)
    return row
