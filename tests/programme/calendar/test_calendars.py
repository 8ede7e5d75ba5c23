"""Calendars of training sessions, as a calendar program reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from programme.attendance import sessions
from programme.calendar import addresses
from programme.models import CalendarAddress, TrainingSession
from progress.enrolment.services import leave
from tests.factories import make_cohort
from tests.programme.attendance.rows import make_session


def open_path(owner) -> str:
    addresses.open_address(owner)
    return addresses.get_path(addresses.find_own(owner))


def read(path: str) -> Calendar:
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not response.cookies
    return Calendar.from_ical(response.content)


def events(path: str) -> list:
    return read(path).walk("VEVENT")


def test_session_is_read_with_title_place_time_and_time_zone_and_no_people(cohort, trainer, learner):
    session = make_session(
        cohort,
        trainer,
        topic="讲价；称重, 第一次\n(带秤)",
        place="村部, 二楼",
        starts_at=datetime(2026, 11, 30, 6, 0, tzinfo=UTC),
        minutes=90,
    )
    path = open_path(trainer)
    raw = Client().get(path).content
    assert b"\\, " in raw
    assert "\\n(带秤)".encode() in raw.replace(b"\r\n ", b"")
    for words in ("李老师", "田巧云", str(trainer.phone)[3:]):
        assert words.encode() not in raw
    calendar = Calendar.from_ical(raw)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    [event] = calendar.walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (
        "讲价；称重, 第一次\n(带秤) · 秋季班",
        "村部, 二楼",
    )
    assert event.start.isoformat() == "2026-11-30T14:00:00+08:00"
    assert event.end - event.start == timedelta(minutes=90)
    assert str(event["UID"]) == f"session-{session.key}@newfarmwork"
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")


@pytest.mark.long
def test_changes_raise_the_sequence_and_a_cancelled_session_stays_as_cancelled(cohort, session, trainer):
    path = open_path(trainer)
    uid = str(events(path)[0]["UID"])
    facts = {name: getattr(session, name) for name in sessions.FACTS} | {"place": "小学"}
    sessions.change_session(trainer, session, facts)
    assert not sessions.change_session(trainer, session, facts)  # nothing differs
    [event] = events(path)
    assert (str(event["UID"]), event["SEQUENCE"], str(event["LOCATION"])) == (uid, 1, "小学")
    sessions.cancel_session(trainer, session, "下雨")
    [event] = events(path)
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == (uid, 2, "CANCELLED")
    assert event["LAST-MODIFIED"].dt == TrainingSession.objects.get().changed_at.replace(microsecond=0)
    assert "下雨".encode() not in Client().get(path).content
    sessions.reinstate_session(trainer, session)
    assert (events(path)[0]["SEQUENCE"], str(events(path)[0]["STATUS"])) == (3, "CONFIRMED")


def test_unchanged_calendar_is_answered_by_304(cohort, session, trainer):
    path, client = open_path(trainer), Client()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    sessions.cancel_session(trainer, session, "下雨")
    changed = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_personal_calendar_follows_the_classes_one_is_in_or_teaches(
    cohort, session, learner, trainer, course, village
):
    other = make_cohort(course, village, name="别人的班")
    make_session(other, topic="别班的课")
    mine, teaching = open_path(learner), open_path(trainer)
    assert [str(one["SUMMARY"]) for one in events(mine)] == ["竖屏怎么拍 · 秋季班"]
    assert [str(one["SUMMARY"]) for one in events(teaching)] == ["竖屏怎么拍 · 秋季班"]
    leave(learner, cohort.course)
    assert events(mine) == []


def test_address_is_good_until_it_is_changed_or_closed_or_the_account_is(as_user, learner, session):
    client = as_user(learner)
    assert "开一个日历地址" in client.get("/me/calendar/").content.decode()
    client.post("/me/calendar/", {"action": "open"})
    client.post("/me/calendar/", {"action": "open"})  # twice is once
    first = addresses.get_path(CalendarAddress.objects.get())
    assert first in client.get("/me/calendar/").content.decode()
    client.post("/me/calendar/", {"action": "change"})
    second = addresses.get_path(CalendarAddress.objects.get())
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    assert Client().get(second.replace(".ics", "0.ics")).status_code == 404
    type(learner).objects.filter(pk=learner.pk).update(is_active=False)
    assert Client().get(second).status_code == 404
    type(learner).objects.filter(pk=learner.pk).update(is_active=True)
    as_user(learner).post("/me/calendar/", {"action": "close"})
    assert (Client().get(second).status_code, CalendarAddress.objects.count()) == (404, 0)
    as_user(learner).post("/me/calendar/", {"action": "burn"})
    assert CalendarAddress.objects.count() == 0


def test_a_class_has_no_address_that_outlasts_leaving_it(as_user, trainer, learner, cohort, session):
    """Those who guide a class pass on the page on which everybody opens their own."""
    assert as_user(trainer).get(f"/classes/{cohort.pk}/calendar/").status_code == 404
    assert "/me/calendar/" in as_user(trainer).get(f"/classes/{cohort.pk}/sessions/").content.decode()
    words = "让班里的人也放进日历"
    assert words in as_user(trainer).get("/me/calendar/").content.decode()
    assert words not in as_user(learner).get("/me/calendar/").content.decode()
    mine = open_path(learner)
    assert len(events(mine)) == 1
    assert "DESCRIPTION" not in read(mine)
    leave(learner, cohort.course)
    left = read(mine)
    assert left.walk("VEVENT") == []
    assert str(left["DESCRIPTION"]) == "现在没有培训课：还没排，或者你不在哪个班里了。"


def test_who_no_longer_teaches_a_class_reads_nothing_of_it(trainer, cohort, session):
    path = open_path(trainer)
    assert len(events(path)) == 1
    cohort.trainers.clear()
    assert events(path) == []


def test_one_session_is_sent_to_who_is_in_the_class(as_user, learner, trainer, stranger, cohort, session):
    url = f"/classes/{cohort.pk}/sessions/{session.pk}/calendar.ics"
    for person in (learner, trainer):
        response = as_user(person).get(url)
        assert "attachment" in response["Content-Disposition"]
        assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 1
    assert as_user(stranger).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 24])
def test_calendar_takes_the_same_queries_for_any_number(cohort, trainer, count, django_assert_num_queries):
    for n in range(count):
        make_session(cohort, starts_at=timezone.now() + timedelta(days=n))
    path = open_path(trainer)
    with django_assert_num_queries(3):  # the address with its person, their roles; the sessions
        assert len(events(path)) == count
