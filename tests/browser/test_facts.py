"""From a batch written down on a phone to what a buyer reads after scanning the box; and a paper handed in."""

import re

import pytest
from playwright.sync_api import expect

from shops.models import Batch, Paper
from tests.factories import make_category, make_product, make_shop
from tests.media import pictures

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


def test_a_batch_gets_its_pledge_by_one_tap_and_a_buyer_reads_it(sign_in, live_server, seller, village, axe):
    make_category("橙子", hints="橙")
    shop = make_shop(seller, village, contact=seller.phone, address="石榴冲村三组 18 号")
    make_product(shop, name="冰糖橙")
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/")
    page.get_by_role("link", name="批次和合格证").tap()
    page.get_by_role("link", name="记一批").tap()
    page.wait_for_url("**/batches/new/**")
    axe()
    page.get_by_label("品名").fill("冰糖橙")
    page.get_by_label("采了多少").fill("30公斤")
    page.get_by_label("哪块地").fill("屋后老井边")
    page.get_by_label("糖度").fill("12.5")
    page.get_by_role("button", name="保存").tap()
    # Sweetness without its day and instrument comes back, with what was typed.
    expect(page.get_by_label("采了多少")).to_have_value("30公斤")
    expect(page.get_by_text("写了糖度，哪天测的、用什么测的都要写").first).to_be_visible()
    axe()
    page.get_by_label("糖度").fill("")
    page.get_by_role("button", name="保存").tap()
    page.wait_for_url(re.compile("/batches/[0-9]+/$"))
    axe()
    page.get_by_role("button", name="开合格证").tap()
    page.wait_for_url("**/me/shop/pledges/**")
    expect(page.get_by_role("heading", name="承诺达标合格证")).to_be_visible()
    expect(page.get_by_role("img", name="承诺达标合格证，扫码看这一批")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    axe()
    batch = Batch.objects.get()
    assert batch.grams == 30_000
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/trace/{batch.code}/")
    expect(page.get_by_text("屋后老井边")).to_be_visible()
    expect(page.get_by_text("果农没有记过用药。")).to_be_visible()
    axe()


@pytest.mark.long
def test_a_paper_is_handed_in_and_its_photo_kept_through_a_mistake(
    sign_in, live_server, seller, village, axe
):
    make_shop(seller, village)
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/papers/new/")
    axe()
    page.get_by_label("什么证").select_option("green")
    photo = {"name": "证.jpg", "mimeType": "image/jpeg", "buffer": pictures.phone_jpeg(1200, 900)}
    page.get_by_label("证书照片或 PDF").set_input_files([photo])
    page.get_by_label("证书编号").fill("LB-18-26041808421A")
    page.get_by_role("button", name="交上去").tap()
    expect(page.get_by_text("这种证有有效期，写到哪天")).to_be_visible()
    expect(page.get_by_role("img", name="第 1 张照片")).to_be_visible()
    axe()
    page.get_by_label("到哪天").fill("2099-12-31")
    page.get_by_role("button", name="交上去").tap()
    page.wait_for_url("**/me/shop/papers/?**")
    expect(page.get_by_text("等核对")).to_be_visible()
    axe()
    assert Paper.objects.get().file.content_type == "image/webp"
