"""“学完了” on a bad line: an answer lost, a line cut, a page left; and the trainer's class on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import User
from courses.models import Lesson
from progress.enrolling import enrol
from progress.models import LessonDone
from tests.browser.conftest import PHONE, expect
from tests.factories import make_cohort, make_course

DONE = "**/done/"


@pytest.fixture
def lessons(trainee, trainer, village) -> list[Lesson]:
    course = make_course(village, lessons=3, title="直播课", slug="live")
    enrol(trainee, course, make_cohort(course, village, trainer, name="秋季班", join_code="ABC234"))
    return list(Lesson.objects.in_order())


def kept(page, user: User) -> str | None:
    return page.evaluate(f"localStorage.getItem('done:{user.pk}')")


def events() -> list[tuple]:
    return [(row.lesson_id, str(row.event_id)) for row in LessonDone.objects.order_by("pk")]


def open_lesson(page, live_server, lesson: Lesson) -> None:
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    page.wait_for_load_state("networkidle")


def test_lost_answer_is_sent_again_under_the_same_id(sign_in, live_server, trainee, lessons, axe):
    page = sign_in(trainee)
    sent: list[str] = []

    def arrive_but_lose_the_answer(route) -> None:
        sent.append(route.request.post_data)
        route.fetch()
        route.abort()

    page.route(DONE, arrive_but_lose_the_answer)
    open_lesson(page, live_server, lessons[0])
    page.get_by_role("button", name="学完了").click()
    expect(page.get_by_role("button", name="再送一次")).to_be_visible()
    expect(page.locator("#said")).to_have_text("没送到。已记在手机里，有信号会再送。")
    assert len(events()) == 1
    axe()

    page.unroute(DONE)
    page.on(
        "request", lambda request: sent.append(request.post_data) if request.url.endswith("/done/") else None
    )
    page.get_by_role("button", name="再送一次").click()
    forward = page.get_by_role("region").get_by_role("link", name="下一课")
    expect(forward).to_be_focused()
    expect(page.locator("#said")).to_have_text("已送到，学完了")
    ids = [re.search(r"event_id=([0-9a-f-]{36})", body)[1] for body in sent]
    assert ids == [ids[0]] * 2
    assert events() == [(lessons[0].pk, ids[0])]
    assert kept(page, trainee) is None
    axe()


def test_tap_without_a_line_goes_out_when_it_is_back(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    open_lesson(page, live_server, lessons[0])
    page.context.set_offline(True)
    page.get_by_role("button", name="学完了").click()
    expect(page.get_by_role("button", name="再送一次")).to_be_visible()
    assert events() == []
    page.context.set_offline(False)
    expect(page.get_by_role("region").get_by_role("link", name="下一课")).to_be_visible()
    assert [row[0] for row in events()] == [lessons[0].pk]


def test_what_is_still_on_the_phone_goes_out_from_the_home_page(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    page.route(DONE, lambda route: route.abort())
    for lesson in lessons[:2]:
        open_lesson(page, live_server, lesson)
        page.get_by_role("button", name="学完了").click()
        expect(page.get_by_role("button", name="再送一次")).to_be_visible()
    assert kept(page, trainee).count("event_id") == 2
    page.unroute(DONE)
    page.goto(f"{live_server.url}/learn/")
    expect(page.get_by_text("学完 2 课，共 3 课").first).to_be_visible()
    assert [row[0] for row in events()] == [lesson.pk for lesson in lessons[:2]]
    assert kept(page, trainee) is None


def test_another_person_on_the_same_phone_sends_nothing_of_the_first(
    sign_in, live_server, trainee, seller, lessons
):
    page = sign_in(trainee)
    page.route(DONE, lambda route: route.abort())
    open_lesson(page, live_server, lessons[0])
    page.get_by_role("button", name="学完了").click()
    expect(page.get_by_role("button", name="再送一次")).to_be_visible()
    page.unroute(DONE)
    enrol(seller, lessons[0].module.course)
    sign_in(seller)
    page.goto(f"{live_server.url}/learn/")
    page.wait_for_load_state("networkidle")
    assert events() == []
    assert kept(page, trainee).count("event_id") == 1


def test_session_that_ended_keeps_the_tap_on_the_phone(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    open_lesson(page, live_server, lessons[0])
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="学完了").click()
    expect(page.get_by_role("button", name="再送一次")).to_be_visible()
    assert events() == []
    sign_in(trainee)
    open_lesson(page, live_server, lessons[0])
    expect(page.get_by_role("region").get_by_role("link", name="下一课")).to_be_visible()
    assert [row[0] for row in events()] == [lessons[0].pk]


@pytest.mark.usefixtures("no_second_factor")
def test_trainer_reads_the_class_on_a_phone_and_on_a_wide_screen(
    sign_in, live_server, trainer, trainee, lessons, axe
):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/classes/")
    axe()
    page.get_by_role("link", name="秋季班").click()
    expect(page.get_by_role("table")).to_be_hidden()
    axe()
    page.get_by_role("link", name="田巧云").click()
    expect(page.get_by_text("还没学")).to_have_count(3)
    axe()
    page.go_back()
    page.get_by_role("link", name="第1-2课").click()
    expect(page.get_by_role("heading", name="还没学的")).to_be_visible()
    axe()
    page.go_back()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_role("table")).to_be_visible()
    axe()
    page.get_by_role("link", name="二维码").click()
    expect(page.get_by_role("img", name="进班的二维码")).to_be_visible()
    axe()


@pytest.fixture
def with_back_cache(browser_type, browser_type_launch_args, live_server, client) -> Callable:
    """A person's phone that keeps whole pages to go back to, which Playwright switches off."""
    flag = "--disable-back-forward-cache"
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=[flag])

    def enter(person: User) -> Page:
        client.force_login(person)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context = browser.new_context(locale="zh-CN", **PHONE)
        context.add_cookies([session])
        return context.new_page()

    yield enter
    browser.close()


@pytest.mark.parametrize("way", ["sign_in", "with_back_cache"])
@pytest.mark.parametrize("path", ["/learn/", "/learn/live/"])
def test_going_back_after_a_tick_shows_it(request, live_server, trainee, lessons, way, path):
    """Whether the browser kept the page whole or only its text."""
    page = request.getfixturevalue(way)(trainee)
    page.goto(live_server.url + path)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("学完 0 课，共 3 课")).to_be_visible()
    page.locator(f"a[href='/learn/lessons/{lessons[0].pk}/']").first.click()
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("#said")).to_have_text("已送到，学完了")
    page.go_back()
    expect(page.get_by_text("学完 1 课，共 3 课")).to_be_visible()


def test_going_back_without_a_line_keeps_the_old_page(with_back_cache, live_server, trainee, lessons):
    page = with_back_cache(trainee)
    page.goto(f"{live_server.url}/learn/live/")
    page.wait_for_load_state("networkidle")
    page.evaluate("kept = 1")
    page.locator(f"a[href='/learn/lessons/{lessons[0].pk}/']").first.click()
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("#said")).to_have_text("已送到，学完了")
    page.context.set_offline(True)
    page.go_back(wait_until="commit")  # a page brought back whole is not loaded
    expect(page.get_by_text("学完 0 课，共 3 课")).to_be_visible()
    assert page.evaluate("kept") == 1
