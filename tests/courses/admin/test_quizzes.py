"""Banks, quizzes, objectives and tasks in the admin: limited to the trainer's places, and never half set."""

import pytest
from django.urls import reverse

from courses.models import Assignment, Bank, Objective, Quiz
from progress.enrolment.services import enrol
from progress.quizzes import attempts as doing
from tests.factories import make_course
from tests.quizzes import make_bank, make_question, make_quiz

ADD = reverse("admin:courses_quiz_add")


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(village):
    return make_course(village, title="课程")


@pytest.fixture
def bank(course):
    return make_question(make_bank(course)).bank


def facts(course, bank, **more) -> dict:
    module = course.modules.get()
    return {
        "course": course.pk, "kind": "module", "title": "小测", "code": "quiz", "module": module.pk, "lesson": "",
        "bank": bank.pk, "state": "published", "draw": 0, "objective_minimum": 0, "pass_percent": 80, "tries": "",
        "talk_after": "", "master_right": "", "master_of": "",
    } | more  # fmt: skip


def errors(answer) -> dict:
    return dict(answer.context["adminform"].form.errors)


def test_a_quiz_is_set(as_user, trainer, course, bank):
    assert as_user(trainer).post(ADD, facts(course, bank)).status_code == 302
    quiz = Quiz.objects.get()
    assert (quiz.bank, quiz.pass_percent, quiz.tries, quiz.is_out) == (bank, 80, None, True)


def test_a_quiz_and_a_bank_get_a_code_by_themselves(as_user, trainer, course, bank):
    client = as_user(trainer)
    for n in range(2):
        assert client.post(ADD, facts(course, bank, code="", title=f"测{n}")).status_code == 302
    assert [*Quiz.objects.order_by("pk").values_list("code", flat=True)] == ["quiz-1", "quiz-2"]
    client.post(reverse("admin:courses_bank_add"), {"course": course.pk, "title": "新题库", "code": ""})
    assert Bank.objects.get(title="新题库").code.startswith("bank-")


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"master_right": 3}, "master_of", "两个数要一起填，或者都空着。"),
        ({"master_right": 5, "master_of": 4}, "master_right", "答对的题数要在 1 和“最近几题”之间。"),
        ({"master_right": 3, "master_of": 21}, "master_of", "最多看最近 20 题。"),
        ({"module": ""}, "module", "选一下这个小测放在哪儿。"),
        ({"kind": "lesson"}, "lesson", "选一下这个小测放在哪儿。"),
    ],
)
def test_half_set_is_refused_in_words(as_user, trainer, course, bank, more, field, words):
    assert errors(as_user(trainer).post(ADD, facts(course, bank, **more))) == {field: [words]}


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"draw": 3}, "draw", "每次抽 3 题，题库里只有 2 题"),
        ({"draw": 2, "objective_minimum": 2}, "objective_minimum", "2 个学习目标，每个至少 2 题，要 4 题，每次只抽 2 题"),
        ({"objective_minimum": 2}, "objective_minimum", "每个学习目标至少 2 题，1.1 只有 1 题"),
        (
            {"objective_minimum": 1, "master_right": 1, "master_of": 2}, "objective_minimum",
            "“答到会为止”的测验每道题都会轮到，这里填 0；要定每个目标几题，就别填“答到会为止”。",
        ),
        ({"talk_after": 0}, "talk_after", "确保该值大于或等于1。"),
    ],
)  # fmt: skip
def test_a_rule_that_the_bank_cannot_meet_is_refused_in_words(
    as_user, trainer, course, bank, more, field, words
):
    one, two = (
        Objective.objects.create(course=course, module=course.modules.get(), code=code, text=code)
        for code in ("1.1", "1.2")
    )
    bank.questions.update(objective=one)
    make_question(bank, objective=two)
    client = as_user(trainer)
    found = errors(client.post(ADD, facts(course, bank, **more)))
    assert (list(found), words in found[field]) == ([field], True)
    if field == "draw":
        assert client.post(ADD, facts(course, bank, state="draft", **more)).status_code == 302


def test_how_papers_are_drawn_is_set(as_user, trainer, course, bank):
    aim = Objective.objects.create(course=course, module=course.modules.get(), code="1.1", text="会")
    bank.questions.update(objective=aim)
    rule = {"draw": 1, "objective_minimum": 1, "talk_after": 3}
    assert as_user(trainer).post(ADD, facts(course, bank, **rule)).status_code == 302
    assert Quiz.objects.values("draw", "objective_minimum", "talk_after").get() == rule


