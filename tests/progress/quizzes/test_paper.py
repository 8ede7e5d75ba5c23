"""Drawing questions, the end of mastery, and who gets which form."""

import json
from collections import Counter

import pytest

from courses.models import Objective, Question, QuestionPicture, Quiz
from progress.enrolment.services import enrol
from progress.models import Attempt, Enrolment
from progress.quizzes.attempts import choose_form, start_attempt
from progress.quizzes.paper import LONGEST, NoQuestions, Paper, draw_paper
from tests.factories import make_person, make_photo
from tests.quizzes import make_bank, make_question, make_quiz


def test_drawn_at_random_and_kept_by_the_seed(course):
    quiz = make_quiz(course, *["single"] * 8, draw=3)
    assert draw_paper(quiz, "", 7) == draw_paper(quiz, "", 7)
    drawn = [tuple(item["question"] for item in draw_paper(quiz, "", seed)["items"]) for seed in range(20)]
    assert {len(set(one)) for one in drawn} == {3}
    assert len(set(drawn)) > 10


def test_all_are_asked_where_nothing_is_drawn_and_never_more_than_there_are(course):
    quiz = make_quiz(course, *["single"] * 4)
    assert len(draw_paper(quiz, "", 1)["items"]) == 4
    quiz.draw = 9
    assert len(draw_paper(quiz, "", 1)["items"]) == 4


def test_retired_and_unfinished_questions_are_left_out(course):
    quiz = make_quiz(course, "single", "number")
    make_question(quiz.bank, is_retired=True)
    make_question(quiz.bank, content={"choices": []})
    assert len(draw_paper(quiz, "", 1)["items"]) == 2
    Question.objects.update(is_retired=True)
    with pytest.raises(NoQuestions):
        draw_paper(quiz, "", 1)


def test_photos_and_aims_are_frozen_with_it(course, trainer, django_assert_num_queries):
    quiz = make_quiz(course)
    aim = Objective.objects.create(course=course, code="1.1", text="会选光")
    question = make_question(quiz.bank, "picture", objective=aim)
    photo = make_photo(trainer)
    QuestionPicture.objects.create(question=question, photo=photo, name="window")
    with django_assert_num_queries(2):
        paper = draw_paper(quiz, "", 1)
    item = Paper(json.loads(json.dumps(paper))).item(1)
    photos = {choice["picture"]: choice["photo"] for choice in item.shown["choices"]}
    assert photos == {
        "window": {"key": photo.key, "width": 1200, "height": 900, "status": "ready"},
        "lamp": None,
    }
    assert (item.objective, item.aim) == (aim.pk, "会选光")


def test_mastery_goes_round_the_bank_without_a_question_twice_running(course):
    quiz = make_quiz(course, *["single"] * 5, master_right=3, master_of=4)
    for seed in range(30):
        order = draw_paper(quiz, "", seed)["order"]
        assert len(order) == 20
        assert Counter(order) == dict.fromkeys(range(5), 4)
        assert all(one != after for one, after in zip(order, order[1:], strict=False))


def test_mastery_asks_no_longer_than_is_sensible(course):
    quiz = make_quiz(course, *["single"] * 12, master_right=3, master_of=4)
    assert len(draw_paper(quiz, "", 1)["order"]) == LONGEST


def paper(mastery=None, length=20, percent=60) -> Paper:
    return Paper({"items": [], "order": [0] * length, "pass_percent": percent, "mastery": mastery})


def answers(marks: str) -> dict[int, bool]:
    return {n: mark == "+" for n, mark in enumerate(marks, 1)}


@pytest.mark.parametrize(
    ("marks", "passed", "over", "missing"),
    [
        ("", False, False, 3),
        ("++", False, False, 1),
        ("+++", True, True, 0),
        ("+-+", False, False, 1),
        ("+-++", True, True, 0),
        ("+--++", False, False, 1),
        ("+--++-+", True, True, 0),
        ("-" * 20, False, True, 3),
    ],
)
def test_mastery_is_so_many_of_the_last(marks, passed, over, missing):
    score = paper([3, 4]).score(answers(marks))
    assert (score.passed, score.is_over, score.missing) == (passed, over, missing)
    assert (score.right, score.total) == (marks.count("+"), len(marks))


@pytest.mark.parametrize(
    ("percent", "length", "right", "passed", "missing"),
    [
        (60, 5, 3, True, 0),
        (60, 5, 2, False, 1),
        (80, 6, 4, False, 1),
        (80, 6, 5, True, 0),
        (1, 3, 0, False, 1),
    ],
)
def test_pass_mark_is_reached_or_so_many_are_missing(percent, length, right, passed, missing):
    score = paper(length=length, percent=percent).score(answers("+" * right + "-" * (length - right)))
    assert (score.passed, score.missing, score.is_over) == (passed, missing, True)


def test_next_is_the_first_without_an_answer():
    assert paper(length=3).next_after({}) == 1
    assert paper(length=3).next_after({1: True, 3: True}) == 2
    assert paper(length=3).next_after(answers("+++")) is None


@pytest.fixture
def tests(course) -> tuple[Quiz, Quiz]:
    """A pre- and a post-test over one bank of two questions in each form."""
    bank = make_bank(course)
    for form in "AABB":
        make_question(bank, form=form)
    return make_quiz(course, bank=bank, kind="pre"), make_quiz(course, bank=bank, kind="post")


@pytest.mark.long
def test_half_of_a_class_begins_with_a_and_all_end_with_the_other(course, cohort, tests):
    pre, post = tests
    people = [make_person(f"学员{n}") for n in range(4)]
    for person in people:
        enrol(person, course, cohort)
    forms = [start_attempt(person, pre).form for person in people]
    Attempt.objects.update(finished_at="2026-11-01T00:00Z")
    assert forms == ["A", "B", "A", "B"]
    assert [start_attempt(person, post).form for person in people] == ["B", "A", "B", "A"]


def test_each_form_asks_its_own_questions(learner, tests):
    attempt = start_attempt(learner, tests[0])
    asked = {item.question for item in Paper(attempt.paper).items}
    assert asked == set(Question.objects.filter(form=attempt.form).values_list("pk", flat=True))


def test_form_stays_when_the_class_changes(learner, course, village, trainer, tests):
    pre, post = tests
    first = start_attempt(learner, pre)
    Attempt.objects.update(finished_at="2026-11-01T00:00Z")
    Enrolment.objects.update(cohort=None)
    before = make_person("先来的")
    enrolment = Enrolment.objects.get(user=learner)
    Enrolment.objects.create(user=before, course=course)
    assert choose_form(learner, pre, enrolment) == first.form
    assert choose_form(learner, post, enrolment) != first.form


def test_post_test_alone_has_a_form_too(learner, tests):
    assert start_attempt(learner, tests[1]).form == "B"


def test_one_form_alone_is_none(learner, course):
    quiz = make_quiz(course, "single", "single", kind="pre")
    Question.objects.update(form="A")
    attempt = start_attempt(learner, quiz)
    assert (attempt.form, attempt.total) == ("", 2)


def test_a_module_quiz_over_the_same_bank_asks_all(learner, course, tests):
    quiz = make_quiz(course, bank=tests[0].bank)
    assert (start_attempt(learner, quiz).form, start_attempt(learner, quiz).total) == ("", 4)
