"""Somebody was given a task back and has not handed it in again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Cohort
from programme.support.causes.cause import DAY, Cause, Event, Fact, Name, Scope
from rehearsals.models import TaskReview, TaskVersion, TaskWork
from rehearsals.models.task import is_passed_elsewhere

# As for a recording that is asked for again: somebody who practises once a week has had one occasion by then.
AGAIN_AFTER = 7 * DAY


class ReturnedTask(Cause):
    """A task that a trainer returned with one thing to do. The subject is the task's own number."""

    name = Name.TASK

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield to whom a trainer returned a task a week ago, and who has not handed it in again. One query."""
        if not scope.is_learning:
            return
        later = TaskVersion.objects.filter(
            work=OuterRef("version__work"), number__gt=OuterRef("version__number")
        )
        returned = TaskReview.objects.filter(
            decision=TaskReview.Decision.RETURNED,
            created_at__lte=scope.now - AGAIN_AFTER,
            version__work__cohort=scope.cohort,
            version__work__user__in=scope.learners.order_by().values("user"),
        ).exclude(Exists(later) | is_passed_elsewhere("version__work__"))
        work = "version__work__"
        columns = (f"{work}user", "created_at", f"{work}assignment", f"{work}assignment__title", f"{work}id")
        for user, at, task, title, pk in returned.order_by("created_at", "pk").values_list(*columns):
            words = _("“%(title)s”退回了，还没再交") % {"title": title}
            url = reverse("rehearsals:task_review", args=[pk])
            yield Fact(user, Name.TASK, at, words, task, title, url, _("看退回的"))

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        rows = TaskVersion.objects.filter(work__user__in=users).order_by()
        yield from rows.values_list("work__user", "received_at", "work__assignment")

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        accepted = TaskReview.objects.filter(
            decision=TaskReview.Decision.ACCEPTED, version__work__assignment=fact.subject
        )
        works = TaskWork.objects.filter(pk__in=accepted.values("version__work"))
        return works.order_by().values("user")

    def describe(self) -> str:
        return _("老师请你把“%(title)s”改好，再交一次。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("rehearsals:task", args=[subject])
