"""Load a lesson as its reader sees it: what they have done of it, its quizzes and its player.

The reader's part is written in SQL, the only statement of this app that is not made by the ORM: a signed-in lesson page may
take three times the CPU of the cheapest Django page (docs/decisions/hand-written-sql.md). Measured on SQLite: the lesson's
row with this part takes 0.7 ms of CPU; with the same part built of Exists and Subquery 3.1 ms, as separate plain queries 1.4
ms.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import BooleanField, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.requests import SignedInRequest
from courses import permissions
from courses.models import Lesson
from courses.outline import locate_lesson
from progress.enrolment import prerequisites
from progress.lessons import player, voices
from progress.lessons.panels import build_lesson_panels
from progress.quizzes import quiz_status

ENROLLED = """EXISTS (SELECT 1 FROM progress_enrolment mine
 WHERE mine.user_id = %s AND mine.course_id = courses_module.course_id AND mine.left_at IS NULL)"""
DONE = """EXISTS (SELECT 1 FROM progress_lessondone tick
 WHERE tick.user_id = %s AND tick.lesson_id = courses_lesson.id)"""
# The number of questions under a lesson in the class that the reader is in now.
ASKED = """
SELECT COUNT(*) FROM progress_ask a JOIN progress_enrolment e ON e.cohort_id = a.cohort_id
WHERE a.lesson_id = courses_lesson.id AND a.removed_at IS NULL AND e.user_id = %s AND e.left_at IS NULL
"""
# Whether the lesson's module has cases, in its course or in the course's twin.
CASES = """EXISTS (SELECT 1 FROM courses_case_modules served JOIN courses_module m ON m.id = served.module_id
 WHERE m.number = courses_module.number AND m.course_id IN (courses_module.course_id, courses_course.twin_id))"""

# Whether somebody's reading of the lesson is open, or the reader's own is begun.
VOICES = """EXISTS (SELECT 1 FROM courses_lessonvoice said
 WHERE said.lesson_id = courses_lesson.id AND (said.opened_at IS NOT NULL OR said.speaker_id = %s))"""


def find_lessons_as_read_by(user: User) -> QuerySet[Lesson]:
    """Return lessons with courses, their places, videos this reader's part in them
    (`is_enrolled`, `is_done`, `ask_count`), whether their modules have cases (`has_cases`), and whether
    a voice reads them (`has_voices`)."""
    return Lesson.objects.select_related("module__course__place", "video").annotate(
        is_enrolled=RawSQL(ENROLLED, [user.pk], BooleanField()),
        is_done=RawSQL(DONE, [user.pk], BooleanField()),
        ask_count=RawSQL(ASKED, [user.pk], IntegerField()),
        has_cases=RawSQL(CASES, [], BooleanField()),
        has_voices=RawSQL(VOICES, [user.pk], BooleanField()),
    )


def get_lesson_context(lesson: Any, user: User, asked: player.PlayerRequest | None = None) -> dict:
    """Return the context of a lesson's page for its reader; `lesson` comes from `find_lessons_as_read_by`."""
    here = locate_lesson(lesson)
    found = list_readings(lesson, user)
    readings = [one for one in found if one.files]
    return {
        "lesson": lesson,
        "course": lesson.module.course,
        "spot": here,
        "can_teach": permissions.can_teach(user, lesson.module.course),
        "is_enrolled": lesson.is_enrolled,
        "is_done": lesson.is_done,
        "event_id": uuid4(),
        "readings": readings,
        "film_voices": [one for one in found if one.film_files],
        "panels": build_lesson_panels(lesson),
        "quizzes": quiz_status.list_for_lesson(lesson, user, here),
        "player": player.build_player(lesson, user, asked, readings[0].bytes if readings else 0)
        if lesson.is_enrolled
        else None,
    }


def list_readings(lesson: Any, user: User) -> list[voices.Reading]:
    """Return the recordings for who is enrolled, and a person's own; no query where there are none."""
    if not lesson.has_voices:
        return []
    found = voices.list_readings(lesson, user)
    return found if lesson.is_enrolled else [one for one in found if one.is_own]


def answer_closed(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    """Answer with what is missing before this lesson, each with a link; who teaches it may open it all the same."""
    course = lesson.module.course
    context = {
        "lesson": lesson,
        "course": course,
        "missing": prerequisites.list_missing(request.user, lesson.module),
        "can_preview": permissions.can_edit(request.user, course),
    }
    return render(request, "progress/lessons/lesson_closed.html", context)
