"""A villager plans a live on a 360-pixel phone: one tap for a drill, goods by their photos, a script that mends itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from live.models import Livestream
from live.scripts import services
from tests.browser.kept_lessons import until
from tests.factories import make_course, make_photo, make_product
from tests.lives import make_clearance, make_drill, make_item, make_live, make_ready_shop, make_script

pytestmark = [pytest.mark.usefixtures("no_second_factor"), pytest.mark.one_phone]


@pytest.fixture
def shop(seller, village):
    return make_ready_shop(seller, village)


@pytest.fixture
def goods(shop, seller):
    names = ("冰糖橙", "石榴冲老树冰糖橙特大果礼盒装", "麻阳柚子")
    return [
        make_product(shop, name=name, stock=8, cover=make_photo(seller), freight_included=True)
        for name in names
    ]


def enter(sign_in, live_server, person, path: str) -> Page:
    page = sign_in(person)
    page.goto(f"{live_server.url}{path}")
    return page


def drag(page: Page, start, end) -> None:
    """A grip held and drawn past a row, as a finger does."""
    start.scroll_into_view_if_needed()
    a, b = start.bounding_box(), end.bounding_box()
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(a["x"] + a["width"] / 2, b["y"] + 4, steps=12)
    page.mouse.up()


def test_a_drill_is_planned_by_one_tap_and_its_blocked_line_mended(
    sign_in, live_server, seller, shop, goods, county, axe
):
    make_drill(make_course(county, lessons=1))
    page = enter(sign_in, live_server, seller, "/live/")
    axe()
    page.get_by_role("button", name="排好").tap()
    page.wait_for_url("**/live/*/")
    axe()
    page.get_by_role("link", name="脚本").tap()
    box = page.get_by_label("是什么货")
    box.fill("")
    page.locator('[data-put="{品名}"]').tap()
    expect(page.get_by_label("我是谁，货从哪儿来")).to_have_value("我是{村}的{主播}。")
    box.press_sequentially("，全村最甜，早上摘的。")
    expect(page.locator("#wording-what mark")).to_have_text("全村最甜")
    axe()
    box.fill("{品名}，早上摘的。")
    expect(page.locator("#wording-what mark")).to_have_count(0)
    page.get_by_role("button", name="存脚本").last.tap()
    page.wait_for_url("**/live/*/")
    item = Livestream.objects.get().load_items()[0]
    assert services.find_latest_versions([item])[item.pk].parts["what"] == "{品名}，早上摘的。"


@pytest.mark.long
def test_a_fact_goes_into_the_box_that_was_tapped_before_the_script_had_come(
    sign_in, live_server, seller, shop, goods
):
    live = make_live(seller, shop=shop)
    item = make_item(live, goods[0])
    make_script(item, who="我是老宋。", what="")
    page, held = sign_in(seller), []
    page.route("**/live/scripts/script*.js", lambda route: held.append(route))
    page.goto(f"{live_server.url}/live/{live.pk}/items/{item.pk}/script/", wait_until="commit")
    page.get_by_label("我是谁，货从哪儿来").tap()
    fact = page.locator('[data-put="{品名}"]')
    expect(fact).to_be_disabled()
    until(lambda: page.evaluate("true") and held)
    held[0].continue_()
    fact.tap()
    expect(page.get_by_label("我是谁，货从哪儿来")).to_have_value(re.compile("{品名}"))


@pytest.mark.long
def test_one_tap_mends_a_word_and_the_time_follows(sign_in, live_server, seller, shop, goods, axe):
    live = make_live(seller, shop=shop)
    item = make_item(live, goods[0])
    make_script(item, what="最甜的{品名}。")
    page = enter(sign_in, live_server, seller, f"/live/{live.pk}/items/{item.pk}/script/")
    before = page.locator("[data-time]").inner_text()
    page.locator("#wording-what .rewrite").first.tap()
    expect(page.get_by_label("是什么货")).to_have_value("很甜的{品名}。")
    expect(page.locator("#wording-what mark")).to_have_count(0)
    page.get_by_label("讲售后").fill("坏" * 200)
    expect(page.locator("[data-time]")).not_to_have_text(before)
    expect(page.locator("[data-time]")).to_contain_text("1 分")


@pytest.mark.long
def test_a_real_live_is_planned_from_its_goods_to_its_checklist(
    sign_in, live_server, seller, shop, goods, axe
):
    make_clearance(seller)
    page = enter(sign_in, live_server, seller, "/live/new/?kind=real")
    axe()
    page.get_by_role("button", name="排好", exact=True).tap()
    page.wait_for_url("**/add/")
    axe()
    for name in ("冰糖橙", "麻阳柚子", "石榴冲老树冰糖橙特大果礼盒装"):
        page.locator(".pick", has_text=name).last.tap()
    page.get_by_role("button", name="加进排品表").tap()
    page.wait_for_url("**/live/*/")
    expect(page.locator("[data-item]")).to_have_count(3)
    axe()
    page.locator("#missing").get_by_role("link", name="去填").tap()
    page.get_by_label("出生年月").fill("198506")
    page.get_by_role("button", name="记下").tap()
    live = Livestream.objects.get()
    page.wait_for_url(re.compile(rf"/live/{live.pk}/$"))
    expect(page.locator("#missing")).not_to_contain_text("出生年月")
    page.goto(f"{live_server.url}/live/{live.pk}/host/")
    expect(page.get_by_text("满 18 岁", exact=True)).to_be_visible()
    axe()
    page.goto(f"{live_server.url}/live/{live.pk}/checklist/")
    for _n in range(8):
        button = page.locator(".tick[aria-pressed=false]").first
        code = button.locator("xpath=ancestor::li").get_attribute("id")
        button.tap()
        expect(page.locator(f"#{code} .tick")).to_have_attribute("aria-pressed", "true")
    axe()
    page.goto(f"{live_server.url}/live/{live.pk}/")
    expect(page.locator("#missing")).to_have_count(0)
    assert live.ticks.filter(by=seller, is_done=True).count() == 8


@pytest.mark.long
def test_the_rundown_is_dragged_moved_and_walked_by_keys(sign_in, live_server, seller, shop, goods):
    live = make_live(seller, shop=shop)
    first, second, third = (make_item(live, product) for product in goods)
    page = enter(sign_in, live_server, seller, f"/live/{live.pk}/")

    def order():
        return [item.pk for item in live.load_items()]

    grips = page.locator("[data-grip]")
    expect(grips.first).to_be_visible()
    with page.expect_response("**/order/"):
        page.get_by_role("button", name="麻阳柚子往上挪").tap()
    assert order() == [first.pk, third.pk, second.pk]
    expect(page.locator("[data-number]")).to_have_text(["1", "2", "3"])
    with page.expect_response("**/order/"):
        grips.nth(0).focus()
        page.keyboard.press("ArrowDown")
    assert order() == [third.pk, first.pk, second.pk]
    page.evaluate("scrollTo(0, 0)")
    with page.expect_response("**/order/"):
        drag(page, grips.nth(1), page.locator("[data-item]").nth(0))
    assert order() == [first.pk, third.pk, second.pk]


@pytest.mark.long
def test_an_order_that_was_not_kept_goes_back(sign_in, live_server, seller, shop, goods):
    live = make_live(seller, shop=shop)
    for product in goods:
        make_item(live, product)
    page = enter(sign_in, live_server, seller, f"/live/{live.pk}/")
    expect(page.locator("[data-grip]").first).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="麻阳柚子往上挪").tap()
    expect(page.locator("#status")).to_have_text("没存上，等一下再试")
    expect(page.locator("[data-item] b").last).to_contain_text("麻阳柚子")


@pytest.mark.long
def test_every_page_of_a_plan_is_whole_at_360_pixels(
    sign_in, live_server, seller, shop, goods, county, languages, axe
):
    drill = make_drill(make_course(county, lessons=1))
    live = make_live(seller, shop=shop, kind="real", title="周五晚上八点" * 6)
    item = make_item(
        live, goods[1], role="crowd", quota=5, live_price_fen=2600, talking_points="说风疤\n切开"
    )
    make_script(item, what="全网最甜的{品名}，糖度14度。")
    rehearsal = make_live(seller, shop=shop, drill=drill)
    page = sign_in(seller)
    paths = ["", "new/", "new/?kind=real", f"{live.pk}/", f"{live.pk}/edit/", f"{live.pk}/remove/"]
    paths += [f"{live.pk}/{name}/" for name in ("add", "checklist", "host", "sheet")]
    paths += [f"{rehearsal.pk}/", f"{rehearsal.pk}/add/typed/"]
    paths += [f"{live.pk}/items/{item.pk}/{name}" for name in ("", "script/", "script/versions/", "remove/")]
    for _language in languages():
        for path in paths:
            assert page.goto(f"{live_server.url}/live/{path}").status == 200
            axe()


@pytest.mark.long
def test_without_scripts_the_forms_do_it(browser, live_server, seller, shop, goods, client):
    client.force_login(seller)
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    live = make_live(seller, shop=shop)
    page.goto(f"{live_server.url}/live/{live.pk}/add/")
    page.locator(".pick input").nth(0).check()
    page.locator(".pick input").nth(1).check()
    page.get_by_role("button", name="加进排品表").click()
    before = [item.pk for item in live.load_items()]
    page.locator(f'[value="{before[1]}:up"]').click()
    assert [item.pk for item in live.load_items()] == before[::-1]
    page.goto(f"{live_server.url}/live/{live.pk}/items/{before[0]}/script/")
    page.get_by_label("是什么货").fill("最甜的{品名}。")
    page.get_by_role("button", name="存脚本").click()
    expect(page.get_by_text("还有 1 处不能说")).to_be_visible()
    page.locator("#wording-what .rewrite").first.click()
    expect(page.get_by_label("是什么货")).to_have_value("很甜的{品名}。")
    context.close()
