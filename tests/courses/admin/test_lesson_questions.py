"""From "写课" to a lesson, from a lesson to the questions of its module and back; rows in the page's language first."""

import json

import pytest
from django.urls import reverse

from courses.models import Bank, Lesson, Module, Question, Quiz, State
from tests.courses.admin.lesson_form import facts as lesson_facts
from tests.courses.questions.boxes import ADD, facts
from tests.factories import make_course, make_lesson
from tests.quizzes import make_bank, make_question, make_quiz

WRITE = reverse("admin:courses_lesson_write")
LESSON_ADD = reverse("admin:courses_lesson_add")


def unit(lesson: Lesson) -> str:
    return reverse("admin:courses_lesson_questions", args=[lesson.pk])


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(village):
    return make_course(village, title="柑橘课", lessons=1)


@pytest.fixture
def lesson(course) -> Lesson:
    return Lesson.objects.get(module__course=course)


def unsaved(bank, **more) -> dict:
    return facts(bank, "single", **more) | {"bank": ""}


@pytest.mark.parametrize("page", ["/classes/", "/me/", "/admin/"])
def test_the_way_to_write_stands_on_the_pages_of_who_may(as_user, trainer, trainee, page):
    link = f'href="{WRITE}"'
    assert link in as_user(trainer).get(page).content.decode()
    assert link not in as_user(trainee).get(page).content.decode()


@pytest.mark.long
def test_write_lists_what_is_begun_and_the_courses_of_the_screens_language(
    as_user, trainer, village, other_village, course, lesson
):
    english = make_course(village, title="A course", language="en", lessons=0)
    make_course(other_village, title="外县的课")
    drafts = [make_lesson(lesson.module, title=f"草稿{n}", state=State.DRAFT) for n in range(6)]
    client = as_user(trainer)
    page = client.get(WRITE)
    assert [row.pk for row in page.context["drafts"]] == [row.pk for row in reversed(drafts[1:])]
    assert "全部 6 节草稿" in page.content.decode()
    assert list(page.context["courses"]) == [course, english]
    assert [(row.units, row.written) for row in page.context["courses"]] == [(1, 7), (1, 0)]
    page = client.get(WRITE, headers={"accept-language": "en"})
    assert list(page.context["courses"]) == [english, course]


def test_write_begins_in_the_unit_written_in_last(as_user, trainer, course, lesson):
    client = as_user(trainer)
    assert client.get(WRITE).context["module"] is None
    second = Module.objects.create(course=course, number=2, position=2, title="单元2")
    client.post(LESSON_ADD, lesson_facts(second, body="正文"))
    assert client.get(WRITE).context["module"] == second.pk


@pytest.mark.long
def test_the_form_of_a_new_lesson_tells_what_was_added_to_each_unit(as_user, trainer, course, village):
    client, other = as_user(trainer), make_course(village, title="茶课", lessons=1).modules.get()
    unit_of_course = course.modules.get()

    def stores() -> dict:
        return json.loads(client.get(LESSON_ADD).context["stores"])

    assert stores() == {}
    client.post(LESSON_ADD, lesson_facts(unit_of_course, title="一"))
    first = stores()
    client.post(LESSON_ADD, lesson_facts(other, title="二"))
    [one] = Lesson.objects.filter(title="一")
    client.post(
        reverse("admin:courses_lesson_change", args=[one.pk]), lesson_facts(unit_of_course, title="改")
    )
    assert list(first) == [str(unit_of_course.pk)]
    assert stores() == first | {str(other.pk): stores()[str(other.pk)]}
    client.post(LESSON_ADD, lesson_facts(unit_of_course, title="三"))
    assert stores()[str(unit_of_course.pk)] > first[str(unit_of_course.pk)]


def test_write_costs_the_same_for_one_course_and_for_many(
    as_user, trainer, village, course, django_assert_num_queries, django_assert_max_num_queries
):
    client = as_user(trainer)
    client.get(WRITE)
    with django_assert_max_num_queries(20) as few:
        client.get(WRITE)
    for _n in range(6):
        made = make_course(village)
        make_lesson(made.modules.get(), state=State.DRAFT)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(WRITE)


