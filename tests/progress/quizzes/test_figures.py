"""A class's gain by learning objective, and how good each question is."""

import pytest

from courses.models import Objective
from progress.classes.learning_gain import calculate_gain
from progress.enrolment.services import enrol, leave
from progress.models import Answer, Attempt
from progress.quizzes import attempts as doing
from progress.quizzes import statistics
from tests.factories import make_person
from tests.quizzes import make_bank, make_question, make_quiz

pytestmark = pytest.mark.both_databases


def text(response) -> str:
    return response.content.decode()


def people(course, cohort, count: int) -> list:
    found = [make_person(f"学员{n}") for n in range(count)]
    for person in found:
        enrol(person, course, cohort)
    return found


def take(person, quiz, marks: str) -> Attempt:
    """Each + answers right the question that comes, by the bank's own order."""
    attempt = doing.start_attempt(person, quiz)
    order = list(quiz.bank.questions.order_by("position").values_list("pk", flat=True))
    for position, item in enumerate(attempt.paper["items"], 1):
        mark = marks[order.index(item["question"])]
        attempt = doing.record_answer(person, attempt.key, position, "b" if mark == "+" else "a")
    return attempt


@pytest.fixture
def tests(course):
    """Two questions for each of two aims, no forms."""
    bank = make_bank(course)
    for code in ("10.1", "2.1"):
        aim = Objective.objects.create(course=course, code=code, text=f"目标{code}")
        for _n in range(2):
            make_question(bank, objective=aim)
    return make_quiz(course, bank=bank, kind="pre"), make_quiz(course, bank=bank, kind="post")


def test_gain_by_aim_of_those_who_did_both(course, cohort, tests):
    pre, post = tests
    one, two, lone = people(course, cohort, 3)
    take(one, pre, "----"), take(one, post, "+++-")
    take(two, pre, "+-+-"), take(two, post, "+++-")
    take(lone, pre, "++++")
    found = calculate_gain(cohort)
    assert (found.people, found.before.percent, found.after.percent) == (2, 25, 75)
    told = [(aim.objective.code, aim.before.percent, aim.after.percent, aim.gained) for aim in found.aims]
    assert told == [("2.1", 25, 50, 25), ("10.1", 25, 100, 75)]
    assert (found.aims[0].before.right, found.aims[0].before.asked) == (1, 4)


@pytest.mark.long
def test_gain_is_summed_by_module_in_the_order_of_the_course(as_user, trainer, course, cohort, tests):
    pre, post = tests
    first, second = course.modules.order_by("position")
    first.title, second.title = "拍摄", "法律"
    first.save(), second.save()
    Objective.objects.filter(code="10.1").update(module=second)
    Objective.objects.filter(code="2.1").update(module=first)
    more = Objective.objects.create(course=course, code="2.2", text="目标2.2", module=first)
    make_question(pre.bank, objective=more)
    [one] = people(course, cohort, 1)
    take(one, pre, "+----"), take(one, post, "+++-+")
    found = calculate_gain(cohort).modules
    assert [(row.name, row.before.asked, row.before.percent, row.after.percent, row.gained) for row in found] == [
        ("拍摄", 3, 0, 67, 67), ("法律", 2, 50, 100, 50),
    ]  # fmt: skip
    page = text(as_user(trainer).get(f"/classes/{cohort.pk}/gain/"))
    assert page.index("按单元看") < page.index("拍摄") < page.index("法律") < page.index("按学习目标看")
    Objective.objects.update(module=None)
    assert [row.name for row in calculate_gain(cohort).modules] == ["别的"]
    assert "按单元看" not in text(as_user(trainer).get(f"/classes/{cohort.pk}/gain/"))


def test_what_was_left_open_is_not_right(course, cohort, tests):
    """Before a course people hand in half a paper; counted without its blanks they would have known all of it."""
    pre, post = tests
    [one] = people(course, cohort, 1)
    begun = doing.start_attempt(one, pre)
    doing.record_answer(one, begun.key, 1, "b")
    assert doing.finish_attempt(one, begun.key).right == 1
    take(one, post, "+++-")
    found = calculate_gain(cohort)
    assert (found.before.right, found.before.asked, found.before.percent, found.after.percent) == (
        1,
        4,
        25,
        75,
    )
    assert sum(aim.before.asked for aim in found.aims) == 4


@pytest.mark.long
def test_first_tries_count_and_who_left_does_not(course, cohort, tests):
    pre, post = tests
    one, gone = people(course, cohort, 2)
    for person in (one, gone):
        (
            take(person, pre, "----"),
            take(person, pre, "++++"),
            take(person, post, "++--"),
            take(person, post, "++++"),
        )
    leave(gone, course)
    found = calculate_gain(cohort)
    assert (found.people, found.before.percent, found.after.percent) == (1, 0, 50)


def test_gain_page_says_when_there_is_nothing_to_compare(as_user, trainer, cohort):
    html = text(as_user(trainer).get(f"/classes/{cohort.pk}/gain/"))
    assert "还没有人把学前测和学后测都做完" in html


