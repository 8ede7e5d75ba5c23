"""The theory examination: 60 questions by weight, a mark of its own for the law, and when it opens."""

from collections import Counter
from random import Random

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from courses.authoring.quiz_rules import check_quiz_rule, share_out
from courses.import_export.programme import load_programme
from courses.models import Objective, Question, Quiz
from progress.models import Attempt, EarlyOpening, LessonDone
from progress.quizzes import attempts as doing
from progress.quizzes import final_theory
from progress.quizzes.draw import TooFewQuestions, choose_by_weight
from progress.quizzes.paper import Paper
from tests.pages import list_messages, squeeze
from tests.progress.quizzes.attempts import text
from tests.quizzes import RIGHT, make_bank, make_question, make_quiz


def test_questions_are_shared_out_by_weight_and_none_is_lost():
    assert share_out(10, {"a": 1, "b": 3, "c": 1}) == {"a": 2, "b": 6, "c": 2}
    assert share_out(4, {"a": 1, "b": 1, "c": 1}) == {"a": 2, "b": 1, "c": 1}
    assert share_out(3, {"a": 0, "b": 1}) == {"a": 0, "b": 3}
    assert share_out(3, {"a": 0}) == {"a": 0}


@pytest.mark.long
def test_the_written_examination_asks_ten_of_the_law_and_of_every_module():
    document = load_programme("zh-hans")
    quiz = next(one for one in document["quizzes"] if one["kind"] == "final")
    names = ("draw", "minutes", "pass_percent", "floor_percent", "talk_after", "tries")
    assert [quiz[name] for name in names] == [60, 60, 80, 60, 3, None]
    assert document["modules"][quiz["floor_module"]]["number"] == 8
    aims = dict(enumerate(document["objectives"], 1))
    codes = {one["code"]: n for n, one in aims.items()}
    banks = {one["bank"] for one in document["quizzes"] if one["kind"] == "module"}
    able = [
        Question(pk=pk, kind=row["kind"], content=row["content"], objective_id=codes[row["objective"]])
        for pk, row in enumerate(
            (row for bank in document["banks"] if bank["code"] in banks for row in bank["questions"]), 1
        )
    ]
    weights = {n: one.get("weight", 1) for n, one in aims.items()}
    met: dict[int, int] = {}
    for place in range(1, 5):
        paper = choose_by_weight(able, 60, Random(place), weights, met)
        modules = Counter(document["modules"][aims[row.objective_id]["module"]]["number"] for row in paper)
        assert (len({row.pk for row in paper}), modules[8], len(modules)) == (60, 10, 15)
        assert min(modules.values()) >= 2
        assert not met.keys() & {row.pk for row in paper}  # another each time
        met |= {row.pk: place for row in paper}


def test_a_bank_too_small_for_its_share_gives_no_paper():
    able = [Question(pk=pk, kind="single", objective_id=1 + pk % 2) for pk in range(4)]
    with pytest.raises(TooFewQuestions):
        choose_by_weight(able, 4, Random(1), {1: 3, 2: 1})


# --- passing ---


def score(law: int, rest: int):
    """Score a paper of five questions of the law (module 8) and five others."""
    item = {"question": 1, "objective": None, "aim": "", "kind": "single", "text": "", "explain": ""}
    item |= {"shown": {}, "key": {}}
    items = [item | {"module": 8 if n < 5 else 1} for n in range(10)]
    paper = {"items": items, "order": list(range(10)), "pass_percent": 80, "mastery": None}
    paper["floor"] = {"module": 8, "percent": 60}
    right = {n: n <= law for n in range(1, 6)} | {n: n - 5 <= rest for n in range(6, 11)}
    return Paper(paper).score(right)


@pytest.mark.parametrize(
    ("law", "rest", "passed", "missing"),
    [(5, 5, True, 0), (3, 5, True, 0), (2, 5, False, 1), (5, 2, False, 1), (3, 4, False, 1)],
)
def test_both_marks_have_to_be_reached(law, rest, passed, missing):
    found = score(law, rest)
    assert (found.passed, found.missing, found.floor.right, found.floor.needed) == (passed, missing, law, 3)


def test_the_law_alone_can_fail_a_paper_with_enough_right_answers():
    item = {"question": 1, "objective": None, "aim": "", "kind": "single", "text": "", "explain": ""}
    items = [item | {"shown": {}, "key": {}, "module": 8 if n < 2 else 1} for n in range(10)]
    stored = {"items": items, "order": list(range(10)), "pass_percent": 80, "mastery": None}
    marks = {n: n > 2 for n in range(1, 11)}
    assert Paper(stored).score(marks).passed
    assert not Paper(stored | {"floor": {"module": 8, "percent": 60}}).score(marks).passed


