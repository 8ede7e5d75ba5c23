"""A villager rehearses in the studio and is cut off twice, watches it, scores it and hands it in; a trainer reviews it on a
phone; the villager reads what came back. Everything is real but the camera's picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from progress.enrolment.services import enrol
from rehearsals import worklist
from rehearsals.models import Review, Submission, Take
from tests.browser.camera import camera
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.kept_lessons import until
from tests.browser.rehearsing.phone import enter, open_camera, record, takes
from tests.factories import make_cohort, make_course, make_photo, make_product
from tests.lives import make_ready_shop
from tests.reviews import make_drill, make_rubric

MOST_TAPS = 12


@pytest.fixture(scope="module")
def filming(browser_type: BrowserType, browser_type_launch_args: dict) -> Iterator[Browser]:
    """Without the flag that lets any page play: a film that begins by itself does so because a finger opened its page."""
    found = browser_type.launch(**browser_type_launch_args | {"args": FLAGS + camera()})
    yield found
    found.close()


@pytest.fixture
def learner(county, village, trainer, seller, no_second_factor):
    """Of a class with the whole rubric and a drill of three minutes, and with something to sell."""
    shop = make_ready_shop(seller, village)
    make_product(shop, name="冰糖橙", cover=make_photo(seller), freight_included=True)
    cohort = make_cohort(make_course(county, title="直播课"), village, trainer, name="秋季班")
    make_rubric(cohort)
    enrol(seller, cohort.course, cohort)
    make_drill(cohort, phrases=True, products=1, title="三分钟，讲一款")
    return seller


def phone_of(filming: Browser, person, url: str) -> BrowserContext:
    context = filming.new_context(**PHONE, locale="zh-CN", permissions=["camera", "microphone"])
    context.set_default_timeout(15_000)
    enter(context, person, url)
    return context


class Thumb:
    """Counts what is tapped."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, found) -> None:
        found.tap()
        self.taps += 1


def records_with_two_cuts(page: Page, url: str) -> None:
    page.goto(f"{url}/practise/")
    page.get_by_role("link", name="开始练").tap()
    page.get_by_role("button", name="开始练").tap()
    page.wait_for_url("**/practise/lives/*/")
    open_camera(page)
    expect(page.locator("[data-most]")).to_have_text("/ 3:00")
    record(page, 2)
    page.reload()  # the first cut, in the middle of a take
    expect(page.locator("[data-before]")).to_have_text(re.compile(r"录了 0:\d\d，存好了"))
    page.route("**/uploads/**", lambda route: route.abort())  # from here on nothing is sent
    open_camera(page)
    record(page, 4)
    page.goto(f"{url}/practise/")  # the second: away from the studio


