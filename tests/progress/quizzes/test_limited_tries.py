"""Who may try a quiz and how often, and what a try keeps when the quiz changes."""

import pytest

from courses.models import Question, State
from progress.models import Answer, Attempt
from progress.quizzes import attempts as doing
from tests.pages import list_messages, squeeze
from tests.progress.quizzes.attempts import begin, rows, send, text, url
from tests.quizzes import RIGHT, WRONG, make_question, make_quiz

pytestmark = pytest.mark.both_databases


def test_tries_are_counted_and_then_it_is_enough(as_user, learner, course):
    quiz = make_quiz(course, "single", tries=2)
    client = as_user(learner)
    for _n in range(2):
        send(client, begin(client, quiz), 1, WRONG)
    answer = client.post(f"/learn/quizzes/{quiz.pk}/start/")
    assert answer["Location"] == f"/learn/quizzes/{quiz.pk}/"
    assert list_messages(answer) == ["能考的次数用完了。"]
    page = squeeze(text(client.get(f"/learn/quizzes/{quiz.pk}/")))
    assert "能考的次数用完了。还想再考，请跟老师说。" in page
    assert "开始答题" not in page
    assert Attempt.objects.count() == 2


@pytest.mark.long
def test_a_pass_stays_when_a_later_try_fails(as_user, learner, course):
    quiz = make_quiz(course, "single")
    client = as_user(learner)
    send(client, begin(client, quiz), 1, RIGHT)
    send(client, begin(client, quiz), 1, WRONG)
    page = client.get(f"/learn/quizzes/{quiz.pk}/")
    assert (page.context["quiz"].is_passed, page.context["quiz"].best) == (True, 100)


def test_a_changed_question_moves_no_paper(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "single"))
    question = Question.objects.get()
    Question.objects.update(text="改过的题", content={"choices": []})
    assert question.text in text(client.get(url(attempt, 1)))
    send(client, attempt, 1)
    assert rows() == [(1, True)]


def test_a_question_deleted_meanwhile_is_answered_all_the_same(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "single"))
    Question.objects.all().delete()
    send(client, attempt, 1)
    assert list(Answer.objects.values_list("question", "right")) == [(None, True)]


def test_a_quiz_taken_back_lets_who_began_go_on(as_user, learner, course):
    quiz = make_quiz(course, "single")
    client = as_user(learner)
    attempt = begin(client, quiz)
    type(quiz).objects.update(state=State.DRAFT)
    assert client.get(f"/learn/quizzes/{quiz.pk}/").status_code == 404
    send(client, attempt, 1)
    assert "再考一次" not in text(client.get(f"/learn/attempts/{attempt.key}/"))


def test_who_is_not_enrolled_may_look_and_not_begin(as_user, stranger, course):
    quiz = make_quiz(course, "single")
    client = as_user(stranger)
    assert 'action="/learn/live/enrol/"' in text(client.get(f"/learn/quizzes/{quiz.pk}/"))
    answer = client.post(f"/learn/quizzes/{quiz.pk}/start/")
    assert list_messages(answer) == ["先报名这门课，再来考。"]
    assert Attempt.objects.count() == 0


@pytest.mark.long
def test_draft_is_seen_by_its_authors_only(as_user, learner, trainer, stranger, course):
    quiz = make_quiz(course, "single", state=State.DRAFT)
    statuses = [
        as_user(one).get(f"/learn/quizzes/{quiz.pk}/").status_code for one in (learner, stranger, trainer)
    ]
    assert statuses == [404, 404, 200]
    assert list_messages(as_user(trainer).post(f"/learn/quizzes/{quiz.pk}/start/")) == [
        "测验还没发布，现在考不了。"
    ]


def test_anothers_try_is_not_there(as_user, learner, trainer, course):
    attempt = doing.start_attempt(learner, make_quiz(course, "single"))
    client = as_user(trainer)
    for page in (
        f"/learn/attempts/{attempt.key}/",
        url(attempt, 1),
        f"/learn/attempts/{attempt.key}/finish/",
    ):
        assert client.get(page).status_code == 404
        assert client.post(page).status_code in (404, 405)
    assert rows() == []


def test_empty_bank_says_so(as_user, learner, course):
    quiz = make_quiz(course)
    client = as_user(learner)
    assert list_messages(client.post(f"/learn/quizzes/{quiz.pk}/start/")) == ["题库里还没有题，请告诉老师。"]
    make_question(quiz.bank, content={"choices": []})
    assert (
        list_messages(client.post(f"/learn/quizzes/{quiz.pk}/start/"))[-1] == "题库里还没有题，请告诉老师。"
    )


def test_visitor_signs_in_first(client, course):
    quiz = make_quiz(course, "single")
    assert client.get(f"/learn/quizzes/{quiz.pk}/")["Location"].startswith("/accounts/login/")


@pytest.mark.long
def test_paper_that_lies_in_a_phone_is_no_try_until_it_is_answered(as_user, learner, course):
    quiz = make_quiz(course, "true_false", "single", tries=2)
    client = as_user(learner)
    client.post(f"/learn/quizzes/{quiz.pk}/paper/")
    page = squeeze(text(client.get(f"/learn/quizzes/{quiz.pk}/")))
    assert ("开始答题</button>" in page, "接着答</button>" in page, "2 次，一共 2 次" in page) == (
        True,
        False,
        True,
    )
    send(client, Attempt.objects.get(), 1)
    page = squeeze(text(client.get(f"/learn/quizzes/{quiz.pk}/")))
    assert ("开始答题</button>" in page, "接着答</button>" in page, "1 次，一共 2 次" in page) == (
        False,
        True,
        True,
    )
