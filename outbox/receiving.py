"""A batch from a phone: every event once, applied by its handler or kept aside, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from outbox.incoming import (
    BIGGEST_BODY,
    ERROR,
    KEPT_START,
    UNKNOWN_KIND,
    Incoming,
    kept,
    measured,
    read,
    told_apart,
)
from outbox.inserting import insert_new
from outbox.models import Event
from outbox.receipts import receipt_of

Handler = Callable[[object, list[Incoming]], dict[UUID, str]]
COLUMNS = ("event_id", "user_id", "kind", "state", "reason", "body", "happened_at", "received_at")
APPLIED, ASIDE = Event.State.APPLIED.value, Event.State.ASIDE.value
NOTHING: dict = {}
# So many rows kept aside hold their body whole, for each person; of more only the beginning and the hash are kept.
WHOLE_BODIES = 200
# So many rows a person may have kept aside: nobody drops them, so more come in only when some are settled.
MOST_ASIDE = 2000
log = logging.getLogger("farm.outbox")


@dataclass(frozen=True)
class Received:
    receipt: str
    results: list[dict[str, str]]


class TooMany(Exception):
    """More from one person than phones make: the batch was not taken, and stays where it is."""


@transaction.atomic
def receive(user, sent: list, size: int | None = None, *, is_counted: bool = False) -> Received:
    """May be repeated: what was received before is answered as it was then, and nothing of it is done again.

    `size`: bytes of the whole batch, where they are known; a small one holds nothing too big. `is_counted`: whether its
    events count for the person's day, and for what may be kept aside of theirs; then it may raise TooMany.
    A constant number of statements, whatever the number of events: one for the events themselves, one more for
    those that came before, one more for those kept aside, and those of the handlers.
    """
    pk, now = user.pk, timezone.now()
    events = told_apart(pk, [read(pk, raw, now) for raw in sent])
    if size is None or size > BIGGEST_BODY:
        events = [measured(event) for event in events]
    line_up(user)
    if is_counted and not import_string(settings.OUTBOX_COUNTS)(pk, len(events)):
        raise TooMany
    once: dict[UUID, Incoming] = {}
    for event in events:
        once.setdefault(event.id, event)
    most = room(pk) if any(event.reason for event in once.values()) else BIGGEST_BODY
    rows = [row(pk, event, most) for event in once.values()]
    new = insert_new(Event, COLUMNS, rows, returning="event_id")
    fresh = (
        [event for event in once.values() if event.id in new] if len(new) < len(once) else [*once.values()]
    )
    reasons = applied(user, [event for event in fresh if not event.reason])
    put_aside(user, fresh, reasons)
    reasons |= {event.id: event.reason for event in fresh if event.reason}
    if is_counted and any(reasons.values()) and number_aside(pk) > MOST_ASIDE:
        raise TooMany
    return Received(receipt_of(pk, once), results(user, events, reasons))


def line_up(user) -> None:
    """One batch of a person at a time, so that two phones cannot wait for each other's rows.

    SQLite has one writer anyway; the lock leaves foreign keys to the person usable by others.
    """
    if connection.features.has_select_for_update:
        people = get_user_model().objects.select_for_update(no_key=True)
        list(people.filter(pk=user.pk).order_by().values_list("pk"))


def room(user_pk: int) -> int:
    """Bytes of a body that are kept whole: a person's rows must not fill the disk. One query."""
    there = Event.objects.filter(user=user_pk, state=ASIDE).order_by()[:WHOLE_BODIES].count()
    return BIGGEST_BODY if there < WHOLE_BODIES else KEPT_START


def number_aside(user_pk: int) -> int:
    """How many rows of this person are kept aside; counted no further than matters. One query."""
    return Event.objects.filter(user=user_pk, state=ASIDE).order_by()[: MOST_ASIDE + 1].count()


def row(user_pk: int, event: Incoming, most: int) -> tuple:
    state, body = (ASIDE, kept(event.body, most)) if event.reason else (APPLIED, NOTHING)
    return (event.id, user_pk, event.kind, state, event.reason, body, event.at, event.received_at)


def applied(user, events: list[Incoming]) -> dict[UUID, str]:
    """Why each could not be applied; "" for those that were."""
    known = handlers(tuple(settings.OUTBOX_HANDLERS.items()))
    reasons = {event.id: UNKNOWN_KIND for event in events if event.kind not in known}
    for kind, handler in known.items():
        if mine := [event for event in events if event.kind == kind]:
            reasons |= guarded(handler, user, mine)
    return reasons


@cache
def handlers(paths: tuple[tuple[str, str], ...]) -> dict[str, Handler]:
    return {kind: import_string(path) for kind, path in paths}


def guarded(handler: Handler, user, events: list[Incoming]) -> dict[UUID, str]:
    """A handler that breaks takes nothing with it: the batch is halved until the one it breaks on stands alone.

    That one is kept aside. A database that is busy or gone is no fault of the events: the phone sends them again.
    """
    try:
        with transaction.atomic():
            said = handler(user, events)
        return {event.id: said.get(event.id, ERROR) for event in events}
    except OperationalError:
        raise
    except Exception:
        if len(events) == 1:
            log.exception("kept aside: %s %s", events[0].kind, events[0].id)
            return {events[0].id: ERROR}
    half = len(events) // 2
    return guarded(handler, user, events[:half]) | guarded(handler, user, events[half:])


def put_aside(user, events: list[Incoming], reasons: dict[UUID, str]) -> None:
    """Their rows, written as applied, get the reason and the whole body instead."""
    if not any(reasons.values()):
        return
    refused = {event.id: event for event in events if reasons.get(event.id)}
    rows = list(Event.objects.filter(user=user, event_id__in=list(refused)).only("pk", "event_id"))
    most = room(user.pk)
    for event_row in rows:
        event_row.state, event_row.reason = Event.State.ASIDE, reasons[event_row.event_id]
        event_row.body = kept(refused[event_row.event_id].body, most)
    Event.objects.bulk_update(rows, ["state", "reason", "body"])


def results(user, events: list[Incoming], reasons: dict[UUID, str]) -> list[dict[str, str]]:
    """One for every event as sent, in order; what came before, or twice in this batch, is answered as it was."""
    before: dict[UUID, str] = {}
    if len(reasons) < len(events):
        before = reasons_before(user, [event.id for event in events if event.id not in reasons])
    answers, new = [], dict(reasons)
    for event in events:
        reason = new.pop(event.id, None)
        state = "applied"
        if reason is None:
            reason, state = reasons.get(event.id) or before.get(event.id, ""), "already"
        answers.append({"id": event.sent_id, "state": "aside" if reason else state, "reason": reason})
    return answers


def reasons_before(user, ids: list[UUID]) -> dict[UUID, str]:
    """Of those that came before and are kept aside still."""
    if not ids:
        return {}
    aside = Event.objects.filter(user=user, event_id__in=ids, state=Event.State.ASIDE)
    return dict(aside.order_by().values_list("event_id", "reason"))
