"""How a phone's batch is received: whose it is, by which token, once however often, in its order, at what cost."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from courses.models import Lesson
from outbox.models import Event
from progress.models import LessonDone
from tests.factories import make_lesson
from tests.outbox.phone import Phone, event, hours, played

pytestmark = pytest.mark.both_databases


def test_get_says_who_is_signed_in_and_gives_a_token(phone, learner):
    response = phone.client.get("/sync/")
    answer = response.json()
    assert (response.status_code, answer["user"], len(answer["token"])) == (200, learner.pk, 64)
    assert abs(parse_datetime(answer["now"]) - timezone.now()) < timedelta(seconds=5)
    assert "no-store" in response["Cache-Control"]


def test_who_is_not_signed_in_is_told_so(client, db):
    for response in (client.get("/sync/"), client.post("/sync/", "{}", content_type="application/json")):
        assert response.status_code == 401
        assert response.json() == {"error": "先登录，手机里存的才交得上来。"}


def test_the_token_is_needed(learner, lessons):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    phone = Phone(client, learner)
    refused = phone.post([event("done", lesson=lessons[0].pk)])
    assert (refused.status_code, list(refused.json())) == (403, ["error"])
    token = client.get("/sync/").json()["token"]
    assert phone.post([event("done", lesson=lessons[0].pk)], **{"X-CSRFToken": token}).status_code == 200


def test_a_lost_answer_is_given_again(phone, lessons):
    good = event("done", lesson=lessons[0].pk)
    bad = event("done", lesson=987_654)
    first = phone.post([good, bad]).json()
    again = phone.post([good, bad]).json()
    assert [r["state"] for r in first["results"]] == ["applied", "aside"]
    assert [(r["state"], r["reason"]) for r in again["results"]] == [("already", ""), ("aside", "no_lesson")]
    assert again["receipt"] == first["receipt"]
    assert (Event.objects.count(), LessonDone.objects.count()) == (2, 1)


def test_what_a_trainer_has_settled_is_answered_with_success(phone):
    bad = event("done", lesson=987_654)
    phone.send(bad)
    Event.objects.update(state=Event.State.SETTLED)
    assert phone.send(bad) == [("already", "")]


def test_another_persons_batch_is_refused_whole(phone, seller, lessons):
    response = phone.post([event("done", lesson=lessons[0].pk)], user=seller.pk)
    assert response.status_code == 409
    assert response.json() == {"error": "手机里存的是另一个人的，要那个人登录了再交。"}
    assert (Event.objects.count(), LessonDone.objects.count()) == (0, 0)


def mixed(lessons: list[Lesson], since_hours: float = 20) -> list[dict]:
    """Each done and watched, and of ten one asked about: more would be too many in an hour."""
    since = timezone.now() - hours(since_hours)
    found = []
    for n, lesson in enumerate(lessons):
        found.append(event("done", lesson=lesson.pk))
        found.append(played(lesson.pk, 0, 500, since + timedelta(minutes=10 * n)))
        if n < 10:
            found.append(event("ask", lesson=lesson.pk, text="问"))
    return found


def statements(phone: Phone, events: list[dict]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert phone.send(*events) == [("applied", "")] * len(events)
    return len(queries)


def test_a_batch_of_70_costs_what_one_of_3_costs(phone, lessons):
    more = [make_lesson(lessons[0].module, video=lessons[0].video) for _n in range(30)]
    phone.send(event("choice", rung="240"))  # their day has begun
    small = statements(phone, mixed(lessons[:1], since_hours=30))
    big = statements(phone, mixed(more))
    assert (small, big) == ((25, 25) if connection.vendor == "postgresql" else (24, 24))


def test_results_are_in_the_order_sent(phone, lessons):
    events = mixed(lessons)
    answer = json.loads(phone.post(events[::-1]).content)
    assert [result["id"] for result in answer["results"]] == [found["id"] for found in events[::-1]]