# --- through the product ---


@pytest.fixture
def final(course) -> Quiz:
    for module in course.modules.order_by("position"):
        bank = make_bank(course)
        aim = Objective.objects.create(course=course, module=module, code=f"{module.position}.1", text="会")
        for _n in range(3):
            make_question(bank, "number", objective=aim)
        make_quiz(course, bank=bank, module=module)
    return Quiz.objects.create(
        course=course, kind=Quiz.Kind.FINAL, code="final", title="结业理论", state="published",
        draw=4, minutes=60, pass_percent=80, floor_module=module, floor_percent=60, talk_after=3,
    )  # fmt: skip


def finish_lessons(user, lessons) -> None:
    LessonDone.objects.bulk_create(
        [LessonDone(user=user, lesson=lesson, happened_at=timezone.now()) for lesson in lessons]
    )


@pytest.mark.long
def test_it_opens_when_the_lessons_are_done(as_user, learner, lessons, final):
    client = as_user(learner)
    page = squeeze(text(client.get(f"/learn/quizzes/{final.pk}/")))
    assert "还有 6 课没学完。学完了再考，或者请老师提前开考" in page
    assert list_messages(client.post(f"/learn/quizzes/{final.pk}/start/")) == [
        "还有 6 课没学完。学完了再考，或者请老师提前开考"
    ]
    assert not Attempt.objects.exists()
    finish_lessons(learner, lessons)
    client.post(f"/learn/quizzes/{final.pk}/start/")
    paper = Attempt.objects.get().paper
    assert Counter(item["module"] for item in paper["items"]) == {
        module.pk: 2 for module in final.course.modules.all()
    }


def test_a_trainer_may_open_it_earlier_once(learner, trainer, cohort, final):
    assert final_theory.list_missing(learner, final)
    assert final_theory.open_early(trainer, cohort, final, [learner]) == 1
    assert final_theory.open_early(trainer, cohort, final, [learner]) == 0
    assert final_theory.list_missing(learner, final) == []
    assert list(EarlyOpening.objects.values_list("user", "trainer")) == [(learner.pk, trainer.pk)]
    assert AuditEntry.objects.filter(verb="theory_opened_early").count() == 1


def test_a_module_known_and_passed_need_not_be_learnt(learner, course, lessons, final):
    first = course.modules.order_by("position").first()
    for aim, is_key in ((Objective.objects.get(code="1.1"), True), (None, False)):
        aim = aim or Objective.objects.create(course=course, module=first, code="1.2", text="会")
        Objective.objects.filter(pk=aim.pk).update(is_key=is_key)
        for _n in range(2):
            make_question(first.quizzes.get().bank, "number", objective=aim)
    course.modules.exclude(pk=first.pk).update(always_taught=True)
    placement = Quiz.objects.create(
        course=course, kind="place", code="placement", title="摸底", state="published", draw=24, minutes=12
    )
    attempt = doing.start_attempt(learner, placement)
    for position in (1, 2):
        doing.record_answer(learner, attempt.key, position, RIGHT["number"]["answer"])
    assert final_theory.count_left([learner.pk], course) == {learner.pk: 6}
    test = doing.start_attempt(learner, first.quizzes.get())
    Attempt.objects.filter(pk=test.pk).update(passed=True, finished_at=test.started_at)
    assert final_theory.find_waived([learner.pk], course) == {learner.pk: {first.pk}}
    assert final_theory.count_left([learner.pk], course) == {learner.pk: 3}
    finish_lessons(learner, [lesson for lesson in lessons if lesson.module_id != first.pk])
    assert final_theory.list_missing(learner, final) == []


def test_without_a_limit_no_right_answer_goes_to_a_phone_and_the_check_asks_for_one(
    as_user, learner, trainer, cohort, final
):
    Quiz.objects.filter(pk=final.pk).update(talk_after=None)
    final_theory.open_early(trainer, cohort, final, [learner])
    paper = as_user(learner).post(f"/learn/quizzes/{final.pk}/paper/").json()
    assert (paper["tells"], [one for one in paper["questions"] if "key" in one]) == (False, [])
    objectives = list(Objective.objects.filter(course=final.course))
    asked = list(final.list_questions())
    limit = "要写明最多考几次，或者几次没过要先找老师谈"
    for tries, talk_after, told in ((None, None, [limit]), (2, None, []), (None, 3, [])):
        final.tries, final.talk_after = tries, talk_after
        assert list(check_quiz_rule(final, asked, objectives)) == told
