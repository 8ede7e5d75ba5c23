"""Draft ↔ published, for courses and lessons. Lessons are rendered anew when they go out."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.doings import Doing
from accounts.models import AuditEntry, User
from courses import versions
from courses.models import Course, Lesson, State


class NotReady(Exception):
    """`reasons` are sentences for the person who asked."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


@transaction.atomic
def publish(course: Course, actor: User) -> None:
    """Shows it in the catalogue. Who enrolled before keeps the version number they began with."""
    if not Lesson.objects.filter(module__course=course, state=State.PUBLISHED).exists():
        raise NotReady(_("还没有一课是发布的，先发布几课"))
    if course.is_published:
        return
    if course.enrolments.exists():
        course.version += 1
    course.state = State.PUBLISHED
    course.save(update_fields=["state", "version", "updated_at"])
    versions.record(course, actor)
    AuditEntry.write(actor, Doing.COURSE_PUBLISHED, course, course.place, name=course.title)


@transaction.atomic
def withdraw(course: Course, actor: User) -> None:
    if course.is_published:
        course.state = State.DRAFT
        course.save(update_fields=["state", "updated_at"])
        AuditEntry.write(actor, Doing.COURSE_WITHDRAWN, course, course.place, name=course.title)


def set_lessons(lessons: Iterable[Lesson], state: str, actor: User) -> int:
    """How many changed."""
    changed = [lesson for lesson in lessons if lesson.state != state]
    for lesson in changed:
        lesson.state = state
        with transaction.atomic():
            lesson.save(update_fields=["state", "html", "updated_at"])
            if state == State.DRAFT:
                note_withdrawal(lesson, actor)
    return len(changed)


def note_withdrawal(lesson: Lesson, actor: User) -> None:
    course = lesson.module.course
    AuditEntry.write(actor, Doing.LESSON_WITHDRAWN, lesson, course.place, name=lesson.title)


def has_been_out(lesson: Lesson) -> bool:
    """Published now or once: somebody may have read it before it was taken back. A draft costs one query."""
    if lesson.state == State.PUBLISHED:
        return True
    place = lesson.module.course.place_id
    taken_back = AuditEntry.objects.filter(verb=Doing.LESSON_WITHDRAWN, place=place)
    return taken_back.filter(subject=f"lesson {lesson.pk}").exists()
