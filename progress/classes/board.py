"""Load the board of a class: who has done which lessons, for one page of trainees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Lesson, State
from courses.outline import Unit, build_outline
from progress.classes.questions import count_subquery
from progress.models import Ask, Enrolment, LessonDone
from ui.orm import PreparedQuery
from ui.pagination import Page, cut_page, page

TRAINEES_A_PAGE = 50
QUIET = timedelta(days=7)


@dataclass
class Trainee:
    """One row of the board; `done` maps each of `lessons` that is done to the time at which it was."""

    enrolment: Enrolment
    lessons: list[Lesson]
    done: dict[int, datetime] = field(default_factory=dict)

    @property
    def user(self) -> User:
        return self.enrolment.user

    @cached_property
    def count(self) -> int:
        return len(self.done)

    @cached_property
    def last_at(self) -> datetime | None:
        return max(self.done.values(), default=None)

    @cached_property
    def next(self) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.pk not in self.done), None)

    @property
    def is_finished(self) -> bool:
        return bool(self.lessons) and self.next is None

    @property
    def is_quiet(self) -> bool:
        """Return whether lessons are left and none was done for a week."""
        since = self.last_at or self.enrolment.enrolled_at
        return self.next is not None and since < timezone.now() - QUIET

    @property
    def ticks(self) -> list[tuple[Lesson, datetime | None]]:
        return [(lesson, self.done.get(lesson.pk)) for lesson in self.lessons]


@dataclass
class Board:
    cohort: Cohort
    units: list[Unit]
    trainees: list[Trainee]
    people: int
    after: str
    counts: dict[int, int]

    @property
    def lessons(self) -> list[Lesson]:
        return [lesson for unit in self.units for lesson in unit.lessons]


def members(cohort: Cohort | int):
    return Enrolment.objects.active().filter(cohort=cohort)


def find_listed(cohort: Cohort | int) -> QuerySet[Enrolment]:
    return members(cohort).select_related("user").only("enrolled_at", "user__name")


FIRST_LISTED = PreparedQuery(lambda cohort: find_listed(cohort).order_by("pk")[: TRAINEES_A_PAGE + 1], 1)


def load_members(cohort: Cohort, after: str) -> Page:
    """Return one page of the class in the order of joining it. One query."""
    if after:
        return page(find_listed(cohort), ("pk",), after, TRAINEES_A_PAGE)
    return cut_page(FIRST_LISTED.instances(cohort.pk), ("pk",), TRAINEES_A_PAGE)


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
    """Load one page of the class, those furthest behind first. Four queries for a class of one page, else six."""
    units = build_outline(cohort.course)
    lessons = [lesson for unit in units for lesson in unit.lessons]
    shown = load_members(cohort, after)
    trainees = with_ticks(shown.items, lessons)
    is_whole = not after and not shown.after
    return Board(
        cohort=cohort,
        units=units,
        trainees=sorted(trainees, key=lambda trainee: trainee.count),
        people=len(trainees) if is_whole else members(cohort).count(),
        after=shown.after,
        counts=Counter(chain.from_iterable(one.done for one in trainees))
        if is_whole
        else done_counts(cohort, lessons),
    )


def with_ticks(enrolments: list[Enrolment], lessons: list[Lesson]) -> list[Trainee]:
    """Return the enrolments as trainees with the lessons each has done. One query."""
    rows = {enrolment.user_id: Trainee(enrolment, lessons) for enrolment in enrolments}
    done = LessonDone.objects.filter(user__in=list(rows), lesson__in=[lesson.pk for lesson in lessons])
    for user, lesson, at in done.order_by().values_list("user_id", "lesson_id", "happened_at"):
        rows[user].done[lesson] = at
    return list(rows.values())


def done_counts(cohort: Cohort, lessons: list[Lesson]) -> Counter[int]:
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
