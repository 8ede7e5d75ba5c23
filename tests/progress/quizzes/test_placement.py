"""The placement test: which modules it shows as known, how it is asked, and what a trainee may skip after it."""

from random import Random

import pytest

from bench.proofs import placements
from courses.models import Module, Objective, Quiz
from courses.outline import build_outline
from progress.models import Attempt, LessonDone
from progress.quizzes import attempts as doing
from progress.quizzes.paper import Item
from progress.quizzes.placement import advise, keep_better, load_placement
from progress.quizzes.placement_paper import ModuleVerdict, find_next, judge_modules
from tests.pages import list_messages, squeeze
from tests.progress.quizzes.attempts import begin, text
from tests.quizzes import RIGHT, WRONG, make_bank, make_question, make_quiz

RULE = {"most": 5, "guesses": 200}


def item(module: int, objective: int, guesses: int, is_key: bool = False) -> Item:
    return Item(objective, objective, "", "number", "", "", {}, {}, module, guesses, is_key)


# Module 1 is proven by two questions, module 2 only by three.
ITEMS = [
    item(1, 11, 100, True),
    item(2, 21, 4, True),
    item(1, 12, 100),
    item(2, 22, 4),
    item(2, 23, 100),
]


@pytest.mark.parametrize(
    ("answers", "following"),
    [
        ({}, 1),
        ({1: True}, 2),
        ({1: True, 2: True}, 3),
        ({1: False, 2: True}, 4),
        ({1: False, 2: False}, None),
        ({1: True, 2: True, 3: True}, 4),
        ({1: True, 2: True, 3: False, 4: True}, 5),
        ({1: True, 2: True, 3: True, 4: False}, None),
    ],
)
def test_the_next_question_confirms_what_was_right(answers, following):
    assert find_next(ITEMS, RULE, answers) == following


def test_no_more_is_asked_than_the_test_allows():
    assert find_next(ITEMS, RULE | {"most": 3}, {1: True, 2: True, 3: True}) is None


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        ({}, []),
        ({1: True}, []),  # one is not enough
        ({1: True, 3: True}, [1]),
        ({1: True, 3: False}, []),
        ({3: True}, []),  # not the hardest
        ({2: True, 4: True}, []),  # 4 × 4 can be guessed
        ({1: True, 2: True, 3: True, 4: True, 5: True}, [1, 2]),
        ({1: True, 2: False, 3: True, 4: True, 5: True}, [1]),
    ],
)
def test_a_module_is_known_by_right_answers_that_cannot_be_guessed(answers, known):
    assert [one.module for one in judge_modules(ITEMS, RULE, answers) if one.is_known] == known


