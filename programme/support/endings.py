"""Find when the cause of a case went: the time of the row that solved it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from courses.models import Cohort
from courses.twin_quizzes import pair_courses
from programme.models import Attendance, Certificate, SupportCase
from programme.models.attendance import CREDITED
from progress.models import Attempt, Enrolment, LessonDone, Talk, Watch
from rehearsals.models import Submission
from shops.models import Product

Cause = SupportCase.Cause
# A person and a time at which something was done; the number is the quiz's, None where any ends it.
Event = tuple[int, datetime.datetime, int | None]


@dataclass(frozen=True)
class End:
    """When a case's cause went, None where no row says it, and whether it was solved."""

    at: datetime.datetime | None
    is_solved: bool


def find_ends(cohort: Cohort, cases: Collection[SupportCase]) -> dict[int, End]:
    """Return by case the end of its cause: the first row after the case was opened that solves it, or the person's leaving.

    For cases whose cause is gone. A constant number of queries, none without a case.
    """
    by_cause: dict[str, list[SupportCase]] = {}
    for case in cases:
        by_cause.setdefault(case.cause, []).append(case)
    found: dict[int, End] = {}
    left_at = dict(find_departures(cohort, cases)) if cases else {}
    for cause, same in by_cause.items():
        users = {case.user_id for case in same}
        events = list(FINDERS[cause](cohort, users)) if cause in FINDERS else []
        if cause not in (Cause.PHONE, Cause.LISTING):
            events += end_course(cohort, users)
        for case in same:
            times = [at for user, at, number in events if ends(case, user, at, number)]
            if times:
                found[case.pk] = End(min(times), True)
            elif at := left_at.get(case.user_id):
                found[case.pk] = End(max(at, case.opened_at), False)
            else:
                # Events of phones are applied or settled by a trainer, which leaves no time of its own.
                found[case.pk] = End(None, cause == Cause.PHONE)
    return found


def ends(case: SupportCase, user: int, at: datetime.datetime, number: int | None) -> bool:
    return user == case.user_id and at > case.opened_at and number in (None, case.subject)


def find_departures(cohort: Cohort, cases: Iterable[SupportCase]) -> Iterator[tuple[int, datetime.datetime]]:
    users = {case.user_id for case in cases}
    rows = Enrolment.objects.filter(cohort=cohort, user__in=users, left_at__isnull=False)
    for user, at in rows.order_by().values_list("user", "left_at"):
        assert at
        yield user, at


def end_quizzes(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    """Yield passes and talks, in both languages of the course."""
    of_course = Q(quiz__course=cohort.course_id) | pair_courses("quiz__course__", cohort.course_id)
    own = {"user__in": users}
    passes = Attempt.objects.filter(of_course, **own, passed=True, finished_at__isnull=False).order_by()
    held = Talk.objects.filter(of_course, **own).order_by()
    for rows, moment in ((passes, "finished_at"), (held, "held_at")):
        for user, at, quiz, course in rows.values_list("user", moment, "quiz", "quiz__course"):
            yield user, at, quiz if course == cohort.course_id else None


def end_lessons(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    """Yield lessons done and videos watched of the course."""
    of_course = {"user__in": users, "lesson__module__course": cohort.course_id}
    for user, at in LessonDone.objects.filter(**of_course).order_by().values_list("user", "happened_at"):
        yield user, at, None
    for user, at in Watch.objects.filter(**of_course).order_by().values_list("user", "last_at"):
        yield user, at, None


def end_absences(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    rows = Attendance.objects.filter(session__cohort=cohort, user__in=users, mark__in=CREDITED)
    for user, at in rows.order_by().values_list("user", "happened_at"):
        yield user, at, None


def end_retakes(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    rows = Submission.objects.filter(user__in=users).order_by()
    for user, at in rows.values_list("user", "received_at"):
        yield user, at, None


def end_course(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    """Yield certificates: whoever has one is through."""
    of_course = Q(course=cohort.course_id) | pair_courses("course__", cohort.course_id)
    rows = Certificate.objects.filter(of_course, user__in=users).order_by()
    for user, at in rows.values_list("user", "issued_at"):
        yield user, at, None


def end_certificates(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    """Yield what can have been the last thing missing."""
    yield from end_lessons(cohort, users)
    for user, at, _quiz in end_quizzes(cohort, users):
        yield user, at, None


def end_listings(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    mine = Q(shop__owner__in=users) | Q(shop__helpers__in=users)
    rows = Product.objects.filter(mine).order_by().distinct()
    for owner, helper, submitted, listed in rows.values_list(
        "shop__owner", "shop__helpers", "submitted_at", "listed_at"
    ):
        times = [one for one in (submitted, listed) if one]
        for user in {owner, helper} & set(users) if times else ():
            yield user, min(times), None


FINDERS: dict[str, Callable[[Cohort, Collection[int]], Iterator[Event]]] = {
    Cause.QUIZ: end_quizzes,
    Cause.LESSON: end_lessons,
    Cause.ABSENT: end_absences,
    Cause.RETAKE: end_retakes,
    Cause.CERTIFICATE: end_certificates,
    Cause.LISTING: end_listings,
}
