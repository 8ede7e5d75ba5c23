"""A seller's day on air on a 360-pixel phone: the real live behind thirty rehearsals, the last tick, sales by taps, the
teleprompter and back, the end, the figures and the file that is kept."""

import datetime
import re
import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import consents
from live.models import LiveSale, Livestream
from shops.models import LedgerEntry
from tests.browser.line import Line
from tests.factories import make_photo, make_product
from tests.lives import make_item, make_live, make_ready_live, make_ready_shop, make_script

pytestmark = [pytest.mark.usefixtures("no_second_factor"), pytest.mark.one_phone]
# ms: a tap is sent, and what it changed is asked for again.
SOON = 20_000


@pytest.fixture
def shop(seller, village):
    return make_ready_shop(seller, village)


@pytest.fixture
def real(seller, shop) -> Livestream:
    """Two kinds of goods whose scripts say the phone; of all that a live asks only the phone's tick is missing."""
    oranges, oil = (
        make_product(
            shop, name=name, stock=stock, price_fen=fen, cover=make_photo(seller), freight_included=True
        )
        for name, stock, fen in (("冰糖橙", 20, 2990), ("茶油", 12, 16800))
    )
    for product in (oranges, oil):
        product.photos.create(photo=product.cover, position=0)
    live = make_ready_live(seller, shop, oranges, title="周六真播", planned_minutes=20)
    make_script(make_item(live, oil, minutes=10), promise="有事打{电话}。")
    make_script(live.items.first(), promise="有事打{电话}。")
    consents.withdraw(seller, "public_contact")
    return live


@pytest.fixture
def rehearsals(seller, shop) -> None:
    """Of the last month, the newest today: what was in the way of finding the live."""
    now = timezone.now()
    for n in range(30):
        when = now - datetime.timedelta(minutes=5) if n < 20 else now - datetime.timedelta(days=n)
        make_live(seller, shop=shop, title=f"三分钟彩排 {n}", starts_at=when)


def card(page: Page, name: str):
    return page.locator(".air__item", has_text=name)


def taps_of(page: Page) -> list[str]:
    """What was tapped since the page was opened, as the page itself heard it."""
    return page.evaluate("window.taps")


COUNT_TAPS = """
window.taps = [];
addEventListener("click", (event) => {
  const hit = event.target.closest("button, a, summary, input");
  if (hit && event.isTrusted) window.taps.push((hit.getAttribute("aria-label") || hit.textContent).trim());
}, true);
"""


