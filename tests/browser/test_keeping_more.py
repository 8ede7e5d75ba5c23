"""A kept lesson's video and quiz with the line cut: they play, they can be answered, and come in once."""

import pytest

from courses.models import Lesson
from outbox.models import Event
from progress.enrolment.services import enrol
from progress.models import Attempt, Watch
from tests.browser.conftest import expect
from tests.browser.film import SECONDS, give_film
from tests.browser.kept_lessons import caches_of, cut, keep, mend, open_page, path_of, until
from tests.factories import make_course
from tests.quizzes import make_question, make_quiz

pytestmark = pytest.mark.one_phone


@pytest.fixture
def lesson(trainee, village) -> Lesson:
    course = make_course(village, lessons=1, title="直播课", slug="live")
    enrol(trainee, course)
    return Lesson.objects.get()


def state(page) -> tuple:
    return page.locator("video").evaluate("video => [video.currentTime, video.error?.code, video.readyState]")


RANGE = """async ([url, range]) => {
  const answer = await fetch(url, { headers: range ? { Range: range } : {} });
  const body = await answer.arrayBuffer();
  return [answer.status, body.byteLength, answer.headers.get("Content-Range")];
}"""


@pytest.mark.long
def test_kept_video_plays_and_seeks_without_a_line_and_is_credited(sign_in, live_server, trainee, lesson):
    page = sign_in(trainee)
    give_film(lesson)
    keep(page, live_server, lesson)
    names = caches_of(page)[f"farm-kept-{trainee.pk}"]
    files = {name.rpartition("/")[2] for name in names if "/lessons/" in name}
    assert files == {"", "240.mp4", "poster.webp", "captions.vtt"}
    url = page.evaluate("document.querySelector('video').getAttribute('src').split('#')[0]")
    size = lesson.video.bytes_of("240")
    cut(page.context)
    page.goto(live_server.url + path_of(lesson))
    video = page.locator("video")
    page.locator("[data-play]").click()
    assert until(lambda: state(page)[0] > 0.5)
    video.evaluate("(video, to) => (video.currentTime = to)", SECONDS - 3)
    assert until(lambda: state(page)[0] > SECONDS - 3 and state(page)[2] >= 2)
    video.evaluate("(video) => (video.currentTime = 1)")
    # More than a second after the seek: a part is counted at each of the video's time updates, up to 250 ms apart.
    assert until(lambda: 2.1 < state(page)[0] < SECONDS - 4)
    assert state(page)[1] is None
    video.evaluate("(video) => video.pause()")
    expect(page.locator("#waiting")).to_contain_text("没送到")
    assert Watch.objects.count() == 0
    mend(page.context)
    assert until(lambda: Watch.objects.filter(user=trainee, lesson=lesson, watched_ms__gt=800).exists())
    cut(page.context)
    # The worker answers for any part of it.
    asked = {
        "bytes=0-99": [206, 100, f"bytes 0-99/{size}"],
        "bytes=100-": [206, size - 100, f"bytes 100-{size - 1}/{size}"],
        "bytes=-50": [206, 50, f"bytes {size - 50}-{size - 1}/{size}"],
        f"bytes={size}-": [416, 0, f"bytes */{size}"],
        "": [200, size, None],
    }
    assert {how: page.evaluate(RANGE, [url, how]) for how in asked} == asked
    # Another quality than the kept one falls back to it.
    page.goto(live_server.url + path_of(lesson) + "?rung=480")
    page.locator("[data-play]").click()
    assert until(lambda: state(page)[0] > 0.3)


@pytest.mark.long
def test_kept_quiz_is_answered_without_a_line_and_comes_in_once(sign_in, live_server, trainee, lesson):
    quiz = make_quiz(lesson.module.course, lesson=lesson, kind="lesson", title="小测")
    for _n in range(2):
        make_question(quiz.bank, "true_false")
    page = sign_in(trainee)
    keep(page, live_server, lesson)
    cut(page.context)
    page.goto(live_server.url + path_of(lesson))
    page.get_by_role("link", name="小测").click()
    expect(
        page.locator("[data-fetch]")
    ).to_be_visible()  # the paper's, once the script has seen that there is no connection
    expect(page.locator("main button:visible")).to_have_text(["开始答题"])
    page.get_by_role("button", name="开始答题").click()
    for _n in range(2):
        page.locator("[data-page] input[name=answer]").first.check(force=True)
        page.locator("[data-page] form button").last.click()
        page.locator("[data-page] > button").last.click()
    expect(page.get_by_role("heading", level=1).last).to_be_visible()
    expect(page.locator("#waiting")).to_contain_text("还有 3 条没送到")
    page.reload()
    expect(page.locator("#waiting")).to_contain_text("还有 3 条没送到")
    mend(page.context)
    expect(page.locator("#waiting")).to_contain_text("收到了，回执")
    attempt = Attempt.objects.get()
    assert (attempt.user, attempt.number, attempt.total, attempt.answers.count()) == (trainee, 1, 2, 2)
    assert attempt.finished_at is not None
    assert list(Event.objects.values_list("kind", "state")) == [("attempt", "applied")] * 3
    open_page(page, live_server, "/learn/kept/")
    expect(page.get_by_text("没有等着送的，都送到了。")).to_be_visible()


@pytest.mark.long
def test_form_sent_without_a_line_ends_on_a_page_of_ours(sign_in, live_server, trainee, lesson):
    quiz = make_quiz(lesson.module.course, "true_false", lesson=lesson, kind="lesson", title="小测")
    page = sign_in(trainee)
    open_page(page, live_server, f"/learn/quizzes/{quiz.pk}/")
    cut(page.context)
    page.get_by_role("button", name="开始答题").click()
    expect(page.get_by_role("heading", name="现在连不上")).to_be_visible()
    mend(page.context)
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("button", name="交答案")).to_be_visible()
    assert Attempt.objects.count() == 1


@pytest.mark.long
def test_kept_paper_opens_when_the_phone_wrongly_thinks_it_has_a_line(sign_in, live_server, trainee, lesson):
    make_quiz(lesson.module.course, "true_false", lesson=lesson, kind="lesson", title="小测")
    page = sign_in(trainee)
    keep(page, live_server, lesson)
    page.get_by_role("link", name="小测").click()
    expect(page.locator("main button:visible")).to_have_text(["开始答题"])
    page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    page.evaluate("window.addEventListener('offline', (event) => event.stopImmediatePropagation(), true)")
    cut(page.context)
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator("[data-page]").get_by_role("button", name="交答案")).to_be_visible()
