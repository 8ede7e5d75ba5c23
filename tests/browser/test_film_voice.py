"""A trainer's voice over a lesson's film, and the lesson listened to only: each line at its time, in step with the picture."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from courses.models import LessonVoice, VoicePart
from courses.voices.film import list_cues
from courses.voices.paragraphs import list_paragraphs
from media.models import Voice
from progress.enrolment.services import enrol
from tests.browser.camera import MICROPHONE
from tests.browser.conftest import FLAGS, PHONE, expect
from tests.browser.film import give_film, parts
from tests.browser.kept_lessons import cut, keep, open_page, path_of, until
from tests.browser.test_lesson_voice import HEARD, enter
from tests.factories import make_course

pytestmark = pytest.mark.one_phone

# Each sound that begins, with the second of the film, and how far the film and the sound are.
PLAYED = """
window.played = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (this instanceof HTMLAudioElement) {
    window.sound = this;
    played.push([Math.round(document.querySelector("video").currentTime), Math.round(this.currentTime)]);
  }
  return play.call(this);
};
"""


@pytest.fixture
def lesson(trainee, village):
    course = make_course(village, lessons=1, title="直播课", slug="live")
    enrol(trainee, course)
    lesson = course.modules.get().lessons.get()
    lesson.body = "## 先称\n\n空箱去皮。\n\n- 一斤"
    return give_film(lesson)


def make_sound(owner, milliseconds: int) -> Voice:
    """A recording that plays: the sound of the film, which lasts 12 seconds."""
    content = parts()[1]["listen.m4a"]
    voice = Voice.objects.create(
        owner=owner, status="ready", duration_ms=milliseconds, bytes=len(content), sha256=uuid.uuid4().hex
    )
    storages["private"].save(voice.name, ContentFile(content))
    return voice


def speak(lesson, speaker, wanted, **fields) -> LessonVoice:
    facts = {"speech": "麻阳话", "shown_name": "李老师", "opened_at": "2026-01-01T00:00Z", "closed_at": None}
    row = LessonVoice.objects.create(lesson=lesson, speaker=speaker, **facts | fields)
    for one in wanted:
        VoicePart.objects.create(lesson_voice=row, digest=one.digest, voice=make_sound(speaker, 12_000))
    return row


def at_sound(page) -> float:
    return page.evaluate("sound.currentTime")


@pytest.mark.long
def test_each_line_is_heard_at_its_time_over_the_film_with_the_music_low(
    sign_in, live_server, trainer, trainee, lesson, axe
):
    speak(lesson, trainer, list_cues(lesson.captions))
    page = sign_in(trainee)
    page.add_init_script(PLAYED)
    page.goto(live_server.url + path_of(lesson))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("李老师讲（麻阳话）")).to_be_checked()
    axe()
    page.locator("[data-play]").click()
    until(lambda: page.evaluate("played.length"))
    assert page.evaluate("played[0]") == [0, 0]
    video = page.locator("video")
    assert video.evaluate("video => Math.round(video.volume * 100)") == 20
    # Stopped and gone on with, both are in step.
    until(lambda: at_sound(page) > 0.3)
    video.evaluate("video => video.pause()")
    until(lambda: page.evaluate("sound.paused"))
    video.evaluate("video => video.play()")
    until(lambda: not page.evaluate("sound.paused"))
    # In the middle of the second line the recording begins in its middle: the film is at 8 s, the line began at 5.
    video.evaluate("video => (video.currentTime = 8)")
    until(lambda: page.evaluate("played.at(-1)[0]") == 8)
    assert page.evaluate("played.at(-1)") == [8, 3]
    # Speed is that of the film.
    page.locator('label:has([name=speed][value="150"])').click()
    until(lambda: page.evaluate("sound.playbackRate") == 1.5)
    # Without a voice the film is as loud as before, and that is kept for the next lesson.
    page.get_by_label("没人讲，只有音乐和字幕").or_(page.get_by_label("视频里的声音")).check()
    assert page.evaluate("sound.paused")
    assert video.evaluate("video => video.volume") == 1
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("视频里的声音")).to_be_checked()


@pytest.mark.long
def test_line_that_lasts_longer_than_its_picture_is_said_while_it_is_recorded(
    browser_type, browser_type_launch_args, live_server, client, trainer, lesson, no_second_factor
):
    lesson.captions = (
        "WEBVTT\n\n00:00.000 --> 00:01.000\n空箱。\n\nNOTE 秤\n\n00:05.000 --> 00:12.000\n停手。\n"
    )
    lesson.save()
    chromium = browser_type.launch(**browser_type_launch_args | {"args": FLAGS + MICROPHONE})
    phone = chromium.new_context(**PHONE, locale="zh-CN", permissions=["microphone"])
    enter(phone, client, trainer, live_server.url)
    page = phone.new_page()
    page.goto(f"{live_server.url}/courses/live/plans/{lesson.pk}/voice/?film=1")
    page.get_by_label("学员看到的名字").fill("李老师")
    page.get_by_role("button", name="开始录").tap()
    expect(page.get_by_text("第 1 句，共 2 句")).to_be_visible()
    expect(page.locator("[data-picture]")).to_have_text("画面 1 秒")
    page.get_by_role("button", name="先听两秒有没有杂音").tap()
    expect(page.locator("[data-number]")).to_contain_text("分贝", timeout=8000)
    page.get_by_role("button", name="开始念").tap()
    expect(page.locator("[data-says]")).to_have_text("比画面长 1 秒，说短一点")
    expect(page.locator("[data-picture]")).to_have_text("比画面长 2 秒，说短一点")
    page.get_by_role("button", name="念完了").tap()
    expect(page.locator("[data-heard]")).to_be_visible()
    expect(page.locator("[data-picture]")).to_have_text("比画面长 2 秒，说短一点")
    # It is heard over its picture, which stops at its end.
    film = page.locator("[data-film]")
    page.locator("[data-heard]").evaluate("heard => heard.play()")
    until(lambda: not film.evaluate("film => film.paused"))
    until(lambda: film.evaluate("film => film.paused"))
    assert 1 <= film.evaluate("film => film.currentTime") < 1.6
    page.get_by_role("button", name="就这样用").tap()  # the browser's microphone beeps too loudly
    expect(page.locator("[data-seen]")).to_have_text("秤")
    assert film.evaluate("film => film.currentTime") == 5
    until(lambda: VoicePart.objects.count() == 1)
    chromium.close()


@pytest.mark.long
def test_lesson_is_listened_to_without_a_line_paragraph_after_paragraph_in_the_voice_chosen_before(
    sign_in, live_server, trainer, trainee, organiser, lesson, axe
):
    renditions = lesson.video.renditions
    lesson.video.renditions = {name: facts for name, facts in renditions.items() if name != "listen"}
    lesson.video.save()
    lines = list_paragraphs(lesson.html)
    speak(lesson, organiser, lines[:1], shown_name="王老师", speech="普通话")
    speak(lesson, trainer, lines[:2], opened_at="2026-01-02T00:00Z")
    page = sign_in(trainee)
    page.add_init_script(HEARD)
    open_page(page, live_server, path_of(lesson))
    page.get_by_role("button", name="听李老师念（麻阳话）").tap()
    page.get_by_role("button", name="停一下").first.tap()
    keep(page, live_server, lesson)
    cut(page.context)
    page.goto(live_server.url + path_of(lesson))
    page.get_by_role("link", name="只听").tap()
    expect(page.locator("[data-figure]")).to_be_hidden()
    expect(page.get_by_text("还没有人给这个视频配音")).to_be_hidden()
    expect(page.locator("#listen [data-nth]")).to_have_text("第 1 段，共 3 段")
    expect(page.locator("#listen [data-now]")).to_have_text("先称")
    axe()
    page.get_by_role("button", name="下一段").tap()
    expect(page.locator("#listen [data-now]")).to_have_text("空箱去皮。")
    page.get_by_role("button", name="下一段").tap()
    expect(page.locator("#listen [data-by]")).to_have_text("手机念的，不是老师的声音")
    until(lambda: page.evaluate("heard.length") == 3)
    assert page.evaluate("heard") == ["先称", "空箱去皮。", "手机：一斤"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
