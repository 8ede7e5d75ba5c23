"""A trainer writes a lesson's plan in boxes, next to the lesson."""

import pytest
from django.urls import reverse

from courses.authoring.checks import check_lessons
from courses.models import LessonPlan
from tests.factories import make_course, make_plan


@pytest.fixture
def lesson(county, settings):
    settings.DEMO = True
    return make_course(county, lessons=1).modules.get().lessons.get()


def form_of(lesson, **fields) -> dict:
    boxes = {
        "lesson": lesson.pk, "goal": "每人一箱", "kit": "秤 4 台\n\n纸箱 8 个", "safety": "刀朝外", "simple": "摆果子",
        "check_ask": "先查哪儿？", "check_answer": "空隙",
    }  # fmt: skip
    for slot, minutes in (("intro", 1), ("show", 1), ("practise", 2), ("review", 1)):
        boxes |= {f"{slot}_minutes": minutes, f"{slot}_do": f"做{slot}", f"{slot}_say": f"说{slot}"}
    for n in (1, 2, 3):
        boxes |= {f"fault_{n}_see": f"看见{n}", f"fault_{n}_do": f"办法{n}"}
    return boxes | fields


def errors_of(page) -> dict:
    return page.context["adminform"].form.errors


def test_a_trainer_writes_a_plan_in_boxes(as_user, trainer, lesson):
    client = as_user(trainer)
    page = client.get(reverse("admin:courses_lesson_change", args=[lesson.pk])).text
    url = f"{reverse('admin:courses_lessonplan_add')}?lesson={lesson.pk}"
    assert url in page
    assert client.post(url, form_of(lesson)).status_code == 302
    plan = LessonPlan.objects.get()
    assert (plan.lesson, plan.list_kit()) == (lesson, ["秤 4 台", "纸箱 8 个"])
    assert plan.parts[2] == {"stage": "practise", "minutes": 2, "do": "做practise", "say": "说practise"}
    assert plan.faults == [{"see": f"看见{n}", "do": f"办法{n}"} for n in (1, 2, 3)]
    page = client.get(reverse("admin:courses_lesson_change", args=[lesson.pk])).text
    assert reverse("admin:courses_lessonplan_change", args=[plan.pk]) in page


def test_the_boxes_show_what_the_plan_has_and_change_it(as_user, trainer, lesson, stranger):
    plan = make_plan(lesson)
    url = reverse("admin:courses_lessonplan_change", args=[plan.pk])
    form = as_user(trainer).get(url).context["adminform"].form
    assert (form["show_say"].value(), form["fault_3_do"].value()) == ("show，看我的手。", "就这么办3")
    assert form["again_minutes"].value() in (None, "")
    again = {"practise_minutes": "1", "again_minutes": "1", "again_do": "换个人", "again_say": "换"}
    assert as_user(trainer).post(url, form_of(lesson, **again)).status_code == 302
    plan.refresh_from_db()
    assert [part["stage"] for part in plan.parts] == ["intro", "show", "practise", "practise", "review"]
    assert as_user(stranger).get(url).status_code == 404


def test_minutes_that_do_not_add_up_are_refused_and_nothing_typed_is_lost(as_user, trainer, lesson):
    page = as_user(trainer).post(
        reverse("admin:courses_lessonplan_add"), form_of(lesson, practise_minutes="5", safety="梯子要人扶")
    )
    assert errors_of(page) == {"__all__": ["四步合起来 8 分钟，这一课是 5 分钟，要一样多。"]}
    assert "梯子要人扶" in page.text
    assert not LessonPlan.objects.exists()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"show_say": ""}, {"show_say": ["这一项要填"]}),
        ({"fault_2_see": " "}, {"fault_2_see": ["这一项要填"]}),
        ({"intro_minutes": "几分钟"}, {"intro_minutes": ["用数字写，比如 40"]}),
        ({"again_do": "再练"}, {"again_minutes": ["这一项要填"], "again_say": ["这一项要填"]}),
        ({"kit": "秤\n" * 21}, {"__all__": ["要备的东西最多 20 样，现在是 21 样。"]}),
        ({"kit": "秤" * 96}, {"__all__": ["要备的东西一行一样，一行最多 95 个字。"]}),
        ({"goal": "字" * 401}, {"goal": ["最多 400 个字，多了 1 个"]}),
    ],
)
def test_a_box_left_empty_or_filled_wrong_is_named(as_user, trainer, lesson, fields, error):
    page = as_user(trainer).post(reverse("admin:courses_lessonplan_add"), form_of(lesson, **fields))
    assert errors_of(page) == error


def test_what_the_checker_finds_in_a_plan_is_said_and_the_plan_is_stored(as_user, trainer, lesson):
    url = reverse("admin:courses_lessonplan_add")
    page = as_user(trainer).post(url, form_of(lesson, review_say="学完保证月入过万。"), follow=True)
    assert LessonPlan.objects.get().parts[3]["say"] == "学完保证月入过万。"
    assert any("月入过万" in str(message) for message in page.context["messages"])


def test_a_lesson_whose_minutes_were_changed_asks_for_its_plan(lesson):
    plan = make_plan(lesson)
    lesson.minutes = 45
    lesson.save()
    found = {one.message: (one.blocks, one.url) for one in check_lessons([lesson.pk])[lesson.pk]}
    url = f"{reverse('admin:courses_lessonplan_change', args=[plan.pk])}#id_practise_minutes"
    assert found["教案：四步合起来 5 分钟，这一课是 45 分钟，要一样多。"] == (False, url)


def test_a_lesson_has_one_plan(as_user, trainer, lesson):
    make_plan(lesson)
    page = as_user(trainer).post(reverse("admin:courses_lessonplan_add"), form_of(lesson))
    assert list(errors_of(page)) == ["lesson"]
    assert LessonPlan.objects.count() == 1
