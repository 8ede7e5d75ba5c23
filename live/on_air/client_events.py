"""Write what happens in a live under the event id made on the phone, so that an event sent twice is written once."""

from __future__ import annotations

import datetime
import uuid
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from live.exceptions import LiveNotStarted
from live.models import ClientEvent, Livestream
from shops.exceptions import IdempotencyConflict

Row = TypeVar("Row", bound=ClientEvent)


def find_event(model: type[Row], event_id: uuid.UUID, live: Livestream) -> Row | None:
    """Return the row of an event id, or None. Raises IdempotencyConflict if it belongs to another live."""
    row = model._default_manager.filter(event_id=event_id).first()
    if row and row.livestream_id != live.pk:
        raise IdempotencyConflict
    return row


def write_event(
    model: type[Row],
    live: Livestream,
    by: User | None,
    event_id: uuid.UUID,
    happened_at: datetime.datetime | None = None,
    **facts,
) -> Row:
    """Write a row. The phone's time is clamped between the start of the live and now.

    Raises LiveNotStarted, or IdempotencyConflict if the id was taken meanwhile.
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
        if model._default_manager.filter(event_id=event_id).exists():
            raise IdempotencyConflict from None
        raise
    return row
