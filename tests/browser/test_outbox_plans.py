"""The phone's own outbox.js through seeded interruptions, in Chromium, against the running server.

The plans are those that the server is tested with (tests/outbox/plans.py); here the shipped script keeps, sends
and forgets. A phone is a browser context. Its page may be killed at any step and opened again, its clock may be two
days off, its batches may never leave, arrive without an answer, arrive twice or late; 0 lost, 0 doubled.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.utils import timezone

from progress.models import Enrolment
from tests.factories import make_cohort, make_course, make_person
from tests.outbox.plans import plan
from tests.outbox.player import Story
from tests.progress.lessons.videos import make_video

PLANS = int(os.environ.get("BROWSER_PLANS", 4))
PARTS = 4
WAYS = """async ([way, url, ...rest]) => {
  const outbox = await import(url);
  if (way === "add") return outbox.add(...rest);
  if (way === "count") return outbox.count(...rest);
  return (await outbox.send()).problem;
}"""
BARE = "<!doctype html><meta charset=utf-8><title>.</title>"


class BrowserPhone:
    """A phone: a context of its own, whose page comes and goes. One story after the other is told on it."""

    def __init__(self, browser, live_server) -> None:
        self.url = live_server.url
        self.script = staticfiles_storage.url("outbox/outbox.js")
        self.context = browser.new_context(service_workers="block")
        self.context.route("**/bare", lambda route: route.fulfill(body=BARE, content_type="text/html"))
        self.context.route("**/sync/", self.pass_on)
        self.begin()
        self.open()

    def begin(self) -> BrowserPhone:
        self.fate, self.late, self.off = "cut", [], timedelta()
        return self

    def sign_in(self, person) -> None:
        client = Client()
        client.force_login(person)
        session = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])

    def open(self) -> None:
        self.page = self.context.new_page()
        self.page.goto(self.url + "/bare")

    def kill(self) -> None:
        self.page.close()
        self.open()

    def pass_on(self, route) -> None:
        """The greeting is cut like any other request; what becomes of a batch is its fate."""
        if self.fate == "cut" or (self.fate == "crash" and route.request.method == "POST"):
            return route.abort()
        if route.request.method == "GET":
            return route.continue_()
        answer = route.fetch()
        if self.fate == "twice":
            answer = route.fetch()
        if self.fate == "late":
            self.late.append((route.request.post_data_buffer, route.request.headers))
        if self.fate in ("unheard", "late"):
            return route.abort()
        return route.fulfill(response=answer)

    def do(self, way: str, *facts):
        return self.page.evaluate(WAYS, [way, self.script, *facts])

    def send(self, fate: str) -> None:
        self.fate = fate
        self.do("send")
        self.fate = "cut"  # the script's own next try waits for the story

    def repeat(self) -> None:
        """The copies that come after everything else."""
        for body, headers in self.late:
            self.context.request.post(f"{self.url}/sync/", data=body, headers=headers)


class BrowserStory(Story):
    """The same story with the browser's outbox in the place of the test's queue."""

    def __init__(self, plan, user, lessons, browser_phones: list[BrowserPhone]) -> None:
        super().__init__(plan, user, lessons)
        self.dice = Random(plan.seed)
        self.phones = [each.begin() for each in browser_phones[: plan.phones]]
        for phone in self.phones:
            phone.sign_in(user)

    def make(self, on: int, fact: dict) -> None:
        self.made.append(fact)
        at = datetime.fromisoformat(fact["at"]).astimezone(UTC).isoformat()
        self.phones[on].do("add", self.user.pk, fact["kind"], fact["body"], at, fact["id"])
        self.maybe_kill(on)

    def send(self, on: int, most: int, fate: str, at: int = 0) -> None:
        self.phones[on].send(fate)
        self.maybe_kill(on)

    def maybe_kill(self, on: int) -> None:
        if self.dice.random() < 0.25:
            self.phones[on].kill()

    def play(self) -> BrowserStory:
        for step in self.plan.steps:
            getattr(self, step["do"])(**{name: value for name, value in step.items() if name != "do"})
        for phone in self.phones:
            phone.repeat()
            phone.send("arrives")
        return self

    def left(self) -> list[int]:
        return [phone.do("count", self.user.pk) for phone in self.phones]


@pytest.fixture
def cohort(county, village, trainer):
    course = make_course(county, lessons=4, title="直播课", slug="live")
    course.modules.get().lessons.update(video=make_video(duration_ms=600_000))
    return make_cohort(course, village, trainer)


@pytest.fixture
def browser_phones(browser, live_server):
    found = [BrowserPhone(browser, live_server) for _n in range(2)]
    yield found
    for each in found:
        each.context.close()


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_outbox_loses_nothing_and_doubles_nothing(browser_phones, cohort, part):
    lessons = list(cohort.course.modules.get().lessons.in_order())
    for seed in range(part, PLANS, PARTS):
        person = make_person(f"学员{seed}")
        long_ago = timezone.now() - timedelta(days=20)
        Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort, enrolled_at=long_ago)
        played = BrowserStory(plan(seed), person, lessons, browser_phones).play()
        wrong = played.lost() + played.doubled()
        assert not wrong, f"seed {seed}: {wrong}\n{played.plan.to_json()}"
        assert played.left() == [0] * played.plan.phones, f"seed {seed}: the phone still holds what arrived"
