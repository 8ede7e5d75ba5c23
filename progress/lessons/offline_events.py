"""Apply what phones send about lessons: "watched", "done" and "choice" (how a person likes to learn).

A handler gets one person's events and returns for each why it is rejected, "" when it was applied. It runs inside the
outbox's transaction, one batch of a person at a time, and a batch costs a constant number of statements.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from uuid import UUID, uuid5

from accounts.models import User
from outbox.bulk_sql import fetch_rows, insert_new, make_placeholders
from outbox.protocol import BROKEN, Incoming
from progress.event_descriptions import TOO_FAST
from progress.lessons import watch_intervals
from progress.lessons.completion import Completion, record_done
from progress.lessons.reported_lessons import ReportedLesson, split_by_reason
from progress.lessons.watch_time import ClockTime, parse_span, to_ms
from progress.models import LearningChoice, Watch, WatchTime

# What may be missing at the edges of a span before the rest is worth a trainer's look.
FORGIVEN_MS = 5000
BIGGEST_MS = 2**31 - 1
WATCHED_ENOUGH = UUID("b0b3f5ee-63d2-5a3f-8d21-3a4c4d6f9a17")
FIELDS = ("film", "intervals", "watched_ms", "last_ms", "furthest_ms", "first_at", "last_at")
COLUMNS = ("user_id", "lesson_id", "course_version", *FIELDS)
facts_of = attrgetter(*FIELDS)

RENDITIONS = set(LearningChoice.Rendition.values)
SLOWEST, FASTEST = 50, 200
UNCHOSEN = {"rendition": "", "speed_percent": 100, "captions": True}


@dataclass(slots=True)
class WatchRow:
    """What was watched of one lesson while a batch is applied."""

    lesson: int
    film: str = ""
    intervals: list = field(default_factory=list)
    watched_ms: int = 0
    last_ms: int = 0
    furthest_ms: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    enough_at: datetime | None = None

    def add(self, credited: list, position: object, at: datetime) -> None:
        if credited:
            self.intervals = (
                watch_intervals.unite([*self.intervals, *credited]) if self.intervals else credited
            )
            self.watched_ms = watch_intervals.sum_lengths(self.intervals)
            self.furthest_ms = max(self.furthest_ms, credited[-1][1])
        if watch_intervals.is_number(position):
            newest = max((at, int(min(max(position, 0), BIGGEST_MS))), (self.last_at or at, self.last_ms))
            self.last_ms = newest[1]
        self.first_at = min(self.first_at or at, at)
        self.last_at = max(self.last_at or at, at)

    def is_enough(self, lesson: ReportedLesson) -> bool:
        length = lesson.duration_ms or 0
        return length > 0 and self.watched_ms * 100 >= lesson.watch_share * length


def apply_watched(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Apply {"lesson", "intervals", "position", "from", "to"}: absolute, so that a second copy changes nothing.

    Six statements, however many. What the clock does not allow is not credited, and the event is rejected.
    """
    good, reasons = split_by_reason(user.pk, events)
    seen = load_rows(user, {lesson.lesson: lesson.film or "" for _event, lesson in good})
    clock = load_clock(user) if good else ClockTime([])
    before = clock.taken
    for event, lesson in sorted(good, key=lambda pair: (pair[0].at, pair[0].id.int)):
        reasons[event.id] = add_event(seen[lesson.lesson], event, lesson, clock)
    store_rows(user, good, {pk: row for pk, row in seen.items() if row.first_at})
    if clock.taken != before:
        insert_new(
            WatchTime, ("user_id", "spans"), [(user.pk, clock.taken)], "id", (("user_id",), ("spans",))
        )
    return reasons


def add_event(row: WatchRow, event: Incoming, lesson: ReportedLesson, clock: ClockTime) -> str:
    """Add the event to the row; return the reason for which it is rejected, "" if there is none."""
    body = event.body
    try:
        played = watch_intervals.parse_played(body.get("intervals"), lesson.duration_ms)
    except watch_intervals.UnreadableInterval:
        return BROKEN
    new = credited = watch_intervals.subtract(played, row.intervals)
    if not event.vouched:
        claimed, now = parse_span(body, event.received_at), event.received_at
        credited = clock.credit(new, watch_intervals.sum_lengths(played), claimed, lesson.since, now)
    at = lesson.happened(event)
    row.add(credited, body.get("position"), at)
    if not row.enough_at and row.is_enough(lesson):
        row.enough_at = at
    is_short = (
        credited != new
        and watch_intervals.sum_lengths(new) - watch_intervals.sum_lengths(credited) > FORGIVEN_MS
    )
    return TOO_FAST if is_short else ""


