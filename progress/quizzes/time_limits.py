"""Time limits of quizzes, by the server's clock.

A try ends `Quiz.minutes` after it began (`Attempt.due_at`). An answer that the server receives later does not count, except
for a minute of slack for a page on a bad line, and for what a phone recorded in time, offline, and delivers within ten minutes
after the end. Until then nobody sees the right answers of an examination whose time ran out. Whoever reads a try takes it for
ended once its time is up; storing that is a matter of the next write or of the worker's round.
"""

from __future__ import annotations

from collections.abc import Sized
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from progress.models import Attempt
from progress.quizzes.paper import Paper

SLACK = timedelta(minutes=1)
DELIVERED_WITHIN = timedelta(minutes=10)


def is_time_over(attempt: Attempt, now: datetime | None = None) -> bool:
    """Return whether no further answer is taken on a page."""
    return attempt.due_at is not None and (now or timezone.now()) > attempt.due_at + SLACK


def can_be_delivered(attempt: Attempt, given_at: datetime, now: datetime) -> bool:
    """Return whether an answer that a phone recorded at this moment still counts."""
    due = attempt.due_at
    return due is None or (given_at <= due and now <= due + DELIVERED_WITHIN)


def is_closed_by_hand_in(attempt: Attempt) -> bool:
    """Return whether nothing is added once the paper was handed in before its time was up, whatever time a phone gives; reads
    the quiz.
    """
    return attempt.tries is not None or attempt.quiz.is_examination


def is_ended_by_clock(attempt: Attempt) -> bool:
    """Return whether the paper was handed in because its time was up: what was given in time may still be on its way."""
    return attempt.due_at is not None and attempt.finished_at == attempt.due_at


def is_explained(attempt: Attempt, answers: Sized, now: datetime | None = None) -> bool:
    """Return whether right answers may be shown: not while the clock runs, nor while an answer can still be added to an
    examination. Reads the quiz.
    """
    if attempt.due_at is None:
        return True
    if attempt.finished_at is None:
        return False
    if not is_closed_by_hand_in(attempt) or not is_ended_by_clock(attempt):
        return True
    return (now or timezone.now()) > attempt.due_at + DELIVERED_WITHIN or len(answers) >= len(
        Paper(attempt.paper)
    )


def find_running(attempts: QuerySet[Attempt], now: datetime | None = None) -> QuerySet[Attempt]:
    """Return those that are not handed in and whose time is not up."""
    ends = Q(due_at__isnull=True) | Q(due_at__gte=(now or timezone.now()) - SLACK)
    return attempts.filter(ends, finished_at__isnull=True)


def find_overdue(attempts: QuerySet[Attempt], now: datetime | None = None) -> QuerySet[Attempt]:
    """Return those whose time is up and that nobody has handed in yet."""
    return attempts.filter(finished_at__isnull=True, due_at__lt=(now or timezone.now()) - SLACK)


def find_ended(attempts: QuerySet[Attempt], now: datetime | None = None) -> QuerySet[Attempt]:
    """Return those that are handed in or whose time is up."""
    return attempts.filter(Q(finished_at__isnull=False) | Q(due_at__lt=(now or timezone.now()) - SLACK))
