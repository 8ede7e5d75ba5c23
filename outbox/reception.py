"""Receive a batch from a phone: every event once, applied by its handler or stored as rejected, in one transaction."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from outbox.bulk_sql import insert_new
from outbox.models import Event
from outbox.protocol import (
    ERROR,
    MAX_BODY_BYTES,
    SHORTENED_BYTES,
    UNKNOWN_KIND,
    Incoming,
    read_event,
    refuse_too_big,
    separate_same_ids,
    shorten_body,
)

# handler(user, events) returns for every event, by its id, the reason why it was not applied, "" if it was. An event that it
# leaves out is rejected with ERROR and logged.
Handler = Callable[[object, list[Incoming]], dict[UUID, str]]
COLUMNS = ("event_id", "user_id", "kind", "state", "reason", "body", "happened_at", "received_at")
APPLIED, REJECTED = Event.State.APPLIED.value, Event.State.REJECTED.value
# The same object in every row, so that it is converted for the database once.
NO_BODY: dict = {}
# The rejected rows of a person that store their whole body; further ones store only its beginning and hash.
MAX_WHOLE_BODIES = 200
# The most rejected rows of a person: none is dropped, so more are accepted only after some are settled.
MAX_REJECTED = 2000
# Without letters that look alike.
RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 8
log = logging.getLogger("farm.outbox")


@dataclass(frozen=True)
class Received:
    """The answer to a batch: its receipt, and for each event its id, state and reason."""

    receipt: str
    results: list[dict[str, str]]


class TooManyEvents(Exception):
    """Raised when one person sends more than phones can make: nothing of the batch was stored, it stays on the phone."""


@transaction.atomic
def receive_batch(user, sent: list, size: int | None = None, *, is_counted: bool = False) -> Received:
    """Receive a batch; events received before are answered as they were then, and not applied again.

    `size`: bytes of the whole batch, if known; a small one contains nothing too big. `is_counted`: whether its events count
    for the person's day and for the limit of rejected rows; then TooManyEvents may be raised. A constant number of statements,
    whatever the number of events: one for the events themselves, one for those that came before, one for rejected ones, and
    those of the handlers.
    """
    pk, now = user.pk, timezone.now()
    events = separate_same_ids(pk, [read_event(pk, raw, now) for raw in sent])
    if size is None or size > MAX_BODY_BYTES:
        events = [refuse_too_big(event) for event in events]
    lock_user(user)
    if is_counted and not import_string(settings.OUTBOX_COUNTS)(pk, len(events)):
        raise TooManyEvents
    once: dict[UUID, Incoming] = {}
    for event in events:
        once.setdefault(event.id, event)
    most = get_body_limit(pk) if any(event.reason for event in once.values()) else MAX_BODY_BYTES
    rows = [make_row(pk, event, most) for event in once.values()]
    new = insert_new(Event, COLUMNS, rows, returning="event_id")
    fresh = (
        [event for event in once.values() if event.id in new] if len(new) < len(once) else [*once.values()]
    )
    reasons = apply(user, [event for event in fresh if not event.reason])
    store_rejected(user, fresh, reasons)
    reasons |= {event.id: event.reason for event in fresh if event.reason}
    if is_counted and any(reasons.values()) and count_rejected(pk) > MAX_REJECTED:
        raise TooManyEvents
    return Received(make_receipt(pk, once), make_results(user, events, reasons))


def lock_user(user) -> None:
    """Receive one batch of a person at a time, so that two phones cannot wait for each other's rows.

    SQLite has one writer anyway; elsewhere the lock still allows foreign keys to the person.
    """
    if connection.features.has_select_for_update:
        people = get_user_model().objects.select_for_update(no_key=True)
        list(people.filter(pk=user.pk).order_by().values_list("pk"))


def get_body_limit(user_pk: int) -> int:
    """Return how many bytes of a body are stored whole, so that one person's rows cannot fill the disk. One query."""
    there = Event.objects.filter(user=user_pk, state=REJECTED).order_by()[:MAX_WHOLE_BODIES].count()
    return MAX_BODY_BYTES if there < MAX_WHOLE_BODIES else SHORTENED_BYTES


