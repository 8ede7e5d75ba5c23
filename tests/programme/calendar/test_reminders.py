"""Reminders of training sessions: when, to whom, once, and true when they are read."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Notice
from accounts.notifications import delivery
from programme.attendance import sessions
from programme.calendar import reminders
from programme.models import TrainingSession
from progress.enrolment.services import leave
from tests.programme.attendance.rows import make_session

HERE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=HERE)


@pytest.fixture
def coming(cohort, trainer) -> TrainingSession:
    """Return a session on 10 March at two in the afternoon."""
    return make_session(cohort, trainer, starts_at=at(10, 14))


def change(trainer, session, **new) -> None:
    facts = {name: getattr(session, name) for name in sessions.FACTS} | new
    sessions.change_session(trainer, session, facts)


@pytest.mark.parametrize(
    ("when", "asked", "kind"),
    [
        (at(9, 17, 59), "evening", ""),
        (at(9, 18), "evening", "evening"),
        (at(9, 23), "evening", ""),  # nobody is woken
        (at(10, 8), "evening", "evening"),  # the worker was away in the evening
        (at(10, 13, 50), "evening", "evening"),
        (at(10, 14), "evening", ""),
        (at(10, 11, 59), "hours", ""),
        (at(10, 12), "hours", "hours"),
        (at(10, 12), "evening, hours", "hours"),
        (at(10, 12), "none", ""),
    ],
)
def test_when_a_reminder_is_due(coming, settings, when, asked, kind):
    settings.SESSION_REMINDERS = asked
    assert reminders.find_kind(coming, when) == kind


def test_those_enrolled_are_reminded_once(coming, learner, other, cohort):
    leave(other, cohort.course)
    assert reminders.write_due(at(9, 18)) == 1
    assert reminders.write_due(at(9, 18, 5)) == 0
    notice = Notice.objects.get()
    assert (notice.phone, notice.template) == (learner.phone, "session_reminder")
    assert notice.params == {
        "session": coming.pk,
        "at": "2027-03-10T06:00:00+00:00",
        "topic": "竖屏怎么拍",
        "place": "村部会议室",
        "when": "3-10 14:00",
    }


def test_cancelled_session_reminds_nobody_and_withdraws_what_waits(coming, learner, trainer):
    reminders.write_due(at(9, 18))
    sessions.cancel_session(trainer, coming, "下雨")
    assert reminders.write_due(at(9, 18, 5)) == 0
    notice = Notice.objects.get()
    assert (notice.next_try_at, notice.problem) == (delivery.NEVER, delivery.UNTRUE)
    assert "取消了" in reminders.read_notice(notice)[0]


def test_moved_session_is_reminded_of_anew_with_its_new_time(coming, learner, trainer):
    reminders.write_due(at(9, 18))
    change(trainer, coming, starts_at=at(11, 9))
    assert reminders.write_due(at(9, 19)) == 0
    assert reminders.write_due(at(10, 18)) == 1
    old, new = Notice.objects.order_by("pk")
    assert (old.next_try_at == delivery.NEVER, new.next_try_at == delivery.NEVER) == (True, False)
    # Also the earlier message, opened late, says what holds now.
    sentence, url = reminders.read_notice(old)
    assert ("09:00" in sentence, "村部会议室" in sentence) == (True, True)
    assert url == f"/classes/{coming.cohort_id}/mine/"


def test_reminder_that_was_not_sent_before_the_session_is_withdrawn(coming, learner):
    reminders.write_due(at(9, 18))
    reminders.write_due(at(10, 14) + timedelta(minutes=1))
    assert Notice.objects.get().next_try_at == delivery.NEVER
