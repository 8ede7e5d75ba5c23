"""Placing an order: stock reserved, totals from the rows, pages frozen, one order for one submit."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.models import Notice
from shops.exceptions import IdempotencyConflict
from shops.models import Order, PickUpPoint, Presale, Product, Shop, StockMove
from shops.orders import limits, placement, reservations
from shops.orders.exceptions import (
    Closed,
    NotConfirmed,
    NotShipped,
    OrderRefused,
    PriceMoved,
    SoldOut,
    TooMuchHeld,
    TwoShops,
)
from shops.orders.placement import place_order
from shops.pricing import prices
from tests.factories import add_helpers, make_person, make_photo, make_product, make_shop
from tests.shops.orders.order_requests import GUANGDONG, TIBET, in_hand, make_order, make_request, quota_left

pytestmark = pytest.mark.both_databases


def test_place_holds_stock_and_reckons_from_the_rows(oranges, pomelos):
    order = make_order((pomelos, 1), (oranges, 2), phone_verified=True)
    assert order.status == "requested"
    assert (order.goods_fen, order.freight_fen, order.total_fen) == (10_480, 1_400, 11_880)
    assert (order.net_grams, order.gross_grams) == (10_000, 11_000)
    assert order.expires_at - order.placed_at == datetime.timedelta(hours=48)
    assert (in_hand(oranges), in_hand(pomelos)) == (8, 3)
    moves = StockMove.objects.filter(order=order).order_by("id")
    assert list(moves.values_list("product", "delta", "reason")) == [
        (oranges.pk, -2, "held"),
        (pomelos.pk, -1, "held"),
    ]
    event = order.events.get()
    assert (event.verb, event.by, event.fen, event.grams, event.key) == (
        "placed",
        "buyer",
        11_880,
        10_000,
        order.key,
    )
    oranges.refresh_from_db()
    assert oranges.free_at == order.expires_at


def test_place_tells_both_sides_once(oranges, seller):
    order = make_order((oranges, 1))
    told = Notice.objects.order_by("id").values_list("phone", "template")
    assert {(str(phone), template) for phone, template in told} == {
        (str(order.phone), "order_placed"),
        (str(seller.phone), "shop_order_placed"),
    }


def test_place_with_the_same_key_is_the_first_order(oranges):
    wish, key = make_request((oranges, 2)), uuid.uuid4()
    first = place_order(wish, key)
    assert place_order(wish, key) == first
    assert (Order.objects.count(), in_hand(oranges), Notice.objects.count()) == (1, 8, 2)


def test_place_again_is_the_first_order_even_when_all_is_gone(oranges):
    wish, key = make_request((oranges, 10)), uuid.uuid4()
    assert place_order(wish, key) == place_order(wish, key)


def test_place_refuses_the_key_of_another_shops_order(oranges, stranger, other_village):
    order = make_order((oranges, 1))
    theirs = make_product(make_shop(stranger, other_village))
    with pytest.raises(IdempotencyConflict):
        place_order(make_request((theirs, 1)), order.key)


def test_sold_out_says_what_is_left_and_takes_nothing(oranges, pomelos):
    with pytest.raises(SoldOut) as refused:
        make_order((oranges, 3), (pomelos, 5))
    [short] = refused.value.lines
    assert (short.product, short.wanted, short.left) == (pomelos, 5, 4)
    assert refused.value.sentence == "“沙田柚”只剩 4 箱了。"
    assert (in_hand(oranges), in_hand(pomelos), Order.objects.count()) == (10, 4, 0)


@pytest.mark.parametrize("quantity", [0, -1, 10_000, 10**9])
def test_impossible_quantities_are_refused(oranges, quantity):
    with pytest.raises(OrderRefused):
        make_order((oranges, quantity))
    assert in_hand(oranges) == 10


def test_price_moved_names_both_prices(oranges, seller):
    wish = make_request((oranges, 1))
    prices.set_price(oranges, 3190, 2500, "box", seller)
    with pytest.raises(PriceMoved) as refused:
        place_order(wish, uuid.uuid4())
    assert (refused.value.old, refused.value.new, in_hand(oranges)) == (2990, 3190, 10)


def test_freight_moved_since_the_page_is_told_as_the_sum(oranges):
    with pytest.raises(PriceMoved) as refused:
        make_order((oranges, 1), seen_total_fen=2990)
    assert (refused.value.old, refused.value.new, refused.value.product) == (2990, 3590, None)


def test_province_not_shipped_is_refused(oranges):
    with pytest.raises(NotShipped) as refused:
        make_order((oranges, 1), province=TIBET)
    assert refused.value.province == TIBET


def test_freight_follows_the_provinces_steps_and_surcharge(oranges):
    assert make_order((oranges, 1), province=GUANGDONG).freight_fen == 900 + 2 * 300 + 50


def test_freight_included_weighs_nothing(shop, oranges):
    free = make_product(shop, name="蜜橘", freight_included=True)
    assert make_order((free, 3)).freight_fen == 0
    assert make_order((free, 3), (oranges, 1)).freight_fen == 600


def test_pick_up_costs_no_freight_and_keeps_no_address(shop, oranges):
    point = PickUpPoint.objects.create(shop=shop, name="村口", address="石榴冲村口", hours="8:00–18:00")
    order = make_order((oranges, 1), point=point, province=TIBET)
    assert (order.freight_fen, order.province, order.address, order.point) == (0, "", "", point)


def test_pick_up_point_of_another_shop_is_refused(oranges, stranger, other_village):
    theirs = PickUpPoint.objects.create(
        shop=make_shop(stranger, other_village), name="别处", address="别处", hours="全天"
    )
    with pytest.raises(NotShipped):
        make_order((oranges, 1), point=theirs)


def test_two_shops_in_one_order_are_refused(oranges, stranger, other_village):
    theirs = make_product(make_shop(stranger, other_village))
    with pytest.raises(TwoShops):
        make_order((oranges, 1), (theirs, 1))


def test_what_is_off_sale_or_in_a_shut_shop_is_refused(shop, oranges):
    wish = make_request((oranges, 1))
    Product.objects.update(status=Product.Status.WITHDRAWN)
    with pytest.raises(Closed) as refused:
        place_order(wish, uuid.uuid4())
    assert refused.value.product == oranges
    Product.objects.update(status=Product.Status.PUBLISHED)
    shop.is_open = False
    shop.save()
    with pytest.raises(Closed) as refused:
        place_order(wish, uuid.uuid4())
    assert refused.value.product is None


def test_a_shop_that_closes_after_it_was_read_gets_no_order(shop, oranges, monkeypatch):
    read = placement.prepare_order

    def read_and_close(*arguments):
        ready = read(*arguments)
        Shop.objects.filter(pk=shop.pk).update(is_open=False)
        return ready

    monkeypatch.setattr(placement, "prepare_order", read_and_close)
    with pytest.raises(Closed):
        make_order((oranges, 1))
    assert (Order.objects.count(), in_hand(oranges)) == (0, 10)


def test_perishables_need_the_buyers_confirmation(oranges):
    with pytest.raises(NotConfirmed):
        make_order((oranges, 1), perishable_ok=False)
    assert make_order((oranges, 1)).perishable_ok_at is not None


def test_what_keeps_needs_no_confirmation(oranges):
    oranges.category.is_perishable = False
    oranges.category.save()
    assert make_order((oranges, 1), perishable_ok=False).perishable_ok_at is None


def test_presale_takes_from_its_quota_and_not_from_the_stock(oranges, seller):
    day = timezone.localdate() + datetime.timedelta(days=20)
    presale = Presale.objects.create(
        product=oranges, quota=5, left=5, ship_by=day, closes_on=day, terms="退款"
    )
    StockMove.objects.create(product=oranges, presale=presale, delta=5, reason=StockMove.Reason.QUOTA)
    assert reservations.count_units_left(oranges) == 5
    order = make_order((oranges, 3))
    assert (in_hand(oranges), quota_left(presale), order.lines.get().presale) == (10, 2, presale)
    assert order.lines.get().page["presale"]["ship_by"] == str(day)
    with pytest.raises(SoldOut):
        make_order((oranges, 3))


def test_unverified_phone_holds_little(oranges):
    orders = [make_order((oranges, 1), phone="+8613700000000") for _n in range(limits.UNVERIFIED_OPEN)]
    with pytest.raises(TooMuchHeld):
        make_order((oranges, 1), phone="+8613700000000")
    assert len(orders) == 3
    assert make_order((oranges, 1), phone="+8613700000000", phone_verified=True)


def test_unverified_phone_holds_few_kilograms(shop):
    many = make_product(shop, stock=100, net_grams=50_000)
    with pytest.raises(TooMuchHeld) as refused:
        make_order((many, 4), phone="+8613700000000")
    assert refused.value.sentence == "一张单最多 300斤（150公斤）。要得多，给卖家打电话。"
    make_order((many, 2), phone="+8613700000000")
    with pytest.raises(TooMuchHeld):
        make_order((many, 2), phone="+8613700000000")
    assert in_hand(many) == 98


def test_an_address_may_hold_much_and_not_everything(oranges, monkeypatch):
    monkeypatch.setattr(limits, "ADDRESS_OPEN", 2)
    for _n in range(2):
        make_order((oranges, 1), placed_from="a")
    with pytest.raises(TooMuchHeld):
        make_order((oranges, 1), placed_from="a")
    assert make_order((oranges, 1), placed_from="b")
    assert make_order((oranges, 1), placed_from="a", phone_verified=True)


def test_the_page_is_frozen_as_it_stood(shop, oranges, seller):
    photo = make_photo(seller)
    oranges.photos.create(photo=photo)
    oranges.gifts.create(kind="开果器", spec="塑料", number=1, limit="每箱一个", way="随箱", value_fen=100)
    order = make_order((oranges, 1))
    shop.name = "新店名"
    shop.save()
    prices.set_price(oranges, 9900, 2500, "box", seller)
    oranges.photos.all().delete()
    order.refresh_from_db()
    line = order.lines.get()
    assert order.page["shop"].startswith("周梅英的果园")
    assert order.page["contact"] == str(seller.phone)
    assert order.page["freight"] == {
        "province": "430000",
        "first_grams": 3000,
        "first_fen": 600,
        "step_grams": 1000,
        "step_fen": 100,
        "surcharge_fen": 0,
    }
    assert (line.page["price_fen"], line.page["gifts"][0]["kind"]) == (2990, "开果器")
    assert list(line.photos.all()) == [photo]


def test_order_link_is_not_to_be_guessed_and_the_number_can_be_read_out(oranges):
    order = make_order((oranges, 1))
    assert len(order.token) == 22
    assert order.number.startswith(timezone.localtime(order.placed_at).strftime("%y%m%d"))
    assert (len(order.number), order.number.isdigit()) == (12, True)


def test_holds_that_are_over_are_given_to_the_next_buyer(oranges):
    old = make_order((oranges, 10), now=timezone.now() - datetime.timedelta(hours=49))
    assert (in_hand(oranges), old.state) == (0, "expired")
    oranges.refresh_from_db()
    assert reservations.count_units_left(oranges) == 10
    make_order((oranges, 4))
    old.refresh_from_db()
    assert (old.status, in_hand(oranges)) == ("expired", 6)


def test_a_helper_of_the_shop_sees_its_orders_and_another_seller_none(oranges, organiser, stranger, village):
    order = make_order((oranges, 1))
    helper = make_person("周小芸", ("seller", village))
    add_helpers(order.shop, helper)
    for person, seen in ((helper, 1), (order.shop.owner, 1), (organiser, 1), (stranger, 0)):
        assert Order.objects.visible_to(person).count() == seen