def test_who_was_wrong_somewhere_begins_at_that_lesson(course):
    module, second = course.modules.order_by("position")
    aims = [Objective.objects.create(course=course, module=module, code=f"1.{n}", text="会") for n in (1, 2)]
    units = build_outline(course.pk)
    wrong_there = ModuleVerdict(module.pk, 2, 1, False, True, (aims[1].pk,))
    advice = advise(units, [wrong_there], aims)
    assert [(one.module.pk, one.is_known, one.nth) for one in advice] == [
        (module.pk, False, 1 + len(units[0].lessons) // 2),
        (second.pk, False, 1),
    ]
    lost = ModuleVerdict(module.pk, 1, 0, False, False, (aims[1].pk,))
    assert advise(units, [lost], aims)[0].nth == 1
    first, *others = [lesson.pk for lesson in units[0].lessons]
    assert advise(units, [lost], aims, {first})[0].nth == 2
    assert advise(units, [wrong_there], aims, others)[0].nth == 1
    assert advise(units, [lost], aims, {first, *others})[0].lesson is None


def test_of_two_tests_the_better_verdict_on_each_module_counts():
    known, lost = ModuleVerdict(1, 2, 2, True, True), ModuleVerdict(1, 1, 0, False, False, (11,))
    once, better = ModuleVerdict(2, 1, 0, False, False, (21,)), ModuleVerdict(2, 2, 1, False, True, (22,))
    assert keep_better([known, once], [lost, better]) == [known, better]
    assert keep_better([lost, better], [known, once]) == [known, once]
    assert keep_better([], [lost]) == [lost]


# --- the written programme ---


@pytest.mark.long
def test_who_knows_five_modules_skips_these_and_a_guesser_none():
    test = placements.read_test()
    assert (len(test.modules), test.most, {8, 15} & set(test.modules)) == (13, 24, set())
    found = placements.take_many(test, (1, 2, 3, 4, 5), people=3)
    assert {module: found.skipped[module] for module in test.modules} == {
        module: 3 if module < 6 else 0 for module in test.modules
    }
    assert max(found.asked) <= 24
    blind = placements.take_many(test, people=5)
    assert (blind.skippers, blind.skipped.total()) == (0, 0)


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_of_a_thousand_guessers_ten_at_most_skip_anything(language):
    found = placements.take_many(placements.read_test(language))
    assert found.people == 1000
    assert found.skippers <= 10


@pytest.mark.long
def test_of_a_thousand_guessers_with_two_tries_twenty_at_most_skip_anything():
    found = placements.take_many(placements.read_test(), tries=2)
    assert (found.people, found.asked.total()) == (1000, 2000)
    assert found.skippers <= 20


@pytest.mark.long
def test_the_next_test_asks_other_questions():
    test, rng = placements.read_test(), Random(5)
    first = placements.draw(test, rng)
    asked = {one.question: 1 for one in first.items}
    second = placements.draw(test, rng, asked)
    heads = [{one.question for one in paper.items[:13]} for paper in (first, second)]
    assert not heads[0] & heads[1]


# --- through the product ---


@pytest.fixture
def placement(course) -> Quiz:
    """Two modules with two objectives each, all asked by numbers; the second is always taught."""
    for module in course.modules.order_by("position"):
        bank = make_bank(course)
        for n in (1, 2):
            aim = Objective.objects.create(
                course=course, module=module, code=f"{module.position}.{n}", text=f"会{n}", is_key=n == 2
            )
            for _each in range(2):
                make_question(bank, "number", objective=aim)
        make_quiz(course, bank=bank, module=module)
    Module.objects.filter(pk=module.pk).update(always_taught=True)
    return Quiz.objects.create(
        course=course, kind=Quiz.Kind.PLACEMENT, code="placement", title="入门摸底", state="published",
        draw=24, minutes=12, tries=2,
    )  # fmt: skip


def sit(client, quiz, answers) -> Attempt:
    attempt = begin(client, quiz)
    while (place := client.get(f"/learn/attempts/{attempt.key}/", follow=True).request["PATH_INFO"]) != (
        f"/learn/attempts/{attempt.key}/"
    ):
        client.post(place, answers["number"])
    return Attempt.objects.get(pk=attempt.pk)


@pytest.mark.long
def test_a_known_module_may_be_skipped_and_stays_open(as_user, learner, course, placement):
    client = as_user(learner)
    before = squeeze(text(client.get(f"/learn/{course.slug}/")))
    assert "已会，可跳过" not in before
    attempt = sit(client, placement, RIGHT)
    assert (attempt.right, attempt.total, attempt.passed) == (2, 2, False)
    result = squeeze(text(client.get(f"/learn/attempts/{attempt.key}/")))
    assert "这个单元你会了，可以先跳过。" in result
    assert "这个单元人人都要学，摸底不问。" in result
    page = client.get(f"/learn/{course.slug}/")
    assert squeeze(text(page)).count("已会，可跳过") == 1
    first, second = course.modules.order_by("position")
    assert page.context["known"] == {first.pk}
    assert page.context["next"].module_id == second.pk
    assert not LessonDone.objects.exists()


def test_who_does_not_know_says_so_and_loses_no_time(as_user, learner, placement):
    client = as_user(learner)
    attempt = sit(client, placement, {"number": {"skip": "1"}})
    assert (attempt.right, attempt.total) == (0, 1)
    assert attempt.answers.get().given == {}
    page = squeeze(text(client.get(f"/learn/attempts/{attempt.key}/")))
    assert "从第 1 课开始学。" in page
    assert ("你点了“不会”。" in page, "没答" in page) == (True, False)


def test_other_quizzes_take_no_such_answer(as_user, learner, course):
    client = as_user(learner)
    attempt = begin(client, make_quiz(course, "number"))
    client.post(f"/learn/attempts/{attempt.key}/1/", {"skip": "1"})
    assert not attempt.answers.exists()


@pytest.mark.long
def test_a_worse_second_try_takes_nothing_away_and_both_stay(as_user, learner, course, placement):
    client = as_user(learner)
    begins = squeeze(text(client.get(f"/learn/quizzes/{placement.pk}/")))
    assert "再测一次换题问。哪次测出会的单元都算，后一次考差了也不退回去。" in begins
    first, second = sit(client, placement, RIGHT), sit(client, placement, WRONG)
    assert load_placement(learner, course).known == {course.modules.order_by("position").first().pk}
    assert "这个单元你会了" in squeeze(text(client.get(f"/learn/attempts/{second.key}/")))
    assert (second.right, second.total) == (0, 1)
    assert {one["question"] for one in first.paper["items"]}.isdisjoint(
        one["question"] for one in second.paper["items"]
    )
    answer = client.post(f"/learn/quizzes/{placement.pk}/start/")
    assert list_messages(answer) == ["能考的次数用完了。"]
    assert "已会，可跳过" in squeeze(text(client.get(f"/learn/{course.slug}/")))


@pytest.mark.long
def test_the_trainer_sees_what_the_test_showed(as_user, learner, trainer, cohort, placement):
    sit(as_user(learner), placement, RIGHT)
    page = squeeze(text(as_user(trainer).get(f"/classes/{cohort.pk}/trainees/{learner.pk}/")))
    assert page.count("摸底：已会") == 1


def test_a_phone_gets_a_fixed_list_without_the_answers(as_user, learner, placement):
    Quiz.objects.filter(pk=placement.pk).update(draw=1)
    paper = as_user(learner).post(f"/learn/quizzes/{placement.pk}/paper/").json()
    assert (paper["order"], paper["tells"], paper["judged"]) == ([0], False, False)
    assert paper["until"].startswith("到 ")
    assert not doing.load_answers(Attempt.objects.get())
