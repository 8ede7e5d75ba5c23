"""Twenty questions an hour, whichever way they are sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import retries
from outbox.models import Event
from progress.classes import questions as asking
from progress.models import Ask
from tests.outbox.phone import event, hours

REJECTED = Event.State.REJECTED


def questions(lesson, count: int, ago_minutes: int = 0, first: int = 0) -> list[dict]:
    at = timezone.now() - timedelta(minutes=ago_minutes, seconds=1)
    return [
        event("ask", at + timedelta(milliseconds=n), lesson=lesson.pk, text=f"问{n}")
        for n in range(first, first + count)
    ]


def asked() -> list[str]:
    return list(Ask.objects.order_by("asked_at").values_list("text", flat=True))


def an_hour_later() -> None:
    Event.objects.update(received_at=timezone.now() - timedelta(minutes=61))
    Ask.objects.update(asked_at=timezone.now() - timedelta(minutes=61))


def test_what_is_too_many_is_rejected_with_its_reason_and_a_receipt(phone, lessons):
    answer = phone.post(questions(lessons[0], 23)[::-1]).json()
    assert len(answer["receipt"]) == 9
    told = [(one["state"], one["reason"]) for one in answer["results"]]
    assert told == [("aside", "too_many")] * 3 + [("applied", "")] * 20
    assert asked() == [f"问{n}" for n in range(20)]
    kept = Event.objects.filter(state=REJECTED).order_by("happened_at").values_list("reason", "body")
    assert list(kept) == [("too_many", {"lesson": lessons[0].pk, "text": f"问{n}"}) for n in (20, 21, 22)]


@pytest.mark.parametrize("ago_minutes", [0, 600])
def test_batches_and_pages_count_together_by_our_clock(phone, learner, lessons, ago_minutes):
    """A phone that spreads its questions over yesterday gets no more of them in."""
    asking.ask_question(learner, lessons[0], "在网页上问的")
    assert phone.send(*questions(lessons[0], 18, ago_minutes)) == [("applied", "")] * 18
    more = questions(lessons[0], 2, ago_minutes, first=18)
    assert phone.send(*more) == [("applied", ""), ("aside", "too_many")]
    with pytest.raises(asking.TooManyQuestions):
        asking.ask_question(learner, lessons[0], "又在网页上问的")
    assert phone.send(*more) == [("already", ""), ("aside", "too_many")]
    assert Ask.objects.count() == 20


def test_an_hour_later_there_is_room_again(phone, learner, lessons):
    assert phone.send(*questions(lessons[0], 21))[-1] == ("aside", "too_many")
    row = Event.objects.get(state=REJECTED)
    assert retries.retry(learner, [row.pk]) == {row.pk: "too_many"}
    an_hour_later()
    assert retries.retry(learner, [row.pk]) == {row.pk: ""}
    assert sorted(asked()) == sorted(f"问{n}" for n in range(21))


def test_trainer_may_let_it_through_at_once(phone, learner, lessons):
    phone.send(*questions(lessons[0], 21))
    row = Event.objects.get(state=REJECTED)
    assert retries.retry(learner, [row.pk], vouched=True) == {row.pk: ""}
    assert Ask.objects.count() == 21


def test_question_that_is_there_is_never_too_many(phone, learner, lessons):
    """Sent by the page, and by the outbox too because the answer was lost."""
    one = event("ask", timezone.now() - hours(1), lesson=lessons[0].pk, text="问")
    asking.ask_question(learner, lessons[0], "问", one["id"])
    phone.send(*questions(lessons[0], 19))
    assert phone.send(one) == [("applied", "")]
    assert Ask.objects.count() == 20


def test_somebody_elses_questions_do_not_count(phone, learner, seller, cohort, lessons):
    for n in range(25):
        Ask.objects.create(author=seller, cohort=cohort, lesson=lessons[0], text=f"她{n}")
    assert phone.send(*questions(lessons[0], 1)) == [("applied", "")]
