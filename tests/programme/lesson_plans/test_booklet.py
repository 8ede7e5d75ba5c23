"""The plans of a module as a booklet: what is in it, how many pages, who gets it."""

import pypdfium2
import pytest
from django.urls import reverse

from courses.models import Assignment, State
from programme.lesson_plans.booklet import fill_booklet, list_blocks, list_plans
from programme.lesson_plans.views import list_twin_plans
from tests.factories import make_course, make_lesson, make_plan
from tests.pages import squeeze
from tests.pdfs import draw_pages, read_codes


@pytest.fixture
def module(county, settings):
    settings.DEMO = True
    module = make_course(county, lessons=3, slug="live").modules.get()
    module.lessons.update(minutes=40)
    first, second, _third = module.lessons.order_by("position")
    make_plan(second, goal="第二课")
    make_plan(first, goal="第一课", kit="秤 4 台")
    make_plan(make_lesson(module, state=State.DRAFT))
    Assignment.objects.create(module=module, title="任务", text="做", minutes=90)
    return module


def url_of(module) -> str:
    return reverse("programme:lesson_plans", args=["live", module.pk])


def address(plan) -> str:
    return f"https://nong.example{plan.get_absolute_url()}"


def test_booklet_has_the_published_plans_in_order_with_what_to_bring(module):
    plans = list_plans(module)
    content = fill_booklet(module, plans, address)
    assert [(one["goal"], one["kit"]) for one in content["plans"]] == [
        ("第一课", ["秤 4 台"]),
        ("第二课", ["秤 4 台", "纸箱 8 个"]),
    ]
    assert content["hours"] == ["上课 1 小时 20 分", "课后任务 1 小时 30 分"]
    practice = content["plans"][0]["stages"][2]
    assert (practice["name"], practice["minutes"], practice["say"]) == (
        "练",
        "37 分钟",
        "practise，看我的手。",
    )
    assert practice["blocks"] == [
        {"is_item": False, "text": "practise：摆两箱果。"},
        {"is_item": True, "text": "摇一摇"},
        {"is_item": True, "text": "称一称"},
    ]


def test_markdown_is_printed_without_its_marks():
    assert list_blocks("先**看**果。\n\n1. 摇\n2. [秤](https://x.example)\n\n完") == [
        {"is_item": False, "text": "先看果。"},
        {"is_item": True, "text": "摇"},
        {"is_item": True, "text": "秤"},
        {"is_item": False, "text": "完"},
    ]


@pytest.mark.long
def test_pdf_has_a_cover_the_kit_and_each_plan_and_is_set_once(as_user, trainer, module):
    client = as_user(trainer)
    answer = client.get(url_of(module))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "%E6%95%99%E6%A1%88-1-" in answer["Content-Disposition"]
    with pypdfium2.PdfDocument(answer.content) as pdf:
        texts = [squeeze(page.get_textpage().get_text_range()) for page in pdf]
        assert [round(side) for side in pdf[0].get_size()] == [595, 842]
    assert len(texts) == 6  # a cover, what to bring, two for each plan
    assert "上课 1 小时 20 分" in texts[0]
    assert texts[1].startswith("这个单元要备的东西")
    assert texts[1].count("秤 4 台") == 2
    assert "第一课" in texts[2]
    assert "“practise，看我的手。”" in texts[2] + texts[3]
    assert "第二课" in texts[4]
    assert texts[5].endswith("第 6 页，共 6 页")
    codes = [read_codes(page) for page in draw_pages(answer.content)]
    pages = [f"http://testserver{plan.get_absolute_url()}" for plan in list_plans(module)]
    assert codes == [[], [], [pages[0]], [], [pages[1]], []]
    assert client.get(url_of(module)).content == answer.content


@pytest.mark.long
def test_only_who_teaches_the_course_prints_and_an_empty_module_is_not_there(
    as_user, trainer, organiser, trainee, stranger, module
):
    empty = module.course.modules.create(number=2, title="空")
    people = (trainer, organiser, trainee, stranger)
    assert [as_user(one).get(url_of(module)).status_code for one in people] == [200, 200, 404, 404]
    assert as_user(trainer).get(url_of(empty)).status_code == 404
    index = as_user(trainer).get("/courses/live/plans/").text
    assert (url_of(module) in index, url_of(empty) in index) == (True, False)


@pytest.mark.long
def test_who_prints_again_and_again_waits(as_user, trainer, module, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"lesson_plans_pdf": "1/10m/user"}
    client = as_user(trainer)
    assert client.get(url_of(module)).status_code == 200
    assert client.get(url_of(module), follow=True).redirect_chain == [("/courses/live/plans/", 302)]


def test_the_booklet_is_printed_in_the_words_of_the_twin_with_codes_to_the_course_of_the_class(module):
    """A lesson without a plan there is left out; without any, the own plans are printed."""
    english = make_course(module.course.place, lessons=2, slug="live-en", language="en", twin=module.course)
    plans = list_plans(module)
    addresses = {plan.pk: plan.get_absolute_url() for plan in plans}
    assert list_twin_plans(english, plans, addresses) == (plans, addresses)
    for one in (module, english.modules.get()):
        for n, lesson in enumerate(one.lessons.published().order_by("position")):
            one.lessons.filter(pk=lesson.pk).update(code=f"lesson-{n}")
    told = make_plan(english.modules.get().lessons.order_by("position").last(), goal="Second lesson")
    assert list_twin_plans(english, plans, addresses) == (
        [told],
        {told.pk: f"{plans[1].get_absolute_url()}?in=en"},
    )
