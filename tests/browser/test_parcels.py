"""The parcel on both phones: its label scanned or typed, its number copied, its packing photo, one photo tile everywhere."""

import pytest
from playwright.sync_api import Page, expect

from shops.models import Claim, Order
from shops.orders import transitions
from tests.browser.conftest import PHONE
from tests.factories import PASSWORD, make_product, make_rate, make_shop
from tests.media import pictures
from tests.shops.orders.seller_side import key, make_document, order_at

pytestmark = pytest.mark.one_phone

# This Chromium reads no barcodes and has no camera: a canvas is the picture, the codes are what the test shows it.
READER = """
window.codes = [];
window.BarcodeDetector = class { async detect() { return window.codes.map((rawValue) => ({ rawValue })); } };
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream(5);
"""
REFUSED = (
    READER
    + """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
"""
)
PHOTO = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}


@pytest.fixture
def oranges(seller, village):
    shop = make_shop(seller, village, contact=seller.phone)
    make_rate(shop)
    return make_product(shop, gross_grams=3000)


def ship_page(page: Page, live_server, oranges, script: str = "") -> Page:
    if script:
        page.add_init_script(script)
    order = order_at("packed", oranges)
    page.goto(f"{live_server.url}/me/shop/orders/{order.number}/do/ship/")
    return page


@pytest.mark.long
def test_the_name_of_a_courier_is_asked_only_where_another_is_chosen(sign_in, live_server, seller, oranges):
    page = ship_page(sign_in(seller), live_server, oranges)
    name = page.get_by_label("哪一家")
    expect(name).to_be_hidden()
    page.get_by_label("快递公司").select_option("other")
    expect(name).to_be_visible()
    name.fill("村口的三轮")
    page.get_by_label("快递单号").fill("1234567890")
    page.reload()
    expect(name).to_have_value("村口的三轮")
    expect(name).to_be_visible()
    page.locator(".dock .btn").last.tap()
    page.wait_for_url("**/me/shop/orders/*/")
    assert Order.objects.get().courier == "村口的三轮"


@pytest.mark.long
@pytest.mark.own_phone
def test_the_label_is_scanned_and_a_code_of_something_else_is_told(
    sign_in, live_server, seller, oranges, axe
):
    page = ship_page(sign_in(seller), live_server, oranges, READER)
    page.get_by_label("快递单号").fill("SF12")
    page.get_by_role("button", name="扫面单上的条码").tap()
    axe()
    page.evaluate("codes = ['https://u.wechat.com/abc']")
    expect(page.get_by_text("这不像快递单号")).to_be_visible()
    expect(page.get_by_label("快递单号")).to_have_value("SF12")
    page.evaluate("codes = ['13800001234']")
    expect(page.get_by_label("快递单号")).to_have_value("SF12")
    page.evaluate("codes = ['https://u.wechat.com/abc', 'sf 1234-5678-9012']")
    expect(page.get_by_label("快递单号")).to_have_value("SF123456789012")
    expect(page.get_by_text("扫到了，对一对号码")).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    assert page.locator("video").evaluate("video => video.srcObject") is None
    page.get_by_label("快递公司").select_option("顺丰速运")
    page.get_by_label("快递花了多少").fill("12.5")
    page.locator(".dock .btn").last.tap()
    expect(page.locator(".toast", has_text="记下了，买家能看到单号。")).to_be_visible()
    order = Order.objects.get()
    assert (order.parcel, [entry.fen for entry in order.entries.filter(kind="freight")]) == (
        "SF123456789012",
        [-1250],
    )


@pytest.mark.long
@pytest.mark.own_phone
def test_a_refused_camera_leaves_the_typing(sign_in, live_server, seller, oranges):
    page = ship_page(sign_in(seller), live_server, oranges, REFUSED)
    page.get_by_label("快递单号").fill("SF12")
    page.get_by_role("button", name="扫面单上的条码").tap()
    expect(page.get_by_text("用不了相机，照着面单打字就行")).to_be_visible()
    expect(page.get_by_label("快递单号")).to_be_focused()
    expect(page.get_by_label("快递单号")).to_have_value("SF12")


