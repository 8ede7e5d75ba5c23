"""Load the board of a class: its head, and who has done which lessons, for one page of trainees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Lesson, State
from courses.outline import LessonRow, Step, Unit, build_outline, list_steps
from progress.enrolment.course_progress import count_subquery
from progress.models import Ask, Enrolment, LessonDone
from progress.names import A_SCREEN, make_key
from ui.database.orm import JoinedNumbers, PreparedQuery
from ui.pagination import cut_page, read_cursor

TRAINEES_A_PAGE = 50
QUIET = timedelta(days=7)


class Person(NamedTuple):
    """An enrolment of the class."""

    pk: int
    user: int
    name: str
    enrolled_at: datetime


@dataclass
class Trainee:
    """One person of a class; `done` holds those of `lessons` that are done, `last_at` is when the last of them was."""

    pk: int
    name: str
    enrolled_at: datetime
    last_at: datetime | None
    lessons: Sequence[LessonRow | Step]
    done: Collection[int]

    @property
    def count(self) -> int:
        return len(self.done)

    @cached_property
    def next(self) -> LessonRow | Step | None:
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
    """One page of a class; `people` counts the whole class, `after` is the cursor of the next page."""

    cohort: Cohort
    lessons: list[Step]
    trainees: list[Trainee]
    people: int
    after: str
    is_whole: bool
    # The part of a name that everybody shown has.
    name: str = ""

    @property
    def is_long(self) -> bool:
        """Return whether the class is longer than a screen, so that somebody is searched for."""
        return bool(self.name) or self.people > A_SCREEN

    @cached_property
    def units(self) -> list[Unit]:
        """Return the course's outline, which only the table of lessons needs. One query."""
        return build_outline(self.cohort.course_id)

    @cached_property
    def counts(self) -> Counter[int]:
        """Count by lesson how many of the whole class have done it. One query for a class of several pages."""
        if self.is_whole:
            return Counter(chain.from_iterable(trainee.done for trainee in self.trainees))
        return count_done(self.cohort, self.lessons)


def find_class(pk: int) -> QuerySet[Cohort]:
    """Return the class with its course and place."""
    return Cohort.objects.filter(pk=pk).select_related("course", "place")


def find_trainers(cohort: int) -> QuerySet:
    """Return the names of the class's trainers and its mentor."""
    trainers = Cohort.trainers.through.objects.filter(cohort=cohort).values("user")
    mentor = Cohort.objects.filter(pk=cohort, mentor__isnull=False).order_by().values("mentor")
    return User.objects.filter(Q(pk__in=trainers) | Q(pk__in=mentor)).values_list("name")


def find_members(cohort: Cohort | int):
    return Enrolment.objects.active().filter(cohort=cohort)


def find_people(cohort: int, after: int, name: str = "") -> QuerySet:
    """Return one page of the class, or of those with this in their name, and one row more, in the order of joining it."""
    rows = find_members(cohort).filter(pk__gt=after).order_by("pk")
    rows = rows.filter(user__name__icontains=name) if name else rows
    return rows.values_list("pk", "user", "user__name", "enrolled_at")[: TRAINEES_A_PAGE + 1]


def find_done(cohort: int, first: int, last: int) -> QuerySet:
    """Return for each of the people of the class whose enrolments have these ids, and who have done any: the lessons of any
    course that they have done, joined, and when the last one of those of the class's course.
    """
    shown = find_members(cohort).filter(pk__gte=first, pk__lte=last).order_by().values("user")
    courses = Cohort.objects.filter(pk=cohort).order_by().values("course")
    lessons = Lesson.objects.published().filter(module__course__in=courses).order_by().values("pk")
    done = LessonDone.objects.filter(user__in=shown).order_by().values("user")
    last_at = Max("happened_at", filter=Q(lesson__in=lessons))
    return done.annotate(lessons=JoinedNumbers("lesson"), last_at=last_at).values_list(
        "user", "lessons", "last_at"
    )


