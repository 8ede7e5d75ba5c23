"""A browser with a camera of Chromium's own making, and a rehearsal to be recorded with it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType

from progress.enrolment.services import enrol
from tests.browser.camera import camera
from tests.browser.conftest import FLAGS, PATIENCE, PHONE
from tests.browser.line import Line
from tests.browser.rehearsing.phone import PLAYS, enter
from tests.factories import make_cohort, make_course
from tests.rehearsals.worlds import make_drill, make_plan, make_rubric

# For how many seconds it records; without it, it is not run.
collect_ignore = [] if "REHEARSAL_SECONDS" in os.environ else ["test_whole_rehearsal.py"]


@pytest.fixture(scope="session")
def filming(browser_type: BrowserType, browser_type_launch_args: dict) -> Iterator[Browser]:
    """A browser with a camera and a microphone, which it gives to whoever asks."""
    found = browser_type.launch(**browser_type_launch_args | {"args": [*FLAGS, *camera(), PLAYS]})
    yield found
    found.close()


@pytest.fixture
def hand(filming: Browser, live_server) -> Iterator[BrowserContext]:
    """A phone with a camera; errors in scripts fail the test."""
    complaints: list[str] = []
    with filming.new_context(**PHONE, locale="zh-CN", permissions=["camera", "microphone"]) as context:
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None,
        )
        yield context
        assert complaints == []


@pytest.fixture
def plan(county, village, trainer, trainee):
    course = make_course(county, title="直播课")
    make_rubric(course)
    enrol(trainee, course, make_cohort(course, village, trainer))
    return make_plan(trainee, make_drill(course))


@pytest.fixture
def line(live_server):
    found = Line(live_server.url)
    yield found
    found.close()


@pytest.fixture
def address(line, plan) -> str:
    """Of the studio."""
    return f"{line.url}/practise/lives/{plan.pk}/"


@pytest.fixture
def blank(hand, line, trainee):
    """The trainee's phone before the studio is opened."""
    enter(hand, trainee, line.url)
    page = hand.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


@pytest.fixture
def page(blank, address):
    blank.goto(address)
    return blank
