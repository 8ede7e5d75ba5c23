"""Time limits of quizzes, by the server's clock.

A try ends `Quiz.minutes` after it began (`Attempt.due_at`). An answer that the server receives later does not count, except
for a minute of slack for a page on a bad line, and for what a phone recorded in time, offline, and delivers within ten minutes
after the end. Whoever reads a try takes it for ended once its time is up; storing that is a matter of the next write or of
the worker's round.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from progress.models import Attempt

SLACK = timedelta(minutes=1)
DELIVERED_WITHIN = timedelta(minutes=10)


def is_time_over(attempt: Attempt, now: datetime | None = None) -> bool:
    """Return whether no further answer is taken on a page."""
    return attempt.due_at is not None and (now or timezone.now()) > attempt.due_at + SLACK


def can_be_delivered(attempt: Attempt, given_at: datetime, now: datetime) -> bool:
    """Return whether an answer that a phone recorded at this moment still counts."""
    due = attempt.due_at
    return due is None or (given_at <= due and now <= due + DELIVERED_WITHIN)


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
