"""Lessons on a phone: what tests need to keep one, and to look into what the browser holds."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.core.signals import request_started
from playwright.sync_api import BrowserContext, Page, expect

from courses.models import Lesson

ASK = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("farm-kept-"));
  const keys = async (name) => (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname);
  return Promise.all(names.map(async (name) => [name, await keys(name)]));
}"""
# Asked before the page has made its store, it is not made here: an empty one would keep the page from making its own.
NOTE = """(key) => new Promise((done) => {
  const ask = indexedDB.open("farm");
  ask.onupgradeneeded = () => ask.transaction.abort();
  ask.onerror = () => done(undefined);
  ask.onsuccess = () => {
    const found = ask.result.transaction("notes").objectStore("notes").get(key);
    found.onsuccess = () => (ask.result.close(), done(found.result));
  };
})"""


SHOWN = 60


class Requests(logging.Handler):
    """The requests since the test began, for the message of a test that waits in vain: each as it begins, and the answers
    that the product logs, which are those to requests that change something or fail."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.began = time.monotonic()
        request_started.connect(self.note_request)
        logging.getLogger("farm.requests").addHandler(self)

    def begin(self) -> None:
        self.lines.clear()
        self.began = time.monotonic()

    def note(self, line: str) -> None:
        self.lines.append(f"{time.monotonic() - self.began:7.2f} s  {line}")

    def note_request(self, environ: dict | None = None, **_facts: object) -> None:
        if environ and not environ["PATH_INFO"].startswith(settings.STATIC_URL):
            self.note(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")

    def emit(self, record: logging.LogRecord) -> None:
        fields = getattr(record, "fields", {})
        answer = "{method} {path}: {status} after {ms} ms"
        self.note(f"    {answer.format_map(fields)}" if fields else record.getMessage())

    def __str__(self) -> str:
        return "\n".join(["the server was asked:", *self.lines[-SHOWN:]])


requests = Requests()


def until(true: Callable[[], object], seconds: float = 20, every: float = 0.05) -> object:
    """Page.wait_for_function evaluates strings, which the CSP refuses. What takes seconds, as a film, is asked less often."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"waited {seconds} s in vain; {requests}"
        time.sleep(every)
    return found


def path_of(lesson: Lesson) -> str:
    return f"/learn/lessons/{lesson.pk}/"


def open_page(page: Page, live_server, path: str) -> None:
    """With the worker in charge of the page: it comes with the second page of a person."""
    page.goto(live_server.url + path)
    user = page.locator("script[data-user]").get_attribute("data-user")
    until(lambda: page.evaluate(NOTE, "who") == int(user))
    page.reload()
    until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    page.wait_for_load_state("networkidle")


def keep(page: Page, live_server, lesson: Lesson) -> None:
    open_page(page, live_server, path_of(lesson))
    page.get_by_text("存到手机，没网也能看").click()
    expect(page.locator("[data-save]")).to_have_text(re.compile(r"存到手机 \d+\.\d MB"))
    page.locator("[data-save]").click()
    expect(page.get_by_text("存好了，没网也能看")).to_be_visible()


def caches_of(page: Page) -> dict[str, list[str]]:
    return dict(page.evaluate(ASK))


def who(page: Page) -> int | None:
    return page.evaluate(NOTE, "who")


def cut(context: BrowserContext) -> None:
    context.set_offline(True)


def mend(context: BrowserContext) -> None:
    context.set_offline(False)
