from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Membership
from courses.models import Cohort
from outbox.models import Event
from programme.attendance.sessions import cancel_session, reinstate_session
from programme.models import AttendanceMark, WalkIn
from progress.classes.rejected_events import try_again
from tests.factories import make_person
from tests.outbox.phone import Phone, event, hours
from tests.programme.attendance.rows import make_session, state


@pytest.fixture
def phone(client, trainer) -> Phone:
    client.force_login(trainer)
    return Phone(client, trainer)


def tap(session, person, mark="present", how="roll", **facts):
    return event("attendance", session=session.pk, person=person.pk, mark=mark, how=how, **facts)


def test_a_batch_sent_twice_is_answered_with_success_and_marks_once(phone, session, learner, other):
    batch = [tap(session, learner), tap(session, other, "late")]
    assert phone.send(*batch) == [("applied", ""), ("applied", "")]
    assert phone.send(*batch) == [("already", ""), ("already", "")]
    assert state(session) == {"田巧云": "present", "曾春生": "late"}
    assert AttendanceMark.objects.count() == 2


def test_the_phones_time_orders_marks_and_the_future_is_now(phone, session, learner):
    now = timezone.now()
    late = tap(session, learner, "late", at=now - hours(0.01))
    early = tap(session, learner, "absent", at=now - hours(0.02))
    assert phone.send(late) + phone.send(early) == [("applied", ""), ("applied", "")]
    assert state(session) == {"田巧云": "late"}
    phone.send(tap(session, learner, "excused", at=now + hours(50)))
    assert state(session) == {"田巧云": "excused"}
    assert AttendanceMark.objects.first().happened_at < now + hours(1)


def test_what_cannot_be_applied_is_kept_with_its_reason_and_applied_later(
    phone, session, trainer, learner, seller
):
    cancel_session(trainer, session, "下大雨")
    assert phone.send(tap(session, learner)) == [("aside", "session_cancelled")]
    reinstate_session(trainer, session)
    assert phone.send(tap(session, seller)) == [("aside", "not_member")]
    assert try_again(trainer) == (1, 1)
    assert state(session) == {"田巧云": "present"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"session": 987_654_321}, "no_session"),
        ({"session": True}, "broken"),
        ({"person": "7"}, "broken"),
        ({"person": 2**70}, "broken"),
        ({"mark": "there"}, "broken"),
        ({"mark": ["present"]}, "broken"),
        ({"how": "code"}, "broken"),
        ({"how": {}}, "broken"),
    ],
)
def test_a_broken_mark_is_kept_with_its_reason(phone, session, learner, change, reason):
    body = {"session": session.pk, "person": learner.pk, "mark": "present", "how": "roll"} | change
    assert phone.send(event("attendance", **body)) == [("aside", reason)]
    assert state(session) == {}


def test_a_session_to_come_is_refused(phone, cohort, learner):
    coming = make_session(cohort, starts_at=timezone.now() + hours(2))
    assert phone.send(tap(coming, learner)) == [("aside", "session_early")]


def test_nobody_but_who_leads_the_class_calls_its_roll(client, session, learner, stranger):
    for person in (learner, stranger):
        client.force_login(person)
        assert Phone(client, person).send(tap(session, learner)) == [("aside", "no_session")]
        assert Phone(client, person).send(
            event("walk_in", session=session.pk, walk_in=str(uuid4()), name="向二妹", phone="", attended=True)
        ) == [("aside", "no_session")]
    assert (state(session), WalkIn.objects.count(), Event.objects.count()) == ({}, 0, 4)


def test_the_class_s_mentor_calls_its_roll_offline_and_no_other_s(client, session, village, learner):
    mentor, other = (make_person(name, (Membership.Role.MENTOR, village)) for name in ("滕玉兰", "向大姐"))
    Cohort.objects.filter(pk=session.cohort_id).update(mentor=mentor, place=village)
    client.force_login(other)
    assert Phone(client, other).send(tap(session, learner)) == [("aside", "no_session")]
    client.force_login(mentor)
    assert Phone(client, mentor).send(tap(session, learner)) == [("applied", "")]
    assert state(session) == {"田巧云": "present"}


def walk_in(session, **facts):
    body = {
        "session": session.pk,
        "walk_in": str(uuid4()),
        "name": "向二妹",
        "phone": "139 1234 5678",
        "attended": True,
    }
    return event("walk_in", **body | facts)


def test_walk_ins_come_through_the_outbox_and_are_taken_back(phone, session):
    key = str(uuid4())
    first = walk_in(session, walk_in=key, at=timezone.now() - hours(0.01))
    assert phone.send(first) == [("applied", "")]
    assert phone.send(first) == [("already", "")]
    assert phone.send(walk_in(session, walk_in=key, attended=False)) == [("applied", "")]
    rows = WalkIn.objects.values_list("key", "name", "phone", "attended")
    assert [(str(row[0]), row[1], str(row[2]), row[3]) for row in rows] == [
        (key, "向二妹", "+8613912345678", False)
    ]


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"name": "向" * 41}, {"name": 7}, {"walk_in": "x"}, {"attended": 1}, {"phone": "123"}],
)
def test_a_broken_walk_in_is_kept_with_its_reason(phone, session, change):
    assert phone.send(walk_in(session, **change)) == [("aside", "broken")]
    assert WalkIn.objects.count() == 0
