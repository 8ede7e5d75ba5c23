"""Rows of training sessions and of who attended them, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from programme.attendance.marks import Fact, record_marks
from programme.models import Attendance, How, Mark, TrainingSession


def make_session(cohort: Cohort, trainer: User | None = None, **fields) -> TrainingSession:
    facts = {
        "topic": "竖屏怎么拍",
        "place": "村部会议室",
        "minutes": 120,
        "starts_at": timezone.now(),
        "trainer": trainer,
    }
    return TrainingSession.objects.create(cohort=cohort, created_by=trainer, **facts | fields)


def mark(
    session: TrainingSession,
    by: User,
    user: User,
    mark: str = Mark.PRESENT,
    how: str = How.ROLL,
    minutes_ago: float = 0,
) -> str:
    """Record one mark and return why not, "" if it was recorded."""
    at: datetime = timezone.now() - timedelta(minutes=minutes_ago)
    fact = Fact(user.pk, mark, how, at, uuid4())
    return record_marks(session, [fact], by)[fact.event_id]


def state(session: TrainingSession) -> dict[str, str]:
    rows = Attendance.objects.filter(session=session)
    return dict(rows.values_list("user__name", "mark"))