@pytest.mark.long
def test_where_nothing_reads_barcodes_no_button_promises_it(sign_in, live_server, seller, oranges):
    page = ship_page(sign_in(seller), live_server, oranges)
    expect(page.get_by_label("快递单号")).to_be_visible()
    expect(page.get_by_role("button", name="扫面单上的条码")).to_be_hidden()


@pytest.mark.long
def test_the_buyer_copies_the_number_and_sees_the_box(page: Page, live_server, oranges, seller, axe):
    order = order_at("paid", oranges, phone="+8613700004821")
    transitions.pack(order, seller, key(), 3050, make_document(seller))
    transitions.ship(order, seller, key(), "中通快递", "78123456789012")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(live_server.url + order.get_absolute_url())
    expect(page.get_by_alt_text("卖家装好箱拍的照片")).to_have_count(0)
    page.get_by_label("手机号后四位").fill("4821")
    page.get_by_role("button", name="看我的订单").tap()
    box = page.get_by_alt_text("卖家装好箱拍的照片")
    expect(box).to_be_visible()
    assert box.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    expect(page.get_by_text("6.1斤（3.05公斤）")).to_be_visible()
    expect(page.get_by_role("link", name="95311")).to_have_attribute("href", "tel:95311")
    expect(page.get_by_role("link", name="去中通快递官网查")).to_have_attribute(
        "href", "https://www.zto.com/"
    )
    page.get_by_role("button", name="复制快递单号").tap()
    expect(page.locator("#status")).to_have_text("复制好了，去查快递那边粘贴")
    assert page.evaluate("navigator.clipboard.readText()") == "78123456789012"
    axe()


def test_photos_of_damage_are_tiles_and_survive_a_mistake(page: Page, live_server, oranges, axe):
    order = order_at("shipped", oranges, phone="+8613700004821")
    page.goto(live_server.url + order.get_absolute_url())
    page.get_by_label("手机号后四位").fill("4821")
    page.get_by_role("button", name="看我的订单").tap()
    page.get_by_role("link", name="有坏果").tap()
    page.get_by_label("照片").set_input_files([PHOTO, PHOTO | {"buffer": pictures.jpeg(500, 300)}])
    expect(page.locator('[data-shot="ready"]')).to_have_count(2)
    axe()
    page.locator('[data-shot="ready"]').first.get_by_role("button", name="拿掉这张").tap()
    expect(page.locator('[data-shot="ready"]')).to_have_count(1)
    page.get_by_role("button", name="告诉卖家").tap()
    expect(page.locator(".errors")).to_be_visible()
    kept = page.get_by_role("img", name="第 1 张照片")
    expect(kept).to_be_visible()
    assert kept.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    axe()
    page.get_by_label("坏了什么").fill("压坏了两个")
    page.get_by_role("button", name="告诉卖家").tap()
    expect(page.get_by_text("压坏了两个")).to_be_visible()
    assert Claim.objects.get().photos.count() == 1


@pytest.mark.long
def test_without_scripts_a_photo_is_chosen_and_kept_by_a_tick(browser, live_server, oranges):
    order = order_at("shipped", oranges, phone="+8613700004821")
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + order.get_absolute_url())
    page.get_by_label("手机号后四位").fill("4821")
    page.get_by_role("button", name="看我的订单").tap()
    page.get_by_role("link", name="有坏果").tap()
    picker = page.locator("input[type=file]")
    assert picker.bounding_box()["height"] >= 48
    picker.set_input_files([PHOTO])
    page.get_by_role("button", name="告诉卖家").tap()
    expect(page.get_by_label("收到了：IMG_1.jpg")).to_be_checked()
    page.get_by_label("坏了什么").fill("压坏了两个")
    page.get_by_role("button", name="告诉卖家").tap()
    expect(page.get_by_text("压坏了两个")).to_be_visible()
    assert Claim.objects.get().photos.count() == 1
    context.close()


@pytest.mark.long
def test_a_payment_code_is_a_tile_with_its_picture(sign_in, live_server, seller, oranges, axe):
    seller.set_password(PASSWORD)
    seller.save()
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/paycode/")
    page.get_by_label("收款码图片").set_input_files([PHOTO])
    expect(page.locator('[data-shot="ready"] img')).to_be_visible()
    axe()
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_role("button", name="保存").tap()
    expect(page.locator(".toast", has_text="收款码改好了")).to_be_visible()
    assert oranges.shop.pay_codes.get().picture.owner == seller
