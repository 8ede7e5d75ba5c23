"""Apply what phones send about rehearsals; the fields are the same for all three kinds:

"rehearsal" {"rehearsal": key, "live": pk, "quality", "begun", "on_phone": bytes, "dropped"};
"take"      that, and {"take": key, "number", "upright", "take_begun", "lasted_ms", "left_out", "marks": […]};
"handed_in" that, and {"submission": key, "marks": {code: level}, "keep", "change_one", "change_two", "for_peers",
            "note": key, "takes": [{…as above, without marks}]}.
"""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from outbox.protocol import BROKEN, Incoming
from rehearsals.event_descriptions import ANOTHERS, LONG_WORDS, NO_PLAN
from rehearsals.models import Rehearsal
from rehearsals.recordings import reports
from rehearsals.recordings.markers import clean_marks, is_count
from rehearsals.recordings.reports import ReportedRehearsal, ReportedTake, parse_happened
from rehearsals.submissions import services
from ui.text import tidy

BIGGEST = 2**62
LONGEST_WORDS = 200
MOST_TAKES = 300


class UnreadableEvent(Exception):
    """Raised when the event cannot be read."""


class TextTooLong(Exception):
    """Raised when a text is longer than its field; the phone keeps it."""


def apply_rehearsal(user: User, events: list[Incoming]) -> dict[UUID, str]:
    def work_in(row: Rehearsal, event: Incoming) -> None:
        if row.dropped_at:
            services.forget_uploads(row)

    return apply_each(user, events, work_in)


def apply_take(user: User, events: list[Incoming]) -> dict[UUID, str]:
    def work_in(row: Rehearsal, event: Incoming) -> None:
        reports.record_take(row, parse_take(event.body, event), event.received_at)
        services.join_arrived_films(row)

    return apply_each(user, events, work_in)


def apply_handed_in(user: User, events: list[Incoming]) -> dict[UUID, str]:
    def work_in(row: Rehearsal, event: Incoming) -> None:
        own, takes = parse_own_score(event.body), event.body.get("takes")
        for body in takes[:MOST_TAKES] if isinstance(takes, list) else []:
            reports.record_take(row, parse_take(body, event), event.received_at)
        services.hand_in(row, own, event.at, event.received_at)

    return apply_each(user, events, work_in)


def apply_each(user: User, events: list[Incoming], work_in) -> dict[UUID, str]:
    """Apply the events in the order in which they happened; one about somebody else's plan or rehearsal is rejected."""
    reasons = {}
    for event in sorted(events, key=lambda one: (one.at, str(one.id))):
        try:
            work_in(
                reports.record_rehearsal(user, parse_rehearsal(event.body, event), event.received_at), event
            )
            reasons[event.id] = ""
        except UnreadableEvent:
            reasons[event.id] = BROKEN
        except TextTooLong:
            reasons[event.id] = LONG_WORDS
        except reports.PlanNotFound:
            reasons[event.id] = NO_PLAN
        except reports.BelongsToAnother:
            reasons[event.id] = ANOTHERS
    return reasons


# --- reading ---


def parse_rehearsal(body: dict, event: Incoming) -> ReportedRehearsal:
    live, quality, bytes = body.get("live"), body.get("quality"), body.get("on_phone")
    if not is_count(live) or not 0 < live < BIGGEST:
        raise UnreadableEvent
    return ReportedRehearsal(
        key=parse_key(body, "rehearsal"),
        live=live,
        quality=quality if quality in Rehearsal.Quality.values else Rehearsal.Quality.SAVING.value,
        begun=parse_happened(body.get("begun"), event.received_at),
        said_at=event.at,
        on_phone=bytes if is_count(bytes) else None,
        dropped=body.get("dropped") is True,
    )


def parse_take(body: object, event: Incoming) -> ReportedTake:
    if not isinstance(body, dict):
        raise UnreadableEvent
    number, lasted = body.get("number"), body.get("lasted_ms")
    if not is_count(number) or not 0 < number < 10_000:
        raise UnreadableEvent
    return ReportedTake(
        key=parse_key(body, "take"),
        number=number,
        begun=parse_happened(body.get("take_begun"), event.received_at),
        upright=body.get("upright") is not False,
        lasted_ms=min(lasted, 2**31 - 1) if is_count(lasted) else None,
        left_out=body.get("left_out") is True,
        marks=clean_marks(body.get("marks")),
    )


def parse_own_score(body: dict) -> services.OwnScore:
    words = {name: parse_text(body, name) for name in ("keep", "change_one", "change_two")}
    marks = body.get("marks")
    return services.OwnScore(
        key=parse_key(body, "submission"),
        marks=marks if isinstance(marks, dict) else {},
        for_peers=body.get("for_peers") is True,
        note=parse_key(body, "note") if body.get("note") else None,
        **words,
    )


def parse_text(body: dict, name: str) -> str:
    value = body.get(name)
    text = tidy(value) if isinstance(value, str) else ""
    if len(text) > LONGEST_WORDS:
        raise TextTooLong
    return text


def parse_key(body: dict, name: str) -> UUID:
    try:
        return UUID(str(body.get(name)))
    except ValueError:
        raise UnreadableEvent from None
