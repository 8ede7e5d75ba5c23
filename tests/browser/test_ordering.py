"""A visitor on a phone: from the product to a request, the place picked list by list, and back to the order."""

from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from shops.models import FreightRate, Order, Product
from tests.browser.kept_lessons import until
from tests.factories import make_product, make_shop

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def oranges(seller, village) -> Product:
    shop = make_shop(seller, village, contact=seller.phone)
    FreightRate.objects.create(shop=shop, province="430000", first_grams=3000, first_fen=600, step_fen=100)
    return make_product(shop, gross_grams=3000)


def fill(page: Page) -> None:
    page.get_by_label("省份").select_option("湖南省")
    page.get_by_label("城市").select_option("株洲市")
    page.get_by_label("城市").select_option("长沙市")
    page.get_by_label("区县").select_option("岳麓区")
    page.get_by_label("详细地址").fill("麓山路 1 号")
    page.get_by_label("收货人").fill("陈小禾")
    page.get_by_label("手机号").fill("13700004821")


def test_a_visitor_orders_and_finds_the_order_again(page: Page, live_server, oranges, axe):
    page.goto(live_server.url + oranges.get_absolute_url())
    page.get_by_role("link", name="下单").click()
    axe()
    fill(page)
    page.get_by_label("区县").select_option("芙蓉区")
    page.get_by_label("区县").select_option("岳麓区")
    page.get_by_role("textbox", name="冰糖橙").fill("2")
    page.get_by_role("textbox", name="冰糖橙").blur()
    # Nobody waits for one answer before the next change: the sum is that of the last one, in both places.
    expect(page.locator("#dock-sum")).to_contain_text("¥68.80")
    expect(page.locator("#sum")).to_contain_text("¥68.80")
    page.get_by_role("button", name="发出请求").click()
    expect(page.locator(".errors")).to_contain_text("还有 1 处要改")
    axe()
    page.get_by_label("我知道这是鲜活易腐的东西").check()
    page.get_by_role("button", name="发出请求").click()
    expect(page.get_by_text("麓山路 1 号")).to_be_visible()
    axe()
    order = Order.objects.get()
    assert (order.total_fen, order.region) == (6880, "湖南省长沙市岳麓区")
    page.context.clear_cookies()
    page.goto(live_server.url + order.get_absolute_url())
    expect(page.get_by_text("麓山路 1 号")).not_to_be_visible()
    page.get_by_label("手机号后四位").fill("4821")
    page.get_by_role("button", name="看我的订单").click()
    expect(page.get_by_text("麓山路 1 号")).to_be_visible()


@pytest.mark.long
def test_what_was_typed_comes_back_after_a_reload_but_never_the_tick(page: Page, live_server, oranges):
    page.goto(f"{live_server.url}/shops/{oranges.shop.slug}/order/?product={oranges.pk}")
    page.get_by_label("收货人").fill("陈小禾")
    page.get_by_label("我知道这是鲜活易腐的东西").check()
    page.reload()
    expect(page.get_by_label("收货人")).to_have_value("陈小禾")
    expect(page.get_by_label("我知道这是鲜活易腐的东西")).not_to_be_checked()


def test_an_order_whose_answer_was_lost_is_placed_once(page: Page, live_server, oranges):
    """The buyer opens the form anew, finds everything typed, and sends it again."""
    form = f"{live_server.url}/shops/{oranges.shop.slug}/order/?product={oranges.pk}"
    page.goto(form)
    fill(page)
    page.get_by_label("我知道这是鲜活易腐的东西").check()
    expect(page.locator("#dock-sum")).to_contain_text("¥")

    def lose_answer(route):
        """Pass the form on by another client: route.fetch would give the cookies of the lost answer to the browser."""
        request = route.request
        urlopen(Request(request.url, request.post_data_buffer, request.all_headers())).close()
        route.abort()

    page.route(lambda url: url.partition("?")[0].endswith("/order/"), lose_answer)
    page.get_by_role("button", name="发出请求").click()
    until(lambda: Order.objects.count() == 1)
    page.unroute_all(behavior="wait")
    page.goto(form)
    expect(page.get_by_label("收货人")).to_have_value("陈小禾")
    # The districts come last, when the city is there again.
    expect(page.get_by_label("区县").locator("option:checked")).to_have_text("岳麓区")
    page.get_by_label("我知道这是鲜活易腐的东西").check()
    page.get_by_role("button", name="发出请求").click()
    expect(page.locator("#main").get_by_text("这一单之前就收到了，没有再下一单。")).to_be_visible()
    assert Order.objects.count() == 1


@pytest.mark.long
def test_province_chosen_before_the_script_has_come_brings_its_cities(page, live_server, oranges):
    held = []
    page.route("**/htmx*.js", lambda route: held.append(route))
    page.goto(f"{live_server.url}/shops/{oranges.shop.slug}/order/?product={oranges.pk}", wait_until="commit")
    page.get_by_label("省份").select_option("湖南省")
    until(lambda: page.evaluate("true") and held)
    held[0].continue_()
    page.get_by_label("城市").select_option("长沙市")


@pytest.mark.long
def test_a_pasted_address_fills_the_form_at_once(page: Page, live_server, oranges, axe):
    page.goto(f"{live_server.url}/shops/{oranges.shop.slug}/order/?product={oranges.pk}")
    page.get_by_text("有整段的收货信息？贴进来自己填").tap()
    box = page.get_by_label("把收货信息整段贴在这里")
    box.focus()
    box.evaluate(
        """(box, text) => {
          box.value = text;
          box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
        }""",
        "李明，139-0000-0002，湖南長沙嶽麓區麓山路1號，13800001234",
    )
    expect(page.get_by_label("收货人")).to_have_value("李明")
    expect(page.get_by_label("手机号")).to_have_value("139 0000 0002")
    expect(page.get_by_label("区县").locator("option:checked")).to_have_text("岳麓区")
    expect(page.get_by_label("详细地址")).to_have_value("麓山路1號")
    expect(page.get_by_text("没填的是 138 0000 1234")).to_be_visible()
    expect(page.locator("#dock-sum")).to_contain_text("¥35.90")
    axe()
    page.get_by_label("城市").select_option("株洲市")
    expect(page.get_by_label("区县").locator("option", has_text="芦淞区")).to_have_count(1)


@pytest.mark.long
def test_one_more_and_one_less_are_buttons_of_a_thumbs_size(page: Page, live_server, oranges, axe):
    page.goto(f"{live_server.url}/shops/{oranges.shop.slug}/order/?product={oranges.pk}")
    page.get_by_label("省份").select_option("湖南省")
    count = page.get_by_label("冰糖橙", exact=True)
    more, less = (page.get_by_role("button", name=f"冰糖橙{word}一份") for word in ("多", "少"))
    for button in (more, less):
        size = button.bounding_box()
        assert min(size["width"], size["height"]) >= 48
    more.tap()
    more.tap()
    expect(count).to_have_value("3")
    expect(page.locator("#dock-sum")).to_contain_text("¥101.70")
    for _tap in range(5):
        less.tap()
    expect(count).to_have_value("0")
    for _tap in range(12):
        more.tap()
    expect(count).to_have_value("10")
    axe()
