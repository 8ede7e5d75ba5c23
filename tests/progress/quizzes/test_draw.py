"""Which questions a paper asks: so many of each objective, others than the last time, true and false in turn."""

from collections import Counter
from random import Random

import pytest

from bench.proofs import exam_papers
from courses.models import Objective, Question
from progress.quizzes import attempts as doing
from progress.quizzes.draw import PAPERS_LOOKED_AT, TooFewQuestions, choose_questions, load_asked
from progress.quizzes.paper import draw_paper
from tests.pages import list_messages
from tests.quizzes import make_bank, make_question, make_quiz

AIMS = {1, 2, 3, 4, 5}


def questions(*each: int) -> list[Question]:
    """So many questions of objective 1, 2, …"""
    aims = [aim for aim, count in enumerate(each, 1) for _n in range(count)]
    return [Question(pk=pk, kind="single", objective_id=aim) for pk, aim in enumerate(aims, 1)]


def statements(*answers: bool) -> list[Question]:
    return [
        Question(pk=100 + n, kind="true_false", objective_id=1, content={"answer": answer})
        for n, answer in enumerate(answers)
    ]


def pks(rows) -> set[int]:
    return {row.pk for row in rows}


def test_each_paper_asks_enough_of_each_objective():
    able = questions(60, 5, 5, 5, 45)
    papers = [choose_questions(able, 20, Random(seed), 3, AIMS) for seed in range(60)]
    counted = [Counter(row.objective_id for row in paper) for paper in papers]
    assert {min(one[aim] for aim in AIMS) for one in counted} == {3}
    assert {(len(paper), len(pks(paper))) for paper in papers} == {(20, 20)}
    assert len({frozenset(pks(paper)) for paper in papers}) == 60


def test_without_a_minimum_an_objective_may_be_left_out():
    """The control: the same bank, the same seeds."""
    able = questions(60, 5, 5, 5, 45)
    counted = [Counter(row.objective_id for row in choose_questions(able, 20, Random(n))) for n in range(60)]
    assert min(one[aim] for one in counted for aim in AIMS) == 0


@pytest.mark.parametrize(
    ("count", "minimum", "each"), [(15, 3, (9, 9, 9, 9, 2)), (14, 3, (9,) * 5), (46, 3, (9,) * 5), (20, 3, (9,) * 4)]
)  # fmt: skip
def test_a_bank_that_cannot_keep_the_promise_gives_no_paper(count, minimum, each):
    with pytest.raises(TooFewQuestions):
        choose_questions(questions(*each), count, Random(1), minimum, AIMS)


def test_papers_repeat_nothing_until_the_bank_is_through():
    able = questions(*(24,) * 5)
    papers: list[set[int]] = []
    for number in range(6):
        met = {pk: place for place, paper in enumerate(papers, 1) for pk in paper}
        papers.append(pks(choose_questions(able, 20, Random(number), 3, AIMS, met)))
    assert len(set.union(*papers)) == 120


def test_of_a_small_bank_what_was_asked_longest_ago_comes_first():
    able = questions(6)
    met = {1: 3, 2: 1, 3: 2, 4: 3}
    found = {frozenset(pks(choose_questions(able, 3, Random(seed), asked=met))) for seed in range(9)}
    assert found == {frozenset({2, 5, 6})}


def test_true_and_false_statements_come_in_turn():
    able = questions(10) + statements(*[False] * 9, *[True] * 3)
    for seed in range(40):
        judged = [row.content["answer"] for row in choose_questions(able, 12, Random(seed)) if row.pk >= 100]
        assert abs(2 * sum(judged) - len(judged)) <= 1


def test_where_all_statements_are_false_the_paper_is_full_all_the_same():
    able = questions(2) + statements(*[False] * 6)
    assert len(choose_questions(able, 6, Random(1))) == 6


# --- through the product ---


@pytest.fixture
def exam(course):
    """Six questions of each of the module's two objectives; a paper has four, two of each."""
    bank, module = make_bank(course), course.modules.first()
    for code in ("1.1", "1.2"):
        aim = Objective.objects.create(course=course, module=module, code=code, text=code)
        for _n in range(6):
            make_question(bank, objective=aim)
    return make_quiz(course, bank=bank, module=module, draw=4, objective_minimum=2)


def asked(attempt) -> set[int]:
    return {item["question"] for item in attempt.paper["items"]}


def test_the_next_papers_are_others(learner, exam):
    found = []
    for _n in range(3):
        attempt = doing.start_attempt(learner, exam)
        assert Counter(item["aim"] for item in attempt.paper["items"]) == {"1.1": 2, "1.2": 2}
        found.append(asked(attempt))
        doing.finish_attempt(learner, attempt.key)
    assert len(set.union(*found)) == 12
    assert load_asked(learner.pk, exam) == {pk: n for n, paper in enumerate(found, 1) for pk in paper}


def test_anothers_papers_and_those_of_long_ago_do_not_count(learner, stranger, exam, monkeypatch):
    for _n in range(3):
        doing.finish_attempt(learner, doing.start_attempt(learner, exam).key)
    assert load_asked(stranger.pk, exam) == {}
    monkeypatch.setattr("progress.quizzes.draw.PAPERS_LOOKED_AT", 1)
    assert len(load_asked(learner.pk, exam)) == 4
    assert PAPERS_LOOKED_AT * 20 >= 240


def test_an_objective_without_questions_is_missed(learner, course, exam):
    Objective.objects.create(course=course, module=exam.module, code="1.3", text="没有题")
    with pytest.raises(TooFewQuestions):
        draw_paper(exam, "", 1)


def test_who_begins_while_questions_are_missing_is_told(as_user, learner, exam):
    exam.bank.questions.filter(objective__code="1.2").update(is_retired=True)
    client = as_user(learner)
    said_here = list_messages(client.post(f"/learn/quizzes/{exam.pk}/start/"))
    assert said_here == ["题库里的题不够出一张卷子，请告诉老师。"]
    answer = client.post(f"/learn/quizzes/{exam.pk}/paper/")
    assert (answer.status_code, answer.json()) == (409, {"problem": "题库里的题不够出一张卷子，请告诉老师。"})


# --- the law examination as it is written ---


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_papers_of_the_law_examination_ask_of_every_objective(language):
    exam = exam_papers.read_exam(language)
    found = exam_papers.draw_many(exam, papers=60)
    assert exam.problems == []
    assert set(found.fewest) == set(exam.codes.values()) == {"8.1", "8.2", "8.3", "8.4", "8.5"}
    assert min(found.fewest.values()) >= exam.minimum >= 3
    assert min(found.times.values()) > 0
    # Of a bank of n questions a next paper of d must repeat 2d - n of the one before, and no more.
    assert found.repeated == max(0, 2 * exam.draw - len(exam.questions))
    assert sum(found.times.values()) == 60 * exam.draw


@pytest.mark.long
def test_coverage_is_printed_by_objective(capsys, monkeypatch):
    monkeypatch.setattr(exam_papers, "PAPERS", 40)
    assert exam_papers.main() == 0
    printed = capsys.readouterr().out
    assert printed.count("(at least 3)") == 10
    assert "a next paper shares at most" in printed
