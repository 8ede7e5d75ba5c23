"""Draft ↔ published, for courses and lessons. Lessons are rendered anew when they go out."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEntry, User
from courses import checking, versions
from courses.audit import Verb
from courses.models import Course, CourseVersion, Lesson, State

# More are on the course's outline.
TOLD = 3


class NotReady(Exception):
    """`reasons` are sentences for the person who asked."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


@transaction.atomic
def publish(course: Course, actor: User) -> None:
    """Shows it in the catalogue. Who enrolled before keeps the version number they began with.

    Raises NotReady with what `checking` finds that a learner would stumble over.
    """
    if course.is_published:
        return
    refuse_broken(course)
    if course.enrolments.exists():
        course.version += 1
    course.state = State.PUBLISHED
    course.save(update_fields=["state", "version", "updated_at"])
    versions.record(course, actor)
    AuditEntry.write(actor, Verb.COURSE_PUBLISHED, course, course.place, name=course.title)


@transaction.atomic
def publish_changes(course: Course, actor: User, note: str) -> CourseVersion:
    """The next version of a published course: who learns it is told what is new, and keeps all that was done.

    The same words again about the same lessons (a second tap) are the same version. Raises NotReady, as the first
    publication does.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    refuse_broken(course)
    there = course.versions.filter(number=course.version, note=note, published_by=actor).first()
    if there and there.lessons == versions.lesson_hashes(course):
        return there
    course.version += 1
    course.save(update_fields=["version", "updated_at"])
    AuditEntry.write(
        actor,
        Verb.COURSE_VERSION,
        course,
        course.place,
        name=course.title,
        version=course.version,
        note=note,
    )
    return versions.record(course, actor, note)


def refuse_broken(course: Course) -> None:
    """Raises NotReady with what a learner would stumble over."""
    if errors := checking.check(course).errors:
        raise NotReady(*told(course, errors))


def told(course: Course, errors: list[checking.Finding]) -> list[str]:
    """The first few; where they are is not said of the course itself."""
    said = [
        one.said
        if one.where == course.title
        else _("“%(where)s”%(said)s") % {"where": one.where, "said": one.said}
        for one in errors[:TOLD]
    ]
    rest = len(errors) - TOLD
    return [*said, ngettext("还有 %(n)d 处", "还有 %(n)d 处", rest) % {"n": rest}] if rest > 0 else said


@transaction.atomic
def withdraw(course: Course, actor: User) -> None:
    if course.is_published:
        course.state = State.DRAFT
        course.save(update_fields=["state", "updated_at"])
        AuditEntry.write(actor, Verb.COURSE_WITHDRAWN, course, course.place, name=course.title)


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
    Lesson.objects.filter(pk=lesson.pk).update(was_out=True)
    AuditEntry.write(actor, Verb.LESSON_WITHDRAWN, lesson, course.place, name=lesson.title)
