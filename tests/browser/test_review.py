"""A rehearsal reviewed on a phone with one hand, and read by who made it: each mark leads to its second."""

import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from playwright.sync_api import Page

from media.models import Video
from media.videos import encoding, ffmpeg, inspection
from progress.enrolment.services import enrol
from rehearsals import leases
from rehearsals.models import NoteAnswer, Review, Submission, TimedNote
from tests.browser.conftest import expect
from tests.browser.kept_lessons import until
from tests.factories import make_cohort, make_course
from tests.media.videos.films import film
from tests.reviews import all_marks, make_drill, make_note, make_review, make_submission, make_take

pytestmark = pytest.mark.one_phone

SECONDS = 20


@cache
def parts() -> tuple[int, dict[str, bytes]]:
    source = film("rehearsal.mp4", seconds=SECONDS, size="144x256")
    facts = inspection.probe(source, 600)
    with tempfile.TemporaryDirectory() as folder:
        ffmpeg.run(encoding.build_arguments(facts, source), Path(folder), 60)
        return facts.duration_ms, {
            name: Path(folder, name).read_bytes() for name in encoding.list_file_names(facts)
        }


def real_video() -> Video:
    duration, files = parts()
    weights = {name.partition(".")[0]: {"bytes": len(content)} for name, content in files.items()}
    measures = {
        "loudness_lufs": -21.0,
        "silences": [[3000, 13_000]],
        "brightness": {"mean": 118, "dark_share": 0.0, "burnt_share": 0.0},
    }
    video = Video.objects.create(
        status=Video.Status.READY,
        duration_ms=duration,
        renditions=weights,
        width=144,
        height=256,
        measures=measures,
    )
    for name, content in files.items():
        storages["private"].save(video.name_of(name), ContentFile(content))
    return video


@pytest.fixture
def submission(trainee, trainer, village, no_second_factor) -> Submission:
    cohort = make_cohort(make_course(village, title="直播课", slug="live"), village, trainer, name="秋季班")
    enrol(trainee, cohort.course, cohort)
    drill = make_drill(cohort, phrases=True)
    submission = make_submission(trainee, cohort, drill, video=real_video(), number=2)
    asked = {"comment": 1, "text": "坏果赔不赔？"}
    marks = [{"kind": "said", "part": "who", "item": 1, "line": 0, "at_ms": 2000}]
    marks += [{"kind": "asked", "at_ms": 5000} | asked, {"kind": "answered", "at_ms": 9000} | asked]
    make_take(submission, marks, lasted_ms=SECONDS * 1000)
    return submission


def at(page: Page) -> float:
    return page.locator("video").evaluate("video => video.currentTime")


def stands_at(page: Page, seconds: float) -> None:
    """Within half a second of it, as soon as it has got there."""
    there = until(
        lambda: page.locator("video").evaluate("v => !v.seeking && v.readyState > 1 && v.currentTime")
    )
    assert abs(there - seconds) <= 0.5


def begun(page: Page, submission: Submission, thumb: "Thumb | None" = None) -> None:
    """The queue's button, until the page of that submission stands."""
    button = page.get_by_role("button", name=f"点评{submission.user.name}")
    thumb.tap(button) if thumb else button.tap()
    expect(page.locator("[data-note]")).to_be_visible()
    settle(page)


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def plays_then_stops(page: Page) -> None:
    """A mark begins to play: stopped at once, it has not gone far from where it began."""
    until(lambda: page.locator("video").evaluate("v => !v.seeking && v.readyState > 2 && (v.pause(), true)"))


