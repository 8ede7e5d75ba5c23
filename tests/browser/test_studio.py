"""Rehearsing before a phone's camera: cut, reloaded and begun again, it comes to the teacher whole."""

import re

import pytest
from playwright.sync_api import expect

from progress.enrolling import enrol
from progress.models import Submission, Take
from tests.browser.keeping import until
from tests.browser.line import Line
from tests.browser.studio import enter, filming, hand, kept, open_camera, record, score, takes  # noqa: F401
from tests.factories import make_cohort, make_course
from tests.progress.rehearsals import make_drill, make_plan, make_rubric

START, STOP, GO_ON, END = "开始录", "停一下", "接着录", "录完了"


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
def page(hand, line, trainee, plan):  # noqa: F811
    enter(hand, trainee, line.url)
    page = hand.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{line.url}/practise/lives/{plan.pk}/")
    return page


def test_rehearsal_with_a_cut_and_a_reload_is_handed_in_and_becomes_a_film(
    page, line, plan, trainee, work_off
):
    open_camera(page)
    record(page, 3)
    line.becomes("cut")
    kept(page, 6)
    page.evaluate("window.dispatchEvent(new Event('beforeunload'))")
    line.becomes("up")
    page.reload()  # in the middle of a take
    expect(page.locator("[data-before]")).to_have_text(re.compile(r"录了 0:\d\d，存好了"))
    open_camera(page)
    record(page, 8)
    page.get_by_role("button", name=END).click()
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_visible()
    score(page)
    page.get_by_role("button", name="交给老师").click()
    page.wait_for_url("**/practise/rehearsals/**")
    submission = Submission.objects.get()
    expect(page.locator(".code[data-receipt]")).to_have_text(submission.receipt)
    until(lambda: Take.objects.filter(upload__state="whole").count() == 2, 20)
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 20)
    assert [(row["whole"], row["kept"]) for row in takes(page)] == [(True, 0)] * 2
    work_off()
    video = Submission.objects.get().video
    assert (video.status, video.problem, video.has_sound) == ("ready", "", True)
    told = sum(Take.objects.values_list("lasted_ms", flat=True))
    assert abs(video.duration_ms - told) < 1500
