"""What was played of lessons' videos: united with what is known, credited as far as the clock allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from uuid import UUID, uuid5

from accounts.models import User
from outbox.fetching import fetch_of, marks
from outbox.incoming import BROKEN, Incoming
from outbox.inserting import insert_new
from progress import intervals
from progress.clock_time import ClockTime, span
from progress.doing import Tick, tick
from progress.models import Watch, WatchTime
from progress.receiving.known import Known, sorted_out
from progress.receiving.reasons import TOO_FAST

# What may be missing at the edges of a span before the rest is worth a trainer's look.
FORGIVEN_MS = 5000
BIGGEST_MS = 2**31 - 1
WATCHED_ENOUGH = UUID("b0b3f5ee-63d2-5a3f-8d21-3a4c4d6f9a17")
FIELDS = ("film", "intervals", "watched_ms", "last_ms", "furthest_ms", "first_at", "last_at")
COLUMNS = ("user_id", "lesson_id", "course_version", *FIELDS)
facts_of = attrgetter(*FIELDS)


@dataclass(slots=True)
class Seen:
    """One lesson's row while a batch is worked in."""

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
            self.intervals = intervals.union([*self.intervals, *credited]) if self.intervals else credited
            self.watched_ms = intervals.total(self.intervals)
            self.furthest_ms = max(self.furthest_ms, credited[-1][1])
        if intervals.is_number(position):
            newest = max((at, int(min(max(position, 0), BIGGEST_MS))), (self.last_at or at, self.last_ms))
            self.last_ms = newest[1]
        self.first_at = min(self.first_at or at, at)
        self.last_at = max(self.last_at or at, at)

    def is_enough(self, lesson: Known) -> bool:
        return bool(lesson.duration_ms) and self.watched_ms * 100 >= lesson.watch_share * lesson.duration_ms


def watched(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """{"lesson", "intervals", "position", "from", "to"}: absolute, so that a second copy changes nothing.

    Six statements, however many. What the clock does not allow is not credited, and the event is kept aside.
    """
    good, reasons = sorted_out(user.pk, events)
    seen = rows_of(user, {lesson.lesson: lesson.film or "" for _event, lesson in good})
    clock = clock_of(user) if good else ClockTime([])
    before = clock.taken
    for event, lesson in sorted(good, key=lambda pair: (pair[0].at, pair[0].id.int)):
        reasons[event.id] = work_in(seen[lesson.lesson], event, lesson, clock)
    store(user, good, {pk: row for pk, row in seen.items() if row.first_at})
    if clock.taken != before:
        insert_new(
            WatchTime, ("user_id", "spans"), [(user.pk, clock.taken)], "id", (("user_id",), ("spans",))
        )
    return reasons


def work_in(row: Seen, event: Incoming, lesson: Known, clock: ClockTime) -> str:
    """Why the event is kept aside."""
    body = event.body
    try:
        said = intervals.played(body.get("intervals"), lesson.duration_ms)
    except intervals.Unreadable:
        return BROKEN
    new = credited = intervals.minus(said, row.intervals)
    if not event.vouched:
        claimed, now = span(body, event.received_at), event.received_at
        credited = clock.credit(new, intervals.total(said), claimed, lesson.enrolled_at, now)
    at = lesson.happened(event)
    row.add(credited, body.get("position"), at)
    if not row.enough_at and row.is_enough(lesson):
        row.enough_at = at
    is_short = credited != new and intervals.total(new) - intervals.total(credited) > FORGIVEN_MS
    return TOO_FAST if is_short else ""


def rows_of(user: User, lessons: dict[int, str]) -> dict[int, Seen]:
    """By lesson, with the film it has now; what was seen of another is not seen of this one."""
    found = {pk: Seen(pk, film) for pk, film in lessons.items()}
    where = f"user_id = %s AND lesson_id IN ({marks(lessons)})"
    rows = fetch_of(Watch, ("lesson_id", *FIELDS), where, [user.pk, *lessons])
    return found | {row[0]: Seen(*row) for row in rows if row[1] == lessons[row[0]]}


def clock_of(user: User) -> ClockTime:
    spans = fetch_of(WatchTime, ("spans",), "user_id = %s", [user.pk])
    return ClockTime(spans[0][0] if spans else [])


def store(user: User, good: list[tuple[Incoming, Known]], seen: dict[int, Seen]) -> None:
    """The rows, and a tick for each lesson of which enough has been watched."""
    lessons, user_pk = {lesson.lesson: lesson for _event, lesson in good}, user.pk
    values = [(user_pk, pk, lessons[pk].course_version, *facts_of(row)) for pk, row in seen.items()]
    insert_new(Watch, COLUMNS, values, "id", (("user_id", "lesson_id"), FIELDS))
    now = good[0][0].received_at if good else None
    ticks = [
        Tick(enough_id(user_pk, pk), pk, lessons[pk].course_version, row.enough_at, now)
        for pk, row in seen.items()
        if row.enough_at
    ]
    tick(user, ticks)


def enough_id(user_pk: int, lesson_pk: int) -> UUID:
    """The same from every phone, however often: the fact is who and what."""
    return uuid5(WATCHED_ENOUGH, f"{user_pk} {lesson_pk}")
