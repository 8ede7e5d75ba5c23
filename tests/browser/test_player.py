"""A lesson's video as a phone plays it: nothing before the tap, the place kept, only what was played counted."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page

from courses.models import Lesson
from progress.enrolment.services import enrol
from progress.models import LearningChoice, LessonDone, Watch
from tests.browser.conftest import PHONE, expect
from tests.browser.film import give_film
from tests.browser.kept_lessons import until
from tests.factories import make_course

pytestmark = pytest.mark.one_phone


@pytest.fixture
def lesson(trainee, village) -> Lesson:
    course = make_course(village, lessons=2, title="直播课", slug="live")
    enrol(trainee, course)
    return give_film(Lesson.objects.in_order()[0])


@pytest.fixture
def asked(page) -> list[str]:
    """The parts of the video that this page asked for, in order, each once."""
    parts: list[str] = []

    def note(request) -> None:
        if (part := re.search(r"/video/([\w.]+)", request.url)) and part[1] not in parts:
            parts.append(part[1])

    page.on("request", note)
    return parts


@pytest.fixture
def opened(page, asked, sign_in, live_server, trainee, lesson) -> Page:
    sign_in(trainee)
    return visit(page, live_server, lesson)


def visit(page: Page, live_server, lesson: Lesson, rest: str = "") -> Page:
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/{rest}")
    page.wait_for_load_state("networkidle")
    return page


def play(page: Page) -> None:
    page.locator("[data-play]").click()


def at(page: Page) -> float:
    return page.locator("video").evaluate("video => video.currentTime")


def plays_until(page: Page, seconds: float) -> None:
    """Asks ever sooner as the moment comes near: each question takes its part of the processor from the film."""
    until = time.monotonic() + 20
    while (now := at(page)) < seconds:
        assert time.monotonic() < until, f"stuck at {now}"
        page.wait_for_timeout(min(max(50, (seconds - now) * 400), 500))


def jump(page: Page, seconds: float) -> None:
    page.locator("video").evaluate("(video, to) => (video.currentTime = to)", seconds)
    until = time.monotonic() + 20
    while page.locator("video").evaluate("video => video.seeking"):
        assert time.monotonic() < until, "still seeking"
        page.wait_for_timeout(20)


def is_sync(response) -> bool:
    """The outbox first asks who is signed in, then tells."""
    return response.url.endswith("/sync/") and response.request.method == "POST"


def pause(page: Page) -> float:
    """Where it stopped."""
    with page.expect_response(is_sync):
        page.get_by_role("button", name="停一下").click()
    return at(page)


@pytest.mark.long
def test_nothing_is_fetched_before_the_tap(opened, asked, axe):
    assert asked == ["poster.webp"]
    axe()
    play(opened)
    plays_until(opened, 0.5)
    assert asked == ["poster.webp", "480.mp4"]
    axe()


@pytest.mark.long
def test_captions_are_shown_at_the_bottom_because_the_browsers_bar_comes_only_when_asked_for(opened):
    play(opened)
    plays_until(opened, 0.5)
    video = opened.locator("video")
    track = "video => [video.textTracks[0].mode, video.textTracks[0].activeCues?.[0]?.text]"
    assert until(lambda: video.evaluate(track) == ["showing", "空箱先去皮。"])
    assert video.evaluate("v => [v.controls, v.textTracks[0].activeCues[0].line]") == [False, "auto"]
    video.tap()
    assert video.evaluate("v => v.controls") is True
    assert until(lambda: video.evaluate("v => !v.controls"), 10, every=0.3)


@pytest.mark.long
def test_another_device_goes_on_where_this_one_stopped(opened, browser, live_server, lesson, trainee):
    play(opened)
    plays_until(opened, 4)
    stopped = pause(opened)
    watch = Watch.objects.get()
    assert abs(watch.last_ms - stopped * 1000) <= 1
    assert 3000 <= watch.watched_ms <= stopped * 1000 + 1
    second: BrowserContext = browser.new_context(**PHONE, locale="zh-CN")
    second.add_cookies(opened.context.cookies())
    there = visit(second.new_page(), live_server, lesson)
    expect(there.get_by_text("上次看到 0:04")).to_be_visible()
    play(there)
    plays_until(there, stopped + 0.3)
    assert at(there) < stopped + 3
    second.close()


@pytest.mark.long
def test_skipping_and_playing_again_count_for_nothing(opened):
    play(opened)
    plays_until(opened, 2)
    jump(opened, 9)
    plays_until(opened, 10)
    jump(opened, 0)
    plays_until(opened, 1)
    pause(opened)
    watch = Watch.objects.get()
    assert 2000 <= watch.watched_ms <= 3900
    assert watch.furthest_ms >= 9500
    assert len(watch.intervals) == 2
    assert watch.intervals[0][0] < 50  # a slow phone looks at its clock a frame later
    assert watch.intervals[1][0] >= 8990


@pytest.mark.long
def test_enough_watched_is_done_by_the_servers_word(opened, lesson, axe):
    Lesson.objects.filter(pk=lesson.pk).update(watch_share=20)
    opened.reload()
    opened.wait_for_load_state("networkidle")
    expect(opened.get_by_text("看了 0%，看到 20% 算看完")).to_be_visible()
    play(opened)
    forward = opened.get_by_role("region").get_by_role("link", name="下一课")
    expect(forward).to_be_visible(timeout=15_000)
    assert LessonDone.objects.get().lesson_id == lesson.pk
    expect(opened.locator("[data-seen-status]")).to_have_text(re.compile(r"看了 (2\d|3\d)%"))
    axe()


@pytest.mark.long
def test_speed_counts_the_videos_time(opened):
    play(opened)
    opened.locator(".seg label", has_text="2×").click()
    plays_until(opened, 6)
    pause(opened)
    assert 5000 <= Watch.objects.get().watched_ms <= 6500
    assert LearningChoice.objects.get().speed_percent == 200


@pytest.mark.long
def test_listening_holds_for_this_lesson_until_the_button_keeps_it(opened, asked, axe):
    opened.get_by_role("link", name="只听").click()
    expect(opened.get_by_text("只有这一课这样")).to_be_visible()
    axe()
    play(opened)
    plays_until(opened, 0.5)
    assert asked == ["poster.webp", "listen.m4a"]
    assert not LearningChoice.objects.exclude(rendition="").exists()
    with opened.expect_response(is_sync):
        opened.get_by_role("button", name="以后都这样学").click()
    expect(opened.get_by_text("记下了，以后都这样。")).to_be_visible()
    assert LearningChoice.objects.get().rendition == "listen"


@pytest.mark.long
def test_words_stand_under_a_player_without_a_picture(opened):
    opened.get_by_role("link", name="只听").click()
    play(opened)
    expect(opened.locator("[data-cue]")).not_to_be_empty()
    opened.get_by_role("link", name="看视频").click()
    expect(opened.locator("[data-cue]")).to_be_hidden()
    plays_until(opened, 0.5)
    assert opened.locator("video").evaluate(
        "video => [...video.textTracks[0].activeCues].map((cue) => cue.line)"
    ) == ["auto"]


@pytest.mark.long
def test_reading_only_puts_the_player_away_and_a_time_tapped_is_heard_from_there(opened, asked):
    opened.get_by_role("link", name="只读文字").click()
    expect(opened.locator("video")).to_be_hidden()
    opened.get_by_role("link", name="看视频").click()
    expect(opened.locator("video")).to_be_visible()
    play(opened)
    plays_until(opened, 0.3)
    opened.get_by_role("link", name="只读文字").click()
    opened.get_by_role("link", name="0:05", exact=True).first.click()
    plays_until(opened, 5.2)
    assert at(opened) < 8
    assert asked == ["poster.webp", "480.mp4", "listen.m4a"]


@pytest.mark.long
def test_changing_the_rendition_keeps_the_place(opened, asked):
    play(opened)
    plays_until(opened, 2.5)
    opened.get_by_role("link", name="省流量").click()
    plays_until(opened, 2.6)
    assert not opened.locator("video").evaluate("video => video.paused")
    assert at(opened) < 5
    assert asked == ["poster.webp", "480.mp4", "240.mp4"]
    expect(opened.get_by_role("link", name="省流量")).to_have_attribute("aria-current", "true")
    expect(opened.get_by_role("link", name="看视频")).to_have_attribute("data-rendition", "240")


def test_keys_buttons_and_times_move_it(opened):
    play(opened)
    plays_until(opened, 0.3)
    opened.keyboard.press(" ")
    video = opened.locator("video")
    assert video.evaluate("video => video.paused")
    opened.keyboard.press("ArrowRight")
    assert at(opened) > 9
    opened.keyboard.press("ArrowLeft")
    assert at(opened) < 2
    opened.keyboard.press(">")
    assert video.evaluate("video => video.playbackRate") == 1.25
    opened.keyboard.press("<")
    opened.keyboard.press("<")
    assert video.evaluate("video => video.playbackRate") == 0.75
    opened.keyboard.press(" ")
    assert not video.evaluate("video => video.paused")
    opened.get_by_role("button", name="往前 10 秒").click()
    assert at(opened) > 9
    opened.get_by_role("link", name="0:05", exact=True).first.click()
    plays_until(opened, 5.2)
    assert at(opened) < 8


@pytest.mark.long
@pytest.mark.own_phone
def test_slow_line_gets_the_sparing_rendition(page, asked, sign_in, live_server, trainee, lesson):
    sign_in(trainee)
    slow = "Object.defineProperty(navigator, 'connection', { value: { effectiveType: '3g' } })"
    page.add_init_script(slow)
    visit(page, live_server, lesson)
    expect(page.get_by_role("link", name="省流量")).to_have_attribute("aria-current", "true")
    play(page)
    plays_until(page, 0.3)
    assert asked == ["poster.webp", "240.mp4"]
    assert not LearningChoice.objects.exists()