class Thumb:
    """Counts what a trainer taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, found) -> None:
        found.tap()
        self.taps += 1


def part(page: Page, title: str, level: str):
    row = page.locator("[data-part]", has=page.get_by_role("heading", name=title))
    return row.locator(".seg").first.locator("label").nth(["没做到", "一半", "做到"].index(level))


PARTS = [
    "人和货的准备",
    "画面、声音、布置",
    "开场 60 秒",
    "讲货",
    "价钱和下单",
    "跟人说话",
    "节奏",
    "售后的话",
    "用语",
]


@pytest.mark.long
def test_clip_is_reviewed_with_one_thumb(sign_in, live_server, trainer, submission, axe):
    """The rubric, two timed notes and the signature in 8 taps, without typing: one phrase by a tap while the film plays, one
    by the sheet, one part by itself and all others together."""
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    settle(page)
    axe()
    thumb = Thumb(page)
    begun(page, submission, thumb)
    axe()
    until(lambda: at(page) > 1)  # the tap that opened it has begun it
    assert page.url.endswith(f"/review/{submission.key}/")  # loaded again, it waits
    expect(page.locator("[data-played]")).to_have_value("1")
    quick = page.locator("[data-quick]")
    thumb.tap(quick.get_by_role("button", name="这里该切开，给镜头看汁水。"))
    expect(quick.get_by_role("status")).to_have_text(
        re.compile(r"^0:0\d 记下了：这里该切开，给镜头看汁水。$")
    )
    expect(page.locator("[data-notes] li")).to_have_count(1)
    until(lambda: at(page) > 4)
    thumb.tap(page.locator("[data-note]"))
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    axe()
    thumb.tap(sheet.locator("label", has_text="保持"))
    thumb.tap(sheet.get_by_role("button", name="开口就报村名和价，这点保持。"))
    expect(sheet).to_be_hidden()
    expect(page.locator("[data-notes] li")).to_have_count(2)
    assert page.locator("[data-part] input:checked").count() == 0
    thumb.tap(part(page, "讲货", "一半"))
    expect(page.locator("[data-rest] [data-left]")).to_have_text("8")
    thumb.tap(page.locator("[data-rest]").get_by_role("button", name="做到", exact=True))
    expect(page.locator("[data-rest]")).to_be_hidden()
    expect(page.locator("[data-total]")).to_have_text("89")
    expect(page.locator("[data-scored]")).to_have_text("9")
    axe()
    thumb.tap(page.get_by_role("button", name="发给学员", exact=True))
    expect(page.locator("#main").get_by_text("发给学员了，89 分。")).to_be_visible()
    axe()
    assert thumb.taps == 8
    review = Review.objects.get()
    assert (review.total, review.signed_at is not None, len(review.marks)) == (89, True, 34)
    first, second = review.notes.order_by("at_ms")
    assert (first.tone, first.criterion, second.tone) == ("change", "prod-inside", "keep")
    assert 1000 <= first.at_ms <= 4000 <= second.at_ms <= 9000
    submission.refresh_from_db()
    assert (submission.status, submission.lease_by) == ("reviewed", None)
    page.get_by_role("button", name="撤回来改").tap()
    expect(page.locator("[data-total]")).to_have_text("89")
    assert page.locator("[data-part] input[data-whole]:checked").count() == 9
    submission.refresh_from_db()
    assert (submission.status, submission.lease_by) == ("queued", trainer)


@pytest.mark.long
def test_who_signs_what_was_never_played_is_asked_once(sign_in, live_server, trainer, submission, axe):
    page = sign_in(trainer)
    make_review(trainer, submission, signed=False, marks=all_marks())
    leases.acquire_lease(trainer, submission)
    page.goto(f"{live_server.url}/review/{submission.key}/")
    expect(page.locator("[data-played]")).to_have_value("0")
    page.get_by_role("button", name="发给学员", exact=True).tap()
    asked = page.get_by_role("alert")
    expect(asked.get_by_role("heading", name="录像还没放过")).to_be_visible()
    axe()
    asked.get_by_role("button", name="没放也发").tap()
    expect(page.locator("#main").get_by_text("发给学员了，100 分。")).to_be_visible()


@pytest.mark.long
def test_next_clip_is_opened_by_signing_and_scored_row_by_row_in_twelve_taps(
    sign_in, live_server, trainer, trainee, submission
):
    following = make_submission(trainee, submission.cohort, submission.drill, video=real_video(), number=3)
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    page.get_by_role("button", name=f"点评{trainee.name}").first.tap()
    expect(page.locator("[data-note]")).to_be_visible()
    settle(page)
    page.locator("[data-rest]").get_by_role("button", name="一半", exact=True).tap()
    expect(page.locator("[data-scored]")).to_have_text("9")
    page.get_by_role("button", name="发给学员，看下一份").tap()
    page.wait_for_url(f"**/review/{following.key}/")
    thumb = Thumb(page)
    until(lambda: at(page) > 1)
    for phrase in ("这里该切开，给镜头看汁水。", "开口就报村名和价，这点保持。"):
        thumb.tap(page.locator("[data-quick]").get_by_role("button", name=phrase))
    for title in PARTS:
        thumb.tap(part(page, title, "做到"))
    expect(page.locator("[data-rest]")).to_be_hidden()
    thumb.tap(page.get_by_role("button", name="发给学员", exact=True))
    expect(page.locator("#main").get_by_text("发给学员了，100 分。")).to_be_visible()
    assert thumb.taps == 12
    assert sorted(Review.objects.values_list("total", flat=True)) == [50, 100]
    assert TimedNote.objects.filter(review__submission=following).count() == 2


@pytest.mark.long
def test_film_stays_in_sight_while_the_rows_are_marked_and_a_note_has_one_moment(
    sign_in, live_server, trainer, submission, axe
):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    begun(page, submission)
    video = page.locator("video")
    until(lambda: video.evaluate("v => v.readyState > 1 && (v.pause(), true)"))
    before = page.locator("[data-place]").evaluate("one => one.offsetHeight")
    part(page, "用语", "做到").scroll_into_view_if_needed()
    expect(page.locator(".film--pinned")).to_be_in_viewport()
    box, bar = video.bounding_box(), page.locator(".bar").bounding_box()
    assert (box["y"], int(box["height"])) == (bar["height"], 177)  # 24 of 100 of the screen
    assert page.locator("[data-place]").evaluate("one => one.offsetHeight") == before
    axe()
    video.evaluate("v => { v.currentTime = 11.97 }")
    until(lambda: video.evaluate("v => !v.seeking"))
    quick = page.locator("[data-quick]")
    quick.get_by_role("button", name="这里该切开，给镜头看汁水。").tap()
    expect(quick.get_by_role("status")).to_have_text("0:11 记下了：这里该切开，给镜头看汁水。")
    expect(page.locator("[data-notes] .at")).to_have_text("0:11")
    expect(page.locator("[data-clock]")).to_have_text("0:11")
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".film--pinned")).to_have_count(0)


@pytest.mark.long
def test_trainee_taps_a_note_and_the_player_stands_there(
    sign_in, live_server, trainee, trainer, submission, axe
):
    review = make_review(trainer, submission, marks=all_marks(), total=100, words="讲得顺。")
    make_note(review, 5000, "开口就报村名和价，这点保持。", criterion="open-who")
    late = make_note(review, 14_200, "给镜头看汁水。", tone="change", asks_again=True, until_ms=18_000)
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/review/mine/{submission.key}/")
    settle(page)
    axe()
    page.locator(f"#n{late.pk} .at").tap()
    plays_then_stops(page)
    stands_at(page, 14.2)
    page.locator(".timeline a").first.tap()
    plays_then_stops(page)
    stands_at(page, 5)
    page.locator(f"#n{late.pk}").get_by_role("link", name="回一句").tap()
    page.get_by_label("你的回答").fill("下回先切开。")
    axe()
    page.get_by_role("button", name="回给老师").tap()
    expect(page.get_by_text("下回先切开。")).to_be_visible()
    axe()
    assert NoteAnswer.objects.get().note == late


@pytest.mark.long
def test_draft_outlives_a_lost_line_and_a_reload(sign_in, live_server, trainer, submission):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    begun(page, submission)
    part(page, "节奏", "做到").tap()
    expect(page.locator("[data-draft-status]")).to_have_text("草稿存好了")
    page.route("**/draft/", lambda route: route.abort())
    page.route("**/notes/", lambda route: route.abort())
    part(page, "讲货", "一半").tap()
    expect(page.locator("[data-draft-status]")).to_have_text("没连上，先存在手机里")
    page.locator("[data-note]").tap()
    page.get_by_role("dialog").get_by_role("button", name="报一报每斤多少钱。").tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert TimedNote.objects.count() == 0
    page.unroute("**/draft/")
    page.unroute("**/notes/")
    page.reload()
    settle(page)
    expect(page.locator("[data-notes] li")).to_have_count(1)
    expect(page.locator("[data-draft-status]")).to_have_text("草稿存好了")
    review = Review.objects.get()
    assert review.marks == dict.fromkeys(
        [code for code in review.marks if code.startswith("prod-")], "half"
    ) | {"pace-time": "full", "pace-silence": "full", "pace-repeat": "full"}
    assert TimedNote.objects.get().text == "报一报每斤多少钱。"


@pytest.mark.long
def test_note_beyond_the_end_is_told_beside_its_field(sign_in, live_server, trainer, submission, axe):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    begun(page, submission)
    page.locator("[data-note]").tap()
    page.get_by_text("哪一条、再来一遍、语音").tap()
    page.get_by_label("到几分几秒").fill("5:00")
    page.get_by_label("说什么").fill("这一段")
    page.get_by_role("button", name="记下").tap()
    expect(page.get_by_role("dialog").get_by_text("录像只有 0:20，没有这么晚的。")).to_be_visible()
    expect(page.get_by_label("说什么")).to_have_value("这一段")
    axe()
