"""What a quiz's page offers who teaches the course."""

import pytest

from accounts.models import Membership
from progress.enrolment.services import enrol
from progress.quizzes.results import ClassResult
from tests.factories import make_cohort, make_person
from tests.pages import squeeze
from tests.progress.quizzes.attempts import begin, send, text
from tests.quizzes import RIGHT, WRONG, make_quiz


@pytest.fixture
def quiz(course):
    return make_quiz(course, "single", pass_percent=100)


def answer_all(as_user, quiz, person, *tries) -> None:
    for given in tries:
        client = as_user(person)
        send(client, begin(client, quiz), 1, given)


def test_who_teaches_sees_the_questions_and_how_the_classes_stand(
    as_user, trainer, learner, cohort, village, quiz
):
    """People without a class, or in a class of somebody else, are not counted."""
    failed, absent, alone = (make_person(name) for name in ("没过", "没考", "自学"))
    for person in (failed, absent):
        enrol(person, quiz.course, cohort)
    enrol(alone, quiz.course)
    answer_all(as_user, quiz, learner, WRONG, RIGHT)
    answer_all(as_user, quiz, failed, WRONG)
    answer_all(as_user, quiz, alone, RIGHT)
    response = as_user(trainer).get(f"/learn/quizzes/{quiz.pk}/")
    assert response.context["results"] == [ClassResult(cohort.pk, "秋季班", 3, 1, 2)]
    page = squeeze(text(response))
    assert "通过 1 · 没过 1 · 没考 1" in page
    assert f'href="/learn/quizzes/{quiz.pk}/statistics/"' in page
    assert "报名学习" not in page


@pytest.mark.parametrize("count", [1, 24])
def test_it_costs_the_same_for_any_number_of_classes(
    as_user, trainer, course, village, quiz, count, django_assert_num_queries
):
    for n in range(count):
        enrol(make_person(f"人{n}"), course, make_cohort(course, village, trainer))
    client = as_user(trainer)
    client.get(f"/learn/quizzes/{quiz.pk}/")
    with django_assert_num_queries(8):
        response = client.get(f"/learn/quizzes/{quiz.pk}/")
    assert len(response.context["results"]) == min(count, 6)


def test_a_trainer_of_a_class_elsewhere_is_told_whose_questions_they_are(
    as_user, course, other_village, quiz
):
    guest = make_person("外村老师", (Membership.Role.TRAINER, other_village))
    offers = f'action="/learn/{course.slug}/enrol/"'
    assert offers in text(as_user(guest).get(f"/learn/quizzes/{quiz.pk}/"))
    make_cohort(course, other_village, guest)
    page = text(as_user(guest).get(f"/learn/quizzes/{quiz.pk}/"))
    assert f"题是{course.place.name}出的" in page
    assert offers not in page
    assert "/statistics/" not in page
