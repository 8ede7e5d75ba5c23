"""A lesson is done: a fact that the phone may send as often as it must."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Lesson
from outbox.clocks import believed as clamped
from outbox.incoming import Incoming
from outbox.inserting import insert_new
from progress.models import LessonDone
from progress.receiving.known import known

COLUMNS = ("event_id", "lesson_id", "course_version", "happened_at", "received_at", "user_id")


class NotEnrolled(Exception):
    """Only who is enrolled in the course gets its lessons ticked."""


class NotOut(Exception):
    """Nobody can have read the lesson yet."""


class Tick(NamedTuple):
    """In the order of COLUMNS."""

    event_id: UUID
    lesson: int
    course_version: int
    happened_at: datetime
    received_at: datetime


def mark_done(
    user: User, lesson: Lesson, event_id: UUID | None = None, happened_at: datetime | None = None
) -> LessonDone:
    """Ticks the lesson, once: the first event stands, whichever is sent again or comes from a second phone.

    Raises NotEnrolled, NotOut. The same rules as for what an outbox sends.
    """
    now = timezone.now()
    event = Incoming(event_id or uuid4(), "done", clamped(happened_at, now), now)
    place = known(user.pk, [lesson.pk]).get(lesson.pk)
    if place is None:
        raise NotOut
    if place.why_not(event):
        raise NotEnrolled
    tick(user, [Tick(event.id, lesson.pk, place.course_version, place.happened(event), now)])
    return LessonDone.objects.get(user=user, lesson=lesson)


def tick(user: User, ticks: list[Tick]) -> None:
    """Of several for one lesson the earliest stands; a lesson that is done stays as it is.

    One conflict-free insert, so that two phones at once are safe. An event id that already names another fact
    (a broken or a dishonest phone) is replaced, because the fact itself is never dropped: two statements more.
    """
    earliest = {one.lesson: one for one in sorted(ticks, key=lambda one: one.happened_at, reverse=True)}
    new = insert(user, list(earliest.values()))
    rest = earliest.keys() - new
    if not rest:
        return
    there = LessonDone.objects.filter(user=user, lesson__in=list(rest)).order_by()
    rest -= set(there.values_list("lesson", flat=True))
    insert(user, [earliest[lesson]._replace(event_id=uuid4()) for lesson in rest])


def insert(user: User, ticks: list[Tick]) -> set[int]:
    """The lessons that were not done before."""
    pk = user.pk
    return insert_new(LessonDone, COLUMNS, [(*one, pk) for one in ticks], returning="lesson_id")
