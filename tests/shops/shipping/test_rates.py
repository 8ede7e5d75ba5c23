import pytest

from shops.shipping import rates
from shops.shipping.provinces import ABROAD, BY_CODE, FAR, NEAR, PROVINCES, REMOTE
from tests.factories import make_product, make_rate, make_shop

HUNAN, XINJIANG = "430000", "650000"


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


@pytest.fixture
def hunan(shop):
    return make_rate(shop, HUNAN)


def test_every_province_stands_in_one_group():
    assert len(PROVINCES) == 34
    assert sorted(NEAR + FAR + REMOTE + ABROAD) == sorted(BY_CODE)


@pytest.mark.parametrize(
    ("grams", "cost"),
    [
        (0, 0),
        (-1, 0),
        (1, 600),
        (999, 600),
        (1000, 600),
        (1001, 750),
        (2000, 750),
        (2001, 900),
        (5500, 600 + 5 * 150),
        (10**9, 600 + 999_999 * 150),
    ],
)
def test_freight_grows_by_every_step_begun(hunan, grams, cost):
    assert rates.calculate_parcel_price(hunan, grams) == cost


def test_freight_steps_need_not_be_a_kilogram(shop):
    rate = make_rate(shop, HUNAN, first_grams=3000, first_fen=800, step_grams=500, step_fen=70)
    assert [rates.calculate_parcel_price(rate, grams) for grams in (3000, 3001, 3500, 3501)] == [
        800,
        870,
        870,
        940,
    ]


def test_freight_to_remote_places_has_its_surcharge_once(shop):
    rate = make_rate(shop, XINJIANG, surcharge_fen=1000)
    assert [rates.calculate_parcel_price(rate, grams) for grams in (500, 3000)] == [1600, 1900]


def test_quote_is_the_rate_of_the_province(shop, hunan):
    make_rate(shop, XINJIANG, first_fen=2500)
    assert (rates.quote(shop, HUNAN, 1500), rates.quote(shop, XINJIANG, 1500)) == (750, 2650)


@pytest.mark.parametrize("province", [XINJIANG, "", "999999", "430100"])
def test_quote_refuses_a_province_without_a_row(shop, hunan, province):
    with pytest.raises(rates.NotShipped) as told:
        rates.quote(shop, province, 1500)
    assert told.value.province == province


def test_quote_refuses_a_province_that_is_not_sent_to(shop, hunan):
    make_rate(shop, XINJIANG, ships=False)
    assert rates.find_rate(shop, XINJIANG) is None
    for grams in (0, 1500):
        with pytest.raises(rates.NotShipped):
            rates.quote(shop, XINJIANG, grams)


def test_quote_never_takes_another_shops_rate(shop, hunan, stranger, other_village):
    other = make_shop(stranger, other_village)
    assert rates.find_rate(other, HUNAN) is None
    with pytest.raises(rates.NotShipped):
        rates.quote(other, HUNAN, 1500)


def test_what_includes_its_freight_goes_everywhere_while_there_is_no_table(shop):
    assert rates.quote(shop, XINJIANG, 0) == 0
    with pytest.raises(rates.NotShipped):
        rates.quote(shop, XINJIANG, 1)


@pytest.mark.parametrize(
    ("net", "gross", "sent"), [(2500, None, 2500), (2500, 2900, 2900), (2500, 2500, 2500)]
)
def test_gross_weight_is_the_net_one_while_nobody_has_weighed(shop, net, gross, sent):
    product = make_product(shop, net_grams=net, gross_grams=gross)
    assert rates.get_gross_weight(product) == sent


def test_weight_leaves_out_what_includes_its_freight(shop):
    light = make_product(shop, net_grams=2500, gross_grams=3000)
    free = make_product(shop, net_grams=5000, freight_included=True)
    assert rates.calculate_charged_weight([(light, 2), (free, 3)]) == 6000
    assert rates.calculate_charged_weight([(free, 3)]) == 0
    assert rates.calculate_charged_weight([]) == 0
