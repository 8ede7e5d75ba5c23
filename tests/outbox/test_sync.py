"""Each fact that a phone sends is applied with a receipt, or stored with the reason why not."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from courses.models import Course
from outbox import retries
from outbox.models import Event
from progress.enrolment.services import leave
from progress.models import Ask, Enrolment, LessonDone, Watch
from tests.factories import make_person
from tests.outbox.phone import Phone, event, hours, played

pytestmark = pytest.mark.both_databases

ONE = "11111111-1111-4111-8111-111111111111"
REJECTED = Event.State.REJECTED


def done_rows() -> list[tuple]:
    return list(LessonDone.objects.order_by("lesson").values_list("user_id", "lesson_id"))


def test_a_lesson_done_is_ticked_and_gets_a_receipt(phone, learner, lessons):
    at = timezone.now() - hours(3)
    Course.objects.update(version=4)
    response = phone.post([event("done", at, ONE, lesson=lessons[0].pk)])
    answer = response.json()
    assert answer["results"] == [{"id": ONE, "state": "applied", "reason": ""}]
    assert len(answer["receipt"]) == 9
    row = LessonDone.objects.get()
    assert (row.user, row.lesson, row.event_id) == (learner, lessons[0], UUID(ONE))
    assert (row.happened_at, row.course_version) == (at, 4)
    kept = Event.objects.get()
    assert (kept.state, kept.reason, kept.body, kept.happened_at) == ("applied", "", {}, at)


def test_what_cannot_be_applied_is_kept_whole(phone, lessons):
    bad = event("done", lesson=987_654, note="第一课")
    assert phone.send(bad, event("dance", steps=3)) == [("aside", "no_lesson"), ("aside", "unknown_kind")]
    rows = Event.objects.filter(state=REJECTED).order_by("pk").values_list("kind", "reason", "body")
    assert list(rows) == [
        ("done", "no_lesson", {"lesson": 987_654, "note": "第一课"}),
        ("dance", "unknown_kind", {"steps": 3}),
    ]


def test_who_never_enrolled_is_rejected(client, stranger, lessons):
    client.force_login(stranger)
    phone = Phone(client, stranger)
    since = timezone.now() - hours(1)
    events = [
        event("done", lesson=lessons[0].pk),
        played(lessons[0].pk, 0, 60, since),
        event("ask", lesson=lessons[0].pk, text="怎么拍？"),
    ]
    assert phone.send(*events) == [("aside", "not_enrolled")] * 3
    assert (LessonDone.objects.count(), Watch.objects.count(), Ask.objects.count()) == (0, 0, 0)


def test_what_was_done_before_leaving_counts(phone, learner, course, lessons):
    leave(learner, course)
    left = timezone.now() - hours(1)
    Enrolment.objects.update(left_at=left)
    before, after = left - hours(1), left + timedelta(minutes=10)
    assert phone.send(
        event("done", before, lesson=lessons[0].pk), event("done", after, lesson=lessons[1].pk)
    ) == [("applied", ""), ("aside", "left")]
    assert done_rows() == [(learner.pk, lessons[0].pk)]


def test_two_people_with_one_event_id_both_keep_their_fact(phone, learner, course, lessons):
    from progress.enrolment.services import enrol

    other = make_person("另一个")
    enrol(other, course, Enrolment.objects.get(user=learner).cohort)
    first = [
        event("done", id=ONE, lesson=lessons[0].pk),
        event("ask", id=ONE.replace("1111", "2222", 1), lesson=lessons[0].pk, text="问"),
    ]
    assert phone.send(*first) == [("applied", "")] * 2
    client = Client()
    client.force_login(other)
    theirs = Phone(client, other)
    assert theirs.send(*first) == [("applied", "")] * 2
    assert theirs.send(*first) == [("already", "")] * 2
    assert done_rows() == [(learner.pk, lessons[0].pk), (other.pk, lessons[0].pk)]
    assert set(Ask.objects.values_list("author", flat=True)) == {learner.pk, other.pk}


def test_one_id_for_one_fact_twice_in_a_batch_is_one(phone, lessons):
    one = event("done", lesson=lessons[0].pk)
    assert phone.send(one, one) == [("applied", ""), ("already", "")]
    assert Event.objects.count() == 1


def test_one_id_for_two_facts_rejects_the_second(phone, lessons):
    one, two = (event("done", id=ONE, lesson=lesson.pk) for lesson in lessons[:2])
    assert phone.send(one, two) == [("applied", ""), ("aside", "same_id")]
    assert phone.send(one, two) == [("already", ""), ("aside", "same_id")]
    assert Event.objects.get(state=REJECTED).body == {"lesson": lessons[1].pk}
    assert Event.objects.count() == 2


@pytest.mark.parametrize("id", [None, 5, "", "nonsense", ["a"], "1" * 5000, "\ud800"])
def test_an_event_without_a_usable_id_is_kept_once(phone, lessons, id):
    bad = event("done", lesson=lessons[0].pk) | {"id": id}
    for _time in range(2):
        result = phone.post([bad]).json()["results"][0]
        assert (result["state"], result["reason"]) == ("aside", "broken")
        if isinstance(id, str):
            assert result["id"] == id
    assert Event.objects.get().body["sent"]["body"] == {"lesson": lessons[0].pk}


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "gestern",
        5,
        "+057105-03-01T00:00:00.000Z",
        "57105-01-01",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
    ],
)
def test_a_clock_that_cannot_be_right_is_replaced_by_ours(phone, lessons, said):
    phone.send(event("done", lesson=lessons[0].pk) | {"at": said})
    kept = Event.objects.get()
    assert kept.happened_at == kept.received_at == LessonDone.objects.get().happened_at


@pytest.mark.parametrize(("days", "is_believed"), [(2, False), (-2, True), (-31, False)])
def test_a_clock_that_is_off_is_believed_as_far_as_it_can_be(phone, lessons, days, is_believed):
    at = timezone.now() + timedelta(days=days)
    phone.send(event("done", at, lesson=lessons[0].pk))
    assert (Event.objects.get().happened_at == at) is is_believed


def test_a_busy_database_loses_nothing(phone, lessons, monkeypatch):
    def busy(*args):
        raise OperationalError("database is locked")

    one = event("done", lesson=lessons[0].pk)
    with monkeypatch.context() as patched:
        patched.setattr("progress.lessons.offline_events.record_done", busy)
        response = phone.post([one])
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert Event.objects.count() == 0
    assert phone.send(one) == [("applied", "")]


def test_a_handler_that_breaks_takes_only_its_own_event_with_it(phone, lessons, monkeypatch, caplog):
    from progress.lessons import offline_events as handler

    poison = lessons[2].pk
    really = handler.record_done

    def fragile(user, ticks):
        if any(tick.lesson == poison for tick in ticks):
            LessonDone.objects.create(user=user, lesson_id=lessons[5].pk, happened_at=timezone.now())
            raise ZeroDivisionError
        really(user, ticks)

    monkeypatch.setattr(handler, "record_done", fragile)
    states = phone.send(*[event("done", lesson=lesson.pk) for lesson in lessons[:5]])
    assert states == [("applied", "")] * 2 + [("aside", "error")] + [("applied", "")] * 2
    assert [lesson for _user, lesson in done_rows()] == [lessons[n].pk for n in (0, 1, 3, 4)]
    assert Event.objects.get(state=REJECTED).body == {"lesson": poison}
    assert "ZeroDivisionError" in caplog.text


def test_an_event_that_its_handler_does_not_answer_is_rejected_and_logged(phone, lessons, settings, caplog):
    settings.OUTBOX_HANDLERS = {"done": "tests.outbox.test_sync.silent"}
    assert phone.send(event("done", id=ONE, lesson=lessons[0].pk)) == [("aside", "error")]
    assert [record.getMessage() for record in caplog.records if record.name == "farm.outbox"] == [
        f"rejected, its handler did not answer: done {ONE}"
    ]


def silent(user, events) -> dict:
    return {}


def test_body_that_no_page_of_ours_makes_is_refused_for_good_with_its_hash(phone, learner, lessons):
    big = event("done", lesson=lessons[0].pk, junk="话" * 30_000)
    assert phone.send(big) == [("aside", "too_big")]
    row = Event.objects.get()
    written = json.dumps(big["body"], ensure_ascii=False).encode()
    assert (row.body["sha256"], row.body["bytes"]) == (sha256(written).hexdigest(), len(written))
    assert row.body["start"].startswith(f'{{"lesson": {lessons[0].pk}, "junk": "话话')
    assert phone.send(big) == [("aside", "too_big")]
    assert retries.retry(learner, [row.pk]) == {row.pk: "too_big"}
    assert not LessonDone.objects.exists()


def test_after_many_rejected_only_beginnings_are_kept(phone, learner, monkeypatch):
    monkeypatch.setattr("outbox.reception.MAX_WHOLE_BODIES", 2)
    for _n in range(3):
        phone.send(event("done", lesson=987_654, junk="x" * 40_000))
    sizes = [len(json.dumps(row.body)) for row in Event.objects.order_by("pk")]
    assert [size > 40_000 for size in sizes] == [True, True, False]
    assert sizes[2] < 1_500
