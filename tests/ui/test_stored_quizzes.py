"""What a phone stores of quizzes for the time without a signal: each paper once, and its pictures while something needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.ui.farm import Farm

pytestmark = pytest.mark.browser
PARTS = {
    "judge": "progress/quiz_judge.js",
    "feedback": "progress/quiz_feedback.js",
    "outbox": "outbox/outbox.js",
    "order": "courses/question_order.js",
    "keeping": "progress/kept_lessons.js",
}
WORDS = ("send", "nth_of", "bar", "none", "full", "next", "end", "kept")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Farm]:
    """A page that may store files, which browsers allow on this machine's own name."""
    page = browser.new_page()
    page.set_default_timeout(5000)
    farm = Farm(page, "http://localhost")
    farm.open("/", "<!doctype html><title>phone</title>")
    yield farm
    page.close()


@pytest.mark.long
def test_files_that_a_kept_lesson_or_another_stored_quiz_needs_stay(phone):
    """A quiz with a, b and c ends while another needs b and a lesson c; then a lesson with c, d and e is deleted."""
    found = phone.page.evaluate("""async () => {
      const outbox = await import("/static/outbox/outbox.js"), { sweep, drop } = await import("/static/progress/kept_lessons.js");
      const cache = await caches.open("farm-kept-7");
      const names = async () => (await cache.keys()).map(({ url }) => new URL(url).pathname);
      const paper = (...urls) => JSON.stringify({ paper: { questions: urls.map((url) => ({ html: `<img src="${url}">` })) } });
      for (const name of "abcde") await cache.put(`/${name}.webp`, new Response("x"));
      localStorage.setItem("paper:7:2", paper("/b.webp", "/e.webp"));
      localStorage.setItem("paper:8:2", paper("/a.webp"));
      const lesson = { user: 7, lesson: 1, urls: ["/c.webp", "/d.webp", "/e.webp"] };
      const rows = [lesson, { user: 7, lesson: 2, urls: ["/c.webp"] }];
      await outbox.within("kept", "readwrite", (store) => rows.forEach((row) => store.put(row)));
      await sweep(outbox, 7, ["/a.webp", "/b.webp", "/c.webp"].map((url) => new URL(url, location).href));
      const afterQuiz = await names();
      await drop(outbox, 7, lesson);
      return [afterQuiz, await names()];
    }""")
    assert found == [["/b.webp", "/c.webp", "/d.webp", "/e.webp"], ["/b.webp", "/c.webp", "/e.webp"]]


def open_quiz(phone: Farm, answer: Callable) -> None:
    """Show the part of a quiz's page that stores its paper; `answer` answers the request for the paper."""
    data = " ".join(f'data-{part}="/static/{path}"' for part, path in PARTS.items())
    part = f"""<input name="csrfmiddlewaretoken" value="t"><section hidden data-paper="/paper" data-quiz="3" data-user="7"
        data-sheet="/static/courses/quiz.css" data-failed="" data-storing="{{n}}" {data}>
        <button data-fetch>存</button><p data-note></p><div data-page></div></section>"""
    phone.open("/quiz", f"<!doctype html><title>quiz</title>{part}")
    phone.page.route("http://localhost/paper", answer)
    start = (
        "import('/static/progress/quizpaper.js').then((m) => m.default(document.querySelector('section')))"
    )
    phone.page.evaluate(start)


def paper(*pictures: str) -> dict:
    html = "".join(f'<img src="{one}">' for one in pictures)
    return {"attempt": "x", "order": [0], "answered": {}, "tells": False, "judged": False, "words": dict.fromkeys(WORDS, "送"),
            "questions": [{"kind": "true_false", "text": "甜吗？", "html": f"<p>甜吗？</p>{html}"}]}  # fmt: skip


@pytest.mark.long
def test_quiz_begins_once_however_often_it_is_tapped(phone):
    answers = [{"problem": "没有题"}, paper()]
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(json=answers[min(len(asked), len(answers)) - 1])

    open_quiz(phone, answer)
    button = phone.page.locator("[data-fetch]")
    tap = "for (let n = 0; n < 3; n++) document.querySelector('[data-fetch]').click()"
    phone.page.evaluate(tap)
    expect(phone.page.locator("[data-note]")).to_have_text("没有题")
    expect(button).to_be_enabled()
    phone.page.evaluate(tap)
    expect(phone.page.locator("form p").first).to_have_text("甜吗？")
    assert asked == ["POST"] * 2


@pytest.mark.long
def test_pictures_are_stored_by_a_browser_without_a_time_limit_of_its_own(phone):
    phone.pages["/a.webp"] = "picture"
    open_quiz(phone, lambda route: route.fulfill(json=paper("/a.webp")))
    phone.page.evaluate("delete AbortSignal.timeout")
    phone.page.locator("[data-fetch]").click()
    expect(phone.page.locator("form p").first).to_have_text("甜吗？")
    stored = (
        "caches.open('farm-kept-7').then((cache) => cache.keys()).then((all) => all.map(({ url }) => url))"
    )
    assert phone.page.evaluate(stored) == ["http://localhost/a.webp"]
