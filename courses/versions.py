"""A course's versions: each publication has a number and a note, and what every lesson was then."""

from __future__ import annotations

import hashlib

from accounts.models import User
from courses.models import Course, CourseVersion, Lesson, State

NEW, CHANGED = "new", "changed"


def lesson_hashes(course: Course) -> dict[str, str]:
    """{lesson pk: hash} of the lessons that are out: of all that a learner reads, hears or sees in it. One query."""
    fields = ("pk", "title", "body", "do_now", "captions", "video_id")
    rows = Lesson.objects.filter(module__course=course, state=State.PUBLISHED).order_by("pk")
    return {
        str(pk): hashlib.sha256("\0".join(map(str, told)).encode()).hexdigest()[:16]
        for pk, *told in rows.values_list(*fields)
    }


def record(course: Course, actor: User | None, note: str = "") -> CourseVersion:
    """The version that the course has now, as it stands now; recorded once, the first stays."""
    fields = {"note": note, "lessons": lesson_hashes(course), "published_by": actor}
    row, _new = CourseVersion.objects.get_or_create(course=course, number=course.version, defaults=fields)
    return row


def news_since(course: Course, version: int) -> tuple[list[CourseVersion], dict[int, str]]:
    """The versions after that one, newest first, and {lesson pk: "new" or "changed"} by then. One query.

    Of a course whose old version was never recorded only the notes can be told.
    """
    rows = list(course.versions.filter(number__gte=version).order_by("-number"))
    later = [row for row in rows if row.number > version]
    before = next((row.lessons for row in rows if row.number == version), None)
    if not later or before is None:
        return later, {}
    now = later[0].lessons
    return later, {
        int(pk): CHANGED if pk in before else NEW for pk, told in now.items() if before.get(pk) != told
    }
