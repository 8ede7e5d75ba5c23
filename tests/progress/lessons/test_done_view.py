from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from courses.authoring import publication
from courses.models import Course, Lesson, State
from progress.enrolment import services
from progress.models import LessonDone
from tests.pages import list_messages

JSON = {"accept": "application/json"}
ONE = "11111111-1111-4111-8111-111111111111"


def send(client, lesson: Lesson, headers=None, **data):
    return client.post(f"/learn/lessons/{lesson.pk}/done/", data, headers=headers or {})


def rows() -> list[tuple]:
    return list(LessonDone.objects.values_list("user_id", "lesson_id", "event_id"))


def test_form_ticks_and_comes_back_to_the_lesson(as_user, learner, lessons):
    client = as_user(learner)
    response = send(client, lessons[0], event_id=ONE)
    assert (response.status_code, response["Location"]) == (302, f"/learn/lessons/{lessons[0].pk}/")
    assert rows() == [(learner.pk, lessons[0].pk, UUID(ONE))]
    page = client.get(response["Location"])
    assert list_messages(page) == ["学完了，给你记上了。"]


def test_phone_gets_the_facts_and_the_next_button(as_user, learner, lessons):
    at = (timezone.now() + timedelta(hours=5)).isoformat()
    answer = send(as_user(learner), lessons[0], JSON, event_id=ONE, happened_at=at).json()
    row = LessonDone.objects.get()
    assert answer["event_id"] == ONE
    assert row.happened_at == row.received_at  # the phone's clock ran ahead
    assert f'href="/learn/lessons/{lessons[1].pk}/" data-focus' in answer["dock"]
    assert "/done/" not in answer["dock"]


def test_sent_again_it_is_the_same_success(as_user, learner, lessons):
    first = send(as_user(learner), lessons[0], JSON, event_id=ONE).json()
    again = send(as_user(learner), lessons[0], JSON, event_id=ONE)
    assert (again.status_code, again.json()) == (200, first)
    assert len(rows()) == 1


@pytest.mark.parametrize("event_id", ["", "nonsense", "1" * 5000, "<script>"])
@pytest.mark.parametrize("happened_at", ["", "yesterday", "2026-13-45T99:99", "2026-11-20", "9" * 300])
def test_broken_event_is_taken_all_the_same(as_user, learner, lessons, event_id, happened_at):
    response = send(as_user(learner), lessons[0], event_id=event_id, happened_at=happened_at)
    assert response.status_code == 302
    assert [row[:2] for row in rows()] == [(learner.pk, lessons[0].pk)]


@pytest.mark.parametrize(
    "happened_at", ["2026-11-24T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_any_instant_is_survived(as_user, learner, lessons, happened_at):
    assert send(as_user(learner), lessons[0], happened_at=happened_at).status_code == 302
    assert LessonDone.objects.get().happened_at <= timezone.now()


def test_who_is_not_enrolled_is_asked_to(as_user, trainee, course, lessons):
    client = as_user(trainee)
    assert send(client, lessons[0], event_id=ONE)["Location"] == "/learn/live/"
    refused = send(client, lessons[0], JSON, event_id=ONE)
    assert (refused.status_code, refused.json()) == (409, {"problem": "先报名，再记学完。"})
    assert rows() == []
    services.enrol(trainee, course)
    assert send(client, lessons[0], JSON, event_id=ONE).status_code == 200


def test_lesson_taken_back_meanwhile_still_counts(as_user, learner, trainer, lessons):
    publication.set_lesson_state([lessons[0]], State.DRAFT, trainer)
    assert send(as_user(learner), lessons[0], event_id=ONE)["Location"] == "/learn/"
    assert len(rows()) == 1


def test_lesson_taken_back_counts_wherever_its_course_lies_now(as_user, learner, lessons, trainer, village):
    publication.set_lesson_state([lessons[0]], State.DRAFT, trainer)
    Course.objects.update(place=village)
    AuditEntry.objects.all().delete()
    assert send(as_user(learner), lessons[0], event_id=ONE)["Location"] == "/learn/"
    assert len(rows()) == 1


@pytest.mark.parametrize("headers", [{}, JSON])
def test_lesson_that_was_never_out_cannot_have_been_done(as_user, learner, lessons, headers):
    Lesson.objects.filter(pk=lessons[0].pk).update(state=State.DRAFT, was_out=False)
    assert send(as_user(learner), lessons[0], headers, event_id=ONE).status_code == 404
    assert rows() == []


def test_draft_of_others_is_not_there(as_user, stranger, lessons):
    Lesson.objects.filter(pk=lessons[0].pk).update(state=State.DRAFT)
    assert send(as_user(stranger), lessons[0], event_id=ONE).status_code == 404
    assert as_user(stranger).post("/learn/lessons/987654/done/").status_code == 404


def test_visitor_signs_in_and_comes_back_to_the_lesson(client, lessons):
    response = client.post(
        f"/learn/lessons/{lessons[0].pk}/done/",
        headers={"referer": f"http://testserver/learn/lessons/{lessons[0].pk}/"},
    )
    assert response["Location"] == f"/accounts/login/?next=%2Flearn%2Flessons%2F{lessons[0].pk}%2F"


def test_looking_does_not_tick(as_user, learner, lessons):
    assert as_user(learner).get(f"/learn/lessons/{lessons[0].pk}/done/").status_code == 405
    assert rows() == []
