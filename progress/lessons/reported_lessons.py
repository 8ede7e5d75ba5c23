"""Load the lessons that a batch of events names, and the sender's enrolments in their courses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db.models import Field

from courses.models import Course, Lesson, State
from media.models import Video
from outbox.bulk_sql import fetch, get_field, make_placeholders
from outbox.protocol import BROKEN, Incoming, clamp_moment
from progress.event_descriptions import LEFT, NO_LESSON, NOT_ENROLLED
from progress.models import Enrolment

BIGGEST = 2**63
# Written in SQL: every batch runs this, and building it by the ORM took a fifth of a batch's time.
REPORTED_LESSONS = """
SELECT lesson.id, lesson.state, lesson.was_out, lesson.watch_share, video.duration_ms, video.key, course.version,
 mine.cohort_id, mine.enrolled_at, mine.left_at
FROM courses_lesson lesson
JOIN courses_module module ON module.id = lesson.module_id
JOIN courses_course course ON course.id = module.course_id
LEFT JOIN media_video video ON video.id = lesson.video_id
LEFT JOIN progress_enrolment mine ON mine.course_id = course.id AND mine.user_id = %%s
WHERE lesson.id IN (%(lessons)s)
"""


class ReportedLesson(NamedTuple):
    """A lesson that events name. `duration_ms` is 0 while it is unknown; without an enrolment the last three are None."""

    lesson: int
    state: str
    # Whether it was ever published, so that somebody may have read it.
    was_out: bool
    watch_share: int
    duration_ms: int | None
    film: str | None
    # The present version, which every record of learning names.
    course_version: int
    cohort: int | None
    enrolled_at: datetime | None
    left_at: datetime | None

    @property
    def since(self) -> datetime:
        """Return when the reader enrolled; `why_not` comes first and asks whether they have."""
        assert self.enrolled_at is not None
        return self.enrolled_at

    def happened(self, event: Incoming) -> datetime:
        """Return when it was done, not before the enrolment."""
        at = bound_time(event.at, self.since, event.received_at)
        return min(at, self.left_at) if self.left_at and event.vouched else at

    def why_not(self, event: Incoming) -> str:
        """Return the reason for rejecting the event, "" if there is none; after leaving, only what was done before counts."""
        if self.enrolled_at is None:
            return NOT_ENROLLED
        if self.left_at and not event.vouched and self.happened(event) > self.left_at:
            return LEFT
        return ""


def bound_time(reported_at: datetime | None, enrolled_at: datetime, now: datetime) -> datetime:
    """Return when it happened by the phone's clock, bounded by the enrolment and by now."""
    return max(clamp_moment(reported_at, now), min(enrolled_at, now))


def load_reported_lessons(user_pk: int, lessons: Iterable[int]) -> dict[int, ReportedLesson]:
    """Return the named lessons by id, without those that were never published. One query."""
    named = list(set(lessons))
    rows = fetch(REPORTED_LESSONS % {"lessons": make_placeholders(named)}, [user_pk, *named], get_fields())
    found = [ReportedLesson(*row) for row in rows]
    return {one.lesson: one for one in found if one.was_out or one.state == State.PUBLISHED}


@cache
def get_fields() -> list[Field]:
    """Return the fields of the columns that REPORTED_LESSONS selects."""
    names = (
        *((Lesson, name) for name in ("id", "state", "was_out", "watch_share")),
        *((Video, name) for name in ("duration_ms", "key")),
        (Course, "version"),
        *((Enrolment, name) for name in ("cohort_id", "enrolled_at", "left_at")),
    )
    return [get_field(model, name) for model, name in names]


def parse_lesson(event: Incoming) -> int | None:
    """Return the id of the lesson that the event names; None when it names none that could exist."""
    pk = event.body.get("lesson")
    return pk if type(pk) is int and 0 < pk < BIGGEST else None


def split_by_reason(
    user_pk: int, events: list[Incoming]
) -> tuple[list[tuple[Incoming, ReportedLesson]], dict]:
    """Split events into those about a lesson the sender is or was enrolled for, and the reasons of the others by id."""
    named = [(event, parse_lesson(event)) for event in events]
    lessons = load_reported_lessons(user_pk, [pk for _event, pk in named if pk])
    good, reasons = [], {}
    for event, pk in named:
        lesson = lessons.get(pk) if pk is not None else None
        if lesson is None:
            reasons[event.id] = BROKEN if pk is None else NO_LESSON
        elif reason := lesson.why_not(event):
            reasons[event.id] = reason
        else:
            good.append((event, lesson))
    return good, reasons
