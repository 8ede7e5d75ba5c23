"""Trying a quiz from two tabs at once, and what each step costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Quiz
from media import cleanup
from progress.enrolment.services import NotEnrolled
from progress.models import Answer, Attempt
from progress.quizzes import attempts as doing
from tests.factories import make_photo
from tests.quizzes import make_question, make_quiz
from tests.races import at_once

pytestmark = pytest.mark.both_databases


def handed_in(learner, quiz, times: int) -> None:
    for _n in range(times):
        doing.finish_attempt(learner, doing.start_attempt(learner, quiz).key)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("used", [0, 2])
def test_two_starts_at_once_are_one_try(learner, course, used):
    """Also at the last of three."""
    quiz = make_quiz(course, "single", tries=3)
    handed_in(learner, quiz, used)
    answers = at_once(*[lambda: doing.start_attempt(learner, Quiz.objects.get(pk=quiz.pk)).pk] * 6)
    assert len(set(answers)) == 1
    assert list(Attempt.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, used + 2)
    )


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_starts_at_once_past_the_last_try_are_refused(learner, course):
    """The control: the same race with one try less to give."""
    quiz = make_quiz(course, "single", tries=2)
    handed_in(learner, quiz, 2)
    answers = at_once(*[lambda: doing.start_attempt(learner, Quiz.objects.get(pk=quiz.pk)).pk] * 6)
    assert answers == [doing.NoTriesLeft] * 6
    assert Attempt.objects.count() == 2


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_finishes_at_once_are_one(learner, course):
    attempt = doing.start_attempt(learner, make_quiz(course, "single", "single"))
    doing.record_answer(learner, attempt.key, 1, "b")
    answers = at_once(*[lambda: doing.finish_attempt(learner, attempt.key).finished_at] * 4)
    attempt.refresh_from_db()
    assert set(answers) == {attempt.finished_at}
    assert (attempt.right, attempt.total) == (1, 2)


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_last_answer_and_finish_at_once_agree(learner, course):
    """Whichever comes first, the score is that of the answers stored."""
    for _again in range(5):
        attempt = doing.start_attempt(learner, make_quiz(course, "single"))
        at_once(
            lambda key=attempt.key: doing.record_answer(learner, key, 1, "b").pk,
            lambda key=attempt.key: doing.finish_attempt(learner, key).pk,
        )
        attempt.refresh_from_db()
        assert attempt.right == Answer.objects.filter(attempt=attempt, right=True).count()
        assert attempt.passed is (attempt.right == 1)


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_position_answered_at_once_is_one_answer(learner, course):
    attempt = doing.start_attempt(learner, make_quiz(course, "single"))
    at_once(
        *[lambda given=given: doing.record_answer(learner, attempt.key, 1, given).pk for given in "abcabc"]
    )
    row = Answer.objects.get()
    attempt.refresh_from_db()
    assert (attempt.right, attempt.finished_at is not None) == (int(row.right), True)


def test_only_the_enrolled_begin(trainee, course):
    with pytest.raises(NotEnrolled):
        doing.start_attempt(trainee, make_quiz(course, "single"))


def test_answers_out_of_turn_and_after_the_end_are_refused(learner, course):
    attempt = doing.start_attempt(learner, make_quiz(course, "single", "single"))
    with pytest.raises(doing.NotAsked):
        doing.record_answer(learner, attempt.key, 2, "b")
    doing.finish_attempt(learner, attempt.key)
    with pytest.raises(doing.AlreadyHandedIn):
        doing.record_answer(learner, attempt.key, 1, "b")
    assert Answer.objects.count() == 0


def test_mastery_ends_by_itself_when_it_is_reached(learner, course):
    quiz = make_quiz(course, "single", "single", master_right=2, master_of=3)
    attempt = doing.start_attempt(learner, quiz)
    for position, given in enumerate("bab", 1):
        attempt = doing.record_answer(learner, attempt.key, position, given)
    assert (attempt.right, attempt.total, attempt.passed) == (2, 3, True)
    assert attempt.finished_at is not None


@pytest.mark.parametrize("count", [1, 12])
def test_steps_cost_the_same_whatever_the_length(learner, course, count, django_assert_num_queries):
    quiz = make_quiz(course, *["single"] * count, "true_false")
    quiz = Quiz.objects.select_related("course", "bank").get(pk=quiz.pk)
    with django_assert_num_queries(8):
        # enrolment; no open try; the last number; questions; savepoint, insert, release; the open try
        attempt = doing.start_attempt(learner, quiz)
    with django_assert_num_queries(6):
        # savepoint, release; the try; its answers; the question is still there; insert
        doing.record_answer(
            learner, attempt.key, 1, {"single": "b"}.get(attempt.paper["items"][0]["kind"], True)
        )


def test_photos_of_a_paper_stay_as_long_as_it_does(learner, course):
    photo, quiz = make_photo(), make_quiz(course)
    asked = make_question(quiz.bank, "picture")
    for choice in asked.content["choices"]:
        asked.pictures.create(photo=photo, name=choice["picture"])
    attempt = doing.start_attempt(learner, quiz)
    asked.pictures.all().delete()  # a trainer puts another picture there
    old = timezone.now() + timedelta(days=1)
    assert list(attempt.photos.all()) == [photo]
    assert not cleanup.find_unused_photos(old).filter(pk=photo.pk).exists()
    attempt.delete()
    assert cleanup.find_unused_photos(old).filter(pk=photo.pk).exists()
