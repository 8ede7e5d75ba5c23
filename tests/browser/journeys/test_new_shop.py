"""A new seller's first box: from the shop that is not there yet to the fen in the books, each person on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Membership
from shops.ledger import reports
from shops.models import Claim, LedgerEntry, Order, Product, Shop
from tests.browser.conftest import PHONE
from tests.browser.test_selling import from_a_phone, type_in
from tests.factories import PASSWORD, make_category, make_person
from tests.media import pictures

VERBS = ["placed", "accepted", "paid", "packed", "shipped", "claimed", "settled", "received"]
OWN = re.compile(r"^\s*自家种的\s*$")
PASTED = "李明，139-0000-0002，湖南長沙嶽麓區麓山路1號"
BOX = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
CODE = BOX | {"name": "收款码.jpg", "buffer": pictures.jpeg(400, 400)}


@pytest.fixture
def villager(village):
    """The role is granted, and nothing else is there: no shop, no freight table, no payment code."""
    person = make_person("龙秀英", (Membership.Role.SELLER, village))
    person.set_password(PASSWORD)
    person.save()
    return person


def big(page: Page) -> None:
    page.locator(".dock .btn").last.tap()


def toast(page: Page, text: str) -> None:
    expect(page.locator(".toast", has_text=text)).to_be_visible()


def list_it(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/me/shop/new/")
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.get_by_role("button", name="拿掉这张")).to_be_visible(timeout=30_000)
    page.get_by_label("名称", exact=True).focus()
    type_in(page, "石榴冲冰糖橙", "5", "39.9", "10", "12.30")
    page.locator("label").filter(has_text=OWN).tap()
    page.locator("label", has_text="包邮，运费我出").tap()
    page.get_by_label("买家可以打这个电话").tap()
    page.locator(".dock").get_by_role("button", name="提交").tap()
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()


def order_it(browser: Browser, live_server, product: Product, axe) -> Page:
    """By somebody without an account, who has the address from a message."""
    page = browser.new_context(**PHONE, locale="zh-CN").new_page()
    page.goto(live_server.url + product.get_absolute_url())
    page.get_by_role("link", name="下单").tap()
    page.get_by_role("button", name="石榴冲冰糖橙多一份").tap()
    page.get_by_role("button", name="发出请求").tap()
    expect(page.get_by_role("group", name="没通过的地方")).to_contain_text("收货人")
    page.get_by_text("有整段的收货信息？贴进来自己填").tap()
    page.get_by_label("把收货信息整段贴在这里").fill(PASTED)
    page.get_by_role("button", name="填到下面").tap()
    expect(page.get_by_label("收货人")).to_have_value("李明")
    # What is mended is asked for no more.
    expect(page.get_by_role("group", name="没通过的地方")).to_have_count(0)
    expect(page.locator("#dock-sum")).to_contain_text("¥79.80")
    page.get_by_label("我知道这是鲜活易腐的东西").check()
    axe(page)
    page.get_by_role("button", name="发出请求").tap()
    expect(page.get_by_text("麓山路1號")).to_be_visible()
    return page


def accept_it(page: Page, live_server, order: Order, axe) -> None:
    """Without a payment code the words say so, and the way there leads back to the order."""
    page.goto(f"{live_server.url}/me/shop/orders/{order.number}/")
    big(page)
    toast(page, "接了。买家还付不了钱")
    axe()
    page.get_by_role("link", name="去放收款码").tap()
    page.get_by_label("收款码图片").set_input_files([CODE])
    expect(page.locator('[data-shot="ready"]')).to_be_visible()
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_role("button", name="保存").tap()
    page.wait_for_url(f"**/me/shop/orders/{order.number}/")
    expect(page.get_by_text("买家看得到收款码了")).to_be_visible()


def pack_and_ship_it(page: Page, axe) -> None:
    big(page)
    expect(page.locator("h1")).to_have_text("钱收到了？")
    big(page)
    expect(page.locator(".dock .btn").last).to_have_text("打包")
    big(page)
    page.get_by_label("装箱实重").fill("12.4")
    page.get_by_label("装好的照片").set_input_files([BOX])
    expect(page.locator('[data-shot="ready"]')).to_be_visible()
    big(page)
    expect(page.locator(".dock .btn").last).to_have_text("发货")
    big(page)
    page.get_by_label("快递公司").select_option("顺丰速运")
    page.get_by_label("快递单号").fill("sf 1234 5678 9012")
    page.get_by_label("快递花了多少").fill("12.35")
    axe()
    big(page)
    toast(page, "记下了，买家能看到单号。")


@pytest.mark.long
def test_a_new_shops_first_box_is_right_to_the_fen(
    sign_in, browser, live_server, villager, organiser, work_off, axe, settings
):
    settings.DEMO = True
    make_category("橙子", hints="橙")
    page = sign_in(villager)
    list_it(page, live_server)
    work_off()
    shop, product = Shop.objects.get(owner=villager), Product.objects.get()
    assert (shop.freight.count(), product.freight_included) == (0, True)

    page = sign_in(organiser)
    page.goto(f"{live_server.url}/me/queue/")
    page.get_by_role("button", name="发布").tap()
    expect(page.get_by_text("都看完了")).to_be_visible()

    buyer = order_it(browser, live_server, product, axe)
    order = Order.objects.get()
    assert (order.total_fen, order.freight_fen, order.region) == (7980, 0, "湖南省长沙市岳麓区")

    page = sign_in(villager)
    accept_it(page, live_server, order, axe)
    buyer.reload()
    code = buyer.get_by_alt_text("卖家的收款码")
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    pack_and_ship_it(page, axe)

    buyer.reload()
    expect(buyer.get_by_alt_text("卖家装好箱拍的照片")).to_be_visible()
    expect(buyer.get_by_text("SF123456789012").first).to_be_visible()
    axe(buyer)
    buyer.get_by_role("link", name="有坏果").tap()
    buyer.get_by_label("坏了什么").fill("压坏了三个")
    buyer.get_by_label("照片").set_input_files([BOX])
    expect(buyer.locator('[data-shot="ready"]')).to_be_visible()
    buyer.get_by_role("button", name="告诉卖家").tap()
    expect(buyer.get_by_text("压坏了三个")).to_be_visible()

    claim = Claim.objects.get()
    page.goto(f"{live_server.url}/me/shop/orders/{order.number}/claims/{claim.pk}/")
    page.get_by_label("退多少钱").fill("8.01")
    big(page)
    toast(page, "告诉买家了。")
    buyer.reload()
    buyer.get_by_role("button", name="收到了").tap()
    expect(buyer.get_by_text("已收到").first).to_be_visible()
    buyer.context.close()

    assert [event.verb for event in order.events.all()] == VERBS
    rows = LedgerEntry.objects.order_by("id").values_list("kind", "fen", "grams", "order")
    assert list(rows) == [
        ("order", 7980, 5000, order.pk),
        ("freight", -1235, 0, order.pk),
        ("refund", -801, 0, order.pk),
    ]
    assert reports.compute_totals(shop) == {"fen": 5944, "grams": 5000}
    page.goto(f"{live_server.url}/me/shop/ledger/")
    expect(page.locator(".big")).to_contain_text("59.44")
    expect(page.get_by_text("离 5,000 元还差 4,940.56")).to_be_visible()
    page.get_by_role("link", name="快递运费").first.tap()
    page.get_by_role("link", name=order.number).tap()
    page.wait_for_url(f"**/me/shop/orders/{order.number}/")
    expect(page.get_by_text("−12.35")).to_be_visible()
    product.refresh_from_db()
    assert product.stock == 8
