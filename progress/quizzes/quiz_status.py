"""Find the quizzes of lessons and courses, and how far one person is with each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from accounts.models import User
from courses.models import Assignment, Course, Lesson, Quiz, State
from courses.outline import LessonPosition
from progress.models import Attempt
from progress.quizzes.time_limits import find_running
from ui.database.orm import PreparedQuery

Kind = Quiz.Kind


def attach_state(quizzes: QuerySet[Quiz], user: User) -> QuerySet[Quiz]:
    """Annotate `best` (percent of the best try or None), `is_passed`, `tried` (number of tries begun) and `open_key`.

    `is_begun`: the open try has an answer. The paper of a lesson stored on a phone is an open try before anybody has opened
    it.
    """
    mine = Attempt.objects.filter(user=user, quiz=OuterRef("pk")).order_by()
    done = mine.filter(finished_at__isnull=False, total__gt=0)
    best = done.values("quiz").annotate(best=Max(F("right") * 100 / F("total"))).values("best")
    begun = mine.values("quiz").annotate(n=Count("pk")).values("n")
    return quizzes.annotate(
        best=Subquery(best, output_field=IntegerField()),
        is_passed=Exists(mine.filter(passed=True)),
        tried=Coalesce(Subquery(begun, output_field=IntegerField()), 0),
        open_key=Subquery(find_running(mine).values("key")[:1]),
        is_begun=Exists(find_running(mine).filter(answers__isnull=False)),
    )


def find_of_lesson(lesson: int, module: int) -> QuerySet[Quiz]:
    """Return the quizzes of a lesson and those of a module, 0 for none."""
    where = Q(lesson=lesson) | Q(module=module, lesson=None, kind=Kind.MODULE)
    return Quiz.objects.filter(where, state=State.PUBLISHED).order_by("pk")


OF_LESSON = PreparedQuery(lambda lesson, module: find_of_lesson(lesson, module).values_list("pk"), 2)


def list_ids_for_lesson(lesson: Lesson, spot: LessonPosition | None) -> list[int]:
    """Return the ids of the quizzes of a lesson and, on the last of its module, those of the module."""
    is_last = spot and spot.nth == spot.total
    return [pk for (pk,) in OF_LESSON.rows(lesson.pk, lesson.module_id if is_last else 0)]


def list_for_lesson(lesson: Lesson, user: User, spot: LessonPosition | None) -> list[Quiz]:
    """List the quizzes with `attach_state`. One small query for a lesson without a quiz, as most are; else two."""
    found = list_ids_for_lesson(lesson, spot)
    return list(attach_state(Quiz.objects.filter(pk__in=found).order_by("pk"), user)) if found else []


class TaskStanding(NamedTuple):
    """How a person stands with a task that was begun: a sentence, the tone of its chip, and what is to be done again."""

    words: str
    tone: str
    step: str = ""

    @property
    def is_returned(self) -> bool:
        return self.tone == "ask"

    @property
    def is_waiting(self) -> bool:
        return self.tone == "zest"


@dataclass
class CourseQuizzes:
    """The quizzes and tasks on a course's page."""

    pre: list[Quiz] = field(default_factory=list)
    post: list[Quiz] = field(default_factory=list)
    by_module: dict[int, list[Quiz]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def find_returned(self) -> set[int]:
        """Return the ids of the modules with a task that is to be handed in again."""
        return {module for module, tasks in self.tasks.items() if any(is_returned(task) for task in tasks)}


def is_returned(task: Any) -> bool:
    """Return whether the person stands with the task so that it is theirs to do (`settings.TASK_STATES`)."""
    return task.standing is not None and task.standing.is_returned


def find_pre_test(course: Course, user: User) -> Quiz | None:
    """Return the pre-test until it is handed in, then None. One query."""
    rows = Quiz.objects.filter(course=course, state=State.PUBLISHED, kind=Kind.PRE, lesson=None)
    tests: list[Any] = list(
        attach_state(rows, user).annotate(asks=Count("bank__questions")).order_by("pk")[:1]
    )
    return tests[0] if tests and tests[0].best is None else None


def list_for_course(course: Course, user: User) -> CourseQuizzes:
    """List the quizzes and tasks of a course, each task with how the person stands with it. Four queries, whatever its
    length.
    """
    found = CourseQuizzes()
    rows = Quiz.objects.filter(course=course, state=State.PUBLISHED, lesson__isnull=True)
    for quiz in attach_state(rows, user).order_by("pk"):
        if quiz.kind in Quiz.NOT_JUDGED:
            found.pre.append(quiz)
        elif quiz.kind == Kind.POST or quiz.module_id is None:
            found.post.append(quiz)
        else:
            found.by_module[quiz.module_id].append(quiz)
    states = import_string(settings.TASK_STATES)(user, course)
    tasks = Assignment.objects.filter(module__course=course).order_by("position", "pk")
    for task in tasks.defer("text", "criteria"):
        task.standing = states.get(task.pk)  # type: ignore[attr-defined]  # read by _quiz_unit.html
        found.tasks[task.module_id].append(task)
    return found
