"""The rundown: added to, reordered and changed until the live begins."""

import uuid

import pytest
from django.utils import timezone

from live.exceptions import LiveStarted, RundownFull
from live.models import Livestream
from live.planning import rundown
from live.scripts import services
from tests.factories import make_product
from tests.lives import make_item, make_live, make_script


def names(live):
    return [(item.position, str(item)) for item in live.load_items()]


def begin(live):
    live.started_at = timezone.now()
    live.save()


def test_products_are_put_at_the_end_each_once(live, shop, seller):
    one, two = make_product(shop, name="橙"), make_product(shop, name="柚")
    rundown.add_products(live, [one, two, one], seller)
    rundown.add_products(live, [two], seller)
    assert names(live) == [(1, "橙"), (2, "柚")]
    assert [item.role for item in live.load_items()] == ["crowd", "earner"]


def test_a_product_comes_as_it_was_shown_the_last_time(live, shop, seller, product):
    before = make_item(
        make_live(seller, shop=shop), product, role="image", minutes=12, talking_points="说风疤"
    )
    make_script(before, who="老样子。")
    [item] = rundown.add_products(live, [product], seller)
    assert (item.role, item.minutes, item.talking_points) == ("image", 12, "说风疤")
    assert (item.quota, item.live_price_fen) == (None, None)
    assert services.find_latest_versions([item])[item.pk].parts["who"] == "老样子。"


def test_a_drills_minutes_are_shared_out(seller, shop, drill):
    drill.products, drill.minutes, drill.most_minutes = 2, 10, 15
    drill.save()
    live = make_live(seller, shop=shop, drill=drill, planned_minutes=10)
    made = rundown.add_products(live, [make_product(shop), make_product(shop)], seller)
    assert [(item.minutes, item.talking_points) for item in made] == [(5, "切开、上秤"), (5, "切开、上秤")]


def test_items_come_in_two_queries_however_many(live, shop, django_assert_num_queries):
    for _n in range(6):
        make_item(live, make_product(shop))
    live = Livestream.objects.select_related("shop__owner").get(pk=live.pk)
    with django_assert_num_queries(2):
        for item in live.load_items():
            assert item.product.shop.owner.name == "周梅英"
            assert item.product.category.name == "橙子"


def test_typed_goods_are_added_once_under_their_key(trainee, village):
    live, key = make_live(trainee, village), uuid.uuid4()
    facts = {"name": "柚子", "net_grams": 1000, "price_fen": 500}
    first = rundown.add_typed(live, facts, trainee, key)
    assert rundown.add_typed(live, facts | {"name": "别的"}, trainee, key) == first
    assert names(live) == [(1, "柚子")]
    assert services.find_latest_versions([first])[first.pk].number == 1


def test_no_more_than_a_day_can_show(live, shop, seller, monkeypatch):
    monkeypatch.setattr(rundown, "MAX_ITEMS", 2)
    made = [make_product(shop) for _n in range(3)]
    with pytest.raises(RundownFull):
        rundown.add_products(live, made, seller)
    assert names(live) == []


def test_moving_one_step_and_no_further_than_the_end(live, shop):
    a, _b, c = (make_item(live, make_product(shop, name=name)) for name in "abc")
    rundown.move_item(c, up=True)
    assert names(live) == [(1, "a"), (2, "c"), (3, "b")]
    rundown.move_item(a, up=True)
    rundown.move_item(a, up=False)
    assert names(live) == [(1, "c"), (2, "a"), (3, "b")]


def test_an_order_must_name_all_of_them(live, shop):
    a, b, c = (make_item(live, make_product(shop, name=name)) for name in "abc")
    foreign = make_item(make_live(live.host, shop=shop), make_product(shop))
    assert rundown.reorder(live, [c.pk, a.pk, b.pk]) is True
    for wrong in ([c.pk, a.pk], [a.pk, a.pk, b.pk], [a.pk, b.pk, foreign.pk], []):
        assert rundown.reorder(live, wrong) is False
    assert names(live) == [(1, "c"), (2, "a"), (3, "b")]


@pytest.mark.long
def test_removing_closes_up_and_takes_the_script_along(live, shop):
    a, b = (make_item(live, make_product(shop, name=name)) for name in "ab")
    make_script(a)
    rundown.remove_item(a)
    assert names(live) == [(1, "b")]
    assert b.scripts.count() == 0


def test_every_change_moves_the_version(live, shop, seller, product):
    rundown.add_products(live, [product], seller)
    item = live.load_items()[0]
    rundown.change_item(item, {"minutes": 7})
    rundown.reorder(live, [item.pk])
    rundown.remove_item(item)
    live.refresh_from_db()
    assert live.version == 4


def test_once_begun_it_stands(live, shop, seller, item):
    begin(live)
    item.livestream = live
    other = make_product(shop)
    for change in (
        lambda: rundown.add_products(live, [other], seller),
        lambda: rundown.add_typed(live, {"name": "x"}, seller),
        lambda: rundown.change_item(item, {"minutes": 1}),
        lambda: rundown.reorder(live, [item.pk]),
        lambda: rundown.remove_item(item),
    ):
        with pytest.raises(LiveStarted):
            change()
    item.refresh_from_db()
    assert (item.minutes, sum(each.minutes for each in live.items.all())) == (5, 5)
