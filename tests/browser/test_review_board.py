"""Scored while it plays: nine lines beside the film, a tap each, within the time of the film and without scrolling."""

import pytest
from playwright.sync_api import Page

from rehearsals.models import Review, Submission
from rehearsals.reviews import services
from tests.browser.conftest import expect
from tests.browser.kept_lessons import until
from tests.browser.test_review import SECONDS, at, real_video, settle
from tests.factories import make_cohort, make_course
from tests.reviews import both_forms, drawn, make_drill, make_submission

pytestmark = pytest.mark.one_phone

PACE = 0.7  # seconds that a person needs for a tap
NINE = ["准备", "画面声音", "开场", "讲货", "价钱", "答问", "节奏", "售后", "用语"]


@pytest.fixture
def cohort(village, trainer):
    return make_cohort(make_course(village, title="直播课", slug="live"), village, trainer, name="秋季班")


@pytest.fixture
def submission(trainee, cohort, no_second_factor) -> Submission:
    drill = make_drill(cohort, phrases=True)
    return make_submission(trainee, cohort, drill, video=real_video(), content=both_forms(), key=drawn(False))


@pytest.fixture
def board(sign_in, live_server, trainer, submission) -> Page:
    services.begin_review(trainer, submission)
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/{submission.key}/")
    expect(page.locator("[data-board]")).to_be_visible()
    settle(page)
    return page


class Hand:
    """Taps no faster than a person, and counts the taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, found) -> None:
        self.page.wait_for_timeout(PACE * 1000)
        found.tap()
        self.taps += 1


def pad(page: Page, label: str):
    return page.locator("[data-board] .pad:visible", has=page.locator("b", has_text=label))


def in_one_screen(page: Page) -> bool:
    """Whether the film, every button and the last row are between the bar and the dock, all at once."""
    return page.evaluate("""() => {
      const edge = (name) => document.querySelector(name).getBoundingClientRect();
      const names = "[data-film], [data-board] .pad:not([hidden]), [data-board-last] button";
      const boxes = [...document.querySelectorAll(names)].map((one) => one.getBoundingClientRect());
      const [top, bottom] = [edge(".bar").bottom - 1, edge(".dock").top + 1];
      return boxes.every((box) => box.top >= top && box.bottom <= bottom && box.width >= 44 && box.height >= 44);
    }""")


@pytest.mark.long
def test_clip_is_scored_by_nine_lines_while_it_plays(board, submission, axe):
    hand = Hand(board)
    hand.tap(board.locator("[data-toggle]"))
    until(lambda: at(board) > 0.5)
    assert in_one_screen(board)
    axe()
    for label in NINE[:4]:
        hand.tap(pad(board, label))
    hand.tap(pad(board, "讲货"))  # a second tap is half
    expect(pad(board, "讲货")).to_contain_text("一半")
    hand.tap(pad(board, "价钱"))
    hand.tap(board.get_by_role("button", name="撤销"))
    expect(board.locator("[data-board-last] [data-says]")).to_have_text("价钱：撤销了")
    expect(pad(board, "价钱")).to_have_attribute("data-level", "")
    for label in NINE[5:]:
        hand.tap(pad(board, label))
    assert board.evaluate("scrollY") == 0
    assert not board.locator("video").evaluate("v => v.paused")
    expect(board.locator("[data-unmarked]")).to_have_text("1")
    board.locator("video").evaluate("v => { v.currentTime = v.duration - 0.3 }")
    asked = board.locator("#marks .rubric > li:visible")  # what has no mark is asked when the film has ended
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("净重、箱价、每斤价、运费、链接号")
    expect(asked).to_be_in_viewport()
    axe()
    hand.tap(asked.locator(".seg label").last)
    expect(board.locator("[data-total]")).to_have_text("89")
    hand.tap(board.locator("[data-sign]"))
    until(lambda: Review.objects.filter(signed_at__isnull=False).exists())
    assert hand.taps == 14
    assert hand.taps * PACE <= SECONDS  # a film of three minutes leaves nine times as long
    review = Review.objects.get()
    assert (review.form, review.total, len(review.marks)) == ("short", 89, 9)
    moments = [review.stamps[f"class-{code}"] for code in ("prep", "picture", "open", "goods", "talk", "law")]
    assert moments == sorted(moments)
    assert moments[0] >= 500
    assert "class-price" not in review.stamps


@pytest.mark.long
def test_keys_mark_the_lines_and_the_draft_outlives_a_lost_line(board, submission):
    board.route("**/draft/", lambda route: route.abort())
    for key in "129":
        board.keyboard.press(key)
    board.keyboard.press("9")
    board.keyboard.press("1")
    board.keyboard.press("Backspace")
    expect(board.locator("[data-draft-status]")).to_have_text("没连上，先存在手机里")
    board.locator("[data-marks] input[name=words]").press_sequentially(
        "3 分"
    )  # a figure in a text marks nothing
    board.unroute("**/draft/")
    board.reload()
    expect(board.locator("[data-draft-status]")).to_have_text("草稿存好了")
    marked = {"准备": "做到", "画面声音": "做到", "用语": "一半"}
    for label, level in marked.items():
        expect(pad(board, label)).to_contain_text(level)
    review = Review.objects.get()
    assert review.marks == {"class-prep": "full", "class-picture": "full", "class-law": "half"}
    assert (set(review.stamps), review.words) == (set(review.marks), "3 分")


@pytest.mark.long
def test_long_form_opens_a_part_to_its_lines(board, submission, axe):
    board.get_by_role("button", name="换成长表，34 条").tap()
    expect(board.locator("[data-board] .pad:visible")).to_have_count(9)
    pad(board, "开场").tap()
    expect(board.locator("[data-board] .pad:visible")).to_have_count(3)
    board.keyboard.press("1")
    expect(pad(board, "谁、哪个村、卖什么")).to_contain_text("做到")
    axe()
    board.get_by_role("button", name="回到九项").tap()
    expect(pad(board, "开场")).to_contain_text("1/2")
    expect(board.locator("[data-unmarked]")).to_have_text("33")
    board.locator("[data-ask]").tap()
    opened = board.locator("[data-part='2']")
    expect(opened.locator(".lines li:visible")).to_have_count(1)
    expect(opened.locator("> fieldset")).to_be_hidden()
    board.locator("[data-whole-list]").tap()
    expect(opened.locator(".lines li:visible")).to_have_count(2)