def test_parts_of_another_course_are_refused(as_user, trainer, course, bank, village):
    other = make_course(village)
    far = make_question(make_bank(other)).bank
    lesson = other.modules.get().lessons.first()
    found = errors(
        as_user(trainer).post(ADD, facts(course, far, lesson=lesson.pk, module=other.modules.get().pk))
    )
    assert found == dict.fromkeys(["bank", "module", "lesson"], ["这是另一门课的。"])


def test_an_empty_bank_is_not_published(as_user, trainer, course):
    found = errors(as_user(trainer).post(ADD, facts(course, make_bank(course))))
    assert found == {"state": ["题库里还没有题，先出题再发布。"]}
    assert as_user(trainer).post(ADD, facts(course, make_bank(course), state="draft")).status_code == 302


def test_what_was_tried_is_not_deleted(as_user, trainer, trainee, course):
    quiz = make_quiz(course, "single")
    enrol(trainee, course)
    doing.record_answer(trainee, doing.start_attempt(trainee, quiz).key, 1, "b")
    client = as_user(trainer)
    for row in (quiz, quiz.bank, quiz.bank.questions.get()):
        page = reverse(f"admin:courses_{row._meta.model_name}_delete", args=[row.pk])
        assert client.post(page, {"post": "yes"}).status_code == 403
    assert Quiz.objects.count() == 1


@pytest.mark.long
def test_a_bank_that_a_quiz_draws_on_is_not_deleted_and_a_draft_course_takes_both(as_user, trainer, village):
    course = make_course(village, state="draft")
    quiz = make_quiz(course, "single")
    client = as_user(trainer)
    page = reverse("admin:courses_bank_delete", args=[quiz.bank_id])
    assert client.post(page, {"post": "yes"}).status_code == 200
    assert Bank.objects.count() == 1
    page = reverse("admin:courses_course_delete", args=[course.pk])
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert (Bank.objects.count(), Quiz.objects.count()) == (0, 0)


def made(course) -> list:
    quiz = make_quiz(course, "single")
    objective = Objective.objects.create(course=course, code="1.1", text="会")
    task = Assignment.objects.create(module=course.modules.get(), title="任务", text="做")
    return [quiz, quiz.bank, objective, task]


@pytest.mark.long
def test_each_list_shows_ones_own_and_another_is_404(as_user, trainer, stranger, course, other_village):
    mine, theirs = made(course), made(make_course(other_village))
    client = as_user(trainer)
    for own, far in zip(mine, theirs, strict=True):
        name = own._meta.model_name
        listed = client.get(reverse(f"admin:courses_{name}_changelist")).context["cl"].result_list
        assert [row.pk for row in listed] == [own.pk]
        assert client.get(reverse(f"admin:courses_{name}_change", args=[own.pk])).status_code == 200
        assert client.get(reverse(f"admin:courses_{name}_change", args=[far.pk])).status_code == 404


def test_a_bank_leads_to_its_questions_and_figures(as_user, trainer, course, bank):
    html = as_user(trainer).get(reverse("admin:courses_bank_change", args=[bank.pk])).content.decode()
    assert f"/admin/courses/question/add/?bank={bank.pk}" in html
    assert f"/learn/banks/{bank.pk}/statistics/" in html
    assert Bank.objects.count() == 1


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize("name", ["quiz", "bank"])
def test_lists_take_the_same_queries(as_user, trainer, course, name, count, django_assert_num_queries):
    for _n in range(count):
        make_quiz(course, "single")
    client = as_user(trainer)
    page = reverse(f"admin:courses_{name}_changelist")
    client.get(page)
    with django_assert_num_queries(6):
        client.get(page)


def test_criteria_are_edited_as_lines_and_keep_their_codes(as_user, trainer, course):
    rows = [{"code": "c1", "text": "竖着拍"}, {"code": "c2", "text": "20 秒以内"}]
    task = Assignment.objects.create(module=course.modules.get(), title="任务", text="做", criteria=rows)
    page, client = reverse("admin:courses_assignment_change", args=[task.pk]), as_user(trainer)
    assert "竖着拍\n20 秒以内</textarea>" in client.get(page).content.decode()
    facts = {
        "module": task.module_id,
        "title": "任务",
        "text": "做",
        "hand_in": "file",
        "minutes": 60,
        "position": 1,
    }
    answer = client.post(page, facts | {"criteria": "20 秒以内\n" + "字" * 121})
    assert "每一条要写一句话，最多 120 个字。" in answer.content.decode()
    assert client.post(page, facts | {"criteria": "不拍孩子\n20 秒以内"}).status_code == 302
    task.refresh_from_db()
    assert task.criteria == [{"code": "c3", "text": "不拍孩子"}, {"code": "c2", "text": "20 秒以内"}]
    assert task.hand_in == "file"
