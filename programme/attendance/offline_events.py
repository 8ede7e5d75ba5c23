"""Apply what trainers recorded offline of a session: marks of the roll call, and walk-ins.

A handler gets one person's events as a set and returns {event id: why it was rejected, "" if it was applied}. It runs inside
the outbox's transaction, one batch of a person at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts import phones
from accounts.models import User
from courses.models import Cohort
from outbox.protocol import BROKEN, Incoming
from programme.attendance.marks import Fact, NotTaken, record_marks
from programme.attendance.walk_ins import record_walk_in
from programme.event_descriptions import NO_SESSION
from programme.models import How, Mark, TrainingSession
from ui.parameters import read_key
from ui.text import tidy

BIGGEST = 2**63
LONGEST_NAME = 40
HOWS = (How.ROLL, How.REST, How.PAPER)

Rejections = dict[UUID, str]


def parse_id(value: object) -> int | None:
    """Return a row's number, else None; True is no number."""
    return value if type(value) is int and 0 < value < BIGGEST else None


def find_sessions(user: User, events: Iterable[Incoming]) -> dict[int, TrainingSession]:
    """Return those of the sessions that the events name and this person guides. Few queries, however many events."""
    named = {pk for event in events if (pk := parse_id(event.body.get("session")))}
    led = Cohort.objects.guided_by(user).order_by().values("pk")
    return TrainingSession.objects.filter(cohort__in=led).in_bulk(named)


def apply_marks(user: User, events: list[Incoming]) -> Rejections:
    """Apply {"session": pk, "person": pk, "mark": "present", "how": "roll"}."""
    sessions, reasons = find_sessions(user, events), {}
    facts: dict[int, list[Fact]] = defaultdict(list)
    for event in events:
        person, mark, how = (event.body.get(name) for name in ("person", "mark", "how"))
        pk = parse_id(event.body.get("session"))
        person = parse_id(person)
        if pk is None or person is None or mark not in Mark.values or how not in HOWS:
            reasons[event.id] = BROKEN
        elif pk not in sessions:
            reasons[event.id] = NO_SESSION
        else:
            facts[pk].append(Fact(person, str(mark), str(how), event.at, event.id))
    for pk in sorted(facts):  # in one order, so that two phones never wait for each other
        try:
            reasons |= record_marks(sessions[pk], facts[pk], user)
        except NotTaken as refused:
            reasons |= {fact.event_id: refused.reason for fact in facts[pk]}
    return reasons


def apply_walk_ins(user: User, events: list[Incoming]) -> Rejections:
    """Apply {"session": pk, "walk_in": key, "name": "…", "phone": "…", "attended": true}."""
    sessions = find_sessions(user, events)
    ordered = sorted(
        events, key=lambda event: (parse_id(event.body.get("session")) or 0, event.at, str(event.id))
    )
    return {event.id: apply_walk_in(user, event, sessions) for event in ordered}


def apply_walk_in(user: User, event: Incoming, sessions: dict[int, TrainingSession]) -> str:
    pk, key = parse_id(event.body.get("session")), read_key(event.body.get("walk_in"))
    name, attended = event.body.get("name"), event.body.get("attended")
    if pk is None or key is None or not isinstance(name, str) or not isinstance(attended, bool):
        return BROKEN
    name, phone = tidy(name), parse_phone(event.body.get("phone"))
    if not 0 < len(name) <= LONGEST_NAME or phone is None:
        return BROKEN
    if pk not in sessions:
        return NO_SESSION
    try:
        record_walk_in(
            sessions[pk], user, key=key, name=name, phone=phone, attended=attended, happened_at=event.at
        )
    except NotTaken as refused:
        return refused.reason
    return ""


def parse_phone(value: object) -> str | None:
    """Return a phone number in E.164, "" for none; None for what is no mainland mobile number."""
    if value in (None, ""):
        return ""
    try:
        return phones.normalise(value) if isinstance(value, str) else None
    except ValidationError:
        return None
