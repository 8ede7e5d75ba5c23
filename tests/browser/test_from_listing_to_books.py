"""A box of oranges from the first word about it to the fen in the books: seller, organiser and buyer, each on a phone."""

import re

from playwright.sync_api import Page, expect

from shops.models import LedgerEntry, Order, Product
from tests.browser.conftest import PHONE
from tests.browser.test_ordering import fill as fill_address
from tests.browser.test_selling import Thumb, from_a_phone, type_in
from tests.factories import make_category, make_rate, make_shop
from tests.shops.orders.selling import make_code

OWN = re.compile(r"^\s*自家种的\s*$")


def big(page: Page) -> None:
    """The one button of the dock, at the address that comes after it."""
    page.locator(".dock .btn").last.tap()


def list_it(page: Page, live_server, thumb: Thumb, again: bool = False) -> None:
    page.goto(f"{live_server.url}/me/shop/new/{'?again=1' if again else ''}")
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.get_by_role("button", name="拿掉这张")).to_be_visible(timeout=30_000)


def test_one_box_from_listing_to_books(
    sign_in, browser, live_server, seller, organiser, village, work_off, axe, settings
):
    settings.DEMO = True
    make_category("橙子", hints="橙")
    shop = make_shop(seller, village, contact=seller.phone, address="石榴冲村三组 18 号")
    make_rate(shop)
    make_code(shop)

    page, thumb = sign_in(seller), Thumb()
    list_it(page, live_server, thumb)
    page.get_by_label("名称", exact=True).focus()
    type_in(page, "石榴冲最甜冰糖橙", "5", "29.9", "10", "12.30")
    expect(page.locator("#wording-name mark")).to_have_text("最甜")
    thumb.on(page.locator("#wording-name .rewrite"))
    expect(page.get_by_label("名称", exact=True)).to_have_value("石榴冲很甜冰糖橙")
    thumb.on(page.locator("label").filter(has_text=OWN))
    thumb.on(page.locator(".dock").get_by_role("button", name="提交"))
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    assert thumb.taps <= 6
    work_off()
    product = Product.objects.get()

    page = sign_in(organiser)
    page.goto(f"{live_server.url}/me/queue/")
    expect(page.get_by_role("heading", level=2, name=product.name)).to_be_visible()
    page.get_by_role("button", name="发布").tap()
    expect(page.get_by_text("都看完了")).to_be_visible()

    buyer = browser.new_context(**PHONE, locale="zh-CN").new_page()
    buyer.goto(live_server.url + product.get_absolute_url())
    buyer.get_by_role("link", name="下单").tap()
    fill_address(buyer)
    buyer.get_by_label("我知道这是鲜活易腐的东西").check()
    buyer.get_by_role("button", name="发出请求").tap()
    expect(buyer.get_by_text("麓山路 1 号")).to_be_visible()
    order = Order.objects.get()

    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/orders/{order.number}/")
    big(page)
    expect(page.locator(".dock .btn").last).to_contain_text("收到 ¥")
    buyer.reload()
    code = buyer.get_by_alt_text(re.compile("收款码"))
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    big(page)
    expect(page.locator("h1")).to_have_text("钱收到了？")
    big(page)
    expect(page.locator(".dock .btn").last).to_have_text("打包")
    big(page)
    page.get_by_label("装箱实重").fill("6.2")
    big(page)
    expect(page.locator(".dock .btn").last).to_have_text("发货")
    big(page)
    page.get_by_label("快递公司").select_option("顺丰速运")
    page.get_by_label("快递单号").fill("SF123456789012")
    big(page)
    expect(page.locator(".toast", has_text="记下了，买家能看到单号。")).to_be_visible()

    buyer.reload()
    expect(buyer.get_by_text("SF123456789012").first).to_be_visible()
    axe(buyer)
    buyer.get_by_role("button", name="收到了").tap()
    expect(buyer.get_by_text("已收到").first).to_be_visible()
    buyer.context.close()

    order.refresh_from_db()
    assert [event.verb for event in order.events.all()] == [
        "placed",
        "accepted",
        "paid",
        "packed",
        "shipped",
        "received",
    ]
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.fen, entry.grams, entry.order) == ("order", order.total_fen, 2500, order)
    product.refresh_from_db()
    assert product.stock == 9
    page.goto(f"{live_server.url}/me/shop/ledger/")
    expect(page.locator(".big")).to_contain_text(f"{order.total_fen / 100:.2f}")
    expect(page.get_by_text("卖出 5斤（2.5公斤）", exact=True)).to_be_visible()
    axe()

    again = Thumb()
    list_it(page, live_server, again, again=True)
    page.get_by_label("现在有").fill("8")
    page.get_by_label("采到哪天").fill("12.30")
    again.on(page.locator(".dock").get_by_role("button", name="提交"))
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    assert again.taps <= 6
