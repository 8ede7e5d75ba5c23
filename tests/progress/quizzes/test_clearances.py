"""Passing certain quizzes permits going live for a year; one try gives one clearance, however it was sent."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.models import Clearance
from courses.models import Quiz
from outbox.protocol import Incoming
from progress.models import Attempt
from progress.quizzes import attempts as doing
from progress.quizzes import clearances
from progress.quizzes.offline_events import apply_attempts as receive
from tests.quizzes import RIGHT, WRONG, make_quiz


@pytest.fixture
def quiz(course) -> Quiz:
    return make_quiz(course, "single", "single", pass_percent=100, clears="first_live", title="开播前的考试")


def answer(user, quiz, *given) -> Attempt:
    begun = doing.start_attempt(user, quiz)
    for position, one in enumerate(given, 1):
        doing.record_answer(user, begun.key, position, one["answer"])
    begun.refresh_from_db()
    return begun


def test_a_pass_clears_for_a_year(learner, quiz):
    done = answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    [row] = learner.clearances.all()
    assert (row.kind, row.record, row.words) == (
        "first_live", f"attempt {done.key}", "直播课 · 开播前的考试 2/2",
    )  # fmt: skip
    assert row.given_at == done.finished_at
    assert row.valid_until == clearances.add_a_year(done.finished_at)
    assert list(Clearance.objects.in_force()) == [row]


def test_a_failed_try_and_one_handed_in_empty_clear_nothing(learner, quiz):
    answer(learner, quiz, RIGHT["single"], WRONG["single"])
    doing.finish_attempt(learner, doing.start_attempt(learner, quiz).key)
    assert not Clearance.objects.exists()


def test_a_quiz_that_clears_nothing_clears_nothing(learner, course):
    answer(learner, make_quiz(course, "single"), RIGHT["single"])
    assert not Clearance.objects.exists()


@pytest.mark.long
def test_each_year_is_a_clearance_of_its_own(learner, quiz):
    answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    assert learner.clearances.count() == 2


def test_the_same_try_looked_at_again_is_one(learner, quiz):
    done = answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    clearances.grant_clearance([done, done])
    doing.finish_attempt(learner, done.key)
    assert learner.clearances.count() == 1


def test_a_try_that_a_phone_brings_later_clears_from_when_it_was_done(learner, quiz):
    begun = doing.start_attempt(learner, quiz)
    Attempt.objects.filter(pk=begun.pk).update(started_at=timezone.now() - datetime.timedelta(days=2))
    at = timezone.now() - datetime.timedelta(days=1)
    body = {"attempt": str(begun.key), "answers": {"1": "b", "2": "b"}, "finished": True}
    assert list(receive(learner, [Incoming(uuid.uuid4(), "attempt", at, timezone.now(), body)]).values()) == [
        ""
    ]
    assert learner.clearances.get().given_at == at


def test_a_withdrawn_clearance_is_not_given_back(learner, quiz):
    done = answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    learner.clearances.update(withdrawn_at=timezone.now())
    clearances.grant_clearance([done])
    assert clearances.grant_missing() == 0
    assert not Clearance.objects.in_force().exists()
    assert clearances.find_clearance(done) is None


def test_who_passed_before_the_quiz_was_said_to_clear_is_caught_up(learner, quiz):
    Quiz.objects.update(clears="")
    done = answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    assert (learner.clearances.count(), clearances.grant_missing()) == (0, 0)
    Quiz.objects.update(clears="first_live")
    assert (clearances.grant_missing(), clearances.grant_missing()) == (1, 0)
    assert learner.clearances.get().record == f"attempt {done.key}"


def test_a_pass_of_more_than_a_year_ago_is_not_caught_up(learner, quiz):
    Quiz.objects.update(clears="")
    answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    Attempt.objects.update(finished_at=timezone.now() - datetime.timedelta(days=366))
    Quiz.objects.update(clears="first_live")
    assert clearances.grant_missing() == 0


@pytest.mark.parametrize(
    ("day", "after"),
    [((2026, 11, 26), (2027, 11, 26)), ((2028, 2, 29), (2029, 3, 1)), ((2027, 2, 28), (2028, 2, 28))],
)
def test_a_year_after(day, after):
    moment = datetime.datetime(*day, 12, tzinfo=datetime.UTC)
    assert clearances.add_a_year(moment) == datetime.datetime(*after, 12, tzinfo=datetime.UTC)


@pytest.mark.long
def test_the_result_says_what_was_earned(as_user, learner, quiz):
    done = answer(learner, quiz, RIGHT["single"], RIGHT["single"])
    page = as_user(learner).get(f"/learn/attempts/{done.key}/").content.decode()
    assert "首播培训过了，到" in page
    assert 'href="/live/new/?kind=real"' in page


def test_what_clears_is_closed_by_its_hand_in(learner, quiz):
    begun = doing.start_attempt(learner, quiz)
    doing.finish_attempt(learner, begun.key)
    at = begun.started_at + datetime.timedelta(milliseconds=1)
    body = {"attempt": str(begun.key), "answers": {"1": "b", "2": "b"}, "finished": True}
    late = Incoming(uuid.uuid4(), "attempt", at, timezone.now(), body)
    assert receive(learner, [late]) == {late.id: "handed_in"}
    assert not Clearance.objects.exists()
