"""Order requests cost nothing, so one address must not be able to reserve a whole shop, nor flood its seller."""

import datetime

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from shops.models import Order, OrderLine, StockMove
from shops.orders import limits
from tests.factories import make_product
from tests.pages import list_messages
from tests.shops.orders.order_form import send, text
from tests.shops.orders.order_requests import in_hand, make_order
from tests.shops.orders.seller_side import page_url, step_url
from tests.shops.orders.seller_side import send as step

pytestmark = pytest.mark.both_databases

HERE, THERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def grapes(shop):
    """30 boxes of 2.5 kg."""
    return make_product(shop, stock=30, name="葡萄", gross_grams=3000)


def flood(product, times: int, number: int, address: str, first: int = 0) -> list:
    """Send requests of so many invented phones, one after another, for boxes of 3 kg with the freight to 湖南."""
    total = str(product.price_fen * number + 600 + 300 * (number - 1))
    buyers = [(Client(REMOTE_ADDR=address), f"136 0000 {n:04d}") for n in range(first, first + times)]
    return [send(buyer, product, number, phone=phone, seen_total=total) for buyer, phone in buyers]


def held(product) -> int:
    return OrderLine.objects.filter(product=product).aggregate(n=Sum("quantity"))["n"] or 0


def test_one_address_takes_a_third_of_what_there_is(grapes):
    answers = flood(grapes, 4, 5, HERE)
    assert (held(grapes), in_hand(grapes)) == (10, 20)
    assert "“葡萄”有好几单在等卖家接。过一会儿再下，要得急就给卖家打电话。" in text(answers[-1])


@pytest.mark.long
def test_many_addresses_take_half(grapes):
    for n in range(4):
        flood(grapes, 1, 5, f"203.0.113.{n}", first=100 * n)
    assert (held(grapes), in_hand(grapes)) == (15, 15)


@pytest.mark.long
def test_where_codes_are_sent_what_went_without_one_takes_a_fifth(grapes, settings):
    settings.PROVES_PHONES, settings.SMS_SENDER = True, "none"  # a gateway that fails
    for n in range(3):
        flood(grapes, 1, 3, f"203.0.113.{n}", first=100 * n)
    assert held(grapes) == 6


def test_a_large_order_is_told_how_many_it_may_be(grapes):
    (answer,) = flood(grapes, 1, 12, HERE)
    assert "“葡萄”这会儿最多先订 10 箱。要得多，给卖家打电话。" in text(answer)
    assert held(grapes) == 0


@pytest.mark.long
def test_what_there_is_little_of_can_be_bought_by_a_family(shop):
    few = make_product(shop, stock=3, name="土鸡蛋", gross_grams=3000)
    flood(few, 3, 1, HERE)
    assert in_hand(few) == 0


@pytest.mark.long
def test_verified_phones_and_accepted_orders_are_not_counted(grapes, seller):
    make_order((grapes, 12), phone_verified=True, placed_from=limits.hash_ip(HERE))
    flood(grapes, 4, 2, HERE)
    assert (held(grapes), in_hand(grapes)) == (12 + 6, 12)


def test_an_unverified_request_holds_for_four_hours_of_the_day(grapes):
    def at(hour: int, minute: int = 0, day: int = 1) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime(2026, 11, day, hour, minute))

    times = [at(9), at(16), at(17, 30), at(19, 59), at(22), at(23, 59), at(3)]
    assert [limits.hold_until(time, False) for time in times] == [
        at(13),
        at(20),
        at(9, 30, 2),
        at(11, 59, 2),
        at(12, 0, 2),
        at(12, 0, 2),
        at(12),
    ]
    assert limits.hold_until(at(9), True) == at(9, 0, 3)


def test_the_page_says_how_long_it_holds(client, grapes):
    page = text(client.get(f"/shops/{grapes.shop.slug}/order/?product={grapes.pk}"))
    assert "卖家 4 小时内没接（夜里不算），单子自动作废" in page
    flood(grapes, 1, 1, HERE)
    left = Order.objects.get().expires_at - timezone.now()
    assert datetime.timedelta(hours=3, minutes=59) < left <= datetime.timedelta(hours=16)


def test_where_codes_are_sent_the_page_says_how_long_a_verified_phone_holds(client, grapes, settings):
    settings.PROVES_PHONES = True
    page = text(client.get(f"/shops/{grapes.shop.slug}/order/?product={grapes.pk}"))
    assert f"卖家 {limits.HOLD_HOURS} 小时内没接，单子自动作废" in page


@pytest.mark.long
def test_a_seller_declines_all_of_an_address_at_once(as_user, seller, grapes):
    flood(grapes, 4, 1, HERE)
    flood(grapes, 1, 1, THERE, first=50)
    verified = make_order((grapes, 1), phone_verified=True, placed_from=Order.objects.first().placed_from)
    first, mine = Order.objects.order_by("pk").first(), as_user(seller)
    label = "从同一个地方还来了 3 单，号码都没验证过，一起不接"
    assert label in mine.get(step_url(first, "decline")).content.decode()
    response = step(mine, first, "decline", reason="今天没货了，采完了", others="on")
    assert list_messages(response) == ["告诉买家了，货也放回去了。"]
    by_status = list(Order.objects.order_by("pk").values_list("status", flat=True))
    assert by_status == ["declined"] * 4 + ["requested", "requested"]
    assert (in_hand(grapes), held(grapes)) == (28, 6)
    assert StockMove.objects.filter(order=verified).count() == 1


@pytest.mark.long
def test_without_the_tick_one_order_is_declined(as_user, seller, grapes):
    flood(grapes, 3, 1, HERE)
    first, mine = Order.objects.order_by("pk").first(), as_user(seller)
    step(mine, first, "decline", reason="今天没货了，采完了")
    assert list(Order.objects.order_by("pk").values_list("status", flat=True)) == [
        "declined",
        "requested",
        "requested",
    ]
    alone = make_order((grapes, 1))
    assert "一起不接" not in mine.get(step_url(alone, "decline")).content.decode()
    assert mine.get(page_url(alone)).status_code == 200
