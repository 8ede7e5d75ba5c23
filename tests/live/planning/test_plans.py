"""Plans: by one tap for a drill, with the last values, or by repeating an earlier live."""

import datetime
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from courses.import_export.drills import import_drills, read_drills
from courses.import_export.written_modules import read_toml
from live.exceptions import ActionNotAllowed, LiveStarted
from live.models import Livestream
from live.planning import plans
from live.scripts import services
from tests.factories import make_course, make_product
from tests.lives import PARTS, make_item, make_live, make_script

Kind = Livestream.Kind


def test_one_tap_plans_a_drill(seller, shop, drill, product):
    make_product(shop, status="draft", name="没上架的")
    live = plans.create_plan(seller, drill=drill)
    [item] = live.load_items()
    assert (live.kind, live.title, live.planned_minutes, live.shop, live.place) == (
        "rehearsal", "三分钟", 3, shop, shop.place,
    )  # fmt: skip
    assert (item.product, item.minutes) == (product, 3)
    assert services.find_latest_versions([item])[item.pk].parts == PARTS
    assert live.starts_at > timezone.now()


def test_a_tap_sent_twice_is_one_plan(seller, shop, drill, product):
    key = uuid.uuid4()
    assert plans.create_plan(seller, key=key, drill=drill) == plans.create_plan(seller, key=key, drill=drill)
    assert Livestream.objects.count() == 1


def test_anothers_key_makes_nothing(seller, shop, trainee, drill):
    key = uuid.uuid4()
    plans.create_plan(seller, key=key, drill=drill)
    with pytest.raises(ActionNotAllowed):
        plans.create_plan(trainee, key=key, drill=drill)


def test_a_trainee_without_a_shop_rehearses_with_typed_goods(trainee, village, drill):
    live = plans.create_plan(trainee, drill=drill)
    [item] = live.load_items()
    assert (live.shop, live.place, item.product, item.name) == (None, village, None, "我家的货")


@pytest.mark.long
def test_a_drill_of_two_has_two_goods_and_words_that_read_right_without_a_shop(trainee, village, county):
    course = make_course(county, lessons=1)
    folder = Path(settings.BASE_DIR, "courses/programme/zh-hans")
    import_drills(course, {"drills": read_drills(read_toml(folder / "drills.toml"))})
    live = plans.create_plan(trainee, drill=course.drills.get(code="two"))
    first, second = live.load_items()
    assert [(one.name, one.minutes, one.price_fen, one.net_grams) for one in (first, second)] == [
        ("我家的好果", 5, 2990, 2500), ("我家的花皮果", 5, 1990, 2500),
    ]  # fmt: skip
    said = {pk: version.parts for pk, version in services.find_latest_versions([first, second]).items()}
    assert [[part for part in PARTS if not said[one.pk][part]] for one in (first, second)] == [[], []]
    assert "刚才那款" not in "".join(said[first.pk].values())
    assert "刚才那款" in said[second.pk]["who"]
    assert said[second.pk]["price"].startswith("{净重}一箱，{价钱}，合{每斤}一斤")
    for code, most in (("one", 1), ("mock", 3)):
        items = plans.create_plan(trainee, drill=course.drills.get(code=code)).load_items()
        assert len(items) == most
        for item in items:
            assert "{价钱}，合{每斤}一斤" in services.find_latest_versions([item])[item.pk].parts["price"]


def test_goods_of_ones_own_are_made_up_to_what_the_drill_asks_for(seller, shop, drill, product):
    drill.products = 2
    drill.save()
    items = plans.create_plan(seller, drill=drill).load_items()
    assert [str(item) for item in items] == [product.name, "我家的第 2 样货"]


def test_a_part_whose_facts_are_all_unknown_is_in_our_own_words(trainee, village, drill):
    drill.template = {"parts": {"who": "我是{主播}。", "price": "{净重}，{价钱}。"}}
    drill.save()
    with translation.override("en"):  # the drill is in Chinese, whatever the screen speaks
        [item] = plans.create_plan(trainee, drill=drill).load_items()
    assert item.name == "我家的货"
    parts = services.find_latest_versions([item])[item.pk].parts
    assert (parts["who"], parts["price"], parts.get("what", "")) == ("我是{主播}。", "点{几号链接}下单。", "")


