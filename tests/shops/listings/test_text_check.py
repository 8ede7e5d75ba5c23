import datetime
import re

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from shops.exceptions import ActionNotAllowed
from shops.listings import review
from shops.models import Gift, Paper, Product, Proof, Spray
from shops.texts import evidence, text_check
from tests.factories import make_batch, make_rate, make_shop, make_waiting_product
from tests.shops.traceability.certificates import make_paper
from wording.models import Check


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


@pytest.fixture
def product(shop):
    return make_waiting_product(shop)


def say(product: Product, **texts) -> Product:
    for name, text in texts.items():
        setattr(product, name, text)
    product.save(update_fields=list(texts))
    return product


def found_claims(looked: text_check.TextCheckResult) -> list[tuple]:
    return [(one.field, one.start, one.end, one.finding.words, one.finding.rule) for one in looked.found]


def test_look_maps_each_finding_into_its_own_field():
    found = text_check.check_texts(
        {"name": "石榴冲最甜冰糖橙", "variety": "", "description": "自家种的，包治百病"}
    )
    assert [(one.field, one.start, one.end, one.finding.rule, one.blocks) for one in found] == [
        ("name", 3, 5, "A1", True),
        ("description", 5, 9, "A3", True),
    ]


def test_look_counts_characters_where_an_emoji_stands_before():
    [found] = text_check.check_texts({"name": "🍊最甜冰糖橙"})
    assert (found.start, found.end, found.finding.words) == (1, 3, "最甜")


def test_look_tells_its_reason_in_the_language_asked_for():
    [found] = text_check.check_texts({"name": "最甜冰糖橙"}, lang="en")
    assert found.finding.reason.isascii()


