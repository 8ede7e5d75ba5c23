"""Rehearsing before a phone's camera: cut, reloaded and begun again, it comes to the teacher whole."""

import re

from playwright.sync_api import expect

from rehearsals.models import Submission, Take
from tests.browser.keeping import until
from tests.browser.rehearsing.phone import END, kept, open_camera, record, score, takes


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
    told = [*Take.objects.order_by("number").values_list("lasted_ms", flat=True)]
    shown = [*video.parts.order_by("position").values_list("starts_ms", "lasts_ms")]
    assert abs(video.duration_ms - sum(told)) < 1500, (told, shown)
