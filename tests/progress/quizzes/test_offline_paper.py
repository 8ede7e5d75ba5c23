"""The paper that a phone stores."""

import json

import pytest

from progress.models import Attempt
from progress.quizzes import attempts as doing
from tests.quizzes import RIGHT, make_quiz

KINDS = sorted(RIGHT)


def paper(client, quiz):
    return client.post(f"/learn/quizzes/{quiz.pk}/paper/")


def test_paper_holds_all_that_answering_takes(as_user, learner, course):
    quiz = make_quiz(course, *KINDS, title="小测", pass_percent=80)
    found = paper(as_user(learner), quiz).json()
    attempt = Attempt.objects.get()
    assert (found["attempt"], found["title"], found["tells"]) == (str(attempt.key), "小测", True)
    assert (found["order"], found["mastery"], found["pass_percent"]) == (list(range(7)), None, 80)
    assert sorted(one["kind"] for one in found["questions"]) == KINDS
    for one in found["questions"]:
        assert one["text"] in one["html"]
        assert one["explain"] not in one["html"]
        assert "right" in one["key"]


@pytest.mark.parametrize("kind", KINDS)
def test_where_tries_are_counted_no_answer_goes_along(as_user, learner, course, kind):
    quiz = make_quiz(course, kind, tries=2)
    found = paper(as_user(learner), quiz).json()
    assert found["tells"] is False
    (question,) = found["questions"]
    assert {"key", "explain"} & set(question) == set()
    text = json.dumps(found["questions"], ensure_ascii=False)
    assert quiz.bank.questions.get().explain not in text
    assert "没有凭据" not in text


def test_asked_for_again_it_is_the_same_paper_with_what_was_answered(as_user, learner, course):
    quiz = make_quiz(course, "single", "single")
    client = as_user(learner)
    first = paper(client, quiz).json()
    doing.record_answer(learner, Attempt.objects.get().key, 1, "b")
    again = paper(client, quiz).json()
    assert (again["attempt"], again["questions"]) == (first["attempt"], first["questions"])
    assert (first["answered"], again["answered"]) == ({}, {"1": True})


def test_who_may_not_begin_is_told_why(as_user, stranger, learner, course):
    quiz = make_quiz(course, "single", tries=1)
    answer = paper(as_user(stranger), quiz)
    assert (answer.status_code, answer.json()) == (409, {"problem": "先报名这门课，再来考。"})
    doing.finish_attempt(learner, doing.start_attempt(learner, quiz).key)
    assert paper(as_user(learner), quiz).json() == {"problem": "能考的次数用完了。"}
    assert as_user(learner).get(f"/learn/quizzes/{quiz.pk}/paper/").status_code == 405