def test_who_belongs_nowhere_is_told(db, drill):
    from tests.factories import make_person

    with pytest.raises(ActionNotAllowed) as told:
        plans.create_plan(make_person("谁"), drill=drill)
    assert "哪个村" in told.value.sentence


def test_a_new_plan_is_as_the_last_one(seller, shop):
    make_live(
        seller,
        shop=shop,
        kind=Kind.REAL,
        platform="kuaishou",
        platform_url="https://k.cn/1",
        planned_minutes=90,
    )
    live = plans.create_plan(seller, kind=Kind.REAL)
    assert (live.platform, live.platform_url, live.planned_minutes) == ("kuaishou", "https://k.cn/1", 90)
    rehearsal = plans.create_plan(seller)
    assert (rehearsal.platform, rehearsal.planned_minutes) == ("kuaishou", 60)


def test_what_is_given_counts(seller, shop):
    at = timezone.now() + datetime.timedelta(days=3)
    live = plans.create_plan(seller, title="周五晚上", starts_at=at, planned_minutes=45, platform="taobao")
    assert (live.title, live.starts_at, live.planned_minutes, live.platform) == ("周五晚上", at, 45, "taobao")


def test_a_real_live_needs_a_shop_and_a_site_that_sells(trainee, seller, shop, settings):
    with pytest.raises(ActionNotAllowed):
        plans.create_plan(trainee, kind=Kind.REAL)
    settings.SITE_ROLE = "practice"
    with pytest.raises(ActionNotAllowed):
        plans.create_plan(seller, kind=Kind.REAL)
    assert plans.create_plan(seller).kind == "rehearsal"


def test_a_drill_shows_what_was_shown_last_then_what_is_on_sale(seller, shop, drill):
    make_product(shop, name="草稿", status="draft")
    old = make_product(shop, name="旧", listed_at=timezone.now() - datetime.timedelta(days=9))
    make_product(shop, name="新")
    drill.products = 2
    drill.save()
    make_item(make_live(seller, shop=shop), old)
    assert [str(item) for item in plans.create_plan(seller, drill=drill).load_items()] == ["旧", "新"]


def test_only_what_is_on_sale_is_offered_to_a_real_live(seller, shop, product):
    make_product(shop, status="draft")
    make_product(shop, status="withdrawn")
    assert list(plans.find_offered_products(make_live(seller, shop=shop, kind=Kind.REAL))) == [product]
    assert plans.find_offered_products(make_live(seller, shop=shop)).count() == 2


def test_the_same_again_takes_goods_and_scripts_along(seller, shop, product):
    old = make_live(seller, shop=shop, kind=Kind.REAL, platform="channels")
    make_script(
        make_item(old, product, minutes=9, live_price_fen=2600, quota=4, role="crowd"), who="老样子。"
    )
    gone = make_item(old, make_product(shop, status="withdrawn"))
    make_script(gone)
    key = uuid.uuid4()
    live = plans.repeat_plan(old, seller, key)
    [item] = live.load_items()
    assert (live.kind, live.platform, live.started_at, live.pk != old.pk) == ("real", "channels", None, True)
    assert (item.product, item.minutes, item.live_price_fen, item.quota, item.role, item.position) == (
        product, 9, 2600, 4, "crowd", 1,
    )  # fmt: skip
    assert services.find_latest_versions([item])[item.pk].parts["who"] == "老样子。"
    assert plans.repeat_plan(old, seller, key) == live


def test_a_plan_is_taken_away_only_before_it_began(live, seller, shop):
    assert plans.remove_plan(live) is True
    assert plans.remove_plan(live) is False
    begun = make_live(seller, shop=shop, started_at=timezone.now())
    assert plans.remove_plan(begun) is False


def test_changing_a_begun_plan_is_refused(live):
    live.started_at = timezone.now()
    live.save()
    with pytest.raises(LiveStarted):
        plans.change_plan(live, {"title": "别的"})


def test_the_next_full_hour():
    at = timezone.make_aware(datetime.datetime(2026, 11, 26, 12, 56, 3))
    assert plans.find_next_hour(at) == timezone.make_aware(datetime.datetime(2026, 11, 26, 13))