@pytest.mark.long
def test_gain_page_is_for_the_classs_own_trainers(as_user, trainer, learner, stranger, cohort):
    statuses = [
        as_user(one).get(f"/classes/{cohort.pk}/gain/").status_code for one in (trainer, learner, stranger)
    ]
    assert statuses == [200, 404, 404]
    assert f'href="/classes/{cohort.pk}/gain/"' in text(as_user(trainer).get(f"/classes/{cohort.pk}/"))


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 5])
def test_gain_takes_four_queries(course, cohort, tests, count, django_assert_num_queries):
    for person in people(course, cohort, count):
        take(person, tests[0], "----"), take(person, tests[1], "+++-")
    with django_assert_num_queries(4):
        calculate_gain(cohort)


def figures_of(quiz) -> dict[int, statistics.ItemFigures]:
    order = list(quiz.bank.questions.order_by("position").values_list("pk", flat=True))
    return {order.index(one.question.pk): one for one in statistics.get_quiz_figures(quiz)}


@pytest.mark.long
def test_difficulty_and_discrimination_are_those_of_the_book(course, cohort):
    """Rest scores 3, 2, 1, 0 of 3 for question 0, right, right, wrong, wrong: r = 2 / √5."""
    quiz = make_quiz(course, *["single"] * 4)
    for person, marks in zip(people(course, cohort, 4), ("++++", "+++-", "-+--", "----"), strict=True):
        take(person, quiz, marks)
    found = figures_of(quiz)
    assert [(one.people, one.share) for one in (found[0], found[1], found[3])] == [
        (4, 0.5),
        (4, 0.75),
        (4, 0.25),
    ]
    assert found[0].tells == pytest.approx(2 / 5**0.5)


def test_alike_answers_discriminate_nothing(course, cohort):
    quiz = make_quiz(course, "single", "single")
    for person in people(course, cohort, 3):
        take(person, quiz, "+-")
    assert [one.tells for one in statistics.get_quiz_figures(quiz)] == [None, None]


def test_later_tries_and_open_ones_do_not_count(course, cohort):
    quiz = make_quiz(course, "single", "single")
    one, two = people(course, cohort, 2)
    take(one, quiz, "+-"), take(one, quiz, "++")
    doing.record_answer(two, doing.start_attempt(two, quiz).key, 1, "b")
    assert {item.people for item in statistics.get_quiz_figures(quiz)} == {1}


def test_mastery_counts_a_question_once_a_try(course, cohort):
    quiz = make_quiz(course, "single", "single", master_right=3, master_of=3)
    (one,) = people(course, cohort, 1)
    attempt = doing.start_attempt(one, quiz)
    for position, given in enumerate("abbb", 1):
        doing.record_answer(one, attempt.key, position, given)
    assert Answer.objects.count() == 4
    assert [item.people for item in statistics.get_quiz_figures(quiz)] == [1, 1]


@pytest.mark.parametrize(
    ("share", "tells", "count", "flags"),
    [
        (0.6, 0.4, 30, []),
        (0.6, 0.1, 30, ["分不出谁会谁不会"]),
        (0.6, -0.3, 30, ["会的人反而答错"]),
        (0.97, 0.3, 30, ["几乎人人答对"]),
        (0.1, 0.3, 30, ["答对的人太少"]),
        (1.0, None, 30, ["几乎人人答对"]),
        (0.1, -0.3, 30, ["会的人反而答错", "答对的人太少"]),
        (0.1, -0.3, 9, []),
        (None, None, 0, []),
    ],
)
def test_bad_questions_are_flagged_in_words(share, tells, count, flags):
    found = statistics.ItemFigures(None, count, share, tells).flags
    assert [words.partition("：")[0] for words in found] == flags


@pytest.mark.long
def test_worst_come_first_and_the_page_is_the_authors(as_user, trainer, learner, stranger, course, cohort):
    quiz = make_quiz(course, *["single"] * 3)
    marks = ["-++"] * 6 + ["+--"] * 5 + ["-+-"]
    for person, mark in zip(people(course, cohort, 12), marks, strict=True):
        take(person, quiz, mark)
    pages = [f"/learn/quizzes/{quiz.pk}/statistics/", f"/learn/banks/{quiz.bank_id}/statistics/"]
    for page in pages:
        answer = as_user(trainer).get(page)
        assert answer.context["items"][0].question == quiz.bank.questions.order_by("position")[0]
        assert "会的人反而答错" in text(answer)
        assert [as_user(one).get(page).status_code for one in (learner, stranger)] == [404, 404]


def test_figures_are_for_who_has_shown_the_second_factor(as_user, trainer, course, settings):
    settings.DEMO, quiz = False, make_quiz(course, "single")
    for page in (f"/learn/quizzes/{quiz.pk}/statistics/", f"/learn/banks/{quiz.bank_id}/statistics/"):
        assert as_user(trainer).get(page)["Location"] == "/accounts/2fa/totp/activate/"


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 6])
def test_statistics_take_two_queries(course, cohort, count, django_assert_num_queries):
    quiz = make_quiz(course, *["single"] * (count + 1))
    for person in people(course, cohort, count):
        take(person, quiz, "+" * (count + 1))
    with django_assert_num_queries(2):
        statistics.get_quiz_figures(quiz)
    with django_assert_num_queries(2):
        statistics.get_bank_figures(quiz.bank)
