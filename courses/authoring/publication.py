"""Publish and withdraw courses and lessons, and record a course's versions.

Lessons are rendered anew when they are published. Each publication has a number, a note and a hash of every lesson.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEntry, User
from courses.audit import Verb
from courses.authoring import checks
from courses.models import Course, CourseVersion, Lesson, State

# Further findings are on the course's outline.
MOST_LISTED = 3


class NotReady(Exception):
    """Raised when the course has errors; `reasons` are sentences for the person who asked."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


@transaction.atomic
def publish_course(course: Course, actor: User) -> None:
    """Show the course in the catalogue. Raises NotReady with the errors that `checks` finds.

    People who enrolled before keep the version number they began with.
    """
    if course.is_published:
        return
    require_complete(course)
    if course.enrolments.exists():
        course.version += 1
    course.state = State.PUBLISHED
    course.save(update_fields=["state", "version", "updated_at"])
    record_version(course, actor)
    AuditEntry.write(actor, Verb.COURSE_PUBLISHED, course, course.place, name=course.title)


@transaction.atomic
def publish_changes(course: Course, actor: User, note: str) -> CourseVersion:
    """Publish the next version of a course; its learners are told what is new and keep all they have done.

    The same note again about the same lessons (a second tap) is the same version. Raises NotReady, as the first publication
    does.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    require_complete(course)
    there = course.versions.filter(number=course.version, note=note, published_by=actor).first()
    if there and there.lessons == hash_lessons(course):
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
    return record_version(course, actor, note)


def require_complete(course: Course) -> None:
    """Raise NotReady with the course's errors."""
    if errors := checks.check_course(course).errors:
        raise NotReady(*describe_errors(course, errors))


def describe_errors(course: Course, errors: list[checks.CourseProblem]) -> list[str]:
    """Return the first few errors as sentences; those of the course itself name no place."""
    sentences = [
        one.message
        if one.where == course.title
        else _("“%(where)s”%(said)s") % {"where": one.where, "said": one.message}
        for one in errors[:MOST_LISTED]
    ]
    rest = len(errors) - MOST_LISTED
    return (
        [*sentences, ngettext("还有 %(n)d 处", "还有 %(n)d 处", rest) % {"n": rest}]
        if rest > 0
        else sentences
    )


@transaction.atomic
def withdraw_course(course: Course, actor: User) -> None:
    if course.is_published:
        course.state = State.DRAFT
        course.save(update_fields=["state", "updated_at"])
        AuditEntry.write(actor, Verb.COURSE_WITHDRAWN, course, course.place, name=course.title)


def set_lesson_state(lessons: Iterable[Lesson], state: str, actor: User) -> int:
    """Set the state of the lessons and return how many changed."""
    changed = [lesson for lesson in lessons if lesson.state != state]
    for lesson in changed:
        lesson.state = state
        with transaction.atomic():
            lesson.save(update_fields=["state", "html", "updated_at"])
            if state == State.DRAFT:
                record_withdrawal(lesson, actor)
    return len(changed)


def record_withdrawal(lesson: Lesson, actor: User) -> None:
    course = lesson.module.course
    Lesson.objects.filter(pk=lesson.pk).update(was_out=True)
    AuditEntry.write(actor, Verb.LESSON_WITHDRAWN, lesson, course.place, name=lesson.title)


NEW, CHANGED = "new", "changed"


def hash_lessons(course: Course) -> dict[str, str]:
    """Return {lesson pk: hash} of the published lessons, over all that a learner reads, hears or sees. One query."""
    fields = ("pk", "title", "body", "do_now", "captions", "video_id")
    rows = Lesson.objects.filter(module__course=course, state=State.PUBLISHED).order_by("pk")
    return {
        str(pk): hashlib.sha256("\0".join(map(str, values)).encode()).hexdigest()[:16]
        for pk, *values in rows.values_list(*fields)
    }


def record_version(course: Course, actor: User | None, note: str = "") -> CourseVersion:
    """Record the course's present version, once: the first record stays."""
    fields = {"note": note, "lessons": hash_lessons(course), "published_by": actor}
    row, _new = CourseVersion.objects.get_or_create(course=course, number=course.version, defaults=fields)
    return row


def list_changes_since(course: Course, version: int) -> tuple[list[CourseVersion], dict[int, str]]:
    """Return the versions after that one, newest first, and {lesson pk: "new" or "changed"} since then. One query.

    If the old version was never recorded, only the notes are known.
    """
    rows = list(course.versions.filter(number__gte=version).order_by("-number"))
    later = [row for row in rows if row.number > version]
    before = next((row.lessons for row in rows if row.number == version), None)
    if not later or before is None:
        return later, {}
    now = later[0].lessons
    return later, {
        int(pk): CHANGED if pk in before else NEW for pk, value in now.items() if before.get(pk) != value
    }
