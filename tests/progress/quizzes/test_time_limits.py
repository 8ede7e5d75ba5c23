"""A quiz with a time limit: the server's clock decides, and an answer that a bad line holds up is not lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from outbox.models import Event
from outbox.reception import receive_batch
from progress.models import Answer, Attempt
from progress.quizzes import attempts as doing
from progress.quizzes.time_limits import is_explained
from tests.pages import list_messages, squeeze
from tests.progress.quizzes.attempts import begin, send, text, url
from tests.quizzes import RIGHT, make_quiz

MINUTE = timedelta(minutes=1)


@pytest.fixture
def quiz(course):
    return make_quiz(course, "number", "number", minutes=12, talk_after=3, pass_percent=50)


def turn_back(attempt: Attempt, minutes: float) -> Attempt:
    """As if the try had begun so many minutes ago."""
    by = timedelta(minutes=minutes)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - by, due_at=attempt.due_at - by
    )
    attempt.refresh_from_db()
    return attempt


def bring(learner, attempt: Attempt, at, answers: dict, finished: bool = False) -> str:
    """Deliver what a phone recorded at this moment; return why something was not applied."""
    body = {"attempt": str(attempt.key), "answers": answers, "finished": finished}
    sent = {"id": str(uuid4()), "kind": "attempt", "at": at.isoformat(), "body": body}
    receive_batch(learner, [sent])
    return Event.objects.latest("pk").reason


def test_a_try_ends_as_many_minutes_after_it_began_as_the_quiz_said_then(as_user, learner, quiz):
    client = as_user(learner)
    attempt = begin(client, quiz)
    assert attempt.due_at - attempt.started_at == 12 * MINUTE
    page = client.get(url(attempt, 1))
    assert 700 <= page.context["seconds_left"] <= 720
    type(quiz).objects.update(minutes=1)
    attempt.refresh_from_db()
    assert attempt.due_at - attempt.started_at == 12 * MINUTE


def test_explanations_wait_until_the_end(as_user, learner, quiz):
    client = as_user(learner)
    attempt = begin(client, quiz)
    page = f"/learn/attempts/{attempt.key}/"
    assert send(client, attempt, 1)["Location"] == page
    assert client.get(url(attempt, 1)).headers.get("Location") == page
    client.post(f"{page}finish/")
    assert client.get(url(attempt, 1)).status_code == 200


@pytest.mark.long
def test_a_blank_paper_handed_in_early_stays_blank(as_user, learner, quiz):
    client = as_user(learner)
    attempt = begin(client, quiz)
    client.post(f"/learn/attempts/{attempt.key}/finish/")
    assert "一题一题看" in text(client.get(f"/learn/attempts/{attempt.key}/"))
    at = attempt.started_at + timedelta(milliseconds=1)
    assert bring(learner, attempt, at, {"1": "5.98", "2": "5.98"}, finished=True) == "handed_in"
    attempt.refresh_from_db()
    assert (attempt.right, attempt.passed, Answer.objects.count()) == (0, False, 0)


def test_what_ended_by_the_clock_is_explained_once_nothing_can_be_added(learner, quiz):
    attempt = turn_back(doing.start_attempt(learner, quiz), 13)
    running = is_explained(attempt, {})
    doing.close_overdue()
    attempt.refresh_from_db()
    last = attempt.due_at + 10 * MINUTE
    found = [is_explained(attempt, {1: True}, now) for now in (last, last + timedelta(seconds=1))]
    assert (running, found, is_explained(attempt, {1: True, 2: False}, last)) == (False, [False, True], True)
    attempt.finished_at -= MINUTE  # handed in before
    assert is_explained(attempt, {}, last)


@pytest.mark.long
def test_nothing_is_shown_while_an_answer_given_in_time_still_counts(as_user, learner, quiz):
    client = as_user(learner)
    attempt = turn_back(begin(client, quiz), 12.5)
    send(client, attempt, 1)
    turn_back(attempt, 9)  # half a minute before nothing is taken any more
    doing.close_overdue()
    page = text(client.get(f"/learn/attempts/{attempt.key}/"))
    assert ("时间到了，卷子交上了" in page, "一题一题看" in page) == (True, False)
    assert client.get(url(attempt, 1)).status_code == 302
    assert bring(learner, attempt, attempt.due_at - MINUTE, {"2": "5.98"}) == ""
    page = client.get(f"/learn/attempts/{attempt.key}/")  # complete: nothing can be added
    assert (page.context["attempt"].right, "一题一题看" in text(page)) == (2, True)


def test_a_minute_late_counts_and_later_does_not(as_user, learner, quiz):
    client = as_user(learner)
    attempt = turn_back(begin(client, quiz), 12.5)
    send(client, attempt, 1)
    assert Answer.objects.count() == 1
    turn_back(attempt, 1)
    answer = send(client, attempt, 2)
    assert list_messages(answer) == ["时间到了，按答完的算。"]
    assert Answer.objects.count() == 1


def test_a_try_whose_time_is_up_reads_as_ended_before_anything_is_stored(as_user, learner, quiz):
    client = as_user(learner)
    attempt = begin(client, quiz)
    send(client, attempt, 1)
    turn_back(attempt, 23)
    page = client.get(f"/learn/attempts/{attempt.key}/")
    assert (page.context["attempt"].right, page.context["attempt"].passed) == (1, True)
    attempt.refresh_from_db()
    assert attempt.finished_at is None  # a GET stores nothing
    assert doing.close_overdue() == 1
    attempt.refresh_from_db()
    assert (attempt.finished_at, attempt.right, attempt.passed) == (attempt.due_at, 1, True)
    assert doing.close_overdue() == 0


def test_who_begins_again_gets_a_new_try(as_user, learner, quiz):
    client = as_user(learner)
    first = turn_back(begin(client, quiz), 14)
    assert begin(client, quiz).number == first.number + 1
    first.refresh_from_db()
    assert first.finished_at == first.due_at


def test_what_was_answered_in_time_may_arrive_ten_minutes_late(learner, quiz):
    attempt = turn_back(doing.start_attempt(learner, quiz), 21)
    doing.close_overdue()
    in_time = attempt.due_at - MINUTE
    assert bring(learner, attempt, in_time, {"1": RIGHT["number"]["answer"]}) == ""
    assert bring(learner, attempt, attempt.due_at + MINUTE, {"2": "5.98"}) != ""
    attempt.refresh_from_db()
    assert (attempt.right, attempt.passed) == (1, True)


def test_what_arrives_later_is_kept_aside_with_its_reason(learner, quiz):
    attempt = turn_back(doing.start_attempt(learner, quiz), 23)
    assert bring(learner, attempt, attempt.due_at - MINUTE, {"1": "5.98"}, finished=True) == "time_over"
    assert not Answer.objects.exists()


def test_the_page_says_how_the_clock_runs(as_user, learner, quiz):
    page = squeeze(text(as_user(learner).get(f"/learn/quizzes/{quiz.pk}/")))
    assert "12 分钟" in page
    assert "一点开始就计时，到点自动交卷。" in page
