"""Which of a course's tasks a person hands in next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from courses.models import Assignment
from courses.outline import ModuleRow, Unit
from progress.models import Enrolment
from progress.quizzes.quiz_status import CourseQuizzes, TaskStanding, is_returned


@dataclass(frozen=True)
class TaskOutlook:
    """The task to hand in next and its module, None when there is none now; and how many tasks are where.

    `waiting`: handed in and not answered. `closed`: not handed in, of a module that is not open yet.
    """

    task: Assignment | None
    module: ModuleRow | None
    standing: TaskStanding | None
    waiting: int
    closed: int


def find_next_task(
    enrolment: Enrolment, work: CourseQuizzes, units: Sequence[Unit], closed: Collection[int]
) -> TaskOutlook | None:
    """Choose the next task: a returned one first, then those of the modules that the class has been taught, in that order, then
    by the course's order; None for a course without tasks. One query for a member of a class.

    `closed` are the ids of the modules that are not open to the person.
    """
    shown: list[tuple[ModuleRow, Any]] = [
        (unit.module, task) for unit in units for task in work.tasks.get(unit.module.pk, ())
    ]
    if not shown:
        return None
    turns = list_turns(enrolment, units)
    left = [(module, task) for module, task in shown if task.standing is None or is_returned(task)]
    due = [(module, task) for module, task in left if module.pk not in closed]
    module, task = min(
        due,
        key=lambda one: (not is_returned(one[1]), turns.index(one[0].pk)),
        default=(None, None),
    )
    waiting = sum(task.standing is not None and task.standing.is_waiting for _module, task in shown)
    return TaskOutlook(task, module, task and task.standing, waiting, len(left) - len(due))


def list_turns(enrolment: Enrolment, units: Sequence[Unit]) -> list[int]:
    """Return the ids of the modules in the order in which their tasks are due."""
    taught: list[int] = []
    if enrolment.cohort_id:
        taught = import_string(settings.CLASS_TIMETABLE)(enrolment.cohort_id)
    return list(dict.fromkeys([*taught, *(unit.module.pk for unit in units)]))
