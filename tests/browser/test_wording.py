"""Words are looked at while they are typed: underlined, mended by one tap, and read beside the papers by an organiser."""

import pytest
from playwright.sync_api import Page, expect

from shops.models import Product
from tests.browser.test_selling import from_a_phone
from tests.factories import make_category, make_rate, make_shop, make_waiting_product

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def shop(seller, village):
    make_category("橙子", hints="橙")
    shop = make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")
    make_rate(shop)
    return shop


def fill_in(page: Page, name: str) -> None:
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.locator('[data-shot="waiting"]')).to_be_visible(timeout=30_000)
    page.get_by_label("名称", exact=True).fill(name)
    page.get_by_label("一箱净重").fill("5")
    page.get_by_label("一箱卖").fill("29.9")
    page.get_by_label("现在有").fill("10")
    page.get_by_label("采到哪天").fill("12.30")
    page.get_by_label("自家种的", exact=True).tap()


def test_a_forbidden_word_is_underlined_as_it_is_typed_and_mended_by_one_tap(
    sign_in, live_server, seller, shop, axe
):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/?shop={shop.pk}")
    fill_in(page, "石榴冲最甜冰糖橙")
    expect(page.locator("#wording-name mark")).to_have_text("最甜")
    expect(page.locator("[data-needed]")).to_contain_text("还差 1 处")
    axe()
    page.locator("#wording-name .rewrite").tap()
    expect(page.get_by_label("名称", exact=True)).to_have_value("石榴冲甜冰糖橙")
    expect(page.locator("#wording-name mark")).to_have_count(0)
    expect(page.locator("[data-needed]")).to_contain_text("都齐了")
    page.get_by_role("button", name="提交", exact=True).last.tap()
    page.wait_for_url("**/me/shop/products/*/")
    assert Product.objects.get().status == "submitted"


@pytest.mark.long
def test_nothing_is_asked_while_an_input_method_composes(sign_in, live_server, seller, shop):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/?shop={shop.pk}")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/wording/" in request.url else None)
    box = page.get_by_label("名称", exact=True)
    box.focus()
    line = page.context.new_cdp_session(page)
    line.send("Input.imeSetComposition", {"text": "zuitian", "selectionStart": 7, "selectionEnd": 7})
    page.wait_for_timeout(900)
    assert asked == []
    line.send("Input.insertText", {"text": "最甜"})
    expect(page.locator("#wording-name mark")).to_have_text("最甜")
    assert len(asked) == 1


@pytest.mark.long
def test_a_try_to_hand_in_is_stopped_with_the_words_kept(sign_in, live_server, seller, shop, axe):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/?shop={shop.pk}")
    fill_in(page, "石榴冲冰糖橙")
    page.get_by_text("再写几样（选填）").tap()
    page.get_by_label("说几句").fill("全县第一甜，糖度14度。")
    page.get_by_role("button", name="提交", exact=True).last.tap()
    expect(page.locator(".errors").first).to_be_visible()
    expect(page.get_by_label("说几句")).to_have_value("全县第一甜，糖度14度。")
    expect(page.locator("[data-needed]")).to_contain_text("还差 2 处")
    expect(page.locator("[data-needed]")).to_contain_text("说几句")
    axe()
    page.get_by_label("说几句").fill("糖度14度。")
    expect(page.locator("#id_description_error")).to_be_empty()
    expect(page.locator("#wording-description mark")).to_have_text(["糖度14度"])
    page.get_by_label("出处").fill("自家手持糖度计")
    expect(page.locator("[data-needed]")).to_contain_text("还差 1 处")
    page.get_by_label("哪天的").fill("2026-11-20")
    expect(page.locator("[data-needed]")).to_contain_text("都齐了")


