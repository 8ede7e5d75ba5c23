"""Load a lesson as its reader sees it: what they have done of it, its quizzes and its player."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.requests import SignedInRequest
from courses import permissions
from courses.models import Case, Lesson, LessonVoice
from courses.outline import locate_lesson
from progress.enrolment import prerequisites
from progress.enrolment.course_progress import count_subquery
from progress.lessons import player, voices
from progress.lessons.panels import build_lesson_panels
from progress.models import Ask, Enrolment, LessonDone
from progress.quizzes import quiz_status
from ui.database.orm import PreparedQuery


def find_lesson_as_read_by(user: int, pk: int) -> QuerySet[Lesson]:
    """Return the lesson with its course, the course's place, its video, and this reader's part in it:

    `is_enrolled`; `is_done`; `ask_count`, the questions under it in the class that the reader is in now; `has_cases`, whether
    its module has cases in its course or in the course's twin; `has_voices`, whether somebody's reading of it is open, or the
    reader's own is begun.
    """
    course = OuterRef("module__course")
    served = Case.modules.through.objects.filter(module__number=OuterRef("module__number"))
    asks = Ask.objects.filter(lesson=OuterRef("pk"), removed_at=None)
    asks = asks.filter(cohort__in=Enrolment.objects.active().filter(user=user).order_by().values("cohort"))
    voices_of_it = LessonVoice.objects.filter(lesson=OuterRef("pk"))
    lessons = Lesson.objects.select_related("module__course__place", "video").filter(pk=pk)
    return lessons.annotate(
        is_enrolled=Exists(Enrolment.objects.active().filter(user=user, course=course)),
        is_done=Exists(LessonDone.objects.filter(user=user, lesson=OuterRef("pk"))),
        ask_count=count_subquery(asks, "lesson"),
        has_cases=Exists(
            served.filter(Q(module__course=course) | Q(module__course=OuterRef("module__course__twin")))
        ),
        has_voices=Exists(voices_of_it.filter(Q(opened_at__isnull=False) | Q(speaker=user))),
    )


LESSON = PreparedQuery(find_lesson_as_read_by, 2)


def get_lesson_as_read_by(user: User, pk: int) -> Any:
    """Return the lesson as `find_lesson_as_read_by`; raise Http404 where there is none."""
    for lesson in LESSON.instances(user.pk, pk):
        return lesson
    raise Http404


def get_lesson_context(lesson: Any, user: User, asked: player.PlayerRequest | None = None) -> dict:
    """Return the context of a lesson's page for its reader; `lesson` comes from `get_lesson_as_read_by`."""
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
