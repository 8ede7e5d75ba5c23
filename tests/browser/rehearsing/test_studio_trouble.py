"""What goes wrong in a studio: no camera, a full phone, two windows, a call, no line; nothing kept is lost, and the
page says what to do."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from media.models import Upload
from rehearsals.models import Rehearsal, Submission, Take
from rehearsals.recordings import studio
from tests.browser.kept_lessons import NOTE, until
from tests.browser.rehearsing.phone import BEGIN, END, hand_in, open_camera, record, score, takes
from tests.media.videos.films import film

DENY = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '%s'))"
SILENT = """(() => {
  const add = MediaRecorder.prototype.addEventListener;
  MediaRecorder.prototype.addEventListener = function (name, ...rest) {
    if (name !== "dataavailable") add.call(this, name, ...rest);
  };
})()"""
FULL = """(() => {
  const put = IDBObjectStore.prototype.put;
  window.room = 2;
  IDBObjectStore.prototype.put = function (row, ...rest) {
    const asked = put.call(this, row, ...rest);
    if (this.name === "pieces" && (window.room -= 1) < 0) queueMicrotask(() => this.transaction.abort()); // as a full disk does
    return asked;
  };
})()"""

# From the moment at which a take counts as sent, the page stores nothing more: it is being closed.
LEFT = """() => {
  const put = IDBObjectStore.prototype.put;
  let isLeft = false;
  IDBObjectStore.prototype.put = function (row, ...rest) {
    const asked = put.call(this, row, ...rest);
    if (isLeft) queueMicrotask(() => this.transaction.abort());
    isLeft ||= row.whole === true;
    return asked;
  };
}"""

# Up to the end of copying a film, of which the phone hears nothing.
UNENDED = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row, ...rest) {
    const asked = put.call(this, row, ...rest);
    if (row.ended) queueMicrotask(() => this.transaction.abort());
    return asked;
  };
}"""


def problem(page):
    return page.locator("[data-problem]")


def open_studio(page, address: str, script: str) -> None:
    """With a script that runs before the page's own."""
    page.add_init_script(script)
    page.goto(address)
    expect(page.get_by_role("button", name="打开摄像头")).to_be_visible()


@pytest.mark.long
def test_camera_that_does_not_open_says_why_and_leaves_the_other_way(blank, address):
    page = blank
    for error, said in (
        ("NotAllowedError", "浏览器没让用摄像头和麦克风"),
        ("NotReadableError", "正被别的软件用着"),
        ("NotFoundError", "没找到摄像头或麦克风"),
    ):
        open_studio(page, address, DENY % error)  # the last script stands
        page.get_by_role("button", name="打开摄像头").click()
        expect(problem(page), error).to_contain_text(said)
        expect(page.get_by_text("传一段录好的视频").first).to_be_visible()
    # A browser that cannot record leaves the plain way.
    page.add_init_script("delete window.MediaRecorder")
    page.reload()
    expect(problem(page)).to_contain_text("这个浏览器录不了")
    expect(page.get_by_role("link", name="传一段录好的视频")).to_be_visible()
    expect(page.get_by_role("button", name="打开摄像头")).to_be_hidden()


@pytest.mark.long
def test_full_phone_stops_and_says_so_and_the_piece_that_waited_is_kept(blank, address):
    page = blank
    open_studio(page, address, FULL)
    open_camera(page)
    page.locator(BEGIN).click()
    expect(problem(page)).to_contain_text("手机存满了", timeout=30_000)
    [before] = takes(page)
    assert before["pieces"] == 2
    page.evaluate("window.room = 1000")
    expect(page.locator(BEGIN)).to_be_visible(timeout=30_000)
    [after] = takes(page)
    assert after["ended"]
    assert after["pieces"] > 2
    until(lambda: Take.objects.filter(lasted_ms__gt=2000).exists(), 20)


@pytest.mark.long
def test_second_window_waits_for_the_first(page, hand):
    open_camera(page)
    record(page, 1)
    other = hand.new_page()
    other.goto(page.url)
    expect(other.locator("[data-problem]")).to_contain_text("另一个窗口正开着")
    expect(other.get_by_role("button", name="打开摄像头")).to_be_hidden()
    page.close()
    expect(other.get_by_role("button", name="接着录")).to_be_visible()
    expect(other.locator("[data-before]")).to_contain_text("存好了")


@pytest.fixture
def short_limit(monkeypatch):
    monkeypatch.setattr(studio, "get_seconds_limit", lambda plan: 3)


@pytest.fixture
def short_plan(monkeypatch):
    monkeypatch.setattr(studio, "get_planned_seconds", lambda plan, note: 10)


@pytest.mark.long
def test_recording_left_alone_ends_at_the_drills_limit(short_limit, page):
    open_camera(page)
    page.locator(BEGIN).click()
    expect(problem(page)).to_contain_text("到时间了，这一遍最多录 0:03", timeout=30_000)
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_visible()
    [take] = takes(page)
    assert take["ended"]
    assert 2500 < take["lasted"] < 6000


def marks_told() -> list[dict]:
    return [mark for take in Take.objects.all() for mark in take.marks]


