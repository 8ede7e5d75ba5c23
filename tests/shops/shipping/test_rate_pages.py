"""The freight table, as the seller enters it."""

import pytest

from accounts.models import AuditEntry
from shops.models import FreightRate
from shops.shipping import rates as shipping_rates
from shops.shipping.provinces import BY_CODE, NEAR
from shops.shipping.rates import Group, Price
from tests.factories import make_rate, make_shop

PAGE = "/me/shop/freight/"
HUNAN, HUBEI, GUANGDONG, XINJIANG = "430000", "420000", "440000", "650000"


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


def slot(n: int, provinces: list[str], *figures: str) -> dict:
    names = ("first_grams", "first_fen", "step_grams", "step_fen", "surcharge_fen")
    figures = figures or ("3", "8", "1", "1.5", "")
    typed = {f"{name}_{n}": value for name, value in zip(names, figures, strict=True)}
    return typed | {f"provinces_{n}": provinces}


def rows(shop) -> dict[str, tuple]:
    fields = ("first_grams", "first_fen", "step_grams", "step_fen", "surcharge_fen")
    return {row.province: tuple(getattr(row, f) for f in fields) for row in shop.freight.all()}


def errors(response) -> dict:
    return {name: list(told) for name, told in response.context["form"].errors.items()}


