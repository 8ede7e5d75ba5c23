"""A seller finds how to sell such goods, puts a ready script in and takes it out again, on a phone and on a desktop."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_product
from tests.lives import make_item, make_live, make_ready_shop, make_script

pytestmark = pytest.mark.workerless


@pytest.fixture
def shop(seller, village):
    return make_ready_shop(seller, village)


@pytest.mark.long
def test_a_seller_finds_the_pack_and_puts_its_script_in(
    page, live_server, seller, shop, sign_in, fits, look, no_second_factor
):
    product = make_product(shop, name="石榴冲香柚", stock=8, variety="沙田柚", freight_included=True)
    item = make_item(make_live(seller, shop=shop), product)
    make_script(item, seller)
    sign_in(seller)
    look("/courses/crops/", ("各样货怎么播", "How to sell each kind of goods"))
    look("/courses/crops/cured-meat/", ("要有证才能卖", "May be sold only with a licence"))
    page.goto(f"{live_server.url}/me/shop/products/{product.pk}/")
    fits()
    page.locator("#pattern button").nth(1).click()
    expect(page.locator("button[value='crop-undo:1']")).to_be_visible()
    fits()
    page.locator("button[value='crop-undo:1']").click()
    expect(page.locator("textarea[name=who]")).to_have_value("我是{村}的{主播}。")
    page.goto(f"{live_server.url}/live/{item.livestream_id}/prompter/")
    page.locator(".prompter__asks summary").click()
    fits()
