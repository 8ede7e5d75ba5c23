"""The second phone of a live at 360 px: three helpers at once, one of them offline for a while, all through the outbox."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from live.models import LiveSale, Livestream, Pin, Slip
from live.on_air import host_actions, lifecycle
from live.on_air import sales as selling
from shops.models import LedgerEntry
from tests.browser.conftest import PHONE
from tests.browser.line import Line
from tests.factories import add_helpers, make_person, make_product, make_shop
from tests.live.on_air.airs import add_item, left, make_air, new, on_air, stock

pytestmark = pytest.mark.one_phone

SOON = 20_000  # ms: some rounds of asking, on a busy machine


@pytest.fixture
def live(seller, village) -> Livestream:
    """Six boxes of oranges, two of them set aside, and tea oil."""
    shop = make_shop(seller, village)
    live = make_air(shop)
    add_item(live, make_product(shop, stock=6), quota=2)
    add_item(live, make_product(shop, name="茶油", stock=12, price_fen=16800))
    return on_air(live)


@pytest.fixture
def open_phone(browser, live_server):
    """open_phone(person, url) → a page of a phone of their own."""
    contexts = []

    def enter(person, path: str, url: str = "") -> Page:
        client = Client()  # one a person: signing in as another ends the first one's session
        client.force_login(person)
        context = browser.new_context(**PHONE, locale="zh-CN")
        context.set_default_timeout(20_000)
        contexts.append(context)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        context.add_cookies([cookie | {"url": url or live_server.url}])
        page = context.new_page()
        page.goto(f"{url or live_server.url}{path}")
        return page

    yield enter
    for context in contexts:
        context.close()


def card(page: Page, name: str):
    return page.locator(".air__item", has_text=name)


def sell(page: Page, name: str) -> None:
    """One tap; one that is not the same tap twice."""
    card(page, name).get_by_role("button", name="卖出，记下").tap()
    page.wait_for_timeout(450)


def there(page: Page, name: str):
    return card(page, name).locator("[data-there]")


@pytest.mark.long
def test_one_thumb_from_the_first_box_to_the_end(sign_in, live_server, seller, live, axe):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/live/{live.pk}/air/")
    axe()
    for button in page.locator(
        ".air__sale button:visible, .dock .btn, .air__more :is(button, a):visible"
    ).all():
        assert button.bounding_box()["height"] >= 48
    card(page, "茶油").get_by_role("button", name="上桌").tap()
    expect(page.locator(".air__item").first).to_contain_text("茶油")
    expect(card(page, "茶油").locator("[data-on]")).to_be_visible()
    card(page, "冰糖橙").get_by_role("button", name="冰糖橙多一份").tap()
    card(page, "冰糖橙").get_by_role("button", name="冰糖橙多一份").tap()
    expect(page.get_by_label("冰糖橙卖了几份")).to_have_value("3")
    sell(page, "冰糖橙")
    expect(there(page, "冰糖橙")).to_have_text("3")
    expect(page.get_by_label("冰糖橙卖了几份")).to_have_value("1")
    expect(page.locator("[data-entries]")).to_contain_text("冰糖橙 ×3", timeout=SOON)
    page.get_by_label("冰糖橙卖了几份").fill("两箱")
    sell(page, "冰糖橙")
    expect(card(page, "冰糖橙").locator("[data-error]")).to_be_visible()
    axe()
    page.get_by_label("冰糖橙卖了几份").fill("5")
    sell(page, "冰糖橙")
    expect(card(page, "冰糖橙").locator("[data-over]")).to_contain_text("超卖 2 箱")
    expect(page.locator("[data-entries]")).to_contain_text("冰糖橙 ×5", timeout=SOON)
    axe()
    page.get_by_role("button", name="撤回冰糖橙×5").tap()
    expect(page.locator("[data-entries]")).to_contain_text("已撤回", timeout=SOON)
    expect(card(page, "冰糖橙").locator("[data-over]")).to_be_hidden()
    expect(there(page, "冰糖橙")).to_have_text("3")
    page.get_by_role("link", name="口误更正").tap()
    page.get_by_label("说成了什么").fill("全网最低")
    page.get_by_label("对的是什么").fill("今天 5.98 元一斤")
    axe()
    page.get_by_role("button", name="记下更正").tap()
    expect(page.get_by_label("说成了什么")).to_be_hidden()
    page.get_by_role("link", name="下播").tap()
    page.wait_for_url("**/end/")
    axe()
    page.get_by_role("button", name="下播").tap()
    page.wait_for_url(f"**/live/{live.pk}/sales/")
    expect(page.locator(".big")).to_have_text("89.70元")
    axe()
    assert (Slip.objects.get().right, Pin.objects.get().item) == ("今天 5.98 元一斤", live.items.last())
    assert (LedgerEntry.objects.get().fen, stock(live.items.first().product)) == (8970, 3)


@pytest.mark.long
def test_three_helpers_at_once_and_one_of_them_without_a_line(open_phone, live_server, live, seller):
    others = [make_person(name) for name in ("田小满", "向巧珍")]
    add_helpers(live.shop, *others)
    path = f"/live/{live.pk}/air/"
    line = Line(live_server.url)
    owner, near = (open_phone(person, path) for person in (seller, others[0]))
    far = open_phone(others[1], path, line.url)
    expect(there(far, "冰糖橙")).to_have_text("6")
    far.wait_for_timeout(1000)
    line.becomes("cut")
    for _n in range(3):
        sell(far, "冰糖橙")
    # What was keyed in without a connection is off the figures at once, and says that it waits.
    expect(there(far, "冰糖橙")).to_have_text("3")
    expect(far.locator("[data-waiting] li")).to_have_count(3)
    expect(far.locator("[data-stale]")).to_be_visible()
    for page in (owner, near, owner, near):
        sell(page, "冰糖橙")
    for page in (owner, near):
        expect(there(page, "冰糖橙")).to_have_text("2", timeout=SOON)
        expect(page.locator("[data-entries]")).to_contain_text("田小满", timeout=SOON)
    # Taken back before it was ever sent.
    far.locator("[data-waiting] li").first.get_by_role("button", name="撤回").tap()
    expect(far.locator("[data-waiting] li")).to_have_count(2)
    for _n in range(2):
        sell(far, "冰糖橙")
    assert LiveSale.objects.count() == 4
    line.becomes("up")
    far.evaluate("window.dispatchEvent(new Event('online'))")
    expect(far.locator("[data-waiting]")).to_be_hidden(timeout=2 * SOON)
    for page in (owner, near, far):
        expect(card(page, "冰糖橙").locator("[data-over]")).to_contain_text("超卖 2 箱", timeout=SOON)
        expect(there(page, "冰糖橙")).to_have_text("0")
    line.close()
    item = live.items.first()
    assert (left(item), stock(item.product)) == (0, 0)
    sales = LiveSale.objects.filter(undoes=None, undone_by=None)
    assert sum(sale.quantity for sale in sales) == 8
    assert {sale.by for sale in sales} == {seller, *others}
    assert all(sale.happened_at >= live.started_at for sale in sales)


@pytest.mark.long
def test_phone_an_hour_wrong_tells_the_right_time(browser, open_phone, live, seller):
    page = open_phone(seller, f"/live/{live.pk}/air/")
    page.clock.install()
    page.reload()
    page.clock.fast_forward("01:00:00")
    sell_at_once = card(page, "冰糖橙").get_by_role("button", name="卖出，记下")
    sell_at_once.tap()
    page.clock.run_for(5000)
    expect(page.locator("[data-entries]")).to_contain_text("冰糖橙 ×1")
    sale = LiveSale.objects.get()
    assert abs((sale.received_at - sale.happened_at).total_seconds()) < 60


@pytest.mark.long
def test_end_elsewhere_leads_every_phone_to_the_sales(open_phone, live, seller):
    page = open_phone(seller, f"/live/{live.pk}/air/")
    lifecycle.end_live(live, seller)
    page.wait_for_url(f"**/live/{live.pk}/sales/", timeout=SOON)


@pytest.mark.long
def test_viewers_see_the_price_and_the_count_move(page, live_server, live, seller, axe):
    first, second = live.items.select_related("livestream", "product")
    host_actions.feature_item(first, seller, new())
    page.goto(f"{live_server.url}/live/on/{live.token}/")
    expect(page.locator("[data-there]")).to_have_text("6")
    axe()
    selling.record_sale(first, 6, seller, new())
    expect(page.get_by_text("这一款卖完了")).to_be_visible(timeout=SOON)
    host_actions.feature_item(second, seller, new())
    expect(page.locator("h1")).to_have_text("茶油", timeout=SOON)
    host_actions.start_flash_price(second, 15800, 5, seller, new())
    expect(page.locator("[data-price]")).to_have_text("158.00", timeout=SOON)
    axe()
    assert page.context.cookies() == []


def test_pages_of_a_live_are_read_by_everybody(sign_in, live_server, live, seller, axe):
    page = sign_in(seller)
    item = live.items.select_related("livestream", "product").first()
    selling.record_sale(item, 8, seller, new())
    for path in (f"air/{item.pk}/sale/", f"air/{item.pk}/flash/", "air/slip/"):
        page.goto(f"{live_server.url}/live/{live.pk}/{path}")
        axe()
    lifecycle.end_live(live, seller)
    for path in (f"sales/{item.pk}/settle/", "refund/", "sales/"):
        page.goto(f"{live_server.url}/live/{live.pk}/{path}")
        axe()
    other = make_air(live.shop)
    page.goto(f"{live_server.url}/live/{other.pk}/start/")
    axe()
