"""A quiz that clears: whoever passes it may do what it clears for, for a year (直播电商监督管理办法 §10).

Written in the transaction in which the try is passed. One try is one clearance, however often it is looked at.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Clearance
from progress.models import Attempt


def a_year_after(day: datetime.datetime) -> datetime.datetime:
    """The same day of the next year; of the 29th of February the 1st of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, month=3, day=1)


def record_of(attempt: Attempt) -> str:
    return f"attempt {attempt.key}"


def clear(attempts: Iterable[Attempt]) -> None:
    """Of tries that were just handed in. No statement where none of them is passed, one where none of their quizzes
    clears, else two."""
    passed = [attempt for attempt in attempts if attempt.passed and attempt.finished_at]
    if not passed:
        return
    rows = Attempt.objects.filter(pk__in=[attempt.pk for attempt in passed]).exclude(quiz__clears="")
    give(rows.select_related("quiz__course").defer("paper"))


def clearance_of(attempt: Attempt) -> Clearance | None:
    """What this try has earned; no query where its quiz clears nothing. Reads the quiz."""
    if not (attempt.passed and attempt.quiz.clears):
        return None
    return Clearance.objects.filter(
        user=attempt.user_id, record=record_of(attempt), withdrawn_at=None
    ).first()


def give(rows: Iterable[Attempt]) -> None:
    Clearance.objects.bulk_create(
        [
            Clearance(
                user_id=attempt.user_id,
                kind=attempt.quiz.clears,
                record=record_of(attempt),
                words=f"{attempt.quiz.course.title} · {attempt.quiz.title} {attempt.right}/{attempt.total}"[
                    :120
                ],
                given_at=attempt.finished_at,
                valid_until=a_year_after(attempt.finished_at),
            )
            for attempt in rows
        ],
        ignore_conflicts=True,
    )


def catch_up(now: datetime.datetime | None = None) -> int:
    """For the worker's daily round: tries of the last year that were passed before their quiz was said to clear."""
    now = now or timezone.now()
    rows = Attempt.objects.filter(passed=True, finished_at__gt=now - datetime.timedelta(days=365))
    rows = rows.exclude(quiz__clears="").select_related("quiz__course").defer("paper")
    known = set(
        Clearance.objects.filter(
            record__startswith="attempt ", given_at__gt=now - datetime.timedelta(days=366)
        ).values_list("record", flat=True)
    )
    late = [attempt for attempt in rows.iterator(2000) if record_of(attempt) not in known]
    give(late)
    return len(late)
