"""A large film into a lesson, over a line that is cut five times and across a reload of the page."""

import hashlib
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Page, Route, expect

from courses.models import Lesson, State
from media.models import Upload, Video
from tests.factories import make_course
from tests.media.videos.films import film
from tests.media.videos.rows import make_video

pytestmark = pytest.mark.one_phone

PIECE = 512 * 1024
WIDE = {"width": 1280, "height": 800}
MEGABYTES = int(os.environ.get("FILM_MEGABYTES", 12))
BIG = {
    "name": f"{MEGABYTES}-megabytes.mp4", "seconds": 0.2 * MEGABYTES, "size": "1280x720", "rate": "30",
    "how": "-vf noise=alls=12:allf=t -c:v libx264 -preset ultrafast -crf 23 -pix_fmt yuv420p -c:a aac",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def lesson(village, trainer) -> Lesson:
    return make_course(village, lessons=1, state=State.DRAFT).modules.get().lessons.get()


@pytest.fixture
def form(lesson, sign_in, trainer, live_server) -> Iterator[Page]:
    page = sign_in(trainer)
    page.set_viewport_size(WIDE)
    page.on("dialog", accept)
    open_form(page, live_server, lesson)
    yield page
    page.remove_listener("dialog", accept)


def accept(dialog: Dialog) -> None:
    dialog.accept()


def open_form(page: Page, live_server, lesson: Lesson) -> None:
    page.goto(live_server.url + reverse("admin:courses_lesson_change", args=[lesson.pk]))
    page.wait_for_load_state("networkidle")
    page.get_by_role("heading", name="视频和字幕").click()


def find_message(page: Page):
    return page.locator("[data-tus] [data-message]")


def choose(page: Page, path: Path) -> None:
    page.locator("[data-film]").set_input_files(path)


class Line:
    """Cuts the pieces whose numbers are given: before they reach the server, or before its answer comes back. What comes
    after the last one waits."""

    def __init__(self, page: Page, before: set[int], after: set[int], last: float) -> None:
        self.before, self.after, self.last, self.starts = before, after, last, []
        page.route("**/uploads/video/**", self.carry)

    def carry(self, route: Route) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        self.starts.append(int(route.request.headers["upload-offset"]))
        number = len(self.starts)
        if number in self.before:
            return route.abort("connectionreset")
        if number in self.after:
            route.fetch()
            return route.abort("connectionreset")
        return route.continue_() if number <= self.last else None


def offset() -> int:
    return Upload.objects.values_list("offset", flat=True).get()


def wait_for(page: Page, true) -> None:
    for _try in range(600):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("waited in vain")


@pytest.mark.long
def test_large_film_resumes_within_one_piece(form, lesson, live_server, work_off):
    path = film(**BIG)
    content = path.read_bytes()
    assert 0.9 < len(content) / MEGABYTES / 1_000_000 < 1.25
    pieces = len(content) // PIECE
    cut = [round(pieces * share) for share in (0.05, 0.15, 0.26, 0.38, 0.5)]
    line = Line(form, before={*cut[::2]}, after={*cut[1::2]}, last=round(pieces * 0.6))
    choose(form, path)
    wait_for(form, lambda: len(line.starts) > line.last)
    expect(find_message(form)).to_contain_text(" MB，还要 ")
    open_form(form, live_server, lesson)  # the page is gone in the middle of a piece
    expect(find_message(form)).to_have_text(
        re.compile(rf"{path.name} 传到 \d+\.\d/\d+\.\d MB，再选一次这个文件就接着传")
    )
    reached, before = offset(), len(line.starts)
    assert PIECE < reached < len(content)
    line.last = math.inf
    choose(form, path)
    expect(find_message(form)).to_have_text("传完了，等着处理", timeout=60_000)
    assert line.starts[before] in (reached, reached + PIECE)  # it may have arrived while the page went
    assert len(line.starts) * PIECE <= len(content) + 7 * PIECE  # five cuts and a reload: a piece each
    work_off()
    expect(find_message(form)).to_have_text("处理好了，保存就能看", timeout=15_000)
    form.locator("input[name=_save]").click()
    form.wait_for_url("**/courses/lesson/**")
    lesson.refresh_from_db()
    video = Video.objects.get()
    assert lesson.video == video
    assert (video.status, video.sha256) == ("ready", hashlib.sha256(content).hexdigest())
    assert video.bytes == len(content)


@pytest.mark.long
def test_save_waits_for_the_film_and_cancelling_leaves_nothing(form, lesson, work_off):
    form.route("**/uploads/video/*/**", lambda route: (form.wait_for_timeout(150), route.continue_()))
    choose(form, film("big.mp4", seconds=6, size="1280x720"))
    expect(find_message(form)).to_contain_text("MB")
    form.get_by_role("button", name="取消上传").click()
    expect(find_message(form)).to_have_text("取消上传")
    wait_for(form, lambda: Upload.objects.get().state == "gone")
    choose(form, film("big.mp4", seconds=6, size="1280x720"))
    expect(find_message(form)).to_contain_text("MB")
    form.locator("input[name=_save]").click()
    expect(form.locator(".messagelist")).to_contain_text("保存好了")
    lesson.refresh_from_db()
    assert lesson.video.status == "waiting"


@pytest.mark.long
def test_offline_is_said_and_it_goes_on_by_itself(form):
    path = film("big.mp4", seconds=6, size="1280x720")
    form.route("**/uploads/video/*/**", lambda route: (form.wait_for_timeout(100), route.continue_()))
    choose(form, path)
    wait_for(form, lambda: Upload.objects.filter(offset__gt=0).exists())
    form.context.set_offline(True)
    expect(find_message(form)).to_have_text("等网络，连上了接着传", timeout=20_000)
    form.context.set_offline(False)
    expect(find_message(form)).to_have_text("传完了，等着处理", timeout=20_000)
    assert Video.objects.get().bytes == path.stat().st_size


@pytest.mark.long
def test_refusals_are_said(form, tmp_path):
    path = tmp_path / "橙子.mp4"
    path.write_text("这不是视频。" * 100)
    choose(form, path)
    expect(find_message(form)).to_have_text("这不是视频，能收手机拍的 MP4、MOV 和 WebM")
    assert Video.objects.count() == 0


@pytest.mark.long
def test_form_and_list_with_a_film_keep_to_wcag(lesson, trainer, sign_in, live_server, fits):
    lesson.video = make_video(trainer)
    lesson.save()
    page = sign_in(trainer)
    for url in (
        reverse("admin:courses_lesson_change", args=[lesson.pk]),
        reverse("admin:media_video_changelist"),
        reverse("admin:media_video_change", args=[lesson.video.pk]),
    ):
        page.goto(live_server.url + url)
        page.wait_for_load_state("networkidle")
        fits()
        for button in page.locator("[data-cancel]").all():
            expect(button).to_be_hidden()
