"""The pages around a question's form in the admin: choosing a kind, the preview, the list, permissions."""

import os

import pytest
from django.contrib.admin.utils import flatten
from django.contrib.messages import get_messages
from django.urls import reverse

from courses.models import Course, Question, Quiz, State
from progress.quizzes.paper import draw_paper
from tests.courses.questions.boxes import ADD, BOXES, LIST, change, facts
from tests.courses.questions.kit import CONTENTS
from tests.factories import make_course, make_photo
from tests.quizzes import make_bank, make_question, make_quiz

TYPED = reverse("admin:courses_question_preview_typed")
KINDS = sorted(CONTENTS)


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def bank(village):
    return make_bank(make_course(village, title="课程"), title="题库")


def test_without_a_kind_one_is_picked_first(as_user, trainer, bank):
    html = as_user(trainer).get(f"{ADD}?bank={bank.pk}").content.decode()
    assert html.count(f"&amp;bank={bank.pk}") == 7
    assert as_user(trainer).get(f"{ADD}?kind=nonsense").status_code == 200
    form = as_user(trainer).get(f"{ADD}?kind=spot&bank={bank.pk}").context["adminform"].form
    assert form.initial["bank"] == str(bank.pk)


@pytest.mark.long
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
    assert "还差这些，填好就能看到" in html
    assert "至少要有两个选项。" in html
    assert 'class="errors"' not in html
    assert as_user(trainer).post(TYPED, {"kind": "zz"}).status_code == 400


@pytest.mark.parametrize("kind", sorted(BOXES))
@pytest.mark.parametrize("chosen", ["", "0", "zz", "9" * 30, "x\0"])
def test_look_before_a_bank_is_chosen(as_user, trainer, bank, kind, chosen):
    """The preview is in the language of the screen, whatever is in the field of the bank."""
    typed = facts(bank, kind, question="") | {"bank": chosen}
    html = as_user(trainer).post(TYPED, typed, headers={"accept-language": "en"}).content.decode()
    assert '<fieldset class="field q">' in html
    assert '<h1 lang="en">哪句能说？</h1>' in html


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(BOXES))
def test_look_takes_any_part_of_the_form(as_user, trainer, bank, kind):
    """Each box filled alone, each left out alone, each with what no box holds; but in `make prove`, one of these a box."""
    client, whole = as_user(trainer), facts(bank, kind, question="")
    for n, name in enumerate(sorted(whole.keys() - {"kind"})):
        alone = {"kind": kind, "question": "", name: whole[name]}
        without = {key: value for key, value in whole.items() if key != name}
        ways = (alone, without, whole | {name: "\0" + "9" * 400})
        for typed in ways if os.environ.get("HOSTILE_VALUES") == "all" else ways[n % 3 : n % 3 + 1]:
            assert client.post(TYPED, typed).status_code == 200, typed


@pytest.mark.long
def test_new_question_begins_in_the_bank_of_the_last_one(as_user, trainer, bank, village, other_village):
    first = make_bank(make_course(village), title="第一个题库")
    client = as_user(trainer)

    def offered() -> object:
        return client.get(f"{ADD}?kind=single").context["adminform"].form.initial.get("bank")

    assert offered() is None
    client.post(f"{ADD}?kind=single", facts(first, "single"))
    client.post(f"{ADD}?kind=single", facts(bank, "single"))
    assert offered() == str(bank.pk)
    client.post(change(Question.objects.get(bank=first)), facts(first, "single", text="改过的"))
    assert offered() == str(first.pk)
    first.course.place = other_village
    first.course.save()
    assert offered() is None


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


LIVE = "学员正在考这"


@pytest.mark.long
def test_question_of_a_quiz_being_taken_says_so_before_its_text(as_user, trainer, bank):
    client, question = as_user(trainer), make_question(bank, "single")
    pages = (change(question), f"{ADD}?kind=single&bank={bank.pk}")
    quiz = make_quiz(bank.course, bank=bank, state=State.DRAFT)
    assert [LIVE in client.get(page).content.decode() for page in pages] == [False, False]
    Quiz.objects.filter(pk=quiz.pk).update(state=State.PUBLISHED)
    for page in pages:
        html = client.get(page).content.decode()
        assert 0 < html.find(LIVE) < html.index('name="text"')
    Course.objects.filter(pk=bank.course_id).update(state=State.DRAFT)
    assert [LIVE in client.get(page).content.decode() for page in pages] == [False, False]


def asked(quiz) -> set[str]:
    return {item["text"] for item in draw_paper(quiz, "", 1)["items"]}


@pytest.mark.long
def test_a_new_question_of_a_quiz_being_taken_is_asked_only_after_a_yes(as_user, trainer, bank):
    client, quiz = as_user(trainer), make_quiz(bank.course, "single")
    url, old = f"{ADD}?kind=single", Question.objects.get().text
    typed = facts(quiz.bank, "single", start="")
    answer = client.post(url, typed)
    assert dict(answer.context["adminform"].form.errors) == {"start": ["选一下：先放着，还是现在就考。"]}
    assert "哪句能说？" in answer.content.decode()
    client.post(url, typed | {"start": "later"})
    assert asked(quiz) == {old}
    client.post(url, typed | {"start": "now", "text": "现在考的"})
    assert asked(quiz) == {old, "现在考的"}


def test_a_question_moved_into_a_quiz_being_taken_is_asked_about(as_user, trainer, bank):
    client, quiz, question = as_user(trainer), make_quiz(bank.course, "single"), make_question(bank)
    answer = client.post(change(question), facts(quiz.bank, "single", code="q-9", start=""))
    assert list(answer.context["adminform"].form.errors) == ["start"]
    assert 'name="start"' in answer.content.decode()


def test_rarely_needed_boxes_are_folded(as_user, trainer, bank):
    sets = as_user(trainer).get(f"{ADD}?kind=single&bank={bank.pk}").context["adminform"].fieldsets
    folded = {
        name for _title, options in sets if "collapse" in options.get("classes", ()) for name in flat(options)
    }
    shown = {name for _title, options in sets for name in flat(options)} - folded
    assert shown == {"text", "explain", *(f"{part}_{n}" for part in ("text", "right") for n in range(1, 5))}
    assert {"bank", "objective", "form", "code", "is_retired", "why_1", "text_6"} <= folded


def flat(options: dict) -> list[str]:
    return flatten(options["fields"])


@pytest.mark.long
@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_bank_that_is_no_number_is_none(as_user, trainer, bank, number):
    client = as_user(trainer)
    assert client.get(ADD, {"bank": number}).status_code == 200
    assert client.get(ADD, {"bank": number, "kind": "single"}).status_code == 200
    assert client.post(f"{ADD}?kind=single", facts(bank, "single") | {"bank": number}).status_code == 200
    assert client.post(TYPED, facts(bank, "single", question=number)).status_code == 200
