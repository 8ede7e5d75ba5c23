"""Questions written in the admin, one form for each kind, without any JSON."""

import pytest

from courses.models import Objective, Question, QuestionPicture
from tests.courses.questions.boxes import ADD, BOXES, change, facts
from tests.courses.questions.kit import CONTENTS
from tests.factories import make_course, make_photo
from tests.media.pictures import jpeg, upload
from tests.quizzes import make_bank, make_question


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def bank(village):
    return make_bank(make_course(village, title="课程"), title="题库")


def said(answer) -> list[str]:
    return list(answer.context["adminform"].form.non_field_errors())


@pytest.mark.parametrize("kind", sorted(BOXES))
def test_each_kind_is_written_in_boxes(as_user, trainer, bank, kind):
    client = as_user(trainer)
    answer = client.post(f"{ADD}?kind={kind}", facts(bank, kind))
    assert answer.status_code == 302, said(answer)
    question = Question.objects.get()
    wanted = CONTENTS[kind]
    if kind == "multiple":
        wanted = {"choices": [choice | {"right": True} for choice in wanted["choices"]]}
    assert (question.kind, question.code, question.position) == (kind, "q-1", 1)
    assert question.content == wanted


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(BOXES))
def test_saved_again_unchanged_it_is_the_same(as_user, trainer, bank, kind):
    question = make_question(bank, kind)
    client = as_user(trainer)
    form = client.get(change(question)).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    if kind == "single":
        typed |= {"right": next(name for name, value in typed.items() if value is True)[-1]}
    assert client.post(change(question), {"kind": kind} | typed).status_code == 302
    question.refresh_from_db()
    assert question.content == CONTENTS[kind]


def test_pictures_are_uploaded_row_by_row_and_let_go(as_user, trainer, bank):
    client = as_user(trainer)
    boxes = {
        "photo_1_new": upload(jpeg()),
        "alt_1": "窗边",
        "right": "1",
        "photo_2_new": upload(jpeg(colour="red")),
        "alt_2": "灯下",
    }
    answer = client.post(f"{ADD}?kind=picture", facts(bank, "picture", **boxes))
    assert answer.status_code == 302, said(answer)
    question = Question.objects.get()
    assert [(one["picture"], one["alt"], one["right"]) for one in question.content["choices"]] == [
        ("photo-1", "窗边", True),
        ("photo-2", "灯下", False),
    ]
    first, second = (row.photo.key for row in question.pictures.order_by("name"))
    new = make_photo(trainer)
    boxes = {"photo_1": first, "alt_1": "窗边", "right": "1", "photo_2": new.key, "alt_2": "灯下"}
    assert client.post(change(question), facts(bank, "picture", code="q-1", **boxes)).status_code == 302
    assert set(question.pictures.values_list("photo__key", flat=True)) == {first, new.key}
    assert second != new.key


@pytest.mark.long
def test_imported_picture_names_survive_a_look_and_a_save(as_user, trainer, bank):
    question = make_question(bank, "picture")
    for name in ("window", "lamp"):
        QuestionPicture.objects.create(question=question, photo=make_photo(trainer), name=name)
    keys = {row.name: row.photo.key for row in question.pictures.all()}
    client = as_user(trainer)
    assert client.get(change(question)).status_code == 200
    boxes = {
        "photo_1": keys["window"],
        "alt_1": "窗边",
        "right": "1",
        "photo_2": keys["lamp"],
        "alt_2": "灯下",
    }
    assert client.post(change(question), facts(bank, "picture", code="x", **boxes)).status_code == 302
    question.refresh_from_db()
    found = {row.name: row.photo.key for row in question.pictures.all()}
    assert [found[one["picture"]] for one in question.content["choices"]] == [keys["window"], keys["lamp"]]


@pytest.mark.parametrize(
    ("kind", "boxes", "problem"),
    [
        ("single", {"right": ""}, "还没有标出哪个是对的。"),
        ("single", {"right": "9"}, "还没有标出哪个是对的。"),
        ("order", {"text_3": "", "text_4": ""}, "至少要有 3 步。"),
        ("number", {"tolerance": "-1"}, "误差不能是负数。"),
        ("number", {"answer": "五块"}, "答案要是一个数。"),
        ("spot", {"text_1": "没有这句"}, "话术里没有“没有这句”，要一字不差。"),
        ("spot", {"text_1": "，"}, "“，”出现了不止一次，写长一点，只让它出现一次。"),
        ("picture", {"alt_1": "窗边", "right": "1"}, "有一个选项还没有图。"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_lost(as_user, trainer, bank, kind, boxes, problem):
    typed = facts(bank, kind, **boxes)
    answer = as_user(trainer).post(f"{ADD}?kind={kind}", typed)
    assert answer.status_code == 200
    assert problem in said(answer)
    form = answer.context["adminform"].form
    kept = {
        name: form[name].value() for name in form.fields if name in typed and not name.startswith("right")
    }
    assert {name: str(value or "") for name, value in kept.items()} == {
        name: str(typed[name]) for name in kept
    }
    assert Question.objects.count() == 0


def test_objective_of_another_course_is_refused(as_user, trainer, bank, village):
    far = Objective.objects.create(course=make_course(village), code="1", text="别的")
    answer = as_user(trainer).post(f"{ADD}?kind=single", facts(bank, "single", objective=far.pk))
    assert answer.context["adminform"].form.errors["objective"] == ["这个学习目标是另一门课的。"]


def test_missing_right_answer_is_said_at_the_row(as_user, trainer, bank):
    answer = as_user(trainer).post(f"{ADD}?kind=single", facts(bank, "single", right=""))
    assert answer.context["adminform"].form.errors["right_1"] == ["哪个是对的，点一下它"]
    html = answer.content.decode()
    assert html.count('type="radio" name="right"') == 6
    assert ("这一项必填" in html, Question.objects.exists()) == (False, False)


@pytest.mark.long
def test_new_question_needs_its_explanation_and_an_old_one_may_stay_without(as_user, trainer, bank):
    client = as_user(trainer)
    answer = client.post(f"{ADD}?kind=single", facts(bank, "single", explain=""))
    assert list(answer.context["adminform"].form.errors) == ["explain"]
    old = make_question(bank, "single", explain="")
    assert client.post(change(old), facts(bank, "single", explain="", code="x")).status_code == 302