@pytest.mark.long
@pytest.mark.own_phone
def test_a_live_day_from_the_list_to_the_evidence(
    sign_in, live_server, seller, shop, real, rehearsals, axe, tmp_path
):
    page = sign_in(seller)
    page.add_init_script(COUNT_TAPS)

    # The real live stands above the rehearsals.
    page.goto(f"{live_server.url}/live/")
    axe()
    first = page.locator("#coming li a")
    expect(first).to_have_text("周六真播")
    expect(page.get_by_role("link", name=re.compile("三分钟彩排"))).to_have_count(6)
    first.tap()
    page.wait_for_url(f"**/live/{real.pk}/")

    # One row says what is missing; it leads to the tick and back.
    expect(page.locator("#missing li")).to_have_count(1)
    expect(page.locator("#missing")).to_contain_text("勾上“买家可以打这个电话”")
    axe()
    page.locator(".list", has_text="核对一遍").get_by_role("link", name="核对一遍").tap()
    page.wait_for_url("**/checklist/")
    page.get_by_role("link", name="去勾上").tap()
    page.wait_for_url(f"**/me/shop/{shop.pk}/*")
    box = page.get_by_label("买家可以打这个电话")
    expect(box).to_be_in_viewport()
    expect(box).not_to_be_checked()
    box.check()
    page.get_by_role("button", name="保存").tap()
    page.wait_for_url(f"**/live/{real.pk}/checklist/**")
    expect(page.get_by_role("link", name="去勾上")).to_have_count(0)
    page.get_by_role("link", name="回排品表").tap()
    page.get_by_role("link", name="去开播").tap()
    page.get_by_role("button", name="开播").tap()
    page.wait_for_url("**/air/")

    # On air: how long, one tap a sale, a fold on one line.
    elapsed = page.locator("time[data-seconds]")
    expect(elapsed).to_be_in_viewport()
    before = elapsed.inner_text()
    assert re.fullmatch(r"0:0\d:\d\d", before)
    expect(elapsed).not_to_have_text(before)
    for fold in page.locator("summary.fold").all():
        assert fold.bounding_box()["height"] <= 56, fold.inner_text()
    axe()
    page.evaluate("window.taps = []")
    card(page, "冰糖橙").get_by_role("button", name="卖出，记下").tap()
    expect(page.locator("[data-entries]")).to_contain_text("冰糖橙 ×1", timeout=SOON)
    assert taps_of(page) == ["卖出，记下"]
    page.evaluate("window.taps = []")
    card(page, "茶油").get_by_role("button", name="茶油多一份").tap()
    card(page, "茶油").get_by_role("button", name="卖出，记下").tap()
    expect(page.locator("[data-entries]")).to_contain_text("茶油 ×2", timeout=SOON)
    assert taps_of(page) == ["茶油多一份", "卖出，记下"]
    card(page, "茶油").get_by_role("button", name="上桌").tap()
    expect(page.locator(".air__item").first).to_contain_text("茶油")

    # To the teleprompter and back: what was counted and half written is there, and so is the place in the script.
    card(page, "冰糖橙").get_by_role("button", name="冰糖橙多一份").tap()
    page.get_by_role("link", name="口误更正").tap()
    page.get_by_label("说成了什么").fill("全网最低")
    page.get_by_role("link", name="提词器").tap()
    page.wait_for_url("**/prompter/")
    expect(page.locator("[data-name]")).to_have_text("2 茶油")
    expect(page.locator("[data-text]")).to_contain_text(f"有事打{seller.phone.as_national}。")
    page.get_by_role("button", name="上一款").tap()
    expect(page.locator("[data-name]")).to_have_text("1 冰糖橙")
    page.get_by_role("link", name="返回").tap()
    page.wait_for_url("**/air/")
    expect(page.get_by_label("冰糖橙卖了几份")).to_have_value("2")
    expect(page.get_by_label("说成了什么")).to_have_value("全网最低")
    page.get_by_role("link", name="提词器").tap()
    page.wait_for_url("**/prompter/")
    expect(page.locator("[data-name]")).to_have_text("1 冰糖橙")
    page.get_by_role("link", name="返回").tap()
    page.get_by_role("link", name="口误更正").tap()
    page.get_by_label("对的是什么").fill("今天 5.98 元一斤")
    page.get_by_role("button", name="记下更正").tap()
    expect(page.get_by_label("说成了什么")).to_be_hidden()
    card(page, "冰糖橙").get_by_role("button", name="卖出，记下").tap()
    expect(page.locator("[data-entries]")).to_contain_text("冰糖橙 ×2", timeout=SOON)
    page.reload()
    expect(page.get_by_label("冰糖橙卖了几份")).to_have_value("1")
    page.get_by_role("link", name="口误更正").tap()
    expect(page.get_by_label("说成了什么")).to_have_value("")

    # The end, and figures that are exact: 3 × 29.90 + 2 × 168.00.
    page.get_by_role("link", name="下播").tap()
    page.get_by_role("button", name="下播").tap()
    page.wait_for_url("**/sales/")
    expect(page.locator(".big")).to_have_text("425.70元")
    assert sorted(LiveSale.objects.values_list("item__product__name", "quantity")) == [
        ("冰糖橙", 1), ("冰糖橙", 2), ("茶油", 2),
    ]  # fmt: skip
    assert LedgerEntry.objects.get().fen == 42570
    page.get_by_role("link", name="复盘").tap()
    page.wait_for_url("**/recap/")
    expect(page.locator(".big").first).to_contain_text("425.70")
    expect(page.locator("figcaption")).to_contain_text("一共卖了 5 份。")
    expect(page.locator("svg.chart")).to_contain_text("5")
    expect(page.locator("svg.chart")).to_contain_text("①")
    axe()

    # The file for three years opens in a browser without a connection.
    with page.expect_download() as download:
        page.get_by_role("link", name="下载整包证据").tap()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{tmp_path}/index.html")
    expect(page.locator("h1")).to_have_text("直播留底：周六真播")
    expect(page.locator("body")).to_contain_text("5 份 · ¥425.70")
    expect(page.locator("body")).to_contain_text("今天 5.98 元一斤")
    assert page.locator("img").evaluate_all("all => all.map((one) => one.naturalWidth > 0)") == [True, True]
    axe()
    assert asked
    assert all(url.startswith("file://") for url in asked)

    # The list knows that it is over.
    page.goto(f"{live_server.url}/live/")
    expect(page.locator("#over")).to_contain_text("周六真播")
    expect(page.locator("#coming")).to_have_count(0)


