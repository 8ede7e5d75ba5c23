"""A lesson in the trainer's own voice: recorded without a line, sent when there is one, opened, heard in order."""

import pytest

from courses.models import LessonVoice, VoicePart
from courses.voices.paragraphs import list_paragraphs
from media.models import Voice
from progress.enrolment.services import enrol
from tests.browser.camera import MICROPHONE
from tests.browser.conftest import FLAGS, PHONE, expect
from tests.browser.kept_lessons import until
from tests.browser.line import Line
from tests.factories import make_course

# What a page plays and reads, in order. No voice is installed on a machine that tests.
HEARD = """
window.heard = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  heard.push([...CSS.highlights.get("aloud")].map(String).join().trim());
  return play.call(this);
};
class Utterance { constructor(text) { this.text = text; } }
const synthesis = {
  getVoices: () => [{ lang: "zh-CN", localService: true }],
  speak(words) { heard.push(`手机：${words.text}`); setTimeout(() => words.onend(), 200); },
  cancel() {},
};
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
window.SpeechSynthesisUtterance = Utterance;
"""


@pytest.fixture
def lesson(village):
    lesson = make_course(village, lessons=1, title="直播课", slug="live").modules.get().lessons.get()
    lesson.body = "## 先称\n\n空箱去皮。\n\n- 一斤"
    lesson.save()
    return lesson


@pytest.fixture
def speaking(browser_type, browser_type_launch_args):
    """A browser with a microphone of its own making, which it gives to whoever asks."""
    found = browser_type.launch(**browser_type_launch_args | {"args": FLAGS + MICROPHONE})
    yield found
    found.close()


def enter(phone, client, person, url: str) -> None:
    client.force_login(person)
    phone.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def read(page) -> None:
    page.get_by_role("button", name="开始念").tap()
    expect(page.locator("[data-time]")).to_have_text("正在录 0:04")
    page.get_by_role("button", name="念完了").tap()
    expect(page.locator("[data-heard]")).to_be_visible()
    expect(page.locator("[data-clock]")).to_be_hidden()


def use(page) -> None:
    """The browser's microphone beeps so loudly that nothing counts before it is kept on purpose."""
    expect(page.locator("[data-says]")).to_have_text("声音太大，爆了，这一段还不算。手机拿远一点，再录一次。")
    expect(page.locator("[data-bad]:visible")).to_have_count(1)
    page.get_by_role("button", name="就这样用").tap()


@pytest.mark.long
def test_two_paragraphs_recorded_without_a_line_are_heard_by_a_trainee_in_order(
    speaking, live_server, client, trainer, trainee, lesson, work_off, no_second_factor
):
    line = Line(live_server.url)
    phone = speaking.new_context(**PHONE, locale="zh-CN", permissions=["microphone"])
    enter(phone, client, trainer, line.url)
    page = phone.new_page()
    page.goto(f"{line.url}/courses/live/plans/{lesson.pk}/")
    page.get_by_role("link", name="用自己的声音念这一课").tap()
    page.get_by_label("用什么话念").fill("麻阳话")
    page.get_by_label("学员看到的名字").fill("李老师")
    page.get_by_role("button", name="开始录").tap()
    expect(page.get_by_text("第 1 段，共 3 段")).to_be_visible()
    line.without = "/uploads/voice/"
    page.get_by_role("button", name="先听两秒有没有杂音").tap()
    expect(page.locator("[data-number]")).to_contain_text("分贝", timeout=8000)
    read(page)
    expect(page.get_by_text("没传完的")).to_be_hidden()
    page.reload()  # it is not lost, and still does not count
    page.locator("[data-parts] button").first.tap()
    use(page)
    expect(page.locator(".voice-text")).to_have_text("空箱去皮。")
    page.get_by_role("button", name="先听两秒有没有杂音").tap()
    expect(page.locator("[data-number]")).to_contain_text("分贝", timeout=8000)
    read(page)
    use(page)
    expect(page.get_by_text("没传完的：2 段，存在这台手机上。")).to_be_visible()
    page.reload()
    expect(page.locator(".voice-text")).to_have_text("一斤")
    assert VoicePart.objects.count() == 0
    line.without = ""
    expect(page.get_by_text("没传完的")).to_be_hidden(timeout=15_000)
    expect(page.get_by_text("还差 1 段。没录的由手机念。")).to_be_visible()
    texts = {one.digest: one.text for one in list_paragraphs(lesson.html)}
    assert [texts[part.digest] for part in VoicePart.objects.order_by("id")] == ["先称", "空箱去皮。"]
    work_off()
    assert set(Voice.objects.values_list("status", flat=True)) == {"ready"}
    page.get_by_role("button", name="放给大家听").tap()
    expect(page.get_by_role("button", name="收回来")).to_be_visible()
    assert LessonVoice.objects.get().is_open

    enrol(trainee, lesson.module.course)
    phone.clear_cookies()
    enter(phone, client, trainee, line.url)
    page = phone.new_page()
    page.add_init_script(HEARD)
    page.goto(f"{line.url}/learn/lessons/{lesson.pk}/")
    page.get_by_role("button", name="听李老师念（麻阳话）· 1 分钟").tap()
    expect(page.get_by_role("button", name="停一下").first).to_be_visible()
    until(lambda: page.evaluate("heard.length") == 3)
    assert page.evaluate("heard") == ["先称", "空箱去皮。", "手机：一斤"]
    phone.close()
    line.close()


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_pages_of_a_voice_are_clear_at_360_pixels(
    lang, sign_in, live_server, trainer, trainee, lesson, axe, no_second_factor
):
    digest = list_paragraphs(lesson.html)[0].digest
    row = LessonVoice.objects.create(lesson=lesson, speaker=trainer, speech="麻阳话", shown_name="李老师")
    sound = Voice.objects.create(
        owner=trainer, status="ready", duration_ms=4000, bytes=90_000, sha256="a" * 64
    )
    VoicePart.objects.create(lesson_voice=row, digest=digest, voice=sound)
    page = sign_in(trainer)
    page.context.add_cookies(
        [{"name": "django_language", "value": "en" if lang == "en" else "zh-hans", "url": live_server.url}]
    )
    for address in (
        f"/courses/live/plans/{lesson.pk}/voice/",
        f"/courses/live/plans/{lesson.pk}/voice/?speech=麻阳话",
        f"/learn/lessons/{lesson.pk}/",
    ):
        page.goto(f"{live_server.url}{address}")
        page.wait_for_load_state("networkidle")
        axe()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
