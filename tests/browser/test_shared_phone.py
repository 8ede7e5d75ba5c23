"""One phone, two people, one after the other: nothing of the first opens for the second, and nothing of it is lost."""

import contextlib

import pytest
from playwright.sync_api import Error

from courses.models import Lesson
from progress.enrolment.services import enrol
from progress.models import LessonDone
from tests.browser.conftest import PHONE, expect
from tests.browser.kept_lessons import caches_of, cut, keep, mend, open_page, path_of, until, who
from tests.browser.line import Line
from tests.factories import make_course

pytestmark = pytest.mark.one_phone


@pytest.fixture
def lessons(trainee, seller, village) -> list[Lesson]:
    course = make_course(village, lessons=2, title="直播课", slug="live")
    enrol(trainee, course)
    enrol(seller, course)
    return list(Lesson.objects.in_order())


@pytest.fixture
def line(live_server):
    line = Line(live_server.url)
    yield line
    line.close()


def sign_out(page, line) -> None:
    page.goto(f"{line.url}/accounts/logout/")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("banner").get_by_role("link", name="登录")).to_be_visible()


def shows(page, line, lesson: Lesson) -> str:
    """The heading of what comes at a lesson's address."""
    page.goto(line.url + path_of(lesson))
    return page.get_by_role("heading", level=1).inner_text()


@pytest.mark.long
def test_kept_lesson_opens_for_its_owner_only(sign_in, line, trainee, seller, lessons):
    page = sign_in(trainee, line.url)
    keep(page, line, lessons[0])
    line.without = "/sync/"
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("#waiting")).to_contain_text("还有 1 条没送到")
    sign_out(page, line)
    assert until(lambda: who(page) == 0)
    cut(page.context)
    assert shows(page, line, lessons[0]) == "现在连不上"
    expect(page.get_by_text("还没有存课。")).to_be_visible()
    expect(page.get_by_text("没有等着送的，都送到了。")).to_be_visible()

    mend(page.context)
    sign_in(seller, line.url)
    open_page(page, line, "/learn/kept/")
    assert until(lambda: who(page) == seller.pk)
    expect(page.get_by_text("还没有存课。")).to_be_visible()
    expect(page.get_by_text("没有等着送的，都送到了。")).to_be_visible()
    cut(page.context)
    assert shows(page, line, lessons[0]) == "现在连不上"
    expect(page.get_by_text("还没有存课。")).to_be_visible()
    assert list(caches_of(page)) == [f"farm-kept-{trainee.pk}"]
    assert LessonDone.objects.count() == 0

    line.without = ""
    mend(page.context)
    sign_in(trainee, line.url)
    open_page(page, line, "/learn/kept/")
    expect(page.get_by_role("link", name="第1-1课")).to_be_visible()
    expect(page.get_by_text("上一次送到的回执")).to_be_visible()
    assert list(LessonDone.objects.values_list("user", "lesson")) == [(trainee.pk, lessons[0].pk)]
    cut(page.context)
    assert shows(page, line, lessons[0]) == "第1-1课"


@pytest.mark.long
def test_signing_out_without_a_line_locks_what_is_kept(sign_in, line, trainee, lessons):
    page = sign_in(trainee, line.url)
    keep(page, line, lessons[0])
    page.goto(f"{line.url}/accounts/logout/")
    page.wait_for_load_state("networkidle")
    line.becomes("cut")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="现在连不上")).to_be_visible()
    assert who(page) == 0
    assert shows(page, line, lessons[0]) == "现在连不上"


@pytest.mark.long
@pytest.mark.parametrize("offline", [False, True])
def test_back_after_signing_out_shows_nothing(sign_in, line, trainee, lessons, offline):
    page = sign_in(trainee, line.url)
    open_page(page, line, path_of(lessons[0]))
    sign_out(page, line)
    if offline:
        cut(page.context)
    for _step in range(2):
        page.evaluate("history.back()")
        page.wait_for_timeout(700)
        assert "第1-1课" not in page.locator("body").inner_text()
    expect(page.get_by_role("heading", name="现在连不上" if offline else "登录").first).to_be_visible()


def test_back_under_another_name_is_asked_for_anew(sign_in, line, trainee, seller, lessons):
    LessonDone.objects.create(user=trainee, lesson=lessons[0], happened_at="2026-11-20T08:00:00Z")
    page = sign_in(trainee, line.url)
    open_page(page, line, path_of(lessons[0]))
    expect(page.locator(".dock")).to_contain_text("下一课")
    sign_out(page, line)
    sign_in(seller, line.url)
    open_page(page, line, "/learn/kept/")
    for _step in range(3):  # a page that asks for itself anew breaks off the wait for the one before
        with contextlib.suppress(Error):
            page.go_back(wait_until="commit")
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="第1-1课")).to_be_visible()
    expect(page.get_by_role("button", name="学完了")).to_be_visible()


@pytest.mark.long
def test_other_tab_is_emptied_when_somebody_signs_out(sign_in, line, trainee, lessons):
    page = sign_in(trainee, line.url)
    open_page(page, line, path_of(lessons[0]))
    other = page.context.new_page()
    sign_out(other, line)
    expect(page.get_by_role("heading", name="登录").first).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_back_after_signing_out_shows_nothing_where_the_line_is_not_trusted(
    browser, live_server, settings, client, trainee, scripts
):
    settings.ALLOWED_HOSTS = ["village.test"]
    site = live_server.url.replace("localhost", "village.test")
    client.force_login(trainee)
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=scripts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/me/")
    expect(page.get_by_text(trainee.name).first).to_be_visible()
    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("banner").get_by_role("link", name="登录")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_text(trainee.name).count() == 0
    context.close()