def load_rows(user: User, lessons: dict[int, str]) -> dict[int, WatchRow]:
    """Load the rows by lesson with its present film; what was watched of an earlier film does not count."""
    found = {pk: WatchRow(pk, film) for pk, film in lessons.items()}
    where = f"user_id = %s AND lesson_id IN ({make_placeholders(lessons)})"
    rows = fetch_rows(Watch, ("lesson_id", *FIELDS), where, [user.pk, *lessons])
    return found | {row[0]: WatchRow(*row) for row in rows if row[1] == lessons[row[0]]}


def load_clock(user: User) -> ClockTime:
    spans = fetch_rows(WatchTime, ("spans",), "user_id = %s", [user.pk])
    return ClockTime(spans[0][0] if spans else [])


def store_rows(user: User, good: list[tuple[Incoming, ReportedLesson]], seen: dict[int, WatchRow]) -> None:
    """Store the rows, and record each lesson as done if enough of it was watched."""
    lessons, user_pk = {lesson.lesson: lesson for _event, lesson in good}, user.pk
    values = [(user_pk, pk, lessons[pk].course_version, *facts_of(row)) for pk, row in seen.items()]
    insert_new(Watch, COLUMNS, values, "id", (("user_id", "lesson_id"), FIELDS))
    if not good:
        return
    now = good[0][0].received_at
    ticks = [
        Completion(get_enough_id(user_pk, pk), pk, lessons[pk].course_version, row.enough_at, now)
        for pk, row in seen.items()
        if row.enough_at
    ]
    record_done(user, ticks)


def get_enough_id(user_pk: int, lesson_pk: int) -> UUID:
    """Return the event id of "enough watched": the same from every phone, made of person and lesson."""
    return uuid5(WATCHED_ENOUGH, f"{user_pk} {lesson_pk}")


# --- "done": {"lesson": pk} ---


def apply_done(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Record lessons as done; one done before leaving the course counts. Two statements, however many events."""
    good, reasons = split_by_reason(user.pk, events)
    ticks = [
        Completion(event.id, lesson.lesson, lesson.course_version, lesson.happened(event), event.received_at)
        for event, lesson in good
    ]
    record_done(user, ticks)
    return reasons | {event.id: "" for event, _lesson in good}


# --- "choice": {"rung": "240", "speed_percent": 125, "captions": true}, all of them or some ---


def apply_choice(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Store how the person likes to learn; of several choices the latest counts. Two statements, however many events."""
    reasons: dict[UUID, str] = {}
    chosen: dict[str, object] = {}
    before = LearningChoice.objects.filter(user=user).values_list("chosen_at", flat=True).first()
    chosen_at = before or {}
    for event in sorted(events, key=lambda event: (event.at, str(event.id))):
        found, at = parse_choice(event.body), to_ms(event.at)
        reasons[event.id] = "" if found else BROKEN
        newer = {name: value for name, value in found.items() if at >= chosen_at.get(name, 0)}
        chosen |= newer
        chosen_at = chosen_at | dict.fromkeys(newer, at)
    if chosen:
        row = {"user_id": user.pk} | UNCHOSEN | chosen | {"chosen_at": chosen_at}
        changed = (*chosen, "chosen_at")
        insert_new(LearningChoice, tuple(row), [list(row.values())], "id", (("user_id",), changed))
    return reasons


def parse_choice(body: dict) -> dict[str, object]:
    """Return the valid fields of the event; leave out the rest."""
    found: dict[str, object] = {}
    if isinstance(body.get("rung"), str) and body["rung"] in RENDITIONS:
        found["rendition"] = body["rung"]
    speed = body.get("speed_percent")
    if type(speed) is int and SLOWEST <= speed <= FASTEST:
        found["speed_percent"] = speed
    if isinstance(body.get("captions"), bool):
        found["captions"] = body["captions"]
    return found