@pytest.mark.long
def test_first_question_of_a_unit_makes_its_bank_and_quiz(as_user, trainer, lesson):
    client = as_user(trainer)
    kinds = client.get(f"{ADD}?lesson={lesson.pk}").content.decode()
    assert kinds.count(f"&amp;lesson={lesson.pk}") == 7
    url = f"{ADD}?kind=single&lesson={lesson.pk}"
    form = client.get(url)
    assert "回到这一课：第1-1课" in form.content.decode()
    assert form.context["adminform"].form["bank"].value() in (None, "")
    made = client.post(url, unsaved(Bank(pk=0), lesson=lesson.pk))
    assert made.url == unit(lesson)
    quiz, question = Quiz.objects.get(), Question.objects.get()
    assert (quiz.module, quiz.kind, quiz.state) == (lesson.module, Quiz.Kind.MODULE, State.DRAFT)
    assert (quiz.title, quiz.bank.title, question.bank) == ("单元1小测", "单元1小测", quiz.bank)
    client.post(url, unsaved(Bank(pk=0), lesson=lesson.pk))
    assert (Quiz.objects.count(), quiz.bank.questions.count()) == (1, 2)


@pytest.mark.long
def test_a_question_without_a_lesson_still_wants_its_bank(as_user, trainer, lesson, stranger):
    client = as_user(trainer)
    answer = client.post(f"{ADD}?kind=single", unsaved(Bank(pk=0)))
    assert list(answer.context["adminform"].form.errors) == ["bank"]
    answer = as_user(stranger).post(f"{ADD}?kind=single", unsaved(Bank(pk=0), lesson=lesson.pk))
    assert list(answer.context["adminform"].form.errors) == ["bank"]
    assert not Question.objects.exists()


@pytest.mark.long
def test_the_units_bank_is_chosen_and_every_way_comes_back(as_user, trainer, course, lesson):
    quiz = make_quiz(course, module=lesson.module, title="第1单元小测")
    client = as_user(trainer)
    url = f"{ADD}?kind=single&lesson={lesson.pk}"
    assert client.get(url).context["adminform"].form.initial["bank"] == str(quiz.bank_id)
    typed = facts(quiz.bank, "single", lesson=lesson.pk, start="now")
    assert client.post(url, typed).url == unit(lesson)
    pk = Question.objects.get().pk
    more = client.post(url, typed | {"_addanother": "1"})
    assert more.url == f"{ADD}?kind=single&lesson={lesson.pk}&bank={quiz.bank_id}"
    change = reverse("admin:courses_question_change", args=[pk])
    going_on = client.post(change, typed | {"_continue": "1", "code": "q-1"})
    assert going_on.url == f"{change}?lesson={lesson.pk}"
    seen = client.post(change, typed | {"_preview": "1", "code": "q-1"})
    assert seen.url == f"/admin/courses/question/{pk}/preview/?lesson={lesson.pk}"
    assert f'href="{change}?lesson={lesson.pk}"' in client.get(seen.url).content.decode()
    outline = reverse("admin:courses_course_outline", args=[course.pk])
    assert f'href="{outline}#m{lesson.module_id}"' in client.get(change).content.decode()
    page = client.get(outline).content.decode()
    assert f'id="m{lesson.module_id}"' in page
    assert f'href="{unit(lesson)}">2 道题</a>' in page


@pytest.mark.long
def test_questions_of_a_unit_are_listed_and_its_quiz_published(as_user, trainer, course, lesson):
    quiz = make_quiz(course, module=lesson.module, title="第1单元小测", state=State.DRAFT)
    client = as_user(trainer)
    client.post(unit(lesson), {"quiz": quiz.pk})
    quiz.refresh_from_db()
    assert quiz.state == State.DRAFT  # it has no question
    for n in range(32):
        make_question(quiz.bank, text=f"问题{n}")
    html = client.get(unit(lesson)).content.decode()
    assert "问题29" in html
    assert "问题30" not in html
    assert "全部 32 道题" in html
    assert client.post(unit(lesson), {"quiz": quiz.pk}).url == unit(lesson)
    quiz.refresh_from_db()
    assert quiz.state == State.PUBLISHED
    assert "发布小测" not in client.get(unit(lesson)).content.decode()


@pytest.mark.long
def test_a_question_held_back_is_shown_and_begins_to_be_asked(as_user, trainer, course, lesson):
    quiz, client = make_quiz(course, "single", module=lesson.module), as_user(trainer)
    url = f"{ADD}?kind=single&lesson={lesson.pk}"
    client.post(url, facts(quiz.bank, "single", lesson=lesson.pk, start="later"))
    held = Question.objects.get(text="哪句能说？")
    html = client.get(unit(lesson)).content.decode()
    assert html.index("先放着，学员看不到") < html.index("哪句能说？")
    assert client.post(unit(lesson), {"question": held.pk}).url == unit(lesson)
    assert quiz.bank.questions.filter(is_retired=False).count() == 2
    assert "先放着，学员看不到" not in client.get(unit(lesson)).content.decode()


