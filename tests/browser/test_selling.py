"""A villager lists fruit on a phone: how many taps it takes, what survives, and the same without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from shops.listings import review
from shops.models import Product, Shop
from tests.browser.conftest import PHONE
from tests.factories import (
    add_helpers,
    make_category,
    make_product,
    make_rate,
    make_shop,
    make_waiting_product,
)
from tests.media import pictures

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


def from_a_phone(name: str = "IMG_20261124.jpg", width: int = 1800, height: int = 1350) -> dict:
    """A JPEG lying on its side, with the camera's serial number and the orchard's position; larger than what is sent. One
    of 12 megapixels, which takes half a second to make small, is chosen where photos have their own tests."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": pictures.phone_jpeg(width, height)}


class Thumb:
    """Taps and counts them: each touch on a control, and one for each box that is typed into."""

    def __init__(self) -> None:
        self.taps = 0

    def on(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def type(self, box: Locator, words: str) -> None:
        self.on(box)
        box.fill(words)


@pytest.fixture
def kinds(db) -> None:
    for name, hints in {"橙子": "橙", "柚子": "柚"}.items():
        make_category(name, hints=hints)


def type_in(page: Page, *words: str) -> None:
    """Into the box that has the focus and on to the next one, by the keyboard alone."""
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Enter")


INCLUDED, TABLE = "包邮，运费我出", "买家出运费，先用常见的运费表"


@pytest.mark.parametrize(("freight", "taps"), [(INCLUDED, 6), pytest.param(TABLE, 5, marks=pytest.mark.long)])
def test_the_first_listing_of_a_new_shop_takes_at_most_six_taps(
    sign_in, live_server, seller, organiser, kinds, work_off, axe, freight, taps
):
    page, thumb = sign_in(seller), Thumb()
    page.goto(f"{live_server.url}/me/shop/")
    axe()
    page.get_by_role("link", name="公开这个号，上架第一款").tap()
    page.wait_for_url("**/me/shop/new/**")
    axe()
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.locator('[data-shot="waiting"]')).to_be_visible(timeout=30_000)
    thumb.type(page.get_by_label("名称", exact=True), "石榴冲冰糖橙")
    thumb.type(page.get_by_label("一箱净重"), "5")
    thumb.type(page.get_by_label("一箱卖"), "29.9")
    tag = page.locator("[data-price-tag]")
    expect(tag).to_contain_text("5.98")
    expect(tag).to_contain_text("合 ¥11.96/公斤")
    thumb.type(page.get_by_label("现在有"), "40")
    expect(page.locator("#id_category option:checked")).to_have_text("橙子")
    expect(page.get_by_label("买家可以打这个电话")).to_be_checked()
    if not page.get_by_label(freight).is_checked():
        thumb.on(page.locator("label", has_text=freight))
    expect(page.locator("[data-needed]")).to_contain_text("都齐了")
    axe()
    thumb.on(page.locator(".dock").get_by_role("button", name="提交"))
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    axe()
    assert thumb.taps == taps
    product = Product.objects.get()
    assert (product.status, product.price_fen, product.net_grams, product.stock) == (
        "submitted",
        2990,
        2500,
        40,
    )
    assert (product.grower, product.freight_included) == ("own", freight == INCLUDED)
    work_off()
    review.publish(product, organiser)
    page.goto(f"{live_server.url}{product.get_absolute_url()}")
    expect(page.get_by_role("link", name="下单")).to_be_visible()


@pytest.mark.parametrize(
    ("before", "now", "taps"), [(True, False, 6), pytest.param(False, False, 5, marks=pytest.mark.long)]
)
def test_a_later_listing_remembers_freight_and_grower_and_takes_at_most_six_taps(
    sign_in, live_server, seller, village, kinds, before, now, taps
):
    shop = make_shop(
        seller, village, contact=seller.phone, address="石榴冲村三组", sources="mixed", exemption="small"
    )
    make_rate(shop)
    make_product(shop, freight_included=before, grower="neighbours")
    page, thumb = sign_in(seller), Thumb()
    page.goto(f"{live_server.url}/me/shop/")
    page.get_by_role("link", name="上架一款").tap()
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.locator('[data-shot="waiting"]')).to_be_visible(timeout=30_000)
    thumb.type(page.get_by_label("名称", exact=True), "石榴冲沙田柚")
    thumb.type(page.get_by_label("一箱净重"), "10")
    thumb.type(page.get_by_label("一箱卖"), "39.9")
    thumb.type(page.get_by_label("现在有"), "20")
    expect(page.get_by_label("包邮")).to_be_checked(checked=before)
    if before != now:
        thumb.on(page.locator("label", has_text="包邮"))
    expect(page.locator("[data-needed]")).to_contain_text("都齐了")
    thumb.on(page.locator(".dock").get_by_role("button", name="提交"))
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    assert thumb.taps == taps
    product = Product.objects.get(name="石榴冲沙田柚")
    assert (product.grower, product.freight_included) == ("neighbours", now)


