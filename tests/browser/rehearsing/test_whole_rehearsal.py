"""From the plan to the second: a villager plans, mends a line, checks, records over a bad connection, scores, hands in; a
trainer reviews on a phone; a tapped remark leads to its second. Everything real but the camera's picture.

Run by `make prove`; at every commit journeys/test_rehearsal.py walks the same way from the recording to the review.
"""

import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from live.models import Livestream
from live.scripts import services
from progress.enrolment.services import enrol
from rehearsals.models import Review, Submission, Take
from tests.browser.conftest import PHONE
from tests.browser.kept_lessons import until
from tests.browser.rehearsing.phone import END, enter, kept, open_camera, record, score, takes
from tests.factories import make_cohort, make_course, make_photo, make_product
from tests.lives import make_ready_shop
from tests.reviews import make_drill, make_rubric

SECONDS = int(os.environ["REHEARSAL_SECONDS"])
PARTS = (
    "人和货的准备",
    "画面、声音、布置",
    "开场 60 秒",
    "讲货",
    "价钱和下单",
    "跟人说话",
    "节奏",
    "售后的话",
    "用语",
)


@pytest.fixture
def drill(county, village, trainer, seller, no_second_factor):
    shop = make_ready_shop(seller, village)
    make_product(shop, name="冰糖橙", cover=make_photo(seller), freight_included=True)
    cohort = make_cohort(make_course(county, title="直播课"), village, trainer, name="秋季班")
    make_rubric(cohort)
    enrol(seller, cohort.course, cohort)
    return make_drill(cohort, phrases=True, products=1)


def plans(page: Page, url: str) -> Livestream:
    """One tap for the plan, one for the blocked word, eight for the checklist."""
    page.goto(f"{url}/live/")
    page.get_by_role("button", name="排好").tap()
    page.wait_for_url("**/live/*/")
    page.get_by_role("link", name="脚本").first.tap()
    page.wait_for_url("**/script/")
    box = page.get_by_label("是什么货")
    box.fill("")
    box.press_sequentially("最甜的{品名}。")
    expect(page.locator("#wording-what mark")).to_have_count(1, timeout=20_000)
    page.locator("#wording-what .rewrite").first.tap()
    expect(page.locator("#wording-what mark")).to_have_count(0, timeout=20_000)
    page.get_by_role("button", name="存脚本").last.tap()
    page.wait_for_url("**/live/*/")
    live = Livestream.objects.get()
    [item] = live.load_items()
    assert "最甜" not in services.find_latest_versions([item])[item.pk].parts["what"]
    page.goto(f"{url}/live/{live.pk}/checklist/")
    for _n in range(8):
        button = page.locator(".tick[aria-pressed=false]").first
        code = button.locator("xpath=ancestor::li").get_attribute("id")
        button.tap()
        expect(page.locator(f"#{code} .tick")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{url}/live/{live.pk}/")
    return live


def records(page: Page, line) -> None:
    """With one cut of the line and one reload in the middle of a take."""
    page.get_by_role("link", name="去彩排").tap()
    open_camera(page)
    record(page, 3)
    line.becomes("cut")
    kept(page, 6)
    line.becomes("up")
    page.reload()
    expect(page.locator("[data-before]")).to_have_text(re.compile(r"录了 0:\d\d，存好了"))
    open_camera(page)
    record(page, SECONDS)
    page.get_by_role("button", name=END).click()


def hands_in(page: Page) -> Submission:
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_visible()
    score(page)
    page.get_by_role("button", name="交给老师").click()
    page.wait_for_url("**/practise/rehearsals/**")
    submission = Submission.objects.get()
    expect(page.locator(".code[data-receipt]")).to_have_text(submission.receipt)
    until(lambda: Take.objects.filter(upload__state="whole").count() == 2, 30)
    until(lambda: Submission.objects.filter(video__isnull=False).exists(), 20)
    until(lambda: [(row["whole"], row["kept"]) for row in takes(page)] == [(True, 0)] * 2)
    return submission


def at(page: Page) -> float:
    return page.locator("video").evaluate("video => video.currentTime")


def reviews(page: Page, url: str, name: str) -> None:
    """Two timed notes and the rubric, on 360 pixels."""
    page.goto(f"{url}/review/")
    page.get_by_role("button", name=f"点评{name}").tap()
    expect(page.locator("[data-note]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="放录像").first.tap()
    for count, (after, words) in enumerate(((2, "这里该切开，给镜头看汁水。"), (6, "报一报每斤多少钱。")), 1):
        until(lambda after=after: at(page) > after, 30)
        page.locator("[data-note]").tap()
        page.get_by_role("dialog").get_by_role("button", name=words).tap()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator("[data-notes] li")).to_have_count(count)
    for title in PARTS:
        row = page.locator("[data-part]", has=page.get_by_role("heading", name=title))
        row.locator(".seg").first.locator("label").nth(2).tap()
    expect(page.locator("[data-scored]")).to_have_text("9")
    page.get_by_role("button", name="发给学员", exact=True).tap()
    expect(page.locator("#main").get_by_text(re.compile("发给学员了，"))).to_be_visible()


def test_whole_rehearsal(hand, browser: Browser, line, live_server, seller, trainer, drill, work_off):
    enter(hand, seller, line.url)
    phone = hand.new_page()
    phone.on("dialog", lambda dialog: dialog.accept())
    plans(phone, line.url)
    records(phone, line)
    submission = hands_in(phone)
    work_off()
    submission.refresh_from_db()
    video = submission.video
    assert (video.status, video.problem, video.has_sound) == ("ready", "", True)
    assert video.duration_ms >= SECONDS * 1000 - 1500
    told = [*Take.objects.order_by("number").values_list("lasted_ms", flat=True)]
    shown = [*video.parts.order_by("position").values_list("starts_ms", "lasts_ms")]
    assert abs(video.duration_ms - sum(told)) < 1500, (told, shown)
    with browser.new_context(**PHONE, locale="zh-CN") as context:
        enter(context, trainer, live_server.url)
        reviews(context.new_page(), live_server.url, seller.name)
    review = Review.objects.get(signed_at__isnull=False)
    first, second = review.notes.order_by("at_ms")
    phone.goto(f"{line.url}/review/mine/{submission.key}/")
    phone.wait_for_load_state("networkidle")
    phone.locator(f"#n{second.pk} .at").tap()
    stopped = "v => !v.seeking && v.readyState > 2 && (v.pause(), true)"
    until(lambda: phone.locator("video").evaluate(stopped), 20)
    assert abs(at(phone) - second.at_ms / 1000) <= 0.5
    assert 2000 <= first.at_ms < second.at_ms
