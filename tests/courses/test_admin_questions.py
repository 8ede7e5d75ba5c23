"""Questions written in the admin, one form for each kind, without any JSON."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from courses.models import Objective, Question, QuestionPicture, Quiz, State
from tests.courses.questions.kit import CONTENTS
from tests.factories import make_course, make_photo
from tests.media.makers import jpeg, upload
from tests.quizzes import make_bank, make_question, make_quiz

ADD, LIST = reverse("admin:courses_question_add"), reverse("admin:courses_question_changelist")
TYPED = reverse("admin:courses_question_preview_typed")
KINDS = sorted(CONTENTS)


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def bank(village):
    return make_bank(make_course(village, title="课程"), title="题库")


def rows(*found: dict) -> dict:
    return {f"{name}_{n}": value for n, row in enumerate(found, 1) for name, value in row.items()}


CHOICES = rows(
    {"text": "全网最低价", "why": "比较级要有凭据"},
    {"text": "产地直发", "right": "on"},
    {"text": "吃了治病", "why": "水果不能说治病"},
)
BOXES = {
    "single": CHOICES | {"right": "2"},
    "multiple": CHOICES | {"right_1": "on", "right_3": "on"},
    "true_false": {"answer": "true"},
    "order": rows(*[{"text": f"第{one}步"} for one in "abcd"]),
    "number": {"answer": "５．９８", "tolerance": "0.01", "unit": "元/斤"},
    "spot": {"script": CONTENTS["spot"]["script"]} | rows(*CONTENTS["spot"]["wrong"]),
}


def facts(bank, kind: str, **more) -> dict:
    given = {
        "kind": kind,
        "bank": bank.pk,
        "text": "哪句能说？",
        "explain": "讲解",
        "form": "",
        "code": "",
        "objective": "",
    }
    return given | BOXES.get(kind, {}) | more


def change(question) -> str:
    return reverse("admin:courses_question_change", args=[question.pk])


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


def test_without_a_kind_one_is_picked_first(as_user, trainer, bank):
    html = as_user(trainer).get(f"{ADD}?bank={bank.pk}").content.decode()
    assert html.count(f"&amp;bank={bank.pk}") == 7
    assert as_user(trainer).get(f"{ADD}?kind=nonsense").status_code == 200
    form = as_user(trainer).get(f"{ADD}?kind=spot&bank={bank.pk}").context["adminform"].form
    assert form.initial["bank"] == str(bank.pk)


def test_objective_of_another_course_is_refused(as_user, trainer, bank, village):
    far = Objective.objects.create(course=make_course(village), code="1", text="别的")
    answer = as_user(trainer).post(f"{ADD}?kind=single", facts(bank, "single", objective=far.pk))
    assert answer.context["adminform"].form.errors["objective"] == ["这个学习目标是另一门课的。"]


def test_only_banks_of_held_places_are_offered_and_seen(as_user, trainer, stranger, bank, other_village):
    far = make_bank(make_course(other_village))
    mine, theirs = make_question(bank), make_question(far)
    client = as_user(trainer)
    answer = client.post(f"{ADD}?kind=single", facts(far, "single"))
    assert list(answer.context["adminform"].form.errors) == ["bank"]
    assert client.get(change(theirs)).status_code == 404
    assert client.get(f"/admin/courses/question/{theirs.pk}/preview/").status_code == 404
    assert client.post(TYPED, facts(bank, "single", question=theirs.pk)).status_code == 404
    assert [row.pk for row in client.get(LIST).context["cl"].result_list] == [mine.pk]
    assert as_user(stranger).get(change(mine)).status_code == 404
    terms = {"app_label": "courses", "model_name": "question", "field_name": "bank", "term": ""}
    found = as_user(trainer).get("/admin/autocomplete/", terms).json()["results"]
    assert [row["id"] for row in found] == [str(bank.pk)]


@pytest.mark.parametrize("kind", KINDS)
def test_preview_shows_it_as_it_will_be_asked(as_user, trainer, bank, kind):
    question = make_question(bank, kind)
    html = as_user(trainer).get(f"/admin/courses/question/{question.pk}/preview/").content.decode()
    assert '<fieldset class="field q">' in html
    assert question.text in html
    assert question.explain in html


@pytest.mark.parametrize("kind", sorted(BOXES))
def test_look_at_what_is_typed_keeps_nothing(as_user, trainer, bank, kind):
    html = as_user(trainer).post(TYPED, facts(bank, kind, question="")).content.decode()
    assert "哪句能说？" in html
    assert '<fieldset class="field q">' in html
    assert Question.objects.count() == 0


def test_look_at_something_unfinished_says_what_is_missing(as_user, trainer, bank):
    html = as_user(trainer).post(TYPED, {"kind": "single", "question": ""}).content.decode()
    assert "这道题还差一点" in html
    assert "至少要有两个选项。" in html
    assert as_user(trainer).post(TYPED, {"kind": "zz"}).status_code == 400


def test_look_shows_photos_that_are_stored(as_user, trainer, bank):
    photos = [make_photo(trainer), make_photo(trainer)]
    boxes = {
        "photo_1": photos[0].key,
        "alt_1": "窗",
        "right": "1",
        "photo_2": photos[1].key,
        "alt_2": "灯",
    }
    html = as_user(trainer).post(TYPED, facts(bank, "picture", question="", **boxes)).content.decode()
    assert all(photo.src in html for photo in photos)


def test_saved_and_looked_at_without_a_script(as_user, trainer, bank):
    answer = as_user(trainer).post(f"{ADD}?kind=single", facts(bank, "single", _preview="1"))
    assert answer.url == f"/admin/courses/question/{Question.objects.get().pk}/preview/"
    assert len(list(get_messages(answer.wsgi_request))) == 1


@pytest.mark.parametrize("count", [1, 24])
def test_list_takes_the_same_queries(as_user, trainer, bank, count, django_assert_num_queries):
    for _n in range(count):
        make_question(bank)
    client = as_user(trainer)
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)


def test_missing_right_answer_is_said_at_the_row(as_user, trainer, bank):
    answer = as_user(trainer).post(f"{ADD}?kind=single", facts(bank, "single", right=""))
    assert answer.context["adminform"].form.errors["right_1"] == ["哪个是对的，点一下它"]
    html = answer.content.decode()
    assert html.count('type="radio" name="right"') == 6
    assert ("这一项必填" in html, Question.objects.exists()) == (False, False)


def test_new_question_needs_its_explanation_and_an_old_one_may_stay_without(as_user, trainer, bank):
    client = as_user(trainer)
    answer = client.post(f"{ADD}?kind=single", facts(bank, "single", explain=""))
    assert list(answer.context["adminform"].form.errors) == ["explain"]
    old = make_question(bank, "single", explain="")
    assert client.post(change(old), facts(bank, "single", explain="", code="x")).status_code == 302


LIVE = "这个题库的测验已经发布"


def test_question_of_a_published_quiz_says_that_it_is_live_at_once(as_user, trainer, bank):
    client, question = as_user(trainer), make_question(bank, "single")
    pages = (change(question), f"{ADD}?kind=single&bank={bank.pk}")
    quiz = make_quiz(bank.course, bank=bank, state=State.DRAFT)
    assert [LIVE in client.get(page).content.decode() for page in pages] == [False, False]
    Quiz.objects.filter(pk=quiz.pk).update(state=State.PUBLISHED)
    assert [LIVE in client.get(page).content.decode() for page in pages] == [True, True]


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_bank_that_is_no_number_is_none(as_user, trainer, bank, number):
    client = as_user(trainer)
    assert client.get(ADD, {"bank": number}).status_code == 200
    assert client.get(ADD, {"bank": number, "kind": "single"}).status_code == 200
    assert client.post(f"{ADD}?kind=single", facts(bank, "single") | {"bank": number}).status_code == 200
    assert client.post(TYPED, facts(bank, "single", question=number)).status_code == 200
