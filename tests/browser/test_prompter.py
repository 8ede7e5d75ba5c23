"""The teleprompter on a phone: it rolls at its rate, stops at a tap, and its lines stay when the line goes."""

import pytest

from shops.models import Product
from tests.browser.conftest import PHONE, expect
from tests.browser.kept_lessons import caches_of, cut, mend, open_page, until
from tests.browser.line import Line
from tests.factories import make_product
from tests.lives import make_item, make_live, make_ready_shop, make_script

pytestmark = pytest.mark.one_phone

LONG = "昨天下午在屋后老井边摘的，今天早上分的级，大的小的都在这一筐里，您看这个皮。"
LYING = {"width": 740, "height": 360}


@pytest.fixture
def shop(seller, village, settings):
    settings.DEMO = True
    return make_ready_shop(seller, village)


@pytest.fixture
def live(seller, shop):
    """Three items; the second has a name as long as may be, the third no script."""
    live = make_live(seller, shop=shop)
    for name in ("冰糖橙", "石榴冲村屋后老井边手摘大果冰糖橙家庭分享装带叶子礼盒三十字"):
        make_script(
            make_item(live, make_product(shop, name=name[:30], stock=8, freight_included=True)), what=LONG * 2
        )
    make_item(live, None, name="甜柚", minutes=3, talking_points="")
    return live


@pytest.fixture
def prompter(sign_in, live_server, seller, live):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/live/{live.pk}/prompter/")
    expect(page.get_by_role("button", name="开始")).to_be_visible()
    return page


def said(page) -> float:
    return page.evaluate("document.querySelector('.prompter').prompter.position")


