"""A villager of a class: signs up from the home page, is tested, learns with and without a connection, asks, is answered."""

import re

import pytest

from courses.models import Lesson
from progress.models import Ask, Attempt, Enrolment, LessonDone, Reply
from tests.browser.conftest import PHONE as SCREEN
from tests.browser.conftest import expect
from tests.browser.kept_lessons import cut, keep, mend, path_of, until
from tests.class_messages import make_ask
from tests.factories import make_cohort, make_course
from tests.quizzes import make_quiz

pytestmark = pytest.mark.one_phone

PHONE, PASSWORD = "13912345678", "juzi2026hong"
ONE = re.compile("^学习 ?，1 件要办$")
NUMBERS = "/me/waiting/numbers/"


@pytest.fixture
def lessons(trainer, village, settings) -> list[Lesson]:
    """A class with three lessons and a test before them."""
    settings.COUNTS_KEPT_SECONDS = 0
    course = make_course(village, lessons=3, title="直播课", slug="live")
    make_course(village, lessons=3, title="Live selling", slug="live-en", language="en", twin=course)
    make_cohort(course, village, trainer, name="秋季班", join_code="ABC234")
    make_quiz(course, "single", kind="pre", title="开课前测一测")
    return list(Lesson.objects.filter(module__course=course).in_order())


def tab(page, name: str):
    return page.get_by_role("navigation", name="主导航").get_by_role("link", name=name)


def sign_up(page, live_server) -> None:
    page.goto(live_server.url)
    page.get_by_role("main").get_by_role("link", name="注册").tap()
    page.get_by_label("姓名").fill("田新苗")
    page.get_by_label("手机号").fill(PHONE)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("出生年月").fill("198506")
    page.get_by_label("进班码").fill("abc234")
    page.get_by_label("我看过隐私说明").check(force=True)
    page.get_by_role("button", name="注册").tap()
    page.wait_for_url("**/learn/")


def take_the_first_test(page) -> None:
    page.get_by_role("link", name="先做学前测试").tap()
    page.get_by_role("button", name="开始答题").tap()
    page.locator("input[name=answer][value=b]").check(force=True)
    page.get_by_role("button", name="交答案").tap()
    expect(page.get_by_text("讲解").first).to_be_visible()
    attempt = Attempt.objects.get()
    if attempt.finished_at is None:
        page.get_by_role("link", name="看成绩").or_(page.get_by_role("button", name="看成绩")).first.tap()
    Attempt.objects.get(finished_at__isnull=False)


def test_from_the_home_page_to_an_answered_question(page, live_server, lessons, trainer, axe):
    sign_up(page, live_server)
    enrolment = Enrolment.objects.get()
    assert enrolment.cohort.name == "秋季班"
    expect(page.get_by_text("眼下没有等你办的事。")).to_be_visible()
    axe()
    take_the_first_test(page)

    page.goto(f"{live_server.url}/learn/")
    page.get_by_role("link", name="开始学").tap()
    page.wait_for_url(f"**{path_of(lessons[0])}")
    page.get_by_role("button", name="学完了").tap()
    expect(page.locator("#status")).to_have_text("已送到，学完了")

    # Without a line: the second lesson, kept before.
    keep(page, live_server, lessons[1])
    cut(page.context)
    page.reload()
    page.get_by_role("button", name="学完了").tap()
    expect(page.locator("#waiting")).to_contain_text("还有 1 条没送到")
    assert LessonDone.objects.count() == 1
    mend(page.context)
    expect(page.locator("#waiting")).to_contain_text("收到了，回执")
    assert sorted(LessonDone.objects.values_list("lesson", flat=True)) == [
        lesson.pk for lesson in lessons[:2]
    ]

    # Home goes on with the third lesson of this course, in the language of the screen.
    page.goto(f"{live_server.url}/learn/")
    expect(page.get_by_text("已学 2 节，共 3 节")).to_be_visible()
    expect(page.get_by_role("link", name="接着学")).to_have_attribute("href", path_of(lessons[2]))

    # The trainer answers: the tab and the block say so without a reload.
    ask = make_ask(enrolment.user, enrolment.cohort, lessons[0])
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(tab(page, "学习")).to_have_accessible_name("学习")
    page.evaluate("window.stayed = true")
    Reply.objects.create(ask=ask, author=trainer, text="竖着拍。")
    page.wait_for_timeout(2100)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(tab(page, "学习")).to_have_accessible_name(ONE)
    expect(page.get_by_role("button", name="老师回了你的问题")).to_be_visible()
    assert page.evaluate("window.stayed")
    axe()

    # Opened, it is done with.
    page.get_by_role("button", name="老师回了你的问题").tap()
    expect(page.get_by_text("竖着拍。")).to_be_visible()
    expect(tab(page, "学习")).to_have_accessible_name("学习")
    assert Ask.objects.count() == 1


