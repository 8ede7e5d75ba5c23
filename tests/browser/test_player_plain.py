"""The lesson with its video without JavaScript, and read aloud where the phone has a voice."""

import pytest

from courses.models import Lesson
from progress.enrolment.services import enrol
from progress.models import LearningChoice
from tests.browser.conftest import PHONE, expect
from tests.browser.film import give_film
from tests.factories import make_course
from tests.progress.lessons.videos import has_watched

pytestmark = pytest.mark.one_phone

# No voice is installed on a machine that tests; this one reads at once and notes what it read.
VOICE = """
window.readAloud = [];
window.marked = [];
class Utterance { constructor(text) { this.text = text; } }
const synthesis = {
  getVoices: () => [{ lang: "zh-CN", localService: true }],
  speak(words) {
    readAloud.push([words.text, words.rate]);
    marked.push([...CSS.highlights.get("aloud")].map(String).join());
    setTimeout(() => words.onend(), 300);
  },
  cancel() {},
};
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
window.SpeechSynthesisUtterance = Utterance;
"""


@pytest.fixture
def lesson(trainee, village) -> Lesson:
    course = make_course(village, lessons=1, title="直播课", slug="live")
    enrol(trainee, course)
    lesson = Lesson.objects.get()
    lesson.body = "## 先称\n\n空箱去皮。再放**果**！\n\n- 一斤\n- 两斤"
    return give_film(lesson)


@pytest.mark.long
def test_plain_page_plays_reads_and_remembers(browser, sign_in, live_server, trainee, lesson):
    has_watched(trainee, lesson, (0, 4))
    cookies = sign_in(trainee).context.cookies()
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    video = page.locator("video")
    expect(video).to_have_attribute("controls", "")
    expect(video).to_have_attribute(
        "src", f"/learn/lessons/{lesson.pk}/video/480.mp4?v={lesson.video.key[:8]}#t=4.0"
    )
    expect(page.locator("[data-play]")).to_be_hidden()
    expect(page.get_by_text("念给我听")).to_be_hidden()
    page.get_by_role("link", name="省流量").click()
    expect(video).to_have_attribute(
        "src", f"/learn/lessons/{lesson.pk}/video/240.mp4?v={lesson.video.key[:8]}#t=4.0"
    )
    page.get_by_role("button", name="以后都这样学").click()
    expect(page.get_by_text("记下了，以后都这样。").first).to_be_visible()
    assert LearningChoice.objects.get().rendition == "240"
    page.get_by_text("视频里说的话").click()
    expect(page.get_by_text("空箱先去皮。到两公斤半停手。")).to_be_visible()
    page.get_by_role("link", name="0:05").click()
    expect(video).to_have_attribute(
        "src", f"/learn/lessons/{lesson.pk}/video/240.mp4?v={lesson.video.key[:8]}#t=5.0"
    )
    context.close()


@pytest.mark.long
def test_aloud_stays_hidden_without_a_voice(sign_in, live_server, trainee, lesson):
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-say]")).to_be_hidden()


@pytest.mark.long
@pytest.mark.own_phone
def test_aloud_reads_sentence_by_sentence_and_marks_it(sign_in, live_server, trainee, lesson, axe):
    page = sign_in(trainee)
    page.add_init_script(VOICE)
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    page.get_by_role("button", name="朗读速度").click()
    page.get_by_role("button", name="念给我听").click()
    expect(page.get_by_role("button", name="停一下").last).to_be_visible()
    expect(page.get_by_role("button", name="念给我听")).to_be_visible()
    said = ["先称", "空箱去皮。", "再放果！", "一斤", "两斤"]
    assert page.evaluate("readAloud") == [[text, 1.25] for text in said]
    assert page.evaluate("marked") == said
    assert page.evaluate("CSS.highlights.has('aloud')") is False
    axe()


@pytest.mark.long
@pytest.mark.own_phone
def test_aloud_pauses_and_goes_on(sign_in, live_server, trainee, lesson):
    page = sign_in(trainee)
    page.add_init_script(VOICE)
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    page.get_by_role("button", name="念给我听").click()
    page.get_by_role("button", name="停一下").last.click()
    expect(page.get_by_role("button", name="接着念")).to_be_visible()
    count = page.evaluate("readAloud.length")
    page.wait_for_timeout(400)
    assert page.evaluate("readAloud.length") == count < 5
    page.get_by_role("button", name="接着念").click()
    expect(page.get_by_role("button", name="念给我听")).to_be_visible()