@pytest.mark.long
def test_two_tabs_on_one_live_end_it_once_and_know_it(sign_in, live_server, seller, real):
    consents.give(seller, "public_contact")
    page = sign_in(seller)
    page.goto(f"{live_server.url}/live/{real.pk}/start/")
    other = page.context.new_page()
    other.goto(f"{live_server.url}/live/{real.pk}/start/")
    page.get_by_role("button", name="开播").tap()
    page.wait_for_url("**/air/")
    # The second tab still shows the button; it finds what has begun.
    other.get_by_role("button", name="开播").tap()
    other.wait_for_url("**/air/")
    for tab in (page, other):
        card(tab, "冰糖橙").get_by_role("button", name="卖出，记下").tap()
    for tab in (page, other):
        expect(card(tab, "冰糖橙").locator("[data-there]")).to_have_text("18", timeout=SOON)
    other.goto(f"{live_server.url}/live/{real.pk}/end/")
    page.goto(f"{live_server.url}/live/{real.pk}/end/")
    page.get_by_role("button", name="下播").tap()
    page.wait_for_url("**/sales/")
    other.get_by_role("button", name="下播").tap()
    other.wait_for_url("**/sales/")
    assert LedgerEntry.objects.get().fen == 5980


def test_a_shop_closed_in_between_stops_the_start_and_leads_to_its_tick(
    sign_in, live_server, seller, shop, real
):
    consents.give(seller, "public_contact")
    page = sign_in(seller)
    page.goto(f"{live_server.url}/live/{real.pk}/start/")
    type(shop).objects.filter(pk=shop.pk).update(is_open=False)
    page.get_by_role("button", name="开播").tap()
    expect(page.locator("main li")).to_have_count(1)
    page.get_by_role("link", name="去开店").tap()
    page.get_by_label("店开着").check()
    page.get_by_role("button", name="保存").tap()
    page.wait_for_url(f"**/live/{real.pk}/start/**")
    page.get_by_role("button", name="开播").tap()
    page.wait_for_url("**/air/**")


@pytest.mark.long
@pytest.mark.own_phone
def test_two_boxes_without_a_line_are_two_taps_and_wait(sign_in, live_server, seller, real):
    consents.give(seller, "public_contact")
    Livestream.objects.filter(pk=real.pk).update(started_at=timezone.now())
    line = Line(live_server.url)
    page = sign_in(seller, line.url)
    page.add_init_script(COUNT_TAPS)
    page.goto(f"{line.url}/live/{real.pk}/air/")
    page.wait_for_timeout(1000)
    line.becomes("cut")
    page.evaluate("window.taps = []")
    card(page, "冰糖橙").get_by_role("button", name="冰糖橙多一份").tap()
    card(page, "冰糖橙").get_by_role("button", name="卖出，记下").tap()
    expect(page.locator("[data-waiting] li")).to_have_count(1)
    assert taps_of(page) == ["冰糖橙多一份", "卖出，记下"]
    line.becomes("up")
    line.close()
