"""Taking a quiz in a browser without scripts: start, answer, explanation, result."""

import pytest

from courses.models import Question
from tests.pages import list_messages
from tests.progress.quizzes.attempts import begin, rows, send, text, url
from tests.quizzes import RIGHT, WRONG, make_quiz

KINDS = sorted(RIGHT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("answers", "right"), [(RIGHT, True), (WRONG, False)])
def test_each_kind_is_asked_answered_and_explained(as_user, learner, course, kind, answers, right):
    quiz = make_quiz(course, kind, pass_percent=100)
    client = as_user(learner)
    attempt = begin(client, quiz)
    question = Question.objects.get()
    page = text(client.get(url(attempt, 1)))
    assert question.text in page
    assert question.explain not in page
    assert "没有凭据" not in page
    answer = send(client, attempt, 1, answers)
    assert answer["Location"] == url(attempt, 1)
    told = text(client.get(url(attempt, 1)))
    assert question.explain in told
    assert ("答对了" in told, "答错了" in told) == (right, not right)
    attempt.refresh_from_db()
    assert (attempt.right, attempt.total, attempt.passed) == (int(right), 1, right)
    row = attempt.answers.get()
    assert (row.question, row.right) == (question, right)
    result = text(client.get(f"/learn/attempts/{attempt.key}/"))
    assert ("还没通过" in result) is not right
    assert question.explain in result


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_chosen_is_asked_for_and_stored_nowhere(as_user, learner, course, kind):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, kind))
    answer = client.post(url(attempt, 1), {})
    assert answer.status_code == 200
    assert 'role="alert"' in text(answer)
    assert rows() == []


def test_what_was_typed_stays_when_it_is_no_number(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "number"))
    answer = text(client.post(url(attempt, 1), {"answer": "五块九"}))
    assert 'value="五块九"' in answer
    assert "只填数字，单位是元/斤" in answer


def test_button_moves_a_step_without_answering(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "order"))
    answer = client.post(url(attempt, 1), {"order": ["d", "c", "b", "a"], "move": "a:up"})
    assert [step["id"] for step in answer.context["steps"]] == ["d", "c", "a", "b"]
    assert rows() == []


def test_first_answer_stands_and_refresh_and_back_are_safe(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "true_false", "single"))
    send(client, attempt, 1, WRONG)
    assert send(client, attempt, 1, RIGHT)["Location"] == url(attempt, 1)
    assert rows() == [(1, False)]
    assert "答错了" in text(client.get(url(attempt, 1)))
    assert client.get(f"/learn/attempts/{attempt.key}/")["Location"] == url(attempt, 2)


def test_starting_again_goes_on_with_the_open_try(as_user, learner, course):
    quiz = make_quiz(course, "single", "single")
    client = as_user(learner)
    first = begin(client, quiz)
    send(client, first, 1)
    assert begin(client, quiz) == first
    assert "接着答" in text(client.get(f"/learn/quizzes/{quiz.pk}/"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_positions_that_are_none_or_not_yet_lead_back_with_words(as_user, learner, course, method):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "single", "single"))
    for position, words in (
        (99, "这张卷子没有这一题。"),
        (0, "这张卷子没有这一题。"),
        (2, "一题一题来，先答这一题。"),
    ):
        answer = getattr(client, method)(url(attempt, position), {"answer": "a"})
        assert answer["Location"] == f"/learn/attempts/{attempt.key}/"
        assert list_messages(answer)[-1] == words
    assert rows() == []


def test_choice_of_another_question_is_refused_in_words(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "single"))
    assert "没有这个选项，重新选一个" in text(client.post(url(attempt, 1), {"answer": "zz"}))
    assert rows() == []


def test_handing_in_early_asks_first_and_counts_the_rest_as_wrong(as_user, learner, course):
    quiz = make_quiz(course, "single", "single", "single", pass_percent=60)
    client = as_user(learner)
    attempt = begin(client, quiz)
    send(client, attempt, 1)
    finish = f"/learn/attempts/{attempt.key}/finish/"
    assert "还有 2 题没答，没答的算错。" in text(client.get(finish))
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    for _twice in range(2):
        assert client.post(finish)["Location"] == f"/learn/attempts/{attempt.key}/"
    attempt.refresh_from_db()
    assert (attempt.right, attempt.total, attempt.passed) == (1, 3, False)
    html = text(client.get(f"/learn/attempts/{attempt.key}/"))
    assert "再答对 1 题就通过" in html
    assert html.count("没答这一题。") == 2
    late = client.post(url(attempt, 2), RIGHT["single"])
    assert list_messages(late)[-1] == "这次已经交卷了，后面的题不再算。"
    assert rows() == [(1, True)]
