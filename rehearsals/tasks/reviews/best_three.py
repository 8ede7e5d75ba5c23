"""The good examples of a class: a trainer chooses up to three works of a task; the class sees those whose owners agree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from courses.models import Assignment, Cohort
from progress.models import Enrolment
from rehearsals import notices
from rehearsals.models import TaskReview, TaskWork
from rehearsals.tasks.page import VersionRow, load_versions

MOST_CHOSEN = 3
# Who guides many classes sees the first of them.
MOST_SHOWN = 12
Decision = TaskReview.Decision


class NotAccepted(Exception):
    """Raised when the work is not accepted: what is not finished is no example."""


class TooManyChosen(Exception):
    """Raised when three works of the class are chosen for the task already."""


@dataclass(frozen=True)
class Choice:
    """What the trainer's page says about a work: whether it is chosen, can be, and whether its owner agreed."""

    is_chosen: bool
    can_be_chosen: bool
    chosen: int
    is_shared: bool

    @property
    def is_full(self) -> bool:
        return self.chosen >= MOST_CHOSEN and not self.is_chosen


def is_accepted(work: TaskWork) -> bool:
    return TaskReview.objects.filter(version__work=work, decision=Decision.ACCEPTED).exists()


def find_chosen(cohort: Cohort, task: Assignment | int) -> QuerySet[TaskWork]:
    return TaskWork.objects.filter(cohort=cohort, assignment=task, is_chosen=True)


def describe_choice(work: TaskWork) -> Choice | None:
    """Return what a trainer may do; None where the work is not accepted or counts for no class. Two queries at most."""
    if work.cohort is None or work.waiting_since or not is_accepted(work):
        return None
    count = find_chosen(work.cohort, work.assignment_id).count()
    return Choice(work.is_chosen, not work.is_chosen and count < MOST_CHOSEN, count, work.is_shared)


@transaction.atomic
def choose_work(work: TaskWork) -> None:
    """Choose the work, and ask its owner; chosen again it changes nothing. Raises NotAccepted, TooManyChosen."""
    if work.cohort is None or not is_accepted(work):
        raise NotAccepted
    Cohort.objects.select_for_update().get(pk=work.cohort.pk)  # two trainers choose one after the other
    chosen = set(find_chosen(work.cohort, work.assignment_id).values_list("pk", flat=True))
    if work.pk in chosen:
        return
    if len(chosen) >= MOST_CHOSEN:
        raise TooManyChosen
    TaskWork.objects.filter(pk=work.pk).update(is_chosen=True)
    if not work.is_shared:
        notices.write_chosen_notice(work)


def unchoose_work(work: TaskWork) -> None:
    """Take the work off the examples."""
    TaskWork.objects.filter(pk=work.pk, is_chosen=True).update(is_chosen=False)
    notices.withdraw_chosen_notice(work)


# --- for the class ---


def find_classes(user: User, task: Assignment) -> QuerySet[Cohort]:
    """Return the classes of the task's course in which the person is, or that they guide."""
    course = task.module.course_id
    there = Enrolment.objects.active().filter(user=user, course=course, cohort__isnull=False)
    guided = Cohort.objects.guided_by(user).filter(course=course)
    return Cohort.objects.filter(
        Q(pk__in=there.order_by().values("cohort")) | Q(pk__in=guided.order_by().values("pk"))
    )


def list_examples(task: Assignment, cohorts: QuerySet[Cohort]) -> list[VersionRow]:
    """List the accepted versions of works that are chosen, and whose owners agree. Four queries a work, of which a class has
    three."""
    works = TaskWork.objects.filter(
        assignment=task, is_chosen=True, shared_at__isnull=False, cohort__in=cohorts.order_by().values("pk")
    )
    found = []
    for work in works.select_related("user", "cohort").order_by("cohort", "pk")[:MOST_SHOWN]:
        for row in load_versions(work):
            if row.review and row.review.decision == Decision.ACCEPTED:
                row.version.work = work
                found.append(row)
                break
    return found