def comes_back(page: Page, url: str) -> None:
    """The list says what is so, before and after the rest has come; both pages lead on with the recording."""
    row = page.locator("#recorded li")
    expect(row).to_contain_text("没录完，有的还在手机里")
    expect(page.get_by_text(re.compile("手机里还有 .* 录像"))).to_be_visible()
    page.unroute("**/uploads/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("手机里的录像都传完了")).to_be_visible(timeout=60_000)
    expect(row).to_contain_text("没录完，都收到了")  # without loading the page again
    expect(page.locator("#main")).not_to_contain_text("还在手机里")
    row.locator("a.grow").tap()
    expect(page.get_by_role("heading", name="这一遍没录完")).to_be_visible()
    expect(page.get_by_role("link", name="没录完，接着录")).to_be_visible()
    page.goto(f"{url}/practise/")
    page.get_by_role("link", name="没录完，接着录").tap()
    page.wait_for_url("**/practise/lives/*/")
    open_camera(page)
    record(page, 6)
    page.get_by_role("button", name="录完了").click()
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_visible(timeout=20_000)


def watches(page: Page) -> None:
    """All three takes, each from this phone: nothing is fetched for it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/film/") else None)
    parts = page.locator("[data-mine] [data-takes] button")
    expect(parts).to_have_count(3)
    page.locator("[data-mine] [data-play]").tap()
    for number in range(3):
        expect(parts.nth(number)).to_have_attribute("aria-current", "true", timeout=30_000)
    until(lambda: page.locator("[data-mine] video").evaluate("v => v.ended && v.currentTime > 1"), 30, 0.3)
    assert asked == []
    top = page.locator("[data-mine]")
    page.locator("[data-score] [data-part]").nth(6).scroll_into_view_if_needed()
    box = top.bounding_box()
    assert 0 <= box["y"] < 80, box  # it stays above the rows that are scored


def scores(page: Page, taps: Thumb) -> Submission:
    """Nine rows, one sentence, one button; a gap is named and led to."""
    rows = page.locator("[data-score] [data-part]")
    expect(rows).to_have_count(9)
    expect(page.locator("[data-score] details.lines[open]")).to_have_count(0)
    for number, row in enumerate(rows.all()):
        if number != 3:
            taps.tap(row.locator(".seg").first.locator("label").nth(2 if number else 1))
    page.get_by_role("button", name="交给老师").tap()  # too early: not counted, it is no part of the way
    expect(page.locator("[data-wrong] a")).to_have_text(["第 4 项“讲货”还没打分", "写一句，下一遍先改哪一处"])
    page.locator("[data-wrong] a").first.tap()
    taps.tap(rows.nth(3).locator(".seg").first.locator("label").nth(2))
    sentence = page.get_by_label("下一遍先改哪一处")
    taps.tap(sentence)
    sentence.fill("切果再快一点")
    taps.tap(page.get_by_role("button", name="交给老师"))
    page.wait_for_url("**/practise/rehearsals/**")
    submission = Submission.objects.get()
    expect(page.locator(".code[data-receipt]")).to_have_text(submission.receipt)
    until(lambda: Take.objects.filter(upload__state="whole").count() == 3, 60)
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 30)
    until(lambda: [(row["whole"], row["kept"]) for row in takes(page)] == [(True, 0)] * 3)
    return submission


def reviews(page: Page, url: str, name: str, taps: Thumb) -> None:
    page.goto(f"{url}/review/")
    taps.tap(page.get_by_role("button", name=f"点评{name}"))
    film = page.locator("video")
    expect(page.locator("[data-quick]")).to_be_visible()
    until(lambda: film.evaluate("v => !v.paused && v.currentTime > 1"), 30)  # that tap has begun it
    assert page.locator("[data-part] input:checked").count() == 0  # every grade is the trainer's
    for count, words in enumerate(("这里该切开，给镜头看汁水。", "开口就报村名和价，这点保持。"), 1):
        taps.tap(page.locator("[data-quick]").get_by_role("button", name=words))
        expect(page.locator("[data-notes] li")).to_have_count(count)
        until(lambda count=count: film.evaluate("v => v.currentTime") > 1 + count, 30, 0.2)
    for title, level in (("讲货", 1), ("节奏", 0)):
        row = page.locator("[data-part]", has=page.get_by_role("heading", name=title))
        taps.tap(row.locator(".seg").first.locator("label").nth(level))
    expect(page.locator("[data-rest] [data-left]")).to_have_text("7")
    taps.tap(page.locator("[data-rest]").get_by_role("button", name="做到", exact=True))
    expect(page.locator("[data-scored]")).to_have_text("9")
    taps.tap(page.get_by_role("button", name="发给学员", exact=True))
    expect(page.locator("#main").get_by_text(re.compile("发给学员了，"))).to_be_visible()


def reads(page: Page, url: str, person) -> None:
    assert [wait.kind for wait in worklist.reviews(person)] == ["review"]
    page.goto(f"{url}/practise/")
    row = page.locator("#recorded li")
    expect(row).to_contain_text("点评好了")
    row.locator("a.grow").tap()
    expect(page.locator(".notes > li")).to_have_count(2)
    expect(page.locator(".notes")).to_contain_text("这里该切开，给镜头看汁水。")
    until(lambda: not list(worklist.reviews(person)))


@pytest.mark.long
def test_rehearsal_from_the_first_take_to_the_review_that_is_read(
    filming, live_server, learner, trainer, work_off
):
    url = live_server.url
    hand = phone_of(filming, learner, url)
    phone = hand.new_page()
    phone.on("dialog", lambda dialog: dialog.accept())
    records_with_two_cuts(phone, url)
    comes_back(phone, url)
    watches(phone)
    own = Thumb()
    submission = scores(phone, own)
    assert own.taps == 11 <= MOST_TAPS
    work_off()
    submission.refresh_from_db()
    video = submission.video
    assert (video.status, video.problem, video.has_sound) == ("ready", "", True)
    recorded = [*Take.objects.order_by("number").values_list("lasted_ms", flat=True)]
    shown = [*video.parts.order_by("position").values_list("starts_ms", "lasts_ms")]
    assert abs(video.duration_ms - sum(recorded)) < 1500, (recorded, shown)
    reviewer = phone_of(filming, trainer, url)
    graded = Thumb()
    reviews(reviewer.new_page(), url, learner.name, graded)
    assert graded.taps == 7 <= MOST_TAPS
    review = Review.objects.get(signed_at__isnull=False)
    first, second = review.notes.order_by("at_ms")
    assert (first.tone, first.criterion, second.tone) == ("change", "prod-inside", "keep")
    assert 1000 <= first.at_ms < second.at_ms
    assert len(review.marks) == 34
    reads(phone, url, learner)
    reviewer.close()
    hand.close()
