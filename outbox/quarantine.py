"""What is kept aside: tried again, or settled by somebody who answers for it. Nothing of it is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from outbox.incoming import TOO_BIG, Incoming
from outbox.models import Event
from outbox.receiving import applied, line_up

State = Event.State


def aside() -> QuerySet[Event]:
    return Event.objects.filter(state=State.ASIDE)


def aside_of(user) -> QuerySet[Event]:
    return aside().filter(user=user)


@transaction.atomic
def again(user, pks: Iterable[int], vouched: bool = False) -> dict[int, str]:
    """Tries these of one person's once more: by row, why it still does not go, "" for what is applied now.

    `vouched`: a trainer says that it is so. Of what somebody else has settled meanwhile nothing is done.
    """
    line_up(user)
    rows = {row.event_id: row for row in aside_of(user).filter(pk__in=pks)}
    events = [
        Incoming(row.event_id, row.kind, row.happened_at, row.received_at, row.body, vouched=vouched)
        for row in rows.values()
        if "sha256" not in row.body
    ]
    reasons: dict[UUID, str] = applied(user, events)
    for id, row in rows.items():
        row.reason = reasons.get(id, TOO_BIG)  # of which only the beginning is there
        if not row.reason:
            row.state, row.body = State.APPLIED, {}
    Event.objects.bulk_update(rows.values(), ["state", "reason", "body"])
    return {row.pk: row.reason for row in rows.values()}


def dismiss(event: Event) -> bool:
    """Settled without being applied; its body and reason stay. Whether it was still open."""
    return bool(aside().filter(pk=event.pk).update(state=State.SETTLED))
