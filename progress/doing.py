"""A lesson is done: a fact that the phone may send as often as it must."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from courses import publishing
from courses.models import Lesson
from progress.models import Enrolment, LessonDone

# A phone that says it happened longer ago than this has a wrong clock, not a patient owner.
CLOCK_TRUSTED = timedelta(days=30)


class NotEnrolled(Exception):
    """Only who is enrolled in the course gets its lessons ticked."""


class NotOut(Exception):
    """Nobody can have read the lesson yet."""


def mark_done(
    user: User, lesson: Lesson, event_id: UUID | None = None, happened_at: datetime | None = None
) -> LessonDone:
    """Ticks the lesson, once: the first event stands, whichever is sent again or comes from a second phone.

    One conflict-free insert, so that two phones at once are safe. An event id that already names another fact
    (a broken or a dishonest phone) is replaced, because the fact itself is never dropped. Raises NotEnrolled, NotOut.
    """
    if not publishing.has_been_out(lesson):
        raise NotOut
    enrolment = Enrolment.objects.active().filter(user=user, course=lesson.module.course_id).first()
    if not enrolment:
        raise NotEnrolled
    now = timezone.now()
    row = LessonDone(
        event_id=event_id or uuid4(),
        user=user,
        lesson=lesson,
        course_version=enrolment.course_version,
        happened_at=believed(happened_at, enrolment.enrolled_at, now),
        received_at=now,
    )
    return kept(row) or kept(LessonDone(**fresh_id(row)))


def kept(row: LessonDone) -> LessonDone | None:
    """Stores the row unless its fact is there; returns the fact's row, None if only the event id was taken."""
    LessonDone.objects.bulk_create([row], ignore_conflicts=True)
    return LessonDone.objects.filter(user=row.user_id, lesson=row.lesson_id).first()


def fresh_id(row: LessonDone) -> dict:
    names = ("user", "lesson", "course_version", "happened_at", "received_at")
    return {name: getattr(row, name) for name in names} | {"event_id": uuid4()}


def believed(said: datetime | None, enrolled_at: datetime, now: datetime) -> datetime:
    """When it happened, going by the phone's clock as far as that can be true."""
    if said is None or said > now or said < now - CLOCK_TRUSTED:
        return now
    return max(said, min(enrolled_at, now))
