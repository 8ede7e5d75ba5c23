"""How a class stands with its tasks: by person for its page, by task, and who is where with one task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from courses.models import Assignment, Cohort
from progress.classes.board import find_members
from progress.classes.panels import Panel, register_panel, register_row_words
from rehearsals.models import TaskWork
from rehearsals.tasks.both_languages import find_accepted_elsewhere
from ui.database.orm import PreparedQuery

State = TaskWork.State


def find_tasks(cohort: Cohort) -> QuerySet[Assignment]:
    """Return the tasks of the class's course in their order."""
    rows = Assignment.objects.filter(module__course=cohort.course_id).select_related("module")
    return rows.order_by("module__position", "module", "position", "pk").defer("text", "criteria")


def find_waiting_works(cohort: int, *_now: object) -> QuerySet[TaskWork]:
    """Return the works of the class that wait for a trainer."""
    return TaskWork.objects.waiting().filter(cohort=cohort)


register_panel(
    Panel(
        icon="sheet",
        page="rehearsals:class_tasks",
        title=gettext_lazy("班里的任务"),
        words=ngettext_lazy("%(n)s 份等老师看", "%(n)s 份等老师看", "n"),
        find=find_waiting_works,
        is_waiting=True,
        turn=2,
        is_for_mentors=True,
    )
)


def find_counts(cohort: int) -> QuerySet:
    """Return (user, state, number of works) of the class."""
    rows = TaskWork.objects.filter(cohort=cohort).with_state().order_by()
    return rows.values_list("user", "state").annotate(n=Count("pk"))


def find_work_elsewhere(cohort: int) -> QuerySet:
    """Return one row if anybody of the class has handed in anything in another one: only then anything passed is looked for."""
    people = find_members(cohort).order_by().values("user")
    return TaskWork.objects.filter(user__in=people).exclude(cohort=cohort).order_by().values_list("pk")[:1]


def find_passed_elsewhere(cohort: int, course: int) -> QuerySet:
    """Return (user, task, has_work) of what people of the class have passed in the other language of its course."""
    return find_accepted_elsewhere(course, find_members(cohort).order_by().values("user"))


COUNTS = PreparedQuery(find_counts, 1)
WORK_ELSEWHERE = PreparedQuery(find_work_elsewhere, 1)
ELSEWHERE = PreparedQuery(find_passed_elsewhere, 2)


def list_passed_elsewhere(cohort: Cohort) -> set[tuple[int, int]]:
    """Return (user, task) of what was passed in the other language only: no work of the class says so. One or two queries."""
    rows = ELSEWHERE.rows(cohort.pk, cohort.course_id) if WORK_ELSEWHERE.rows(cohort.pk) else []
    return {(user, task) for user, task, has_work in rows if not has_work}


@register_row_words
def count_by_person(cohort: Cohort, users: Collection[int]) -> dict[int, str]:
    """Say of each of these people how many tasks are accepted, wait and are to be handed in again. Two or three queries."""
    counted: dict[int, Counter[str]] = {}
    for user, state, n in COUNTS.rows(cohort.pk):
        counted.setdefault(user, Counter())[state] += n
    for user, _task in list_passed_elsewhere(cohort):
        counted.setdefault(user, Counter())[State.ACCEPTED] += 1
    return {user: describe_counts(counts) for user, counts in counted.items() if user in users}


def describe_counts(counts: Counter[str]) -> str:
    """Return the words, of what there is: 任务通过 3 · 等老师看 1 · 要再交 1."""
    words = {
        State.ACCEPTED: _("任务通过 %(n)s"),
        State.HANDED_IN: _("等老师看 %(n)s"),
        State.RETURNED: _("要再交 %(n)s"),
    }
    return " · ".join(words[state] % {"n": counts[state]} for state in words if counts[state])


@dataclass
class TaskRow:
    """One task with how many people of the class are where."""

    task: Assignment
    counts: Counter[str]
    people: int

    @property
    def accepted(self) -> int:
        return self.counts[State.ACCEPTED]

    @property
    def waiting(self) -> int:
        return self.counts[State.HANDED_IN]

    @property
    def returned(self) -> int:
        return self.counts[State.RETURNED]

    @property
    def missing(self) -> int:
        return max(self.people - sum(self.counts.values()), 0)


def load_tasks(cohort: Cohort) -> list[TaskRow]:
    """Load the tasks of the class. Four queries, however many people are in it."""
    members = find_members(cohort)
    rows = TaskWork.objects.filter(cohort=cohort, user__in=members.values("user")).with_state().order_by()
    counted: dict[int, Counter[str]] = {}
    for task, state, n in rows.values_list("assignment", "state").annotate(n=Count("pk")):
        counted.setdefault(task, Counter())[state] += n
    for _user, task in list_passed_elsewhere(cohort):
        counted.setdefault(task, Counter())[State.ACCEPTED] += 1
    people = members.count()
    return [TaskRow(task, counted.get(task.pk, Counter()), people) for task in find_tasks(cohort)]


@dataclass(frozen=True)
class Person:
    """One person of the class and the work on the task, None before the first version and where it was passed in the course's
    other language only.
    """

    pk: int
    name: str
    work: int | None = None
    state: str = State.NOT_BEGUN
    at: datetime | None = None
    is_chosen: bool = False
    is_shared: bool = False

    @property
    def words(self) -> str:
        if self.state == State.ACCEPTED and self.work is None:
            return _("另一种语言的课里通过了")
        return str(State(self.state).label)

    @property
    def tone(self) -> str:
        return {State.ACCEPTED: "leaf", State.HANDED_IN: "zest", State.RETURNED: "ask"}.get(
            State(self.state), ""
        )


# Who waits for the trainer, who has it to do again, who has not begun, who is done.
ORDER = (State.HANDED_IN, State.RETURNED, State.NOT_BEGUN, State.ACCEPTED)


def load_people(cohort: Cohort, task: Assignment, enrolments: list[Any]) -> list[Person]:
    """Return these people of the class (enrolments with their user) with where they are. Two queries."""
    users = [one.user_id for one in enrolments]
    works: dict[int, Any] = {
        work.user_id: work
        for work in TaskWork.objects.filter(assignment=task, user__in=users)
        .with_state()
        .annotate(at=Max("versions__received_at"))
    }
    passed = {user for user, pk in list_passed_elsewhere(cohort) if pk == task.pk}
    found = []
    for one in enrolments:
        work = works.get(one.user_id)
        if work is None:
            state = State.ACCEPTED if one.user_id in passed else State.NOT_BEGUN
            found.append(Person(one.user_id, one.user.name, state=state))
            continue
        facts = (work.state, work.at, work.is_chosen, work.is_shared)
        found.append(Person(one.user_id, one.user.name, work.pk, *facts))
    return sorted(found, key=lambda person: ORDER.index(State(person.state)))
