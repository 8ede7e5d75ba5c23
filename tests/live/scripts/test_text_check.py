"""The spoken text of a script is checked with the facts of the goods; findings are shown at their place in the field."""

from datetime import date

import pytest

from live.scripts import text_check
from live.scripts.forms import make_checker
from shops.models import Proof
from tests.factories import make_batch, make_paper
from tests.lives import PARTS, make_item, make_live
from wording.checker import get_rules_date
from wording.rewrites import propose_changes


def said(item, text, part="what"):
    return [(one.field, one.finding.words, one.blocks) for one in text_check.check_script(item, {part: text})]


def test_a_forbidden_word_is_found_where_it_stands(item):
    [found] = text_check.check_script(
        item, {"who": "我是{村}的{主播}。", "what": "{品名}{品名}，全网最甜的。"}
    )
    assert (found.field, found.finding.words) == ("what", "全网最甜")
    assert "{品名}{品名}，全网最甜的。"[found.start : found.end] == "全网最甜"


def test_the_drills_own_words_hit_nothing(item, django_assert_num_queries):
    text_check.check_script(item, PARTS)
    with django_assert_num_queries(0):
        assert text_check.check_script(item, {part: PARTS[part] for part in ("who", "what", "proof")}) == []
    assert text_check.check_script(item, PARTS) == []
    assert text_check.check_script(item, {"who": " "}) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("净重{净重}，29.9元一箱", []),
        ("一箱净重6斤", ["一箱净重6斤"]),
        ("一箱卖35元", ["一箱卖35元"]),
    ],
)
def test_figures_said_by_hand_are_held_against_the_listing(item, text, words):
    assert [one[1] for one in said(item, text)] == words


def test_a_figure_at_the_live_price_is_right(item):
    item.live_price_fen = 2600
    assert said(item, "一箱卖26元") == []
    assert [one[1] for one in said(item, "一箱卖29.9元")] == ["一箱卖29.9元"]


def test_a_fact_that_is_hit_is_shown_as_its_placeholder(item, product):
    product.name = "最甜冰糖橙"
    product.save()
    item.refresh_from_db()
    [found] = text_check.check_script(item, {"what": "这是{品名}。"})
    assert (found.finding.words, found.start, found.end) == ("{品名}", 2, 6)
    assert found.finding.offers == ()


def test_a_former_price_is_deleted_and_the_placeholder_of_the_present_one_stays(item):
    text = "原价59.9，今天{价钱}，点一号链接。"
    look = make_checker(item, "price")
    [found] = [one for one in look(text) if one.blocks]
    assert found.finding.words == "原价59.9，今天{价钱}"
    assert [change.apply(text) for change in propose_changes(text, found, look)] == [
        "今天{价钱}，点一号链接。"
    ]


def test_a_gap_left_in_a_script_blocks_it(item):
    assert said(item, "糖度＿＿度（＿月＿日实测）。") == [("what", "＿＿度（＿月＿", True)]


def test_the_sugar_of_the_batch_is_offered_in_place_of_the_superlative(item, product, shop):
    product.batch = make_batch(shop, brix_tenths=117, brix_on=date(2026, 11, 20), brix_tool="手持糖度计")
    product.save()
    item.refresh_from_db()
    [found] = text_check.check_script(item, {"what": "最甜的{品名}。"})
    assert [(one.how, one.put) for one in found.finding.offers] == [
        ("fact", "糖度 11.7（11月20日实测）"),
        ("words", "很甜"),
    ]


def test_a_paper_that_clears_the_listing_clears_the_script(item, shop):
    assert [blocks for _part, _words, blocks in said(item, "我家的果子有绿色食品认证")] == [True]
    make_paper(shop)
    assert said(item, "我家的果子有绿色食品认证") == []


def test_a_claim_with_a_proof_on_the_listing_needs_none_in_the_script(item, product, seller):
    [found] = text_check.check_script(item, {"what": "糖度14度，甜。"})
    assert [one.finding.words for one in text_check.filter_unproven([found])] == [found.finding.words]
    Proof.objects.create(
        product=product, rule=found.finding.rule, words=found.finding.words, report_no="1", made_by=seller
    )
    assert text_check.check_script(item, {"what": "糖度14度，甜。"}) == []


def test_typed_goods_are_looked_at_too(trainee, village):
    item = make_item(make_live(trainee, village))
    assert said(item, "这是第一甜的橙子")[0][2] is True


def test_what_is_kept_is_what_will_be_said(item, seller):
    check = text_check.record_check(item, {"who": "我是{主播}。", "what": "", "price": "{价钱}"}, seller)
    assert (check.text, check.rules_date) == ("我是周梅英。\n29.9元", get_rules_date())
    assert check.facts["price_fen"] == 2990
    assert text_check.record_check(item, {"who": " "}, seller) is None
