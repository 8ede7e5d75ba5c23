"""Grant clearances: passing certain quizzes permits something for a year (直播电商监督管理办法 §10).

A clearance is written in the transaction in which the try is passed. One try gives one clearance, however often it is
processed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Clearance
from progress.models import Attempt


def add_a_year(day: datetime.datetime) -> datetime.datetime:
    """Return the same day of the next year; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, month=3, day=1)


def name_record(attempt: Attempt) -> str:
    return f"attempt {attempt.key}"


def grant_clearance(attempts: Iterable[Attempt]) -> None:
    """Grant the clearances that tries just handed in have earned.

    No statement if none is passed, one if none of their quizzes gives a clearance, else two.
    """
    passed = [attempt for attempt in attempts if attempt.passed and attempt.finished_at]
    if not passed:
        return
    rows = Attempt.objects.filter(pk__in=[attempt.pk for attempt in passed]).exclude(quiz__clears="")
    write_clearance(rows.select_related("quiz__course").defer("paper"))


def find_clearance(attempt: Attempt) -> Clearance | None:
    """Return what this try has earned; None, without a query, where its quiz clears nothing."""
    if not (attempt.passed and attempt.quiz.clears):
        return None
    return Clearance.objects.filter(
        user=attempt.user_id, record=name_record(attempt), withdrawn_at=None
    ).first()


def write_clearance(rows: Iterable[Attempt]) -> None:
    Clearance.objects.bulk_create(
        [
            Clearance(
                user_id=attempt.user_id,
                kind=attempt.quiz.clears,
                record=name_record(attempt),
                words=f"{attempt.quiz.course.title} · {attempt.quiz.title} {attempt.right}/{attempt.total}"[
                    :120
                ],
                given_at=attempt.finished_at,
                valid_until=add_a_year(attempt.finished_at),
            )
            for attempt in rows
            if attempt.finished_at
        ],
        ignore_conflicts=True,
    )


def grant_missing(now: datetime.datetime | None = None) -> int:
    """Grant clearances for tries of the last year passed before their quiz cleared (the worker's daily round)."""
    now = now or timezone.now()
    rows = Attempt.objects.filter(passed=True, finished_at__gt=now - datetime.timedelta(days=365))
    rows = rows.exclude(quiz__clears="").select_related("quiz__course").defer("paper")
    known = set(
        Clearance.objects.filter(
            record__startswith="attempt ", given_at__gt=now - datetime.timedelta(days=366)
        ).values_list("record", flat=True)
    )
    late = [attempt for attempt in rows.iterator(2000) if name_record(attempt) not in known]
    write_clearance(late)
    return len(late)
