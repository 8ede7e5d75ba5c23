"""Why a live may not begin: each missing requirement with the page where it is corrected, and no other."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import consents
from live.models import Livestream, RundownItem
from live.readiness import checks, hosts
from live.readiness.checks import Readiness
from shops.models import Product, Shop
from tests.factories import make_product
from tests.lives import grown_up, make_item, make_live, make_ready_live, make_script, tick_all

EIGHT = "还没核对：证件、卖家信息、主播身份、布景、衣服、道具、声音、光线"


@pytest.fixture
def real(seller, shop, product):
    return make_ready_live(seller, shop, product)


def lacks(live):
    """Return what is missing, as a page reads it."""
    rows = Livestream.objects.select_related("shop__owner", "place", "host", "drill")
    return checks.list_missing_requirements(rows.get(pk=live.pk))


def test_what_lacks_nothing_may_begin(real):
    assert lacks(real) == []


def test_a_rehearsal_asks_for_something_to_show(live, product):
    [lack] = lacks(live)
    assert (lack, lack.url) == ("排品表还空着", f"/live/{live.pk}/add/")
    make_item(live, product)
    assert lacks(live) == []


def test_a_blocked_word_stops_a_real_live_and_is_told_to_a_rehearsal(real, live, product):
    item = real.items.get()
    make_script(item, what="全县最甜。")
    [lack] = lacks(real)
    assert (lack, lack.url) == ("冰糖橙：“全县最甜”不能说", f"/live/{real.pk}/items/{item.pk}/script/")
    make_script(make_item(live, product), what="全县最甜。")
    assert lacks(live) == []
    assert "冰糖橙：“全县最甜”不能说" in checks.list_hints(live)


def test_words_that_want_a_proof_are_told(real):
    make_script(real.items.get(), what="糖度14度。")
    assert lacks(real) == []
    assert [str(hint) for hint in checks.list_hints(real)] == ["冰糖橙：“糖度14度”要拿得出依据，或者换个说法"]


def test_a_script_is_asked_for_and_its_facts(real):
    item = real.items.get()
    make_script(item, what="这是{品种}，{颜色}的。")
    assert lacks(real) == [
        "冰糖橙：脚本里要说“品种”，还没写",
        "冰糖橙：脚本里要说“颜色”，还没写",
    ]
    item.scripts.all().delete()
    assert lacks(real) == ["冰糖橙：还没写脚本"]


def test_quota_above_stock_is_told_with_what_is_there(real):
    real.items.update(quota=9)
    assert lacks(real) == ["冰糖橙：给直播留 9，库存只有 8"]
    real.items.update(quota=8)
    assert lacks(real) == []


def test_only_what_is_on_sale_is_shown(real, product, shop):
    product.status = "withdrawn"
    product.save()
    assert lacks(real) == ["冰糖橙：没在卖，审核过了才能播"]
    make_item(real, name="路边的")
    assert lacks(real)[1] == "路边的：真直播只能卖小店里的商品"


def test_the_sellers_card_address_and_number(real, shop, seller):
    Shop.objects.filter(pk=shop.pk).update(legal_name="", address="")
    consents.withdraw(seller, "public_contact")
    found = lacks(real)
    assert found == [
        "还没填姓名或单位全称",
        "小店还没填实际地址",
        "小店还没有公开的联系电话：去勾上“买家可以打这个电话”",
    ]
    assert {lack.url.partition("#")[0] for lack in found} == {f"/me/shop/{shop.pk}/"}


def test_nobody_under_sixteen(real, seller):
    today = timezone.localdate()
    seller.birth_month = today.replace(year=today.year - 16, day=1)
    seller.save()
    assert lacks(real) == ["周梅英不满 16 岁，不能开播"]


def test_at_sixteen_a_guardian_must_agree(real, seller):
    today = timezone.localdate()
    seller.birth_month = (today.replace(day=1) - datetime.timedelta(days=366 * 16 + 40)).replace(day=1)
    seller.save()
    [lack] = lacks(real)
    assert (lack, lack.url) == ("周梅英不满 18 岁，要有监护人签字的同意书", f"/live/{real.pk}/host/")
    assert hosts.get_age_group(seller) == hosts.AgeGroup.MINOR


def test_who_has_not_said_when_they_were_born_is_asked(real, seller):
    seller.birth_month = None
    seller.save()
    assert lacks(real) == ["周梅英还没填出生年月"]


def test_training_lasts_a_year(real, seller):
    assert hosts.find_active_clearance(seller) is not None
    seller.clearances.update(valid_until=timezone.now() - datetime.timedelta(seconds=1))
    [lack] = lacks(real)
    assert (lack, lack.url) == ("周梅英一年内没考过首播培训", "/courses/")


def test_the_training_leads_to_its_course(real, seller, course):
    from tests.quizzes import make_quiz

    seller.clearances.update(withdrawn_at=timezone.now())
    make_quiz(course, "single", clears="first_live")
    assert lacks(real)[0].url == f"/courses/{course.slug}/"


def test_the_list_must_be_ticked(real):
    real.ticks.all().delete()
    [lack] = lacks(real)
    assert (lack, lack.url) == (EIGHT, f"/live/{real.pk}/checklist/")


def test_a_training_ground_has_no_real_lives(real, settings):
    settings.SITE_ROLE = "practice"
    assert lacks(real) == ["这个站只用来练习，不卖东西"]


def test_a_plan_that_was_taken_away_never_begins(real):
    real.removed_at = timezone.now()
    real.save()
    assert lacks(real) == ["这一场已经取消了"]


def test_an_empty_real_live_says_all_that_is_missing(seller, shop):
    live = make_live(seller, shop=shop, kind="real")
    assert lacks(live) == ["排品表还空着", "周梅英还没填出生年月", "周梅英一年内没考过首播培训", EIGHT]


@pytest.mark.parametrize(("minutes", "told"), [(8, False), (12, False), (7, True), (13, True)])
def test_time_within_a_fifth_is_on_time(real, minutes, told):
    RundownItem.objects.filter(livestream=real).update(minutes=minutes)
    said = f"排了 {minutes} 分钟，打算播 10 分钟，差得多"
    assert (said in checks.list_hints(real)) is told


def test_typed_goods_without_a_price_are_told(trainee, village):
    live = make_live(trainee, village)
    make_script(make_item(live, price_fen=None), price="便宜。")
    assert checks.list_hints(live)[0] == "冰糖橙：还没有价钱"


@pytest.mark.long
def test_the_same_queries_for_one_item_and_for_many(real, shop, product):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert lacks(real) == []
        return len(queries)

    Product.objects.update(freight_included=False)
    make_script(real.items.get(), price="{价钱}，{运费}。", promise="有事打{电话}。")
    one = cost()
    for _n in range(8):
        item = make_item(real, make_product(shop))
        make_script(item, price="{价钱}，{运费}。", promise="有事打{电话}。")
    assert (cost(), one) == (10, 10)


def test_standing_reads_the_plan_once(real, django_assert_num_queries):
    readiness = Readiness.load(real)
    assert (readiness.minutes, readiness.seconds(readiness.items[0])) == (10, 17)
    with django_assert_num_queries(0):
        assert readiness.found(readiness.items[0]) == []
    assert [check.code for check in readiness.requirements] == ["goods", "words", "card", "age", "training"]
    assert all(check.is_met for check in readiness.requirements)
    assert sum(item.minutes for item in real.items.all()) == 10


def test_a_grown_up_is_grown_up(seller, real):
    assert hosts.get_age_group(grown_up(seller, years=19)) == hosts.AgeGroup.FULL
    tick_all(real, seller)
    assert lacks(real) == []