@pytest.mark.long
def test_a_page_thrown_out_by_the_phone_comes_back_whole(sign_in, live_server, seller, village, kinds):
    make_shop(seller, village)
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/")
    with page.expect_response(lambda answer: answer.status == 204):
        page.get_by_label("照片").set_input_files([from_a_phone()])
    page.get_by_label("名称", exact=True).fill("红心蜜柚")
    page.wait_for_timeout(400)
    page.goto("about:blank")
    page.goto(f"{live_server.url}/me/shop/new/")
    expect(page.get_by_label("名称", exact=True)).to_have_value("红心蜜柚")
    expect(page.locator("[data-shots] > [data-shot]")).to_have_count(1)
    expect(page.get_by_text("已恢复上次没写完的").first).to_be_visible()


@pytest.mark.long
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(sign_in, live_server, seller, village, kinds, axe):
    make_shop(seller, village)
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/")
    page.get_by_label("名称", exact=True).fill("冰糖橙")
    page.get_by_label("一箱卖").fill("十二")
    page.locator(".dock").get_by_role("button", name="提交").tap()
    expect(page.get_by_text("用数字写，比如 29.90").first).to_be_visible()
    expect(page.get_by_label("一箱卖")).to_have_value("十二")
    axe()
    page.get_by_label("返回").tap()
    expect(page.get_by_role("heading", name="没写完的")).to_be_visible()
    axe()


@pytest.mark.long
def test_another_unit_changes_the_words(sign_in, live_server, seller, village, kinds):
    make_shop(seller, village)
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/")
    page.locator("label", has_text=re.compile("^斤$")).tap()
    expect(page.get_by_label("一斤卖")).to_be_visible()
    expect(page.get_by_label("一箱净重")).to_be_hidden()
    page.get_by_label("一斤卖").fill("１２.８")
    expect(page.locator("[data-price-tag]")).to_contain_text("12.80")
    expect(page.locator("[data-price-tag]")).to_contain_text("合 ¥25.60/公斤")


@pytest.mark.long
def test_without_scripts_a_photo_is_listed_too(browser: Browser, client, live_server, seller, village, kinds):
    shop = make_waiting_product(make_shop(seller, village), name="旧橙").shop
    make_rate(shop)
    client.force_login(seller)
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/me/shop/new/")
    page.get_by_label("照片").set_input_files([from_a_phone()])
    page.get_by_label("名称", exact=True).fill("红心蜜柚")
    page.get_by_label("一箱净重").fill("10")
    page.get_by_label("一箱卖").fill("39,80")
    page.get_by_label("现在有").fill("12")
    page.get_by_label("采到哪天").fill("12月30日")
    page.get_by_label("自家种的", exact=True).check()
    page.locator(".dock").get_by_role("button", name="提交").click()
    expect(page.get_by_text("数字里不用逗号，写成 29.90 这样").first).to_be_visible()
    expect(page.locator("[data-shots] > [data-shot]")).to_have_count(1)
    page.get_by_label("一箱卖").fill("39.80")
    page.get_by_label("一箱卖").press("Enter")
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    product = Product.objects.get(name="红心蜜柚")
    assert (product.shop, product.status, product.price_fen, product.photos.count()) == (
        shop,
        "submitted",
        3980,
        1,
    )
    page.goto(f"{live_server.url}/me/shop/")
    page.locator(f"#product-{product.pk}").get_by_role("button", name="红心蜜柚多一个").click()
    expect(page.locator(f"#product-{product.pk} output")).to_have_text("13 箱")
    context.close()


@pytest.mark.long
def test_plus_and_minus_of_the_stock_keep_their_place(sign_in, live_server, seller, village, axe):
    product = make_product(make_shop(seller, village), stock=1)
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/")
    axe()
    minus, count = (
        page.get_by_role("button", name="冰糖橙少一个"),
        page.locator(f"#product-{product.pk} output"),
    )
    minus.tap()
    expect(count).to_have_text("0 箱")
    expect(minus).to_be_focused()
    expect(page.locator("#status")).to_have_text("冰糖橙：现在有 0 箱")
    minus.tap()
    expect(page.get_by_text("只有 0 箱，减不了这么多").first).to_be_visible()
    axe()


@pytest.mark.long
def test_every_page_of_the_shop_is_fit_for_everybody(
    sign_in, live_server, seller, village, languages, axe, enlarged
):
    shop = make_shop(seller, village)
    add_helpers(shop, seller)
    products = [make_waiting_product(shop, name=f"橙{status}", status=status) for status in Product.Status]
    Shop.objects.filter(pk=shop.pk).update(name="石榴冲村梅英和老周家的六亩坡地橙园")
    page = sign_in(seller)
    paths = [
        "",
        "new/",
        "new/?again=1",
        f"{shop.pk}/",
        f"{shop.pk}/helpers/",
        f"{shop.pk}/helpers/{seller.pk}/",
    ]
    paths += [f"products/{product.pk}/" for product in products]
    paths += [f"products/{products[2].pk}/{part}/" for part in ("edit", "stock", "price", "withdraw")]
    for language in languages():
        for path in paths:
            page.goto(f"{live_server.url}/me/shop/{path}")
            axe()
            if language:  # English words are the longer ones
                enlarged()
