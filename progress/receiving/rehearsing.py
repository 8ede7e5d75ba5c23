"""What phones say of rehearsals, the same for all three kinds:

"rehearsal" {"rehearsal": key, "live": pk, "quality", "begun", "on_phone": bytes, "dropped"};
"take"      that, and {"take": key, "number", "upright", "take_begun", "lasted_ms", "left_out", "marks": […]};
"handed_in" that, and {"submission": key, "marks": {code: level}, "keep", "change_one", "change_two", "for_peers",
            "note": key, "takes": [{…as above, without marks}]}.
"""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from outbox.incoming import BROKEN, Incoming
from progress import giving_up, handing_in, rehearsing
from progress.marking import clean, is_count
from progress.models import Rehearsal
from progress.receiving.reasons import ANOTHERS, LONG_WORDS, NO_PLAN
from progress.rehearsing import Told, ToldTake, happened
from ui.cleaning import tidy

BIGGEST = 2**62
LONGEST_WORDS = 200
MOST_TAKES = 300


class Unreadable(Exception):
    """It is not what a page of ours makes."""


class Wordy(Exception):
    """More than fits; the phone still has it."""


def rehearsal(user: User, events: list[Incoming]) -> dict[UUID, str]:
    def work_in(row: Rehearsal, event: Incoming) -> None:
        if row.dropped_at:
            giving_up.forget_uploads(row)

    return each(user, events, work_in)


def take(user: User, events: list[Incoming]) -> dict[UUID, str]:
    def work_in(row: Rehearsal, event: Incoming) -> None:
        rehearsing.take_in(row, told_take(event.body, event), event.received_at)
        handing_in.join_of(row)

    return each(user, events, work_in)


def handed_in(user: User, events: list[Incoming]) -> dict[UUID, str]:
    def work_in(row: Rehearsal, event: Incoming) -> None:
        own, takes = own_score(event.body), event.body.get("takes")
        for body in takes[:MOST_TAKES] if isinstance(takes, list) else []:
            rehearsing.take_in(row, told_take(body, event), event.received_at)
        handing_in.hand_in(row, own, event.at, event.received_at)

    return each(user, events, work_in)


def each(user: User, events: list[Incoming], work_in) -> dict[UUID, str]:
    """In the order in which they happened; a fact about a plan or rehearsal of somebody else's is kept aside."""
    reasons = {}
    for event in sorted(events, key=lambda one: (one.at, str(one.id))):
        try:
            work_in(rehearsing.begin(user, told(event.body, event), event.received_at), event)
            reasons[event.id] = ""
        except Unreadable:
            reasons[event.id] = BROKEN
        except Wordy:
            reasons[event.id] = LONG_WORDS
        except rehearsing.NoPlan:
            reasons[event.id] = NO_PLAN
        except rehearsing.Anothers:
            reasons[event.id] = ANOTHERS
    return reasons


# --- what is read ---


def told(body: dict, event: Incoming) -> Told:
    live, quality, bytes = body.get("live"), body.get("quality"), body.get("on_phone")
    if not is_count(live) or not 0 < live < BIGGEST:
        raise Unreadable
    return Told(
        key=key_in(body, "rehearsal"),
        live=live,
        quality=quality if quality in Rehearsal.Quality.values else Rehearsal.Quality.SAVING.value,
        begun=happened(body.get("begun"), event.received_at),
        said_at=event.at,
        on_phone=bytes if is_count(bytes) else None,
        dropped=body.get("dropped") is True,
    )


def told_take(body: object, event: Incoming) -> ToldTake:
    if not isinstance(body, dict):
        raise Unreadable
    number, lasted = body.get("number"), body.get("lasted_ms")
    if not is_count(number) or not 0 < number < 10_000:
        raise Unreadable
    return ToldTake(
        key=key_in(body, "take"),
        number=number,
        begun=happened(body.get("take_begun"), event.received_at),
        upright=body.get("upright") is not False,
        lasted_ms=min(lasted, 2**31 - 1) if is_count(lasted) else None,
        left_out=body.get("left_out") is True,
        marks=clean(body.get("marks")),
    )


def own_score(body: dict) -> handing_in.Own:
    words = {name: words_in(body, name) for name in ("keep", "change_one", "change_two")}
    marks = body.get("marks")
    return handing_in.Own(
        key=key_in(body, "submission"),
        marks=marks if isinstance(marks, dict) else {},
        for_peers=body.get("for_peers") is True,
        note=key_in(body, "note") if body.get("note") else None,
        **words,
    )


def words_in(body: dict, name: str) -> str:
    said = body.get(name)
    text = tidy(said) if isinstance(said, str) else ""
    if len(text) > LONGEST_WORDS:
        raise Wordy
    return text


def key_in(body: dict, name: str) -> UUID:
    try:
        return UUID(str(body.get(name)))
    except ValueError:
        raise Unreadable from None