def test_table_is_written_by_groups(as_user, seller, shop):
    typed = slot(0, [HUNAN, HUBEI]) | slot(1, [XINJIANG], "１", "１８元", "500g", "10", "5")
    response = as_user(seller).post(PAGE, typed, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["运费表存好了，买家马上看到。"]
    near, far = (3000, 800, 1000, 150, 0), (1000, 1800, 500, 1000, 500)
    assert rows(shop) == {HUNAN: near, HUBEI: near, XINJIANG: far}
    assert AuditEntry.objects.filter(verb="freight_changed", actor=seller).count() == 1


def test_table_sent_twice_changes_nothing(as_user, seller, shop):
    client = as_user(seller)
    for _tap in range(2):
        client.post(PAGE, slot(0, [HUNAN]))
    assert (FreightRate.objects.count(), AuditEntry.objects.filter(verb="freight_changed").count()) == (1, 1)


def test_province_unticked_is_not_sent_to_any_more(as_user, seller, shop):
    make_rate(shop, HUNAN)
    make_rate(shop, XINJIANG, ships=False)
    as_user(seller).post(PAGE, slot(0, [HUBEI]))
    assert list(rows(shop)) == [HUBEI]


def test_price_taken_away_takes_its_provinces_with_it(as_user, seller, shop):
    typed = slot(0, [HUNAN]) | slot(1, [HUBEI], "-1", "x", "", "", "") | {"drop_1": "on"}
    assert as_user(seller).post(PAGE, typed).status_code == 302
    assert list(rows(shop)) == [HUNAN]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (slot(0, [HUNAN], "1", "-1", "1", "1", ""), {"first_fen_0": ["不能是负数"]}),
        (slot(0, [HUNAN], "0", "8", "1", "1", ""), {"first_grams_0": ["要大于 0"]}),
        (slot(0, [HUNAN], "1", "8", "0", "1", ""), {"step_grams_0": ["要大于 0"]}),
        (
            slot(0, [HUNAN], "1", "1000000000", "1", "1", ""),
            {"first_fen_0": ["最多 1,000，看看是不是多打了 0"]},
        ),
        (slot(0, [HUNAN], "1", "8", "1", "另议", ""), {"step_fen_0": ["用数字写，比如 29.90"]}),
        (
            slot(0, [HUNAN], "1", "", "1", "", ""),
            {"first_fen_0": ["这一项要填"], "step_fen_0": ["这一项要填"]},
        ),
        (slot(0, [HUNAN], "1", "8", "1", "1", "-3"), {"surcharge_fen_0": ["不能是负数"]}),
        (slot(0, []), {"provinces_0": ["勾上这个价发到哪些省份，或者点“不要这一档”"]}),
        (slot(0, ["999999"]), {"provinces_0": ["没有这个省份，重新勾一次"]}),
        (
            slot(0, [HUNAN, HUBEI]) | slot(1, [HUBEI, GUANGDONG]),
            {"provinces_1": ["湖北在前面已经有价了，只留一处"]},
        ),
        ({}, {"__all__": ["一个省份也没勾，就哪里都发不了。只让人来取的话，先加一个自提点。"]}),
        (
            slot(0, [], "", "", "", "", ""),
            {"__all__": ["一个省份也没勾，就哪里都发不了。只让人来取的话，先加一个自提点。"]},
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_user, seller, shop, typed, told):
    response = as_user(seller).post(PAGE, typed)
    assert (response.status_code, errors(response)) == (200, told)
    for name, value in typed.items():
        assert response.context["form"][name].value() == value
    assert not FreightRate.objects.exists()


def test_free_freight_to_ones_own_province_is_a_price_too(as_user, seller, shop):
    as_user(seller).post(PAGE, slot(0, [HUNAN], "3", "0", "1", "0", "0"))
    assert rows(shop) == {HUNAN: (3000, 0, 1000, 0, 0)}


def test_shop_that_is_fetched_from_may_send_nowhere(as_user, seller, shop):
    make_rate(shop)
    shop.points.create(name="自家", address="石榴冲村三组", hours="白天")
    assert as_user(seller).post(PAGE, {}).status_code == 302
    assert rows(shop) == {}


@pytest.mark.parametrize("key", ["provinces_99", "provinces_-1", "provinces_x", "provinces_" + "9" * 200])
def test_no_number_of_prices_is_too_much(as_user, seller, shop, key):
    assert as_user(seller).post(PAGE, {key: HUNAN}).status_code == 200


def test_usual_table_is_offered_and_never_written_unasked(as_user, seller, shop):
    client = as_user(seller)
    assert "按常见的分法填好，我再改" in client.get(PAGE).content.decode()
    response = client.get(f"{PAGE}?start=1")
    names = [one.names for one in response.context["form"].slots]
    assert names[0] == "江西、湖北、湖南、广东、广西、重庆、贵州"
    assert names[2] == "内蒙古、海南、西藏、甘肃、青海、宁夏、新疆"
    assert "还没保存" in response.content.decode()
    assert not FreightRate.objects.exists()


def test_usual_table_is_saved_as_it_is_offered(as_user, seller, shop):
    client = as_user(seller)
    form = client.get(f"{PAGE}?start=1").context["form"]
    shown = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    client.post(PAGE, {name: value for name, value in shown.items() if value})
    assert shipping_rates.list_rate_groups(shop) == list(shipping_rates.START)
    assert len(rows(shop)) == 31


def test_table_of_ones_other_shop_is_copied(as_user, seller, shop, village, other_village):
    other = make_shop(seller, village)
    make_rate(other, HUBEI, first_fen=990)
    client = as_user(seller)
    page = client.get(f"{PAGE}?shop={shop.pk}")
    assert [one.pk for one in page.context["others"]] == [other.pk]
    form = client.get(f"{PAGE}?shop={shop.pk}&from={other.pk}").context["form"]
    assert (form.slots[0].names, form["first_fen_0"].value()) == ("湖北", "9.90")
    assert rows(shop) == {}


def test_table_of_others_is_not_there(as_user, seller, shop, stranger, other_village, client):
    theirs = make_shop(stranger, other_village)
    make_rate(theirs)
    mine = as_user(seller)
    for query in (f"?shop={theirs.pk}", f"?shop={shop.pk}&from={theirs.pk}", "?shop=0", "?from=x"):
        assert mine.get(PAGE + query).status_code == 404, query
    assert mine.post(f"{PAGE}?shop={theirs.pk}", slot(0, [HUBEI])).status_code == 404
    assert list(rows(theirs)) == [HUNAN]


def test_trainee_has_no_table(as_user, trainee):
    assert as_user(trainee).get(PAGE)["Location"] == "/me/shop/"


def test_groups_are_read_back_cheapest_first(shop):
    make_rate(shop, XINJIANG, first_fen=500, surcharge_fen=1000)
    make_rate(shop, HUBEI)
    make_rate(shop, HUNAN)
    make_rate(shop, GUANGDONG, ships=False)
    assert shipping_rates.list_rate_groups(shop) == [
        Group(Price(1000, 600, 1000, 150, 0), (HUBEI, HUNAN)),
        Group(Price(1000, 500, 1000, 150, 1000), (XINJIANG,)),
    ]
    rates = list(shop.freight.all())
    first = shipping_rates.list_freight_rows(rates, 2500)[0]
    assert first == ("湖北、湖南", 900, "首重 2斤（1公斤）¥6.00，每加 2斤（1公斤）¥1.50")
    sent_to = [rate.province for rate in rates if rate.ships]
    assert len(shipping_rates.list_unserved(sent_to).split("、")) == len(BY_CODE) - 3
    assert set(NEAR) <= set(BY_CODE)


def test_table_takes_as_many_queries_for_one_province_as_for_all(
    as_user, seller, shop, django_assert_num_queries
):
    client = as_user(seller)
    make_rate(shop)
    with django_assert_num_queries(7) as one:
        client.get(PAGE)
    shipping_rates.replace_rates(shop, shipping_rates.START, seller)
    with django_assert_num_queries(len(one)):
        client.get(PAGE)