@pytest.mark.long
def test_two_tabs_with_old_numbers_correct_themselves(sign_in, live_server, lessons, trainer, trainee):
    cohort = lessons[0].module.course.cohorts.get()
    Enrolment.objects.create(user=trainee, course=cohort.course, cohort=cohort)
    Reply.objects.create(ask=make_ask(trainee, cohort, lessons[0]), author=trainer, text="竖着拍。")
    first = sign_in(trainee)
    first.goto(f"{live_server.url}/learn/")
    second = first.context.new_page()
    second.goto(f"{live_server.url}/me/")
    for page in (first, second):
        expect(tab(page, "学习")).to_have_accessible_name(ONE)
    first.bring_to_front()
    first.get_by_role("button", name="老师回了你的问题").tap()
    first.wait_for_url("**/learn/asks/**")
    second.wait_for_timeout(2100)
    second.bring_to_front()
    second.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(tab(second, "学习")).to_have_accessible_name("学习")


@pytest.mark.long
def test_the_numbers_move_nothing(sign_in, live_server, lessons, trainer, trainee):
    cohort = lessons[0].module.course.cohorts.get()
    Enrolment.objects.create(user=trainee, course=cohort.course, cohort=cohort)
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/me/")
    places = (
        "[...document.querySelectorAll('.tabs a')].map((tab) => JSON.stringify(tab.getBoundingClientRect()))"
    )
    before = page.evaluate(places)
    Reply.objects.create(ask=make_ask(trainee, cohort, lessons[0]), author=trainer, text="竖着拍。")
    page.wait_for_timeout(2100)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".tabs b")).to_have_text("1")
    assert page.evaluate(places) == before


@pytest.mark.long
@pytest.mark.own_phone
def test_a_page_that_is_left_alone_asks_ever_less_often(sign_in, live_server, trainee):
    page = sign_in(trainee)
    page.clock.install()
    asked, answered = [], []
    for event, urls in (("request", asked), ("response", answered)):
        page.on(event, lambda it, urls=urls: urls.append(it.url) if NUMBERS in it.url else None)
    page.goto(f"{live_server.url}/me/")
    page.wait_for_load_state("networkidle")
    # From here on time passes only as told, however slow the machine is; the count begins with one asked at once.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    asked.clear()
    answered.clear()
    page.evaluate("window.dispatchEvent(new Event('farm:read'))")
    for seconds, times in ((1, 1), (37, 1), (4, 2), (75, 2), (10, 3), (145, 3), (20, 4)):
        page.clock.run_for(seconds * 1000)
        # The next is planned when this one is answered.
        until(lambda times=times: page.wait_for_timeout(50) or len(answered) >= times)
        page.wait_for_timeout(400)
        assert len(asked) == times, seconds


@pytest.mark.long
def test_without_scripts_the_numbers_are_right_at_load(
    browser, live_server, client, lessons, trainer, trainee
):
    cohort = lessons[0].module.course.cohorts.get()
    Enrolment.objects.create(user=trainee, course=cohort.course, cohort=cohort)
    client.force_login(trainee)
    context = browser.new_context(**SCREEN, locale="zh-CN", java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/me/")
    expect(page.locator(".tabs b")).to_have_count(0)
    Reply.objects.create(ask=make_ask(trainee, cohort, lessons[0]), author=trainer, text="竖着拍。")
    page.goto(f"{live_server.url}/learn/")
    expect(page.locator(".tabs b")).to_have_text("1")
    page.get_by_role("button", name="老师回了你的问题").tap()
    expect(page.get_by_text("竖着拍。")).to_be_visible()
    expect(page.locator(".tabs b")).to_have_count(0)
    context.close()
