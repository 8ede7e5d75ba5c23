"""Facts in scripts: filled from the present listing, in the script's language, left in braces when unknown."""

import datetime

import pytest
from django.utils.translation import override

from accounts import consents
from live.scripts import placeholders
from tests.factories import make_batch, make_product
from tests.lives import make_item, make_live


def test_facts_come_from_the_listing(item):
    text = "{品名}，{产地}的，净重{净重}，{价钱}一{单位}，合{每斤}一斤，还有{库存}，{运费}，点{几号链接}。"
    assert placeholders.get_filled_text(text, item) == (
        "冰糖橙，石榴冲村的，净重5斤，29.9元一箱，合5.98元一斤，还有8箱，包邮，点1号链接。"
    )


def test_facts_stay_true_when_the_listing_changes(item, product):
    product.price_fen, product.stock = 3500, 3
    product.save()
    item.refresh_from_db()
    assert placeholders.get_filled_text("{价钱}，还有{库存}", item) == "35元，还有3箱"


def test_the_live_price_is_the_price(item):
    item.live_price_fen = 2600
    assert (
        placeholders.get_filled_text("{价钱}，合{每斤}一斤，{每公斤}一公斤", item)
        == "26元，合5.2元一斤，10.4元一公斤"
    )


def test_what_the_listing_does_not_say_stays_and_is_told(item):
    filled = placeholders.fill_text("{品种}，{发货}，{品名}，{颜色}，{发货}", item)
    assert filled.text == "{品种}，{发货}，冰糖橙，{颜色}，{发货}"
    assert filled.unknown == ("品种", "发货", "颜色")
    assert placeholders.find_unknown_placeholders("{品名}", item) == []


@pytest.mark.parametrize("text", ["", "没有", "{", "}{", "{}", "{{品名}", "{品\n名}", "{" + "长" * 40 + "}"])
def test_braces_that_are_no_placeholder_stand(item, text):
    assert placeholders.get_filled_text(text, item) == text.replace("{{品名}", "{冰糖橙")


def test_wide_braces_and_spaces_are_read(item):
    assert placeholders.get_filled_text("｛品名｝{ 净重 }", item) == "冰糖橙5斤"


def test_an_english_script_is_filled_in_english(item):
    with override("en"):
        assert placeholders.get_filled_text("{Name} in {village}", item) == "冰糖橙 in 石榴冲村"
        assert placeholders.get_filled_text("一箱{净重}", item) == "一箱5斤"


def test_the_day_of_picking_and_the_sweetness_with_its_day_and_tool(item, product, shop):
    product.batch = make_batch(
        shop, harvested_on=datetime.date(2025, 11, 20), brix_tenths=132, brix_on=datetime.date(2025, 11, 21),
        brix_tool="手持糖度计",
    )  # fmt: skip
    product.save()
    item.refresh_from_db()
    assert placeholders.get_filled_text("{采摘日}摘的，{糖度}。", item) == (
        "2025年11月20日摘的，13.2度，2025年11月21日用手持糖度计测的。"
    )


def test_freight_is_the_table_where_it_is_not_in_the_price(live, shop):
    item = make_item(live, make_product(shop))
    assert placeholders.get_filled_text("{运费}", item) == "运费按省算，看商品页上的运费表"


def test_the_sellers_number_is_said_only_while_it_is_public(item, seller):
    digits = seller.phone.as_national
    assert placeholders.get_filled_text("{电话}", item) == digits
    consents.withdraw(seller, "public_contact")
    item.refresh_from_db()
    assert placeholders.get_filled_text("{电话}", item) == "{电话}"


def test_typed_goods_have_what_was_typed(trainee, village):
    item = make_item(make_live(trainee, village))
    assert placeholders.get_filled_text("{村}{主播}的{品名}{净重}{价钱}{库存}{电话}", item) == (
        "石榴冲村田巧云的冰糖橙5斤29.9元{库存}{电话}"
    )


def test_places_lead_back_to_the_typed_text(item):
    typed = "这{品名}，净重{净重}，最甜"
    filled = placeholders.fill_text(typed, item)
    assert filled.text == "这冰糖橙，净重5斤，最甜"
    start = filled.text.index("最甜")
    assert filled.as_typed(start, start + 2) == (typed.index("最甜"), len(typed))
    # Half of a fact is the whole placeholder.
    assert filled.as_typed(2, 3) == (1, 5)
    assert filled.as_typed(0, len(filled.text)) == (0, len(typed))


def test_everything_that_can_be_put_in_has_a_value(item):
    values = placeholders.find_known_values(item)
    assert list(values)[:4] == ["品名", "净重", "价钱", "每斤"]
    assert "品种" not in values
    assert all(values.values())


def test_facts_are_offered_by_the_names_of_the_page(item):
    assert placeholders.list_chips(item)[1] == placeholders.Chip("{净重}", "{net}", "净重", "5斤", "5斤")
    with override("en"):
        assert placeholders.list_chips(item)[1] == placeholders.Chip("{net}", "{净重}", "net", "5 jin", "5斤")


def test_every_english_name_stands_for_a_fact():
    assert set(placeholders.ENGLISH_NAMES.values()) == set(placeholders.PLACEHOLDERS)
