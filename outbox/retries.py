"""Retry events that were rejected, or let a responsible person settle them; none is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from outbox.models import Event
from outbox.protocol import TOO_BIG, Incoming
from outbox.reception import apply, lock_user

State = Event.State


def find_all_rejected() -> QuerySet[Event]:
    return Event.objects.filter(state=State.REJECTED)


def find_rejected(user) -> QuerySet[Event]:
    return find_all_rejected().filter(user=user)


@transaction.atomic
def retry(user, pks: Iterable[int], vouched: bool = False) -> dict[int, str]:
    """Apply these events of one person again; return by row why each is still not applied, "" if it is now.

    `vouched`: a trainer confirms them. Events that somebody else has settled meanwhile stay as they are.
    """
    lock_user(user)
    rows = {row.event_id: row for row in find_rejected(user).filter(pk__in=pks)}
    events = [
        Incoming(row.event_id, row.kind, row.happened_at, row.received_at, row.body, vouched=vouched)
        for row in rows.values()
        if "sha256" not in row.body
    ]
    reasons: dict[UUID, str] = apply(user, events)
    for id, row in rows.items():
        row.reason = reasons.get(id, TOO_BIG)  # only the beginning of such an event is stored
        if not row.reason:
            row.state, row.body = State.APPLIED, {}
    Event.objects.bulk_update(rows.values(), ["state", "reason", "body"])
    return {row.pk: row.reason for row in rows.values()}


def dismiss(event: Event) -> bool:
    """Settle the event without applying it, keeping its body and reason; return whether it was still open."""
    return bool(find_all_rejected().filter(pk=event.pk).update(state=State.SETTLED))