def test_a_saved_lesson_stays_and_shows_the_next_steps(as_user, trainer, course, lesson):
    client = as_user(trainer)
    typed = lesson_facts(lesson.module, title="把果子拍清楚", body="正文", do_now="拍三张", state="draft")
    page = client.post(LESSON_ADD, typed | {"_save": "1"}, follow=True)
    made = Lesson.objects.get(title="把果子拍清楚")
    assert page.redirect_chain == [(reverse("admin:courses_lesson_change", args=[made.pk]), 302)]
    html = page.content.decode()
    assert "“把果子拍清楚”保存好了。" in html
    steps = html[html.index('class="next"') : html.index('class="next__more"')]
    assert all(step in steps for step in ("看一看", "加一道题", "发布"))


def test_a_lesson_is_published_as_it_is_saved_and_tells_of_questions_held_back(
    as_user, trainer, course, lesson
):
    quiz = make_quiz(course, "single", module=lesson.module)
    Question.objects.update(is_retired=True)
    client = as_user(trainer)
    typed = lesson_facts(lesson.module, title="把果子拍清楚", body="正文", do_now="拍三张", state="draft")
    page = client.post(LESSON_ADD, typed | {"_publish": "1"}, follow=True)
    assert Lesson.objects.get(title="把果子拍清楚").state == State.PUBLISHED
    assert "还有 1 道题先放着，没考。" in page.content.decode()
    assert quiz.bank.questions.filter(is_retired=False).count() == 0


def test_a_lesson_with_a_picture_that_is_missing_is_kept_as_a_draft(as_user, trainer, lesson):
    typed = lesson_facts(lesson.module, title="缺图的课", do_now="拍三张", state="draft")
    page = as_user(trainer).post(LESSON_ADD, typed | {"_publish": "1"}, follow=True)
    assert Lesson.objects.get(title="缺图的课").state == State.DRAFT
    assert "“缺图的课”发布不了" in page.content.decode()


def test_units_of_a_new_lesson_stand_under_their_course(as_user, trainer, course, village):
    make_course(village, title="A course", language="en")
    [empty, *groups] = as_user(trainer).get(LESSON_ADD).context["adminform"].form.fields["module"].choices
    assert [(course, [name for _key, name in units]) for course, units in groups] == [
        ("柑橘课", ["1 单元1"]),
        ("A course", ["1 单元1"]),
    ]


def test_quizzes_of_others_are_out_of_reach(as_user, trainer, stranger, village, course, lesson):
    make_quiz(course, module=lesson.module, state=State.DRAFT)
    elsewhere = make_course(village)
    other = make_quiz(elsewhere, "single", module=elsewhere.modules.get(), state=State.DRAFT)
    client = as_user(trainer)
    assert client.post(unit(lesson), {"quiz": other.pk}).status_code == 404
    assert client.post(unit(lesson), {"quiz": "zz"}).status_code == 400
    assert as_user(stranger).get(unit(lesson)).status_code == 404
    other.refresh_from_db()
    assert other.state == State.DRAFT


@pytest.mark.long
@pytest.mark.parametrize(("screen", "first"), [("zh-hans", "柑橘课"), ("en", "A course")])
def test_banks_are_offered_in_the_language_of_the_screen_first(
    as_user, trainer, village, course, screen, first
):
    english = make_course(village, title="A course", language="en")
    rows = {one.title: make_bank(one) for one in (english, course)}
    client = as_user(trainer)
    language = {"accept-language": screen}
    terms = {"app_label": "courses", "model_name": "question", "field_name": "bank", "term": ""}
    offered = client.get("/admin/autocomplete/", terms, headers=language).json()["results"]
    assert [row["id"] for row in offered][0] == str(rows[first].pk)
    for name in ("bank", "question", "lesson", "module", "course"):
        for bank in rows.values():
            make_question(bank)
        page = client.get(reverse(f"admin:courses_{name}_changelist"), headers=language)
        row = page.context["cl"].result_list[0]
        found = {"bank": "course", "question": "bank.course", "lesson": "module.course", "module": "course"}
        for step in found.get(name, "").split("."):
            row = getattr(row, step) if step else row
        assert row.title == first, name
