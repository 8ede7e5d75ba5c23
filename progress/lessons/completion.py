"""Record that a lesson is done; a phone may send that fact several times."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Lesson
from outbox.bulk_sql import insert_new
from outbox.protocol import Incoming, clamp_moment
from progress.enrolment.services import NotEnrolled
from progress.lessons.reported_lessons import load_reported_lessons
from progress.models import LessonDone

COLUMNS = ("event_id", "lesson_id", "course_version", "happened_at", "received_at", "user_id")


class NotPublished(Exception):
    """Raised when the lesson was never published, because then nobody can have read it."""


class Completion(NamedTuple):
    """One completed lesson; its fields follow COLUMNS without the user."""

    event_id: UUID
    lesson: int
    course_version: int
    happened_at: datetime
    received_at: datetime


def mark_done(
    user: User, lesson: Lesson, event_id: UUID | None = None, happened_at: datetime | None = None
) -> LessonDone:
    """Mark the lesson done. The first event counts; others, sent again or from a second phone, change nothing.

    Raises NotEnrolled and NotPublished. The same rules hold for events from the outbox.
    """
    now = timezone.now()
    event = Incoming(event_id or uuid4(), "done", clamp_moment(happened_at, now), now)
    place = load_reported_lessons(user.pk, [lesson.pk]).get(lesson.pk)
    if place is None:
        raise NotPublished
    if place.why_not(event):
        raise NotEnrolled
    record_done(user, [Completion(event.id, lesson.pk, place.course_version, place.happened(event), now)])
    return LessonDone.objects.get(user=user, lesson=lesson)


def record_done(user: User, ticks: list[Completion]) -> None:
    """Record completions. Of several for one lesson the earliest counts; a lesson done before stays as it is.

    One insert that ignores conflicts, so that two phones at once are safe. An event id that already names another fact (sent
    by a broken or manipulated phone) is replaced by a new one, so that no fact is dropped: two more statements.
    """
    earliest = {one.lesson: one for one in sorted(ticks, key=lambda one: one.happened_at, reverse=True)}
    new = insert_done(user, list(earliest.values()))
    rest = earliest.keys() - new
    if not rest:
        return
    there = LessonDone.objects.filter(user=user, lesson__in=list(rest)).order_by()
    rest -= set(there.values_list("lesson", flat=True))
    insert_done(user, [earliest[lesson]._replace(event_id=uuid4()) for lesson in rest])


def insert_done(user: User, ticks: list[Completion]) -> set[int]:
    """Insert completions; return the ids of the lessons that were not done before."""
    pk = user.pk
    return insert_new(LessonDone, COLUMNS, [(*one, pk) for one in ticks], returning="lesson_id")
