"""What was accepted of the same task in the course's other language: it counts in both (docs/decisions/two-languages.md).

It counts where the person has handed in nothing newer in the course itself that waits for a trainer.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from accounts.models import User
from courses.models import Assignment
from courses.models.twins import find_same_tasks
from rehearsals.models import TaskReview, TaskWork


def find_accepted_elsewhere(course: int, users: Any) -> QuerySet:
    """Return (user, task, has_work): who of these people passed in the other language what is this task of the course.

    `has_work`: they have handed it in in the course, too, so that its state is read from that work. May name one twice.
    """
    same: QuerySet = find_same_tasks(course)
    rows: QuerySet = TaskReview.objects.filter(
        decision=TaskReview.Decision.ACCEPTED,
        version__work__user__in=users,
        version__work__assignment__in=same.values("pk"),
    )
    own = same.filter(pk=OuterRef("version__work__assignment"))
    rows = rows.annotate(user=F("version__work__user"), task=Subquery(own.values("same")))
    work = TaskWork.objects.filter(user=OuterRef("user"), assignment=OuterRef("task"))
    return rows.order_by().annotate(has_work=Exists(work)).values_list("user", "task", "has_work")


def find_same_task(user: User, task: Assignment) -> Assignment | None:
    """Return the task of the other language that the person passed and that is the same as this one. One query."""
    passed = TaskReview.objects.filter(decision=TaskReview.Decision.ACCEPTED, version__work__user=user)
    tasks: Any = find_same_tasks(task.module.course_id)
    same = tasks.filter(same=task.pk, pk__in=passed.values("version__work__assignment"))
    found: Assignment | None = same.select_related("module__course").order_by("pk").first()
    return found