def count_rejected(user_pk: int) -> int:
    """Count this person's rejected rows, no further than MAX_REJECTED + 1. One query."""
    return Event.objects.filter(user=user_pk, state=REJECTED).order_by()[: MAX_REJECTED + 1].count()


def make_row(user_pk: int, event: Incoming, most: int) -> tuple:
    """Return the values of COLUMNS."""
    state, body = (REJECTED, shorten_body(event.body, most)) if event.reason else (APPLIED, NO_BODY)
    return (event.id, user_pk, event.kind, state, event.reason, body, event.at, event.received_at)


def apply(user, events: list[Incoming]) -> dict[UUID, str]:
    """Let the handlers apply the events; return why each was not applied, "" for those that were."""
    known = load_handlers(tuple(settings.OUTBOX_HANDLERS.items()))
    reasons = {event.id: UNKNOWN_KIND for event in events if event.kind not in known}
    for kind, handler in known.items():
        if mine := [event for event in events if event.kind == kind]:
            reasons |= apply_isolated(handler, user, mine)
    return reasons


@cache
def load_handlers(paths: tuple[tuple[str, str], ...]) -> dict[str, Handler]:
    """Import the handlers, by kind of event."""
    return {kind: import_string(path) for kind, path in paths}


def apply_isolated(handler: Handler, user, events: list[Incoming]) -> dict[UUID, str]:
    """Call the handler; on an error halve the batch until the event that causes it is alone, and return ERROR for that one.

    A busy or missing database is not the events' fault: the error is raised, and the phone sends them again.
    """
    try:
        with transaction.atomic():
            reasons = handler(user, events)
        for event in events:
            if event.id not in reasons:
                log.error("rejected, its handler did not answer: %s %s", event.kind, event.id)
        return {event.id: reasons.get(event.id, ERROR) for event in events}
    except OperationalError:
        raise
    except Exception:
        if len(events) == 1:
            log.exception("rejected: %s %s", events[0].kind, events[0].id)
            return {events[0].id: ERROR}
    half = len(events) // 2
    return apply_isolated(handler, user, events[:half]) | apply_isolated(handler, user, events[half:])


def store_rejected(user, events: list[Incoming], reasons: dict[UUID, str]) -> None:
    """Write the reason and the body to the rows of refused events, which were written as applied."""
    if not any(reasons.values()):
        return
    refused = {event.id: event for event in events if reasons.get(event.id)}
    rows = list(Event.objects.filter(user=user, event_id__in=list(refused)).only("pk", "event_id"))
    most = get_body_limit(user.pk)
    for event_row in rows:
        event_row.state, event_row.reason = Event.State.REJECTED, reasons[event_row.event_id]
        event_row.body = shorten_body(refused[event_row.event_id].body, most)
    Event.objects.bulk_update(rows, ["state", "reason", "body"])


def make_results(user, events: list[Incoming], reasons: dict[UUID, str]) -> list[dict[str, str]]:
    """Answer every event in the order sent; what came before, or twice in this batch, is answered as it was."""
    before: dict[UUID, str] = {}
    if len(reasons) < len(events):
        before = load_earlier_reasons(user, [event.id for event in events if event.id not in reasons])
    answers, new = [], dict(reasons)
    for event in events:
        reason = new.pop(event.id, None)
        state = "applied"
        if reason is None:
            reason, state = reasons.get(event.id) or before.get(event.id, ""), "already"
        answers.append({"id": event.sent_id, "state": "aside" if reason else state, "reason": reason})
    return answers


def load_earlier_reasons(user, ids: list[UUID]) -> dict[UUID, str]:
    """Return the reasons of those events that came before and are still rejected."""
    if not ids:
        return {}
    rejected = Event.objects.filter(user=user, event_id__in=ids, state=Event.State.REJECTED)
    return dict(rejected.order_by().values_list("event_id", "reason"))


def make_receipt(user_pk: int, ids: Iterable[UUID]) -> str:
    """Return a short text such as K3F9-QX27 that shows that a batch arrived: the same for the same batch."""
    text = f"{user_pk} {' '.join(sorted(id.hex for id in ids))}"
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    letters = ""
    for _letter in range(RECEIPT_LENGTH):
        number, rest = divmod(number, len(RECEIPT_LETTERS))
        letters += RECEIPT_LETTERS[rest]
    return f"{letters[:4]}-{letters[4:]}"
