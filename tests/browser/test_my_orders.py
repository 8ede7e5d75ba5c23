"""A seller takes an order from the request to the parcel with one thumb; slips that print; the copy button."""

import pytest
from playwright.sync_api import Page, expect

from shops.models import FreightRate, Order
from tests.factories import make_product, make_shop
from tests.media import pictures
from tests.shops.orders.order_requests import HUNAN, make_order
from tests.shops.orders.seller_side import make_claim, make_code

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def order(seller, village) -> Order:
    shop = make_shop(seller, village, contact=seller.phone)
    FreightRate.objects.create(shop=shop, province=HUNAN, first_fen=600, step_fen=100)
    make_code(shop)
    return make_order((make_product(shop, gross_grams=3000), 2), note="要大的")


def big(page: Page):
    """The one button under the thumb, inside the screen."""
    button = page.locator(".dock .btn").last
    box = button.bounding_box()
    assert box["height"] >= 48
    assert box["y"] + box["height"] <= 740
    return button


@pytest.mark.long
def test_an_order_with_one_thumb(sign_in, live_server, seller, order, axe):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/orders/")
    expect(page.get_by_text("先做这些")).to_be_visible()
    axe()
    page.get_by_role("link", name=order.number).tap()
    page.wait_for_url(f"**/me/shop/orders/{order.number}/")
    axe()
    big(page).dblclick()
    expect(page.locator(".toast", has_text="接了。买家现在能看到你的收款码。")).to_be_visible()
    expect(big(page)).to_contain_text("收到 ¥")
    big(page).tap()
    expect(page.locator("h1")).to_have_text("钱收到了？")
    axe()
    big(page).tap()
    page.wait_for_url(f"**/me/shop/orders/{order.number}/")
    expect(big(page)).to_have_text("打包")
    big(page).tap()
    page.get_by_label("装箱实重").fill("12.4")
    page.get_by_label("装好的照片（选填）").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    )
    axe()
    big(page).tap()
    expect(page.get_by_alt_text("装好的照片")).to_be_visible()
    expect(big(page)).to_have_text("发货")
    big(page).tap()
    page.get_by_label("快递单号").fill("sf 1234 5678 9012")
    big(page).tap()
    expect(page.locator(".error", has_text="这个单号是顺丰速运的")).to_be_visible()
    axe()
    page.get_by_label("快递公司").select_option("顺丰速运")
    big(page).tap()
    expect(page.locator(".toast", has_text="记下了，买家能看到单号。")).to_be_visible()
    order.refresh_from_db()
    assert (order.status, order.packed_grams, order.parcel) == ("shipped", 6200, "SF123456789012")
    assert [event.verb for event in order.events.all()] == ["placed", "accepted", "paid", "packed", "shipped"]
    claim = make_claim(order)
    page.goto(f"{live_server.url}/me/shop/orders/{order.number}/claims/{claim.pk}/")
    axe()
    page.get_by_label("退多少钱").fill("12.34")
    big(page).tap()
    expect(page.locator(".toast", has_text="告诉买家了。")).to_be_visible()
    axe()


def test_slips_and_the_code_page(sign_in, live_server, seller, order, axe):
    page = sign_in(seller)
    Order.objects.update(status="paid")
    page.goto(f"{live_server.url}/me/shop/orders/slips/")
    axe()
    page.get_by_text("印上价钱（送人的别印）").tap()
    big(page).tap()
    expect(page.locator("img.slip__qr").first).to_be_visible()
    axe()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="印出来")).to_be_hidden()
    expect(page.locator(".slip")).to_be_visible()
    page.emulate_media(media="screen")
    page.goto(f"{live_server.url}/me/shop/paycode/")
    axe()