def tap(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def top(page) -> float:
    return page.locator("[data-text]").evaluate("(text) => text.scrollTop")


@pytest.mark.long
def test_it_rolls_at_its_rate_and_stops_at_a_tap(prompter):
    assert (said(prompter), prompter.locator("p.on").inner_text()) == (0, "我是石榴冲村的周梅英。")
    expect(prompter.locator("[data-speed]")).to_have_text("200")
    tap(prompter, "开始")
    start = prompter.evaluate("performance.now()")
    until(lambda: said(prompter) > 12, 20)
    rolled, passed = prompter.evaluate(
        "(start) => [document.querySelector('.prompter').prompter.position, performance.now() - start]", start
    )
    assert abs(rolled - passed / 60000 * 200) < 2
    assert prompter.locator("p.on").inner_text() == LONG
    prompter.locator("[data-text]").click(position={"x": 100, "y": 300})
    expect(prompter.get_by_role("button", name="开始")).to_be_visible()
    stopped = (said(prompter), top(prompter))
    prompter.wait_for_timeout(600)
    assert (said(prompter), top(prompter)) == stopped
    assert stopped[1] > 0


@pytest.mark.long
def test_a_finger_moves_it_to_the_line_at_the_mark_and_it_rolls_on_from_there(prompter):
    """In whatever size: the words being said stand where the eye rests."""
    for size in ("字大", "字大", "字小", "字小", "字小"):
        prompter.evaluate("document.querySelector('.prompter').prompter.pause()")
        tap(prompter, size)
        prompter.locator("[data-text]").evaluate("(text) => { text.scrollTop += 333; }")
        until(lambda: said(prompter) > 0)
        prompter.wait_for_timeout(100)
        box, mark = (prompter.locator(one).bounding_box() for one in ("p.on", ".prompter__mark"))
        assert box["y"] - 2 <= mark["y"] <= box["y"] + box["height"] + 60
    prompter.reload()
    tap(prompter, "开始")
    prompter.locator("[data-text]").evaluate("(text) => { text.scrollTop = 900; }")
    until(lambda: said(prompter) > 30)
    there = said(prompter)
    until(lambda: said(prompter) > there + 2)
    assert top(prompter) >= 899


def test_it_jumps_by_item_with_the_figures_of_now_and_keeps_speed_size_and_mirror(prompter, live):
    name, preview = prompter.locator("[data-name]"), prompter.locator("[data-following]")
    expect(name).to_have_text("1 冰糖橙")
    expect(preview).to_contain_text("2 石榴冲村")
    expect(prompter.locator("[data-clock]")).to_have_text("5:00")
    expect(prompter.locator("[data-previous]")).to_be_disabled()
    preview.click()
    expect(name).to_contain_text("2 石榴冲村")
    tap(prompter, "下一款")
    prompter.keyboard.press("PageDown")
    expect(name).to_have_text("3 甜柚")
    expect(preview).to_be_hidden()
    expect(prompter.locator("[data-clock]")).to_have_text("3:00")
    expect(prompter.locator("p.on")).to_have_text("这一款还没写脚本")
    tap(prompter, "上一款")
    expect(name).to_contain_text("2 石榴冲村")
    # Price and stock are those of now.
    tap(prompter, "上一款")
    expect(prompter.locator("[data-figures]")).to_contain_text("¥29.90 还剩 8 箱", use_inner_text=True)
    Product.objects.filter(name="冰糖橙").update(price_fen=2590, stock=3)
    expect(prompter.locator("[data-figures]")).to_contain_text("¥25.90 还剩 3 箱", use_inner_text=True)
    # What is typed by hand has a price and no number of pieces: nobody has said how many there are, nor what one without a
    # price costs.
    live.items.filter(name="甜柚").update(price_fen=1990)
    make_item(live, None, name="蜜桔", price_fen=None)
    prompter.reload()
    following = prompter.locator("[data-next-price]")
    expect(following).to_have_text("¥29.90")
    prompter.keyboard.press("PageDown")
    prompter.keyboard.press("PageDown")
    expect(prompter.locator("[data-name]")).to_have_text("3 甜柚")
    expect(prompter.locator("[data-figures]")).to_have_text("¥19.90", use_inner_text=True)
    expect(prompter.locator("[data-there]")).to_have_text("")
    expect(following).to_have_text("")
    # Speed, size and mirror are there the next time.
    for _tap in range(7):
        if prompter.locator("[data-faster]").is_enabled():
            tap(prompter, "快一点")
    expect(prompter.locator("[data-speed]")).to_have_text("320")
    expect(prompter.locator("[data-faster]")).to_be_disabled()
    tap(prompter, "字大")
    tap(prompter, "镜像")
    prompter.reload()
    expect(prompter.locator("[data-speed]")).to_have_text("320")
    expect(prompter.locator("[data-text]")).to_have_attribute("data-size", "3")
    expect(prompter.get_by_role("button", name="镜像")).to_have_attribute("aria-pressed", "true")
    transform = prompter.locator("[data-text]").evaluate("(text) => getComputedStyle(text).transform")
    assert transform == "matrix(-1, 0, 0, 1, 0, 0)"


@pytest.mark.long
@pytest.mark.own_phone
def test_each_item_counts_down_its_own_minutes(prompter, live):
    live.items.filter(position=1).update(minutes=1)
    prompter.clock.install()
    prompter.reload()
    tap(prompter, "开始")
    prompter.evaluate("document.querySelector('.prompter').prompter.pause()")
    prompter.clock.run_for(20_000)
    expect(prompter.locator("[data-clock]")).to_have_text("0:40")
    prompter.clock.run_for(45_000)
    expect(prompter.locator("[data-clock]")).to_have_text("+0:05")
    tap(prompter, "下一款")
    expect(prompter.locator("[data-clock]")).to_have_text("5:00")
    prompter.keyboard.press("PageUp")
    expect(prompter.locator("[data-clock]")).to_have_text("+0:05")


@pytest.mark.long
def test_lines_stay_when_the_line_goes(prompter):
    """No request comes through any more: it rolls on, jumps, and says of when its figures are."""
    cut(prompter.context)
    note = prompter.locator("[data-stale]")
    expect(note).to_contain_text("断线了，价钱和库存是")
    expect(prompter.locator("[data-figures]")).to_contain_text("¥29.90 还剩 8 箱", use_inner_text=True)
    tap(prompter, "开始")
    until(lambda: said(prompter) > 3, 20)
    prompter.keyboard.press("PageDown")
    expect(prompter.locator("p.on")).to_have_text("我是石榴冲村的周梅英。")
    expect(prompter.get_by_text(LONG.partition("，")[0]).nth(2)).to_be_attached()
    mend(prompter.context)
    expect(note).to_be_hidden()


@pytest.mark.long
@pytest.mark.own_phone
def test_opened_again_without_a_line_it_is_there(sign_in, live_server, seller, live):
    page, path = sign_in(seller), f"/live/{live.pk}/prompter/"
    open_page(page, live_server, path)
    until(lambda: any(path in kept for kept in caches_of(page).values()))
    until(lambda: any("/static/live/on_air/prompter.css" in kept for kept in caches_of(page).values()))
    cut(page.context)
    page.reload()
    expect(page.get_by_text("我是石榴冲村的周梅英。").first).to_be_visible()
    tap(page, "开始")
    until(lambda: said(page) > 2, 20)
    assert page.locator(".prompter__play").evaluate("(one) => getComputedStyle(one).minHeight") == "60px"


@pytest.mark.long
def test_a_line_that_hangs_stops_nothing(sign_in, live_server, seller, live):
    line = Line(live_server.url)
    try:
        page = sign_in(seller, line.url)
        page.goto(f"{line.url}/live/{live.pk}/prompter/")
        expect(page.get_by_role("button", name="开始")).to_be_visible()
        line.becomes("cut")
        tap(page, "开始")
        until(lambda: said(page) > 3, 20)
        expect(page.locator("[data-stale]")).to_be_visible()
    finally:
        line.close()


@pytest.mark.long
def test_it_fits_a_phone_however_it_is_held(prompter, axe):
    axe()
    tap(prompter, "开始")
    expect(prompter.locator("[data-figures]")).to_be_visible()
    axe()
    prompter.keyboard.press("PageDown")
    expect(prompter.locator("[data-name]")).to_contain_text("2 石榴冲村")
    axe()
    fits(prompter)
    prompter.set_viewport_size(LYING)
    axe()
    fits(prompter)
    prompter.keyboard.press("PageUp")
    axe()


def fits(prompter) -> None:
    size = prompter.viewport_size
    for button in prompter.locator(".prompter button:visible, .prompter a:visible").all():
        box = button.bounding_box()
        assert box["width"] >= 47
        assert box["height"] >= 47
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"] + 1
        assert box["y"] + box["height"] <= size["height"] + 1
    text = prompter.locator("[data-text]").bounding_box()
    assert text["height"] >= size["height"] * 0.5


@pytest.mark.long
def test_without_scripts_it_is_read_by_hand(browser, sign_in, live_server, seller, live):
    cookies = sign_in(seller).context.cookies()
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}/live/{live.pk}/prompter/")
    page.get_by_text("这一款还没写脚本").scroll_into_view_if_needed()
    expect(page.get_by_text("这一款还没写脚本")).to_be_visible()
    assert page.get_by_role("button").count() == 0
    context.close()


@pytest.mark.long
def test_figures_that_come_after_the_text_are_shown(sign_in, live_server, seller, live):
    page, held = sign_in(seller), []
    page.route("**/prompter_now*.js", lambda route: held.append(route))
    page.goto(f"{live_server.url}/live/{live.pk}/prompter/")
    until(lambda: page.evaluate("Boolean(document.querySelector('.prompter').prompter)") and held)
    held[0].continue_()
    expect(page.locator("[data-figures]")).to_be_visible()
    expect(page.locator("[data-price]")).not_to_have_text("")
