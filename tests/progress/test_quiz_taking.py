"""Taking a quiz in a browser without scripts: start, answer, explanation, result."""

import pytest
from django.contrib.messages import get_messages

from courses.models import Question, State
from progress import quizzing_doing as doing
from progress.models import Answer, Attempt
from progress.quizzing_paper import Paper
from tests.quizzes import RIGHT, WRONG, make_question, make_quiz

KINDS = sorted(RIGHT)


def text(response) -> str:
    return response.content.decode()


def url(attempt: Attempt, position: int) -> str:
    return f"/learn/attempts/{attempt.key}/{position}/"


def begin(client, quiz) -> Attempt:
    answer = client.post(f"/learn/quizzes/{quiz.pk}/start/")
    attempt = Attempt.objects.get(quiz=quiz, finished_at__isnull=True)
    assert answer["Location"] == f"/learn/attempts/{attempt.key}/"
    return attempt


def send(client, attempt: Attempt, position: int, answers: dict = RIGHT):
    kind = Paper(attempt.paper).item(position).kind
    return client.post(url(attempt, position), answers[kind])


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def rows() -> list[tuple]:
    return list(Answer.objects.order_by("position").values_list("position", "right"))


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
        assert said(answer)[-1] == words
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
    assert said(late)[-1] == "这次已经交卷了，后面的题不再算。"
    assert rows() == [(1, True)]


def test_tries_are_counted_and_then_it_is_enough(as_user, learner, course):
    quiz = make_quiz(course, "single", tries=2)
    client = as_user(learner)
    for _n in range(2):
        send(client, begin(client, quiz), 1, WRONG)
    answer = client.post(f"/learn/quizzes/{quiz.pk}/start/")
    assert answer["Location"] == f"/learn/quizzes/{quiz.pk}/"
    assert said(answer) == ["能考的次数用完了。"]
    page = text(client.get(f"/learn/quizzes/{quiz.pk}/"))
    assert "能考的次数用完了。还想再考，请跟老师说。" in page
    assert "开始答题" not in page
    assert Attempt.objects.count() == 2


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
    assert said(answer) == ["先报名这门课，再来考。"]
    assert Attempt.objects.count() == 0


def test_draft_is_seen_by_its_authors_only(as_user, learner, trainer, stranger, course):
    quiz = make_quiz(course, "single", state=State.DRAFT)
    statuses = [
        as_user(one).get(f"/learn/quizzes/{quiz.pk}/").status_code for one in (learner, stranger, trainer)
    ]
    assert statuses == [404, 404, 200]
    assert said(as_user(trainer).post(f"/learn/quizzes/{quiz.pk}/start/")) == ["测验还没发布，现在考不了。"]


def test_anothers_try_is_not_there(as_user, learner, trainer, course):
    attempt = doing.start(learner, make_quiz(course, "single"))
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
    assert said(client.post(f"/learn/quizzes/{quiz.pk}/start/")) == ["题库里还没有题，请告诉老师。"]
    make_question(quiz.bank, content={"choices": []})
    assert said(client.post(f"/learn/quizzes/{quiz.pk}/start/"))[-1] == "题库里还没有题，请告诉老师。"


def test_visitor_signs_in_first(client, course):
    quiz = make_quiz(course, "single")
    assert client.get(f"/learn/quizzes/{quiz.pk}/")["Location"].startswith("/accounts/login/")


def test_paper_that_lies_in_a_phone_is_no_try_until_it_is_answered(as_user, learner, course):
    quiz = make_quiz(course, "true_false", "single", tries=2)
    client = as_user(learner)
    client.post(f"/learn/quizzes/{quiz.pk}/paper/")
    page = text(client.get(f"/learn/quizzes/{quiz.pk}/"))
    assert ("开始答题</button>" in page, "接着答</button>" in page, "2 次，一共 2 次" in page) == (
        True,
        False,
        True,
    )
    send(client, Attempt.objects.get(), 1)
    page = text(client.get(f"/learn/quizzes/{quiz.pk}/"))
    assert ("开始答题</button>" in page, "接着答</button>" in page, "1 次，一共 2 次" in page) == (
        False,
        True,
        True,
    )
