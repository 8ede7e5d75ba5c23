"""A lesson kept on the phone, with the line cut: it opens, it is done, it comes back once."""

import re
import time

import pytest

from courses.models import Lesson, LessonPicture
from progress.enrolment.services import enrol
from progress.models import LessonDone
from tests.browser.conftest import expect
from tests.browser.kept_lessons import caches_of, cut, keep, mend, open_page, path_of, until, who
from tests.browser.line import Line
from tests.factories import make_course, make_photo

pytestmark = pytest.mark.one_phone


@pytest.fixture
def lessons(trainee, village) -> list[Lesson]:
    course = make_course(village, lessons=3, title="直播课", slug="live")
    enrol(trainee, course)
    lesson = course.modules.get().lessons.first()
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name="hands", alt="两只手托着手机")
    lesson.body = "## 拿稳\n\n两只手托着。\n\n![](picture:hands)"
    lesson.save()
    return list(Lesson.objects.in_order())


def test_kept_lesson_opens_without_a_line_is_done_and_comes_in_once(
    sign_in, live_server, trainee, lessons, axe
):
    page = sign_in(trainee)
    keep(page, live_server, lessons[0])
    axe()
    cut(page.context)
    page.goto(live_server.url + path_of(lessons[0]))
    # With its photo and its styles.
    expect(page.get_by_role("heading", name="拿稳")).to_be_visible()
    photo = page.get_by_role("img", name="两只手托着手机")
    photo.scroll_into_view_if_needed()
    assert until(lambda: photo.evaluate("(image) => image.complete && image.naturalWidth")) > 0
    assert "-720." in until(lambda: photo.evaluate("(image) => image.currentSrc"))
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 100
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("#waiting")).to_contain_text("还有 1 条没送到")
    page.reload()
    expect(page.get_by_role("button", name="再送一次")).to_be_visible()
    # Other pages say what is kept and what waits.
    page.goto(live_server.url + path_of(lessons[1]))
    expect(page.get_by_role("heading", name="现在连不上")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="学完一课")).to_contain_text("1 件")
    axe()
    page.get_by_role("link", name="第1-1课").click()
    expect(page.get_by_role("heading", name="拿稳")).to_be_visible()
    assert LessonDone.objects.count() == 0
    mend(page.context)
    forward = page.get_by_role("region", name="这一课的操作").get_by_role("link", name="下一课")
    expect(forward).to_be_visible()
    expect(page.locator("#waiting")).to_contain_text("收到了，回执")
    assert list(LessonDone.objects.values_list("lesson", flat=True)) == [lessons[0].pk]
    page.goto(live_server.url + path_of(lessons[1]))
    expect(page.get_by_role("heading", name="第1-2课")).to_be_visible()
    cut(page.context)
    page.goto(live_server.url + path_of(lessons[0]))  # kept before, it says all the same that it is done
    expect(forward).to_be_visible()


@pytest.fixture
def line(live_server):
    line = Line(live_server.url)
    yield line
    line.close()


@pytest.mark.long
def test_a_line_that_hangs_holds_what_is_kept_back_three_seconds_at_most(sign_in, line, trainee, lessons):
    page = sign_in(trainee, line.url)
    keep(page, line, lessons[0])
    line.becomes("hangs")
    start = time.monotonic()
    page.goto(line.url + path_of(lessons[0]), wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name="拿稳")).to_be_visible()
    assert 2.9 < time.monotonic() - start < 5


@pytest.mark.long
def test_server_that_is_gone_is_the_same_as_no_line(sign_in, line, trainee, lessons):
    page = sign_in(trainee, line.url)
    keep(page, line, lessons[0])
    line.becomes("cut")
    page.goto(line.url + path_of(lessons[0]))
    page.get_by_role("button", name="学完了").click()
    expect(page.locator("#waiting")).to_contain_text("还有 1 条没送到")
    page.goto(line.url + "/learn/")
    expect(page.get_by_role("heading", name="现在连不上")).to_be_visible()
    line.becomes("up")
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_text("已学 1 节，共 3 节").first).to_be_visible()
    assert LessonDone.objects.count() == 1


