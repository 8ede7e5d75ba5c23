"""Rows of what people of a class did and did not do, for tests of the board."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Lesson, Quiz
from programme.support.causes import find_facts
from progress.models import Attempt, Enrolment, LessonDone


def ago(days: float, seconds: float = 0) -> datetime:
    return timezone.now() - timedelta(days=days, seconds=seconds)


def join(user: User, cohort: Cohort, days: float) -> User:
    Enrolment.objects.create(user=user, course=cohort.course, cohort=cohort, enrolled_at=ago(days))
    return user


def fail(user: User, quiz: Quiz, times: int = 1, passed: bool = False, days: float = 0) -> None:
    first = Attempt.objects.filter(user=user, quiz=quiz).count() + 1
    for number in range(first, first + times):
        facts = {"number": number, "right": 9 if passed else 1, "total": 10, "passed": passed}
        Attempt.objects.create(user=user, quiz=quiz, finished_at=ago(days), **facts)


def do(user: User, lesson: Lesson, days: float = 0) -> None:
    LessonDone.objects.create(user=user, lesson=lesson, happened_at=ago(days))


def words(cohort: Cohort, user: User) -> list[tuple[str, str]]:
    """Return the causes and sentences of one person."""
    return [(fact.cause, fact.words) for fact in find_facts(cohort).get(user.pk, [])]
