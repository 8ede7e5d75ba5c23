from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from programme.attendance.marks import Fact, NotTaken, load_history, record_marks
from programme.attendance.sessions import cancel_session, reinstate_session
from programme.models import Attendance, AttendanceMark, How, Mark
from progress.enrolment.services import leave
from progress.models import Enrolment
from tests.programme.attendance.rows import make_session, mark, state


def test_the_latest_mark_counts_and_the_history_stays(session, trainer, organiser, learner):
    assert mark(session, trainer, learner, Mark.ABSENT, minutes_ago=4) == ""
    assert mark(session, organiser, learner, Mark.LATE, minutes_ago=2) == ""
    # What an offline phone sends later happened earlier.
    assert mark(session, trainer, learner, Mark.EXCUSED, minutes_ago=3) == ""
    assert state(session) == {"田巧云": "late"}
    history = load_history(session, [learner.pk])[learner.pk]
    assert [(one.mark, one.how, one.recorded_by) for one in history] == [
        ("late", "roll", organiser),
        ("excused", "roll", trainer),
        ("absent", "roll", trainer),
    ]


def test_a_mark_sent_twice_is_one(session, trainer, learner):
    fact = Fact(learner.pk, Mark.PRESENT, How.ROLL, timezone.now(), uuid4())
    for _time in range(2):
        assert record_marks(session, [fact], trainer) == {fact.event_id: ""}
    assert AttendanceMark.objects.count() == 1


def test_a_tap_taken_back_leaves_the_person_open(session, trainer, learner):
    mark(session, trainer, learner, Mark.PRESENT, minutes_ago=2)
    mark(session, trainer, learner, Mark.OPEN, minutes_ago=1)
    assert state(session) == {"田巧云": "open"}


def test_one_tap_for_the_rest_takes_nothing_away_that_was_recorded_of_a_person(
    session, trainer, learner, other
):
    mark(session, learner, learner, Mark.PRESENT, How.CODE, minutes_ago=4)
    for person in (learner, other):
        mark(session, trainer, person, Mark.ABSENT, How.REST, minutes_ago=3)
    assert state(session) == {"田巧云": "present", "曾春生": "absent"}
    mark(session, trainer, learner, Mark.ABSENT, minutes_ago=2)
    mark(session, trainer, other, Mark.OPEN, minutes_ago=2)
    assert state(session) == {"田巧云": "absent", "曾春生": "open"}


def test_only_people_of_the_class_are_marked(session, trainer, learner, seller, stranger):
    assert [mark(session, trainer, person) for person in (seller, stranger)] == ["not_member", "not_member"]
    assert state(session) == {}
    fact = Fact(987_654_321, Mark.PRESENT, How.ROLL, timezone.now(), uuid4())
    assert record_marks(session, [fact], trainer) == {fact.event_id: "not_member"}


def test_who_left_the_class_is_marked_for_the_time_before_and_corrected_after(
    session, trainer, learner, other
):
    mark(session, trainer, other, Mark.ABSENT, minutes_ago=4)
    for person in (learner, other):
        leave(person, session.cohort.course)
    Enrolment.objects.update(left_at=timezone.now() - timedelta(minutes=2))
    assert mark(session, trainer, learner, minutes_ago=1) == "not_member"
    assert mark(session, trainer, learner, minutes_ago=3) == ""
    assert mark(session, trainer, other, Mark.LATE) == ""
    assert state(session) == {"田巧云": "present", "曾春生": "late"}


def test_a_session_to_come_a_cancelled_one_and_one_of_a_class_long_over_take_no_marks(
    cohort, session, trainer, learner
):
    coming = make_session(cohort, starts_at=timezone.now() + timedelta(minutes=61))
    with pytest.raises(NotTaken, match="session_early"):
        mark(coming, trainer, learner)
    soon = make_session(cohort, starts_at=timezone.now() + timedelta(minutes=59))
    assert mark(soon, trainer, learner) == ""
    assert cancel_session(trainer, session, "下大雨")
    with pytest.raises(NotTaken, match="session_cancelled"):
        mark(session, trainer, learner)
    assert reinstate_session(trainer, session)
    assert mark(session, trainer, learner) == ""
    cohort.ends_on = timezone.localdate() - timedelta(days=30)
    cohort.starts_on = cohort.ends_on
    cohort.save()
    assert mark(session, trainer, learner, Mark.LATE) == ""
    cohort.ends_on -= timedelta(days=1)
    cohort.starts_on = cohort.ends_on
    cohort.save()
    with pytest.raises(NotTaken, match="class_closed"):
        mark(session, trainer, learner, Mark.ABSENT)
    assert state(session) == {"田巧云": "late"}


def test_forty_marks_cost_as_many_queries_as_one(session, trainer, learner, other, django_assert_num_queries):
    def facts(*people):
        return [Fact(person.pk, Mark.PRESENT, How.ROLL, timezone.now(), uuid4()) for person in people]

    with django_assert_num_queries(10):
        record_marks(session, facts(learner), trainer)
    with django_assert_num_queries(10):
        record_marks(session, facts(learner, other), trainer)


@pytest.mark.both_databases
def test_the_database_holds_one_row_for_a_person_and_known_marks(session, learner):
    Attendance.objects.create(session=session, user=learner)
    for wrong in ({"user": learner}, {"user": session.trainer, "mark": "there"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.create(session=session, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_session(session.cohort, minutes=0)
