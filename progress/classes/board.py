"""Load the board of a class: who has done which lessons, for one page of trainees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Lesson, State
from courses.outline import LessonRow, Unit, build_outline, list_lessons
from progress.classes.questions import count_subquery
from progress.models import Ask, Enrolment, LessonDone
from ui.pagination import page

TRAINEES_A_PAGE = 50
QUIET = timedelta(days=7)


@dataclass
class Trainee:
    """One person of a class; `done` maps each of `lessons` that is done to the time at which it was."""

    pk: int
    name: str
    enrolled_at: datetime
    lessons: Sequence[LessonRow]
    done: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.done)

    @cached_property
    def last_at(self) -> datetime | None:
        return max(self.done.values(), default=None)

    @cached_property
    def next(self) -> LessonRow | None:
        return next((lesson for lesson in self.lessons if lesson.pk not in self.done), None)

    @property
    def is_finished(self) -> bool:
        return bool(self.lessons) and self.next is None

    @property
    def is_quiet(self) -> bool:
        """Return whether lessons are left and none was done for a week."""
        since = self.last_at or self.enrolled_at
        return self.next is not None and since < timezone.now() - QUIET


@dataclass
class Board:
    cohort: Cohort
    units: list[Unit]
    trainees: list[Trainee]
    people: int
    after: str
    counts: Mapping[int, int]

    @property
    def lessons(self) -> list[LessonRow]:
        return list_lessons(self.units)


def members(cohort: Cohort):
    return Enrolment.objects.active().filter(cohort=cohort)


def find_quiet_members(cohorts: QuerySet) -> QuerySet[Enrolment]:
    """Return the enrolments of these classes that have done no lesson for a week, as `Trainee.is_quiet`."""
    lately = timezone.now() - QUIET
    done = LessonDone.objects.filter(user=OuterRef("user"), lesson__module__course=OuterRef("course"))
    ticked = LessonDone.objects.filter(user=OuterRef(OuterRef("user")), lesson=OuterRef("pk"))
    left = Lesson.objects.published().filter(module__course=OuterRef("course"))
    rows = Enrolment.objects.active().filter(cohort__in=cohorts, enrolled_at__lt=lately).order_by()
    rows = rows.exclude(Exists(done.filter(lesson__state=State.PUBLISHED, happened_at__gte=lately)))
    return rows.filter(Exists(left.exclude(Exists(ticked))))


def load_board(cohort: Cohort, after: str = "") -> Board:
    """Load one page of the class, those furthest behind first. Three queries for a class of one page, else five."""
    units = build_outline(cohort.course)
    lessons = list_lessons(units)
    found = members(cohort).values("pk", "user", "user__name", "enrolled_at")
    shown = page(found, ("pk",), after, TRAINEES_A_PAGE)
    done = load_done([row["user"] for row in shown.items], lessons)
    trainees = [
        Trainee(row["user"], row["user__name"], row["enrolled_at"], lessons, done[row["user"]])
        for row in shown.items
    ]
    is_whole = not after and not shown.after
    return Board(
        cohort=cohort,
        units=units,
        trainees=sorted(trainees, key=lambda trainee: trainee.count),
        people=len(trainees) if is_whole else members(cohort).count(),
        after=shown.after,
        counts=Counter(chain.from_iterable(done.values())) if is_whole else done_counts(cohort, lessons),
    )


def load_done(users: list[int], lessons: Sequence[LessonRow]) -> dict[int, dict[int, datetime]]:
    """Return for each of the people when they did which of the lessons. One query."""
    found: dict[int, dict[int, datetime]] = {user: {} for user in users}
    done = LessonDone.objects.filter(user__in=users, lesson__in=[lesson.pk for lesson in lessons])
    for user, lesson, at in done.order_by().values_list("user", "lesson", "happened_at"):
        found[user][lesson] = at
    return found


def done_counts(cohort: Cohort, lessons: Sequence[LessonRow]) -> Counter[int]:
    """Count by lesson how many of the class have done it."""
    done = LessonDone.objects.filter(
        user__in=members(cohort).values("user"), lesson__in=[lesson.pk for lesson in lessons]
    )
    return Counter(dict(done.order_by().values_list("lesson").annotate(Count("pk"))))


def find_classes(user: User):
    """Return the classes this person may see, annotated with `people` in it now and `waiting` questions."""
    people = Enrolment.objects.active().filter(cohort=OuterRef("pk")).order_by()
    counted = Subquery(
        people.values("cohort").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
    )
    mine = Cohort.objects.manageable_by(user).order_by().values("pk")
    return (
        Cohort.objects.filter(pk__in=mine)
        .select_related("course", "place")
        .annotate(
            people=Coalesce(counted, 0),
            waiting=count_subquery(Ask.objects.filter(cohort=OuterRef("pk")).unanswered(), "cohort"),
        )
    )