def test_look_at_lawful_words_asks_nothing(product, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert text_check.check_product(product).found == []


def test_look_at_holds_the_words_against_the_listings_own_weight(product):
    say(product, description="10斤装，自家种的。")
    assert found_claims(text_check.check_product(product)) == [("description", 0, 4, "10斤装", "B1")]
    say(product, description="5斤装，自家种的。")
    assert found_claims(text_check.check_product(product)) == []


def test_facts_of_a_product_come_from_its_rows(product, shop, seller):
    Gift.objects.create(product=product, kind="纸巾", spec="10 抽", number=1, limit="前 50 份", way="随箱寄")
    make_rate(shop)
    make_paper(shop, kind=Paper.Kind.GREEN, status="accepted")
    facts = text_check.build_facts(product)
    assert (facts.unit, facts.net_grams, facts.price_fen, facts.stock, facts.self_grown) == (
        "box",
        2500,
        2990,
        10,
        True,
    )
    assert (facts.certificates, facts.freight_known, facts.gift_known) == (("green",), True, True)


def test_certificate_lets_its_mark_be_said_until_it_is_over(product, shop):
    say(product, description="绿色食品，自家种的。")
    assert found_claims(text_check.check_product(product)) == [("description", 0, 4, "绿色食品", "B3")]
    paper = make_paper(shop, kind=Paper.Kind.GREEN, status="accepted")
    assert found_claims(text_check.check_product(product)) == []
    Paper.objects.filter(pk=paper.pk).update(expires_on=timezone.localdate() - datetime.timedelta(days=1))
    assert found_claims(text_check.check_product(product)) == [("description", 0, 4, "绿色食品", "B3")]


def test_proof_speaks_for_its_own_claim_and_no_other(product, seller):
    say(product, description="糖度14度。")
    [found] = text_check.check_product(product).unproven
    rule, words = found.claim
    given = {"source": "县检测站", "dated": timezone.localdate(), "made_by": seller}
    Proof.objects.create(product=product, rule=rule, words=words, **given)
    assert text_check.check_product(product).unproven == []
    say(product, description="糖度14度。研究表明更好吃。")
    assert [one.finding.words for one in text_check.check_product(product).unproven] == ["研究表明更好"]


def test_submit_wants_a_proof_or_the_sellers_word_that_there_is_none(product, seller):
    review.return_to_seller(product, "再看看", None)
    say(product, description="糖度14度。")
    with pytest.raises(ActionNotAllowed) as problem:
        review.submit(product, seller)
    assert problem.value.reasons[0].startswith("“糖度14度”要写依据，或者改掉：")
    Proof.objects.create(product=product, rule="A5", words="糖度14度", asks=True)
    review.submit(product, seller)
    product.refresh_from_db()
    assert (product.status, len(product.wording_check.findings)) == ("submitted", 1)


def test_publish_refuses_blocking_words_by_the_rules_of_the_day(product, organiser):
    say(product, name="最甜冰糖橙")
    with pytest.raises(ActionNotAllowed) as problem:
        review.publish(product, organiser)
    assert problem.value.reasons[0].startswith("“最甜”不能用：")
    product.refresh_from_db()
    assert product.status == "submitted"


def test_publish_keeps_what_was_checked_with_its_hash_and_rules(product, organiser):
    review.publish(product, organiser)
    product.refresh_from_db()
    check = product.wording_check
    assert check.text == "冰糖橙\n\n\n"
    assert (check.subject, check.findings, check.kind) == (f"shops.product:{product.pk}", [], "listing")
    assert len(check.text_hash) == 64


def test_appeal_lets_exactly_this_text_pass(product, seller, organiser):
    say(product, name="最甜冰糖橙")
    check = evidence.appeal_finding(product, "最甜是我家的商标，证号 123", seller)
    with pytest.raises(ActionNotAllowed):
        evidence.appeal_finding(product, "再说一次", seller)
    evidence.decide_appeal(product, check, True, "商标证看过了", organiser)
    review.publish(product, organiser)
    assert product.is_published
    say(product, name="最甜冰糖橙子")
    assert [one.finding.words for one in text_check.check_product(product).blocking] == ["最甜"]
    verbs = (
        AuditEntry.objects.filter(verb__startswith="wording").order_by("id").values_list("verb", flat=True)
    )
    assert list(verbs) == ["wording_appealed", "wording_passed"]


def test_passed_appeal_frees_no_words_that_a_changed_fact_makes_false(product, seller, organiser):
    product.net_grams, product.price_fen, product.batch = 5000, 2990, None
    product.save()
    say(product, description="顶级品质。净重10斤，每斤2.99元。")
    check = evidence.appeal_finding(product, "顶级是分级标准里的话", seller)
    evidence.decide_appeal(product, check, True, "标准看过了", organiser)
    review.publish(product, organiser)
    assert text_check.check_product(product).passed
    words = [one.finding.words for one in text_check.find_conflicts(product, {"price_fen": 3990})]
    assert words == ["每斤2.99元"]
    words = [one.finding.words for one in text_check.find_conflicts(product, {"net_grams": 2500})]
    assert words == ["净重10斤", "每斤2.99元"]
    product.net_grams = 2500
    checked = text_check.check_product(product)
    assert not checked.passed
    assert [one.claim for one in checked.blocking] == [("B1", "净重10斤"), ("B1", "每斤2.99元")]


def test_passed_appeal_against_a_fact_ends_when_that_fact_changes(product, seller, organiser):
    say(product, description="顶级品质。净重10斤。")
    check = evidence.appeal_finding(product, "两箱一起寄", seller)
    evidence.decide_appeal(product, check, True, "看过了", organiser)
    product.price_fen, product.stock = 3990, 3
    assert text_check.check_product(product).passed
    product.net_grams = 2000
    assert [one.claim for one in text_check.check_product(product).blocking] == [("B1", "净重10斤")]


def test_appeal_that_is_kept_tells_why_and_blocks_on(product, seller, organiser):
    say(product, name="最甜冰糖橙")
    check = evidence.appeal_finding(product, "大家都这么说", seller)
    with pytest.raises(ActionNotAllowed):
        evidence.decide_appeal(product, check, False, " ", organiser)
    evidence.decide_appeal(product, check, False, "没有依据", organiser)
    assert text_check.check_product(product).blocking != []
    assert Check.objects.get().decision_reason == "没有依据"


def test_appeal_without_anything_blocking_is_told_so(product, seller):
    with pytest.raises(ActionNotAllowed):
        evidence.appeal_finding(product, "没什么", seller)


def test_product_page_says_where_a_proven_figure_is_from(client, product, organiser):
    say(product, description="糖度14度。")
    given = {"source": "县检测站", "dated": datetime.date(2026, 11, 20), "report_no": "A123"}
    Proof.objects.create(product=product, rule="A5", words="糖度14度", **given)
    Proof.objects.create(product=product, rule="A5", words="早已删掉的话", **given)
    review.publish(product, organiser)
    page = client.get(f"/products/{product.pk}/")
    assert [row.words for row in page.context["proofs"]] == ["糖度14度"]
    assert "县检测站" in page.content.decode()


def spray(batch, days_before: int, interval: int) -> None:
    on = batch.harvested_on - datetime.timedelta(days=days_before)
    Spray.objects.create(
        batch=batch, on=on, what="吡虫啉", dose="2000 倍", against="蚜虫", interval_days=interval
    )


@pytest.mark.parametrize(
    ("sprays", "kept"), [([], None), ([(30, 21)], True), ([(21, 21)], True), ([(30, 21), (5, 14)], False)]
)
def test_facts_of_the_batch_are_what_its_rows_hold(product, shop, sprays, kept):
    batch = make_batch(shop, brix_tenths=117, brix_on=datetime.date(2026, 11, 20), brix_tool="手持糖度计")
    for days_before, interval in sprays:
        spray(batch, days_before, interval)
    product.batch = batch
    facts = text_check.build_facts(product)
    assert (facts.brix, facts.brix_on, facts.interval_kept) == ("11.7", "2026-11-20", kept)
    assert facts.goods == product.category.name
    product.batch = None
    assert (text_check.build_facts(product).brix, text_check.build_facts(product).interval_kept) == (
        None,
        None,
    )


def test_what_a_photo_is_called_for_who_cannot_see_it_is_checked_with_the_listing(client, product):
    """Photos have no words of their own: they are called by the listing's name."""
    say(product, name="最甜冰糖橙")
    assert [one.finding.words for one in text_check.check_product(product).blocking] == ["最甜"]
    Product.objects.update(status="published", name="石榴冲冰糖橙")
    page = client.get(product.get_absolute_url()).content.decode()
    alts = set(re.findall(r'<img[^>]*alt="([^"]*)"', page))
    assert alts <= {"", "石榴冲冰糖橙"} | {f"第 {n} 张照片" for n in range(1, 10)}