@pytest.mark.long
@pytest.mark.own_phone
def test_list_of_kept_lessons_deletes_one_and_all(sign_in, live_server, trainee, lessons, axe):
    page = sign_in(trainee)
    keep(page, live_server, lessons[0])
    keep(page, live_server, lessons[1])
    open_page(page, live_server, "/learn/kept/")
    expect(page.locator("[data-lessons] li")).to_have_count(2)
    expect(page.locator("[data-space]")).to_have_text(
        re.compile(r"这里占了 0\.\d MB，手机还剩 \d+\.\d [MG]B")
    )
    axe()
    page.get_by_role("button", name="删掉这一课 第1-1课").click()
    expect(page.locator("[data-lessons] li")).to_have_count(1)
    names = caches_of(page)[f"farm-kept-{trainee.pk}"]
    assert path_of(lessons[1]) in names
    assert path_of(lessons[0]) not in names
    assert [name for name in names if "/photos/" in name] == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="全部删掉").click()
    expect(page.get_by_text("还没有存课。")).to_be_visible()
    assert caches_of(page) == {}


@pytest.mark.long
def test_newer_version_is_told_and_fetched(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    keep(page, live_server, lessons[0])
    page.reload()
    expect(page.get_by_text("存在手机里了")).to_be_visible()
    expect(page.get_by_text("有新的一版")).to_be_hidden()
    lessons[0].body = "## 拿得更稳\n\n手肘贴住身子。"
    lessons[0].save()
    page.reload()
    expect(page.get_by_text("有新的一版")).to_be_visible()
    page.get_by_role("button", name="更新").click()
    expect(page.get_by_text("存好了，没网也能看")).to_be_visible()
    expect(page.get_by_text("有新的一版")).to_be_hidden()
    cut(page.context)
    page.reload()
    expect(page.get_by_role("heading", name="拿得更稳")).to_be_visible()
    assert [name for name in caches_of(page)[f"farm-kept-{trainee.pk}"] if "/photos/" in name] == []


@pytest.mark.long
def test_kept_lesson_shows_its_photo_after_the_site_serves_pictures_elsewhere(
    sign_in, live_server, trainee, lessons, settings
):
    page = sign_in(trainee)
    keep(page, live_server, lessons[0])
    settings.MEDIA_URL = "https://files.county.test/media/"
    page.evaluate(
        "navigator.serviceWorker.addEventListener('controllerchange', () => (window.renewed = true))"
    )
    page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.update()).then(() => null)")
    until(lambda: page.evaluate("window.renewed"))
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    cut(page.context)
    page.goto(live_server.url + path_of(lessons[0]))
    photo = page.get_by_role("img", name="两只手托着手机")
    photo.scroll_into_view_if_needed()
    assert until(lambda: photo.evaluate("(image) => image.complete && image.naturalWidth")) > 0


@pytest.mark.long
def test_interrupted_keeping_leaves_nothing_half_kept(sign_in, live_server, trainee, lessons):
    page = sign_in(trainee)
    open_page(page, live_server, path_of(lessons[0]))
    page.get_by_text("存到手机，没网也能看").click()
    expect(page.locator("[data-save]")).to_be_visible()
    cut(page.context)
    page.locator("[data-save]").click()
    expect(page.get_by_text("没存完。已经下的不白下，有信号再点一次。")).to_be_visible()
    page.goto(live_server.url + "/learn/")
    expect(page.get_by_text("还没有存课。")).to_be_visible()
    mend(page.context)
    keep(page, live_server, lessons[0])
    assert path_of(lessons[0]) in caches_of(page)[f"farm-kept-{trainee.pk}"]


@pytest.mark.long
@pytest.mark.own_phone
def test_visitor_gets_no_worker_and_nothing_is_remembered(page, live_server, lessons):
    page.goto(live_server.url + "/courses/live/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistration().then(Boolean)") is False
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


@pytest.mark.long
def test_wechat_is_sent_to_a_browser_instead(browser, live_server, client, trainee, lessons):
    client.force_login(trainee)
    agent = "Mozilla/5.0 (Linux; Android 13) Chrome/116 Mobile MicroMessenger/8.0.40"
    with browser.new_context(user_agent=agent, locale="zh-CN") as context:
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path_of(lessons[0]))
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("在浏览器打开")).to_be_visible()
        expect(page.get_by_text("存到手机，没网也能看")).to_be_hidden()
        assert who(page) == trainee.pk
