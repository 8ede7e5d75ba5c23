"""Facts of a live with the id that a phone gave them: each is written once, however often it is sent."""

from __future__ import annotations

import datetime
import uuid
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from live.exceptions import IdempotencyConflict, LiveNotStarted
from live.models import ClientEvent, Livestream

Row = TypeVar("Row", bound=ClientEvent)


def told_before(model: type[Row], event_id: uuid.UUID, live: Livestream) -> Row | None:
    """The row an event has made already. Raises IdempotencyConflict for one of another live."""
    row = model.objects.filter(event_id=event_id).first()
    if row and row.livestream_id != live.pk:
        raise IdempotencyConflict
    return row


def tell(
    model: type[Row],
    live: Livestream,
    by: User | None,
    event_id: uuid.UUID,
    happened_at: datetime.datetime | None = None,
    **facts,
) -> Row:
    """Writes the row. The phone's clock is believed within what can be: not before the start, not after now.

    Raises LiveNotStarted, or IdempotencyConflict when another live was faster with this id.
    """
    if live.started_at is None:
        raise LiveNotStarted
    now = timezone.now()
    at = max(live.started_at, min(happened_at or now, now))
    row = model(livestream=live, by=by, event_id=event_id, happened_at=at, received_at=now, **facts)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if model.objects.filter(event_id=event_id).exists():
            raise IdempotencyConflict from None
        raise
    return row
