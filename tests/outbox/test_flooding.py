"""One account cannot fill the database: a person's events are limited by day, and old rows are deleted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from outbox import reception, retention
from outbox.models import Event
from progress.models import Answer, Ask, LessonDone, Watch
from tests.outbox.phone import event, hours, played

pytestmark = pytest.mark.both_databases

State = Event.State


@pytest.fixture
def few(settings):
    settings.EVENTS_A_DAY = 10


@pytest.mark.long
def test_ten_batches_of_two_hundred_are_all_that_is_rejected(phone):
    """With the numbers of the settings: whoever goes on is asked to come later."""
    answers = [phone.post([event("dance") for _n in range(200)]).status_code for _n in range(11)]
    assert answers == [200] * 10 + [429]


def test_beyond_the_day_the_phone_keeps_what_it_has(phone, few, lessons):
    fine = [event("done", lesson=lessons[0].pk) for _n in range(8)]
    assert phone.post(fine).status_code == 200
    late = [event("done", lesson=lessons[1].pk) for _n in range(4)]
    answer = phone.post(late)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert answer.json() == {"error": "交得太多了，手机过会儿自己再交。都还在手机里，没有丢。"}
    assert (Event.objects.count(), LessonDone.objects.count()) == (8, 1)
    assert phone.post(late[:2]).status_code == 200


def test_one_person_does_not_use_up_another_s(phone, few, client, trainer):
    phone.post([event("dance") for _n in range(10)])
    client.force_login(trainer)
    phone.user = trainer
    assert phone.post([event("dance")]).status_code == 200


def test_only_so_much_is_rejected_of_a_person(phone, monkeypatch, lessons):
    """Rejected rows, which nobody may delete, do not grow for ever; valid events are still accepted."""
    monkeypatch.setattr(reception, "MAX_REJECTED", 5)
    assert phone.post([event("dance") for _n in range(5)]).status_code == 200
    assert phone.post([event("dance")]).status_code == 429
    assert phone.send(event("done", lesson=lessons[0].pk)) == [("applied", "")]
    Event.objects.filter(state=State.REJECTED).update(state=State.SETTLED)
    assert phone.post([event("dance")]).status_code == 200


# --- rows that are old


def older(days: int) -> None:
    Event.objects.update(received_at=timezone.now() - timedelta(days=days))


def test_applied_rows_go_after_180_days_and_nothing_else(phone, lessons, monkeypatch):
    monkeypatch.setattr(retention, "BATCH_ROWS", 2)
    phone.send(*(event("done", lesson=one.pk) for one in lessons), event("dance"), event("sing"))
    Event.objects.filter(kind="sing").update(state=State.SETTLED)
    older(179)
    assert retention.delete_expired() == 0
    older(181)
    phone.send(event("done", lesson=lessons[0].pk))
    assert retention.delete_expired() == len(lessons)
    assert sorted(Event.objects.values_list("kind", "state")) == [
        ("dance", "aside"),
        ("done", "applied"),
        ("sing", "settled"),
    ]


def test_a_copy_that_comes_after_its_row_is_gone_is_success_and_changes_nothing(phone, lessons):
    """The answer to the first sending was lost, and the phone lay in a drawer."""
    since = timezone.now() - hours(5)
    sent = [
        event("done", since, lesson=lessons[0].pk),
        played(lessons[1].pk, 0, 60, since),
        event("ask", since, lesson=lessons[0].pk, text="怎么拍？"),
        event("choice", since, rung="240"),
    ]
    receipt = phone.post(sent).json()["receipt"]
    facts = stored()
    older(181)
    assert retention.delete_expired() == 4
    again = phone.post(sent).json()
    assert [one["state"] for one in again["results"]] == ["applied"] * 4
    assert (again["receipt"], stored()) == (receipt, facts)


def stored() -> list:
    return [
        list(LessonDone.objects.values_list("event_id", "happened_at")),
        list(Watch.objects.values_list("lesson", "intervals", "watched_ms", "last_ms")),
        list(Ask.objects.values_list("event_id", "text")),
        Answer.objects.count(),
    ]


def test_a_table_full_of_young_rows_is_not_read_through(phone, lessons, django_assert_num_queries):
    phone.send(event("done", lesson=lessons[0].pk, id=str(uuid4())))
    with django_assert_num_queries(2):
        assert retention.delete_expired() == 0
