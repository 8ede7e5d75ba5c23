"""“学完了” on a bad connection: an answer lost, a line cut, a page left; and the trainer's class on a phone."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from accounts.models import User
from courses.models import Lesson
from progress.enrolment.services import enrol
from progress.models import LessonDone
from tests.browser.conftest import PHONE, expect
from tests.browser.kept_lessons import open_page
from tests.factories import make_cohort, make_course

pytestmark = pytest.mark.one_phone

SYNC = "**/sync/"


@pytest.fixture
def lessons(trainee, trainer, village) -> list[Lesson]:
    course = make_course(village, lessons=3, title="直播课", slug="live")
    enrol(trainee, course, make_cohort(course, village, trainer, name="秋季班", join_code="ABC234"))
    return list(Lesson.objects.in_order())


def events() -> list[tuple]:
    return [(row.lesson_id, str(row.event_id)) for row in LessonDone.objects.order_by("lesson_id")]


def open_lesson(page, live_server, lesson: Lesson) -> None:
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    page.wait_for_load_state("networkidle")


def tap(page) -> None:
    page.get_by_role("button", name="学完了").click()
    expect(page.get_by_role("button", name="再送一次")).to_be_visible()


def forward(page):
    return page.get_by_role("region", name="这一课的操作").get_by_role("link", name="下一课")


@pytest.mark.long
def test_lost_answer_is_sent_again_under_the_same_id(sign_in, live_server, trainee, lessons, axe):
    page = sign_in(trainee)
    sent: list[Request] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/sync/"):
            sent.append(request)

    def arrive_but_lose_the_answer(route) -> None:
        if route.request.method == "GET":
            return route.continue_()
        route.fetch()
        return route.abort()

    page.on("request", note)
    page.route(SYNC, arrive_but_lose_the_answer)
    open_lesson(page, live_server, lessons[0])
    tap(page)
    expect(page.locator("#status")).to_have_text("没送到。已记在手机里，有信号会再送。")
    expect(page.locator("#waiting")).to_contain_text("还有 1 条没送到")
    assert len(events()) == 1
    axe()

    page.unroute(SYNC)
    page.get_by_role("button", name="再送一次").click()
    expect(forward(page)).to_be_focused()
    expect(page.locator("#status")).to_have_text("已送到，学完了")
    expect(page.locator("#waiting")).to_contain_text(re.compile("收到了，回执 [2-9A-Z]{4}-[2-9A-Z]{4}"))
    # Once whose answer was lost, once by the button; the phone may have sent it by itself in between.
    ids = [json.loads(request.post_data)["events"][0]["id"] for request in sent]
    assert len(ids) >= 2
    assert len(set(ids)) == 1
    assert events() == [(lessons[0].pk, ids[0])]
    axe()
    page.reload()
    expect(forward(page)).to_be_visible()
    expect(page.locator("#waiting")).to_be_hidden()


@pytest.mark.long
def test_tap_without_a_line_goes_out_when_it_is_back(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    open_lesson(page, live_server, lessons[0])
    page.context.set_offline(True)
    tap(page)
    assert events() == []
    page.context.set_offline(False)
    expect(forward(page)).to_be_visible()
    assert [row[0] for row in events()] == [lessons[0].pk]


@pytest.mark.long
def test_what_is_still_on_the_phone_goes_out_from_the_home_page(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    page.route(SYNC, lambda route: route.abort())
    for lesson in lessons[:2]:
        open_lesson(page, live_server, lesson)
        tap(page)
    expect(page.locator("#waiting")).to_contain_text("还有 2 条没送到")
    page.unroute(SYNC)
    page.goto(f"{live_server.url}/learn/")
    expect(page.get_by_text("已学 2 节，共 3 节").first).to_be_visible()
    expect(page.locator("#waiting")).to_contain_text("收到了，回执")
    assert [row[0] for row in events()] == [lesson.pk for lesson in lessons[:2]]


@pytest.mark.long
def test_another_person_on_the_same_phone_sends_nothing_of_the_first(
    sign_in, live_server, trainee, seller, lessons
):
    page = sign_in(trainee)
    page.route(SYNC, lambda route: route.abort())
    open_lesson(page, live_server, lessons[0])
    tap(page)
    page.unroute(SYNC)
    enrol(seller, lessons[0].module.course)
    sign_in(seller)
    page.goto(f"{live_server.url}/learn/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#waiting")).to_be_hidden()
    assert events() == []
    sign_in(trainee)
    page.goto(f"{live_server.url}/learn/")
    expect(page.get_by_text("已学 1 节，共 3 节").first).to_be_visible()
    assert LessonDone.objects.get().user == trainee


@pytest.mark.long
def test_session_that_ended_keeps_the_tap_on_the_phone(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    open_lesson(page, live_server, lessons[0])
    page.context.clear_cookies(name="sessionid")
    tap(page)
    expect(page.locator("#status")).to_have_text("登录过期了，记的都在手机里，登录后再送。")
    expect(page.locator("#waiting").get_by_role("link", name="登录")).to_be_visible()
    assert events() == []
    sign_in(trainee)
    open_lesson(page, live_server, lessons[0])
    expect(forward(page)).to_be_visible()
    assert [row[0] for row in events()] == [lessons[0].pk]


@pytest.mark.long
def test_what_an_older_page_kept_is_brought_along(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/kept/")
    id = "11111111-1111-4111-8111-111111111111"
    old = {f"/learn/lessons/{lessons[0].pk}/done/": {"event_id": id, "happened_at": "2026-11-20T08:00:00Z"}}
    page.evaluate(f"old => localStorage.setItem('done:{trainee.pk}', JSON.stringify(old))", old)
    page.reload()
    expect(page.locator("#waiting")).to_contain_text("收到了，回执")
    assert events() == [(lessons[0].pk, id)]
    assert page.evaluate(f"localStorage.getItem('done:{trainee.pk}')") is None


@pytest.mark.long
@pytest.mark.own_phone
def test_phone_that_can_keep_nothing_sends_the_plain_form(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    open_lesson(page, live_server, lessons[0])
    page.get_by_role("button", name="学完了").click()
    expect(page.locator(".toast")).to_contain_text("学完了，给你记上了。")
    assert [row[0] for row in events()] == [lessons[0].pk]


@pytest.mark.usefixtures("no_second_factor")
def test_trainer_reads_the_class_on_a_phone_and_on_a_wide_screen(
    sign_in, live_server, trainer, trainee, lessons, axe
):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/classes/")
    axe()
    page.get_by_role("link", name="秋季班").click()
    page.wait_for_url("**/classes/*/")
    expect(page.get_by_role("heading", name="按课看")).to_be_visible()
    axe()
    page.get_by_role("link", name="田巧云").click()
    expect(page.get_by_text("还没学")).to_have_count(3)
    axe()
    page.go_back()
    page.get_by_role("link", name="谁学完了哪一课").click()
    page.wait_for_url("**/lessons/")
    expect(page.get_by_role("table")).to_be_hidden()
    axe()
    page.get_by_role("link", name="第1-2课").click()
    expect(page.get_by_role("heading", name="还没学的")).to_be_visible()
    axe()
    page.go_back()
    page.go_back()
    page.wait_for_url("**/classes/*/")
    # A phone never loads the table; a wide screen does once it is scrolled to, under the heading that stays.
    table = page.locator("table")
    page.get_by_role("link", name="谁学完了哪一课").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    expect(table).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(table).to_be_visible()
    expect(page.get_by_role("heading", name="按课看")).to_be_visible()
    axe()
    page.get_by_role("link", name="二维码").click()
    expect(page.get_by_role("img", name="进班的二维码")).to_be_visible()
    axe()


@pytest.fixture(scope="module")
def keeping(launch_browser, whole_chromium) -> Iterator[Browser]:
    """A browser that keeps whole pages to go back to, which Playwright switches off and the headless shell has not."""
    flag = "--disable-back-forward-cache"
    browser = launch_browser(executable_path=whole_chromium, ignore_default_args=[flag])
    yield browser
    browser.close()


@pytest.fixture
def with_back_cache(keeping, live_server, client) -> Iterator[Callable]:
    """Such a phone of a person."""
    contexts = []

    def enter(person: User) -> Page:
        client.force_login(person)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context = keeping.new_context(locale="zh-CN", **PHONE)
        contexts.append(context)
        context.add_cookies([session])
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


@pytest.mark.long
@pytest.mark.parametrize("way", ["sign_in", "with_back_cache"])
@pytest.mark.parametrize("path", ["/learn/", "/learn/live/"])
def test_going_back_after_a_tick_shows_it(request, live_server, trainee, lessons, way, path):
    """Whether the browser kept the page whole or only its text."""
    page = request.getfixturevalue(way)(trainee)
    page.goto(live_server.url + path)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("已学 0 节，共 3 节")).to_be_visible()
    page.locator(f"a[href='/learn/lessons/{lessons[0].pk}/']").first.click()
    expect(page).to_have_url(re.compile("/learn/lessons/"))
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("[data-dock] [data-focus]")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("已学 1 节，共 3 节")).to_be_visible()


@pytest.mark.long
def test_going_back_without_a_line_keeps_the_old_page(with_back_cache, live_server, trainee, lessons):
    page = with_back_cache(trainee)
    open_page(
        page, live_server, "/learn/live/"
    )  # as the worker takes charge, pages kept to go back to are lost
    page.evaluate("kept = 1")
    page.locator(f"a[href='/learn/lessons/{lessons[0].pk}/']").first.click()
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("#status")).to_have_text("已送到，学完了")
    page.context.set_offline(True)
    page.go_back(wait_until="commit")  # a page brought back whole is not loaded
    expect(page.get_by_text("已学 0 节，共 3 节")).to_be_visible()
    assert page.evaluate("kept") == 1