@pytest.mark.long
def test_a_text_that_is_appealed_waits_beside_the_one_on_sale_until_it_is_passed(
    sign_in, live_server, organiser, seller, shop, fits, languages, no_second_factor
):
    product = make_waiting_product(shop, status="published", description="自家种的，皮薄。")
    mine = f"{live_server.url}/me/shop/products/{product.pk}/"
    page = sign_in(seller)
    page.goto(f"{mine}edit/")
    page.get_by_text("再写几样（选填）").tap()
    page.get_by_label("说几句").fill("自家种的，皮薄，全县最甜。")
    page.get_by_role("button", name="保存", exact=True).tap()
    page.get_by_role("button", name="存下来，请管理员看").tap()
    page.wait_for_url("**/appeal/")
    fits()
    page.get_by_label("为什么该让说").fill("“全县最甜”是我家的商标")
    page.get_by_role("button", name="交给管理员").tap()
    expect(page.get_by_role("button", name="收回申诉")).to_be_visible()
    fits()
    page.goto(mine)
    expect(page.locator("#waiting + .chip")).to_have_text("等管理员看")
    expect(page.locator("ins")).to_have_text("，全县最甜")
    for _language in languages(both=True):
        for path in ("", "edit/?waiting=1"):
            page.goto(f"{mine}{path}")
            fits()
    page.context.clear_cookies(name="django_language")
    sign_in(organiser)
    page.goto(f"{live_server.url}/me/queue/{product.pk}/")
    expect(page.locator("ins")).to_have_text("，全县最甜")
    fits()
    page.get_by_label("怎么答复卖家").fill("商标证看过了")
    page.get_by_role("button", name="通过申诉").tap()
    expect(page.get_by_text("申诉通过了，新的文字已经换上。").first).to_be_visible()
    page.goto(f"{live_server.url}/products/{product.pk}/")
    expect(page.get_by_text("自家种的，皮薄，全县最甜。")).to_be_visible()


@pytest.mark.long
def test_the_queue_is_walked_and_decided_by_keyboard(
    sign_in, live_server, organiser, seller, shop, axe, settings
):
    settings.DEMO = True
    first, second = make_waiting_product(shop), make_waiting_product(shop, name="脐橙")
    page = sign_in(organiser)
    page.goto(f"{live_server.url}/me/queue/")
    axe()
    expect(page.get_by_role("heading", level=2, name="冰糖橙")).to_be_visible()
    page.keyboard.press("j")
    page.wait_for_url(f"**/me/queue/{second.pk}/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("k")
    page.wait_for_url(f"**/me/queue/{first.pk}/")
    page.wait_for_load_state("networkidle")  # the keys' script is there
    page.keyboard.press("r")
    page.keyboard.type("jp?")
    expect(page.get_by_label("退回的原因")).to_have_value("jp?")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.wait_for_url("**/me/queue/")
    first.refresh_from_db()
    assert first.status == "published"


@pytest.mark.long
def test_a_gap_is_put_in_by_one_tap_and_typed_over(sign_in, live_server, seller, shop):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/?shop={shop.pk}")
    fill_in(page, "石榴冲冰糖橙")
    page.get_by_text("再写几样（选填）").tap()
    box = page.get_by_label("说几句")
    box.fill("最甜的橙子，今早摘的。")
    expect(page.locator("#wording-description .rewrite")).to_have_count(2)
    page.locator("#wording-description .rewrite").last.tap()
    expect(box).to_have_value("糖度＿＿度（＿月＿日实测）的橙子，今早摘的。")
    page.keyboard.type("12.1")
    expect(box).to_have_value("糖度12.1度（＿月＿日实测）的橙子，今早摘的。")
    expect(page.locator("#wording-description mark")).to_have_text(["＿月＿"])
    expect(page.locator("[data-needed]")).to_contain_text("还差 1 处")


@pytest.mark.long
def test_a_tap_on_words_that_are_no_longer_there_changes_nothing_and_says_so(
    sign_in, live_server, seller, shop
):
    page = sign_in(seller)
    page.goto(f"{live_server.url}/me/shop/new/?shop={shop.pk}")
    box = page.get_by_label("名称", exact=True)
    box.fill("石榴冲最甜冰糖橙")
    expect(page.locator("#wording-name .rewrite")).to_have_count(1)
    box.evaluate("box => { box.value = '不说最甜的橙子'; }")  # changed without the check's knowing
    page.locator("#wording-name .rewrite").tap()
    expect(box).to_have_value("不说最甜的橙子")
    expect(page.get_by_role("alert")).to_have_text(
        "这段话跟刚才不一样了，没有替你改。看看现在的提示，再点一下。"
    )
    box.fill("石榴冲冰糖橙")
    expect(page.get_by_role("alert")).to_have_count(0)