@pytest.mark.long
def test_viewers_ask_and_answers_are_marked_with_the_moment(short_plan, page):
    open_camera(page)
    page.locator(BEGIN).click()
    page.locator("[data-text] [data-part=price]").first.click()
    page.get_by_role("button", name="答了").click(timeout=30_000)
    page.get_by_role("button", name="先放着").click(timeout=30_000)
    page.get_by_role("button", name=END).click()
    until(lambda: len(marks_told()) == 7, 20)
    marks = marks_told()
    assert [mark["kind"] for mark in marks if mark["kind"] != "said"] == [
        "item", "asked", "answered", "asked", "left", "end",
    ]  # fmt: skip
    asked = [mark for mark in marks if mark["kind"] == "asked"]
    assert asked[0]["comment"] != asked[1]["comment"]
    assert re.fullmatch(r"问题\d？", asked[0]["text"])
    [said] = [mark for mark in marks if mark["kind"] == "said"]
    assert (said["part"], said["line"]) == ("price", 0)


@pytest.mark.long
def test_item_done_again_leaves_only_its_second_take_in_the_film(page):
    open_camera(page)
    record(page, 2)
    page.get_by_role("button", name="这款重来").click()
    until(lambda: len(takes(page)) == 2 and takes(page)[1]["pieces"] > 1, 20)
    page.get_by_role("button", name=END).click()
    score(page)
    hand_in(page)
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 30)
    first, second = Take.objects.order_by("number")
    assert [mark["kind"] for mark in first.marks] == ["item", "again"]
    [part] = Submission.objects.get().video.parts.all()
    assert (part.upload, part.from_ms, part.until_ms) == (second.upload, 0, None)


@pytest.mark.long
def test_recorder_that_gave_nothing_leaves_nothing_to_wait_for(blank, address):
    page = blank
    open_studio(page, address, SILENT)
    open_camera(page)
    page.locator(BEGIN).click()
    page.get_by_role("button", name=END).click()
    expect(page.locator("[data-problem]")).to_contain_text("还没录到东西", timeout=20_000)
    assert takes(page) == []
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_hidden()


def choose_film(page) -> None:
    expect(page.get_by_role("button", name="打开摄像头")).to_be_visible()
    page.locator("[data-file]").set_input_files(film("elsewhere.mp4", seconds=3))
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_visible(timeout=30_000)


def test_film_made_elsewhere_goes_the_same_way(page):
    choose_film(page)
    score(page)
    hand_in(page)
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 30)
    take = Take.objects.get()
    assert take.upload.size == film("elsewhere.mp4", seconds=3).stat().st_size
    assert [mark["name"] for mark in take.marks if mark["kind"] == "file"] == ["elsewhere.mp4"]
    assert 2900 < take.lasted_ms < 3200


@pytest.mark.long
def test_film_of_which_only_the_beginning_was_copied_is_left_out(page):
    expect(page.get_by_role("button", name="打开摄像头")).to_be_visible()
    page.evaluate(UNENDED)
    page.locator("[data-file]").set_input_files(film("elsewhere.mp4", seconds=3))
    until(lambda: Upload.objects.filter(offset__gt=0).exists())
    page.reload()
    choose_film(page)
    [take] = takes(page)
    assert take["ended"]
    score(page)
    hand_in(page)
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 30)
    beginning, whole = Take.objects.order_by("number")
    assert (beginning.is_left_out, whole.is_left_out, str(whole.key)) == (True, False, take["key"])
    assert Submission.objects.get().video.parts.get().upload == whole.upload


@pytest.mark.long
def test_page_left_as_the_last_byte_arrives_has_reported_the_film(page, line):
    line.without = reverse("media:video_uploads")  # handed in before anything of the film can be sent
    choose_film(page)
    score(page)
    hand_in(page)
    page.evaluate(LEFT)
    line.without = ""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(lambda: takes(page)[0]["whole"])
    page.goto(line.url + reverse("rehearsals:practise"))
    until(lambda: Submission.objects.filter(video__isnull=False).exists())


@pytest.mark.long
def test_studio_opens_again_without_a_line_and_what_it_records_comes_later(page, line, trainee):
    until(lambda: page.evaluate(NOTE, "who") == trainee.pk)
    page.reload()
    until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"), 20)
    page.reload()
    until(lambda: page.evaluate("caches.match(location.href).then(Boolean)"), 20)
    page.wait_for_load_state("networkidle")
    line.becomes("cut")
    page.reload()
    open_camera(page)
    record(page, 2)
    page.get_by_role("button", name=END).click()
    score(page)
    page.get_by_role("button", name="交给老师").click()
    expect(page.get_by_text("交了，存在手机里")).to_be_visible()
    assert Rehearsal.objects.count() == 0
    line.becomes("up")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 40)


@pytest.mark.long
def test_own_score_with_gaps_says_which(page):
    open_camera(page)
    record(page, 1)
    page.get_by_role("button", name=END).click()
    page.get_by_role("button", name="交给老师").click()
    said = [
        "第 1 项“开场”还没打分",
        "第 2 项“讲货”还没打分",
        "第 3 项“用语”还没打分",
        "写一句，下一遍先改哪一处",
    ]
    expect(page.locator("[data-wrong] h2")).to_have_text("还有 4 处要改")
    expect(page.locator("[data-wrong] a")).to_have_text(said)
    expect(page.locator("[data-score] [data-missed]")).to_have_text(said)
    expect(page.locator("[data-wrong]")).to_be_focused()
    page.locator("[data-wrong] a").nth(1).click()
    expect(page.locator("[data-score] [name=part_1]").first).to_be_focused()
