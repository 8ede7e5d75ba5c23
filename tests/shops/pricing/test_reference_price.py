import datetime

import pytest

from shops.models import Deal, PriceChange
from shops.pricing.reference_price import find_reference_price
from tests.factories import make_product, make_shop
from ui import formats

pytestmark = pytest.mark.both_databases

NOW = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
TICK = datetime.timedelta(microseconds=1)


@pytest.fixture
def product(seller, village):
    """5斤 a box, ¥35.00, cut to ¥29.90 at NOW."""
    product = make_product(make_shop(seller, village), price_fen=2990)
    product.price_changes.all().delete()
    price(product, 3500, NOW - 60 * DAY)
    price(product, 2990, NOW)
    return product


def price(product, fen, at, grams=2500):
    return PriceChange.objects.create(product=product, price_fen=fen, net_grams=grams, unit="box", at=at)


def deal(product, fen, at, grams=2500):
    return Deal.objects.create(product=product, price_fen=fen, net_grams=grams, unit="box", quantity=1, at=at)


def test_earlier_price_needs_a_deal(product):
    assert find_reference_price(product) is None


def test_earlier_price_is_the_lowest_deal_of_the_seven_days_before_the_cut(product):
    deal(product, 3500, NOW - DAY)
    deal(product, 3300, NOW - 3 * DAY)
    deal(product, 3600, NOW - 9 * DAY)
    found = find_reference_price(product)
    assert (found.fen, found.per_jin, found.day, found.in_week) == (
        3300,
        "6.60",
        datetime.date(2026, 11, 17),
        True,
    )
    assert found.basis == (
        f"{formats.day(NOW)}降的价。划掉的每斤 ¥6.60，是降价前 7 天里最低的成交价（{formats.day(found.day)}）。"
    )


def test_earlier_price_is_the_last_deal_where_the_week_had_none(product):
    deal(product, 3200, NOW - 30 * DAY)
    deal(product, 3500, NOW - 8 * DAY)
    found = find_reference_price(product)
    assert (found.fen, found.day, found.in_week) == (3500, datetime.date(2026, 11, 12), False)
    assert found.basis == (
        f"{formats.day(NOW)}降的价。降价前 7 天没有成交，划掉的每斤 ¥7.00 是最后一次成交价（{formats.day(found.day)}）。"
    )


@pytest.mark.parametrize(
    ("at", "fen"),
    [
        (NOW - 7 * DAY, 3300),
        (NOW - 7 * DAY - TICK, 3400),
        (NOW - TICK, 3300),
        (NOW, 3400),
        (NOW + TICK, 3400),
    ],
)
def test_the_seven_days_have_exact_edges(product, at, fen):
    deal(product, 3400, NOW - 2 * DAY)
    deal(product, 3300, at)
    assert find_reference_price(product).fen == fen


@pytest.mark.parametrize("fraction", [0, 1, 999, 123_000, 123_456, 999_999])
def test_the_edge_is_exact_whatever_fraction_of_a_second_the_cut_has(product, fraction):
    cut = NOW.replace(microsecond=fraction)
    product.price_changes.filter(price_fen=2990).update(at=cut)
    edge = deal(product, 3300, cut - 7 * DAY)
    assert find_reference_price(product).in_week is True
    Deal.objects.filter(pk=edge.pk).update(at=cut - 7 * DAY - TICK)
    assert find_reference_price(product).in_week is False


@pytest.mark.parametrize(("fen", "shown"), [(2989, None), (2990, None), (2991, None), (2995, 2995)])
def test_only_what_reads_as_more_than_today_is_struck_through(product, fen, shown):
    """¥29.91 for 5斤 is ¥5.98 a 斤, as ¥29.90 is: both would be displayed equally."""
    deal(product, fen, NOW - DAY)
    found = find_reference_price(product)
    assert (found and found.fen) == shown


def test_a_raised_price_strikes_nothing_through(product):
    deal(product, 3500, NOW - DAY)
    price(product, 3100, NOW + DAY)
    product.price_fen = 3100
    assert find_reference_price(product, NOW + 2 * DAY) is None


def test_raising_before_cutting_does_not_help(product):
    """先涨后降: nobody bought at the raised price, so only what was really paid counts."""
    product.price_changes.all().delete()
    price(product, 2990, NOW - 60 * DAY)
    deal(product, 2990, NOW - 4 * DAY)
    price(product, 5000, NOW - DAY)
    price(product, 2990, NOW)
    assert find_reference_price(product) is None


def test_a_lighter_box_hides_no_dearer_fruit(product):
    """¥33.00 for 2500 g and ¥30.00 for 2000 g: by weight the second is more expensive."""
    deal(product, 3300, NOW - DAY)
    deal(product, 3000, NOW - 2 * DAY, grams=2000)
    assert find_reference_price(product).fen == 3300
    Deal.objects.filter(net_grams=2500).delete()
    found = find_reference_price(product)
    assert (found.fen, found.per_jin) == (3750, "7.50")


def test_a_change_of_weight_alone_is_no_cut_where_the_fruit_costs_no_less(product):
    deal(product, 3500, NOW - DAY)
    product.price_changes.filter(at=NOW).update(price_fen=2000, net_grams=1250)
    product.price_fen, product.net_grams = 2000, 1250
    assert find_reference_price(product) is None


def test_a_second_cut_begins_its_own_seven_days(product):
    deal(product, 3500, NOW - DAY)
    deal(product, 2990, NOW + DAY)
    price(product, 2500, NOW + 3 * DAY)
    product.price_fen = 2500
    found = find_reference_price(product, NOW + 4 * DAY)
    assert (found.fen, found.day) == (2990, datetime.date(2026, 11, 21))


def test_now_decides_which_price_holds(product):
    deal(product, 3500, NOW - DAY)
    assert find_reference_price(product, NOW - TICK) is None
    assert find_reference_price(product, NOW).fen == 3500


def test_deals_of_another_product_do_not_count(product):
    other = make_product(product.shop, name="红心蜜柚")
    deal(other, 3500, NOW - DAY)
    assert find_reference_price(product) is None


def test_the_queries_do_not_grow_with_the_deals(product, django_assert_num_queries):
    deal(product, 3300, NOW - DAY)
    with django_assert_num_queries(2):
        find_reference_price(product)
    for n in range(20):
        deal(product, 3300 + n, NOW - n * DAY)
    with django_assert_num_queries(2):
        find_reference_price(product)