CLASS = PreparedQuery(find_class, 1)
TRAINERS = PreparedQuery(find_trainers, 1)
PEOPLE = PreparedQuery(find_people, 2)
DONE = PreparedQuery(find_done, 3)


def find_quiet_members(cohorts: QuerySet) -> QuerySet[Enrolment]:
    """Return the enrolments of these classes that have done no lesson for a week, as `Trainee.is_quiet`."""
    lately = timezone.now() - QUIET
    done = LessonDone.objects.filter(user=OuterRef("user"), lesson__module__course=OuterRef("course"))
    ticked = LessonDone.objects.filter(user=OuterRef(OuterRef("user")), lesson=OuterRef("pk"))
    left = Lesson.objects.published().filter(module__course=OuterRef("course"))
    rows = Enrolment.objects.active().filter(cohort__in=cohorts, enrolled_at__lt=lately).order_by()
    rows = rows.exclude(Exists(done.filter(lesson__state=State.PUBLISHED, happened_at__gte=lately)))
    return rows.filter(Exists(left.exclude(Exists(ticked))))


def load_board(cohort: Cohort, after: str = "", name: str = "") -> Board:
    """Load one page of the class, those furthest behind first, then by pinyin; with `name` those who have this in their name.

    Three queries for a class of one page, else four.
    """
    lessons = list_steps(cohort.course_id)
    [after_pk] = (read_cursor(find_members(cohort), ("pk",), after) if after else None) or [0]
    rows = find_people(cohort.pk, after_pk, name) if name else PEOPLE.rows(cohort.pk, after_pk)
    shown = cut_page([Person(*row) for row in rows], ("pk",), TRAINEES_A_PAGE)
    published = {lesson.pk for lesson in lessons}
    rows = DONE.rows(cohort.pk, shown.items[0].pk, shown.items[-1].pk) if shown.items else []
    done = {user: (published.intersection(map(int, joined.split(","))), at) for user, joined, at in rows}
    nothing: tuple[set[int], datetime | None] = (set(), None)
    trainees = [
        Trainee(person.user, person.name, person.enrolled_at, last_at, lessons, lessons_done)
        for person in shown.items
        for lessons_done, last_at in [done.get(person.user, nothing)]
    ]
    is_whole = not after_pk and not shown.after and not name
    return Board(
        cohort=cohort,
        lessons=lessons,
        trainees=sorted(trainees, key=lambda one: (one.count, *make_key((one.name, one.pk)))),
        people=len(trainees) if is_whole else find_members(cohort).count(),
        after=shown.after,
        is_whole=is_whole,
        name=name,
    )


def load_done(users: list[int], lessons: Sequence[LessonRow]) -> dict[int, dict[int, datetime]]:
    """Return for each of the people when they did which of the lessons. One query."""
    found: dict[int, dict[int, datetime]] = {user: {} for user in users}
    done = LessonDone.objects.filter(user__in=users, lesson__in=[lesson.pk for lesson in lessons])
    for user, lesson, at in done.order_by().values_list("user", "lesson", "happened_at"):
        found[user][lesson] = at
    return found


def count_done(cohort: Cohort, lessons: Sequence[LessonRow | Step]) -> Counter[int]:
    """Count by lesson how many of the class have done it."""
    done = LessonDone.objects.filter(
        user__in=find_members(cohort).values("user"), lesson__in=[lesson.pk for lesson in lessons]
    )
    return Counter(dict(done.order_by().values_list("lesson").annotate(Count("pk"))))


def find_classes(user: User):
    """Return the classes this person guides, annotated with `people` in it now and `waiting` questions."""
    people = Enrolment.objects.active().filter(cohort=OuterRef("pk")).order_by()
    counted = Subquery(
        people.values("cohort").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
    )
    mine = Cohort.objects.guided_by(user).order_by().values("pk")
    return (
        Cohort.objects.filter(pk__in=mine)
        .select_related("course", "place")
        .annotate(
            people=Coalesce(counted, 0),
            waiting=count_subquery(Ask.objects.filter(cohort=OuterRef("pk")).unanswered(), "cohort"),
        )
    )
