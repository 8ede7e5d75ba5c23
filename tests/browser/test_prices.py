"""Freight, presale and pick-up points on a phone, with scripts and without."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from shops.models import FreightRate, PickUpPoint, Presale
from tests.browser.conftest import PHONE
from tests.browser.test_selling import Thumb, from_a_phone, type_in
from tests.factories import make_category, make_product, make_rate, make_shop

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, address="石榴冲村三组", contact="+8613800000003")


@pytest.mark.long
def test_whole_freight_table_is_written_within_a_minute(sign_in, live_server, seller, shop, axe):
    page, thumb = sign_in(seller), Thumb()
    page.goto(f"{live_server.url}/me/shop/")
    axe()
    start = time.monotonic()
    thumb.on(page.get_by_role("link", name="运费表"))
    page.wait_for_url("**/freight/**")
    axe()
    thumb.on(page.get_by_role("link", name="按常见的分法填好，我再改"))
    page.wait_for_url("**start=1")
    axe()
    page.get_by_label("首重价").nth(0).fill("７.５")
    # 西藏 goes from the third price to the second: one province has one price.
    thumb.on(page.locator("[data-slot] summary").nth(1))
    axe()
    thumb.on(page.locator("[data-slot]").nth(1).locator("label", has_text="西藏"))
    expect(page.locator("[data-names]").nth(2)).to_have_text("内蒙古、海南、甘肃、青海、宁夏、新疆")
    thumb.on(page.get_by_role("button", name="保存运费表"))
    expect(page.get_by_text("运费表存好了，买家马上看到。").first).to_be_visible()
    assert time.monotonic() - start < 60
    assert thumb.taps == 5
    assert (shop.freight.count(), shop.freight.get(province="540000").first_fen) == (31, 1000)
    assert shop.freight.get(province="430000").first_fen == 750


@pytest.mark.long
def test_second_listing_like_the_last_takes_at_most_six_taps(sign_in, live_server, seller, shop, axe):
    make_rate(shop)
    make_product(shop, category=make_category("橙子", hints="橙"), gross_grams=2900)
    page, thumb = sign_in(seller), Thumb()
    page.goto(f"{live_server.url}/me/shop/new/?again=1")
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.locator('[data-shot="waiting"]')).to_be_visible(timeout=30_000)
    page.get_by_label("现在有").focus()
    type_in(page, "40", "12.30")
    thumb.on(page.locator(".dock").get_by_role("button", name="提交"))
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    assert thumb.taps == 1
    assert shop.products.first().gross_grams == 2900


def test_gift_is_written_in_the_fold_and_shown(sign_in, live_server, seller, shop, axe):
    make_rate(shop)
    product = make_product(shop)
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/products/{product.pk}/edit/")
    page.get_by_text("再写几样（选填）").tap()
    page.get_by_text("送一样东西").first.tap()
    axe()
    for label, words in {
        "送什么": "湿巾", "规格": "10 抽一包", "每份送几个": "1", "限多少、到哪天": "前 50 份", "怎么送": "装在箱里",
    }.items():  # fmt: skip
        page.get_by_label(label).first.fill(words)
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.locator('[data-shot="waiting"]')).to_be_visible(timeout=30_000)
    page.locator(".dock").get_by_role("button", name="保存").tap()
    page.wait_for_url(f"**/products/{product.pk}/")
    page.goto(f"{live_server.url}{product.get_absolute_url()}")
    expect(page.get_by_text("10 抽一包 × 1")).to_be_visible()
    page.get_by_text("一箱最低 ¥9.00，点开看各省").tap()
    expect(page.get_by_text("首重 2斤（1公斤）¥6.00，每加 2斤（1公斤）¥1.50")).to_be_visible()
    axe()


@pytest.mark.long
def test_without_scripts_all_of_it_works_too(browser: Browser, client, live_server, seller, shop):
    product = make_product(shop, stock=0)
    client.force_login(seller)
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/me/shop/freight/?start=1")
    page.get_by_role("button", name="保存运费表").click()
    expect(page.get_by_text("运费表存好了，买家马上看到。").first).to_be_visible()
    page.goto(f"{live_server.url}/me/shop/products/{product.pk}/presale/")
    page.get_by_label("一共预售多少").fill("80")
    last = timezone.localdate() + timezone.timedelta(days=10)
    page.get_by_label("预售到哪天").fill(f"{last.month}.{last.day}")
    before = last - timezone.timedelta(days=5)
    page.get_by_label("最晚哪天发").fill(f"{before.month}.{before.day}")
    page.get_by_role("button", name="开预售").click()
    expect(page.get_by_text("发货的日子不能早过预售的最后一天").first).to_be_visible()
    after = last + timezone.timedelta(days=5)
    page.get_by_label("最晚哪天发").fill(f"{after.month}.{after.day}")
    page.get_by_role("button", name="开预售").click()
    expect(page.get_by_text("预售开了，买家能订了。").first).to_be_visible()
    page.goto(f"{live_server.url}/me/shop/points/")
    page.get_by_label("自提点叫什么").fill("镇上驿站")
    page.get_by_label("在哪里").fill("青溪镇老街 8 号")
    page.get_by_label("什么时候能取").fill("白天")
    page.get_by_role("button", name="加上").click()
    expect(page.get_by_text("自提点加好了。").first).to_be_visible()
    assert (FreightRate.objects.count(), Presale.objects.get().left, PickUpPoint.objects.count()) == (
        31,
        80,
        1,
    )
    context.close()


@pytest.mark.long
def test_every_page_of_prices_is_fit_for_everybody(
    sign_in, live_server, seller, shop, languages, axe, enlarged
):
    product = make_product(shop)
    make_rate(shop, surcharge_fen=500)
    point = shop.points.create(name="镇上驿站", address="青溪镇老街 8 号", hours="白天")
    page = sign_in(seller)
    mine = f"products/{product.pk}"
    paths = ["freight/", "freight/?start=1", "points/", f"points/{point.pk}/"]
    paths += [f"{mine}/{part}" for part in ("prices/", "prices/?what=deals", "presale/", "stock/", "price/")]
    for language in languages():
        for path in paths:
            page.goto(f"{live_server.url}/me/shop/{path}")
            axe()
            if language:  # English words are the longer ones
                enlarged()
