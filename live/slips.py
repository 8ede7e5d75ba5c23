"""Something was said wrongly and put right on the spot (直播电商监督管理办法 §31)."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction

from accounts.models import User
from live import locks
from live.models import Livestream, RundownItem, Slip
from live.telling import tell, told_before


@transaction.atomic
def note(
    live: Livestream,
    said: str,
    right: str,
    by: User | None,
    event_id: uuid.UUID,
    *,
    item: RundownItem | None = None,
    happened_at: datetime.datetime | None = None,
) -> Slip:
    """What was said, what is right, when; may be sent again. Raises LiveNotStarted or IdempotencyConflict."""
    held = locks.lock_live(live.pk)
    if earlier := told_before(Slip, event_id, held):
        return earlier
    row = tell(Slip, held, by, event_id, happened_at, item=item, said=said, right=right)
    locks.bump_version(held)
    return row
