"""The order form: its fields, its error messages, and that no amount it posts is trusted."""

import re

import pytest
from django.test import Client

from shops.models import Order, Product, Shop
from shops.orders import limits
from shops.pricing import prices
from tests.factories import make_product, make_shop
from tests.shops.orders.order_form import address, filled, send, text
from tests.shops.orders.order_requests import in_hand, make_order


@pytest.fixture
def buyer(db) -> Client:
    return Client()


def test_order_form_works(buyer, oranges, pomelos):
    response = buyer.get(address(oranges.shop), {"product": oranges.pk})
    page = text(response)
    assert response.status_code == 200
    assert "卖家接了单，您才付钱，现在一分钱都不用付。" in page
    assert f'name="q{oranges.pk}" value="1"' in page
    assert 'name="perishable_ok"' in page
    assert not re.search(r'name="perishable_ok"[^>]*checked', page)
    assert "西藏自治区（不发货）" in page
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert Order.objects.count() == 0


def test_the_product_page_leads_to_the_form_without_a_token(buyer, oranges):
    response = buyer.get(oranges.get_absolute_url())
    assert f"{address(oranges.shop)}?product={oranges.pk}" in text(response)
    assert "csrfmiddlewaretoken" not in text(response)
    assert response.cookies == {}


def test_sent_form_becomes_an_order_and_leads_to_its_page(buyer, oranges):
    response = send(buyer, oranges, 2, seen_total="6880")
    order = Order.objects.get()
    assert response.status_code == 302
    assert response["Location"] == order.get_absolute_url()
    assert (str(order.phone), order.phone_verified, order.region) == (
        "+8613700000009",
        False,
        "湖南省长沙市岳麓区",
    )
    assert (order.total_fen, order.freight_fen, in_hand(oranges)) == (6880, 900, 8)
    assert order.perishable_ok_at is not None
    assert len(order.placed_from) == 64
    page = text(buyer.get(response["Location"]))
    assert "麓山路 1 号" in page
    assert "下单请求发给卖家了，现在不用付钱。" in page


@pytest.mark.long
def test_the_same_tap_five_times_is_one_order(buyer, oranges):
    said = filled(oranges)
    places = {buyer.post(address(oranges.shop), said)["Location"] for _n in range(5)}
    assert len(places) == 1
    assert (Order.objects.count(), in_hand(oranges)) == (1, 9)


def test_sold_out_is_told_with_what_is_left_and_keeps_what_was_typed(buyer, oranges):
    make_order((oranges, 8))
    response = send(buyer, oranges, 3, seen_total="10170", note="要大的")
    assert response.status_code == 200
    assert "“冰糖橙”只剩 2 箱了。" in text(response)
    for typed in ("陈小禾", "麓山路 1 号", "要大的"):
        assert typed in text(response)
    assert Order.objects.count() == 1


def test_all_gone_is_told_kindly(buyer, oranges):
    make_order((oranges, 10))
    assert "“冰糖橙”刚卖完。" in text(send(buyer, oranges))


@pytest.mark.parametrize("number", ["1000000000", "-1", "0.5", "abc", "9" * 500, "１＋１", "🍊", "0", ""])
def test_impossible_numbers_are_answered_in_words(buyer, oranges, number):
    response = send(buyer, oranges, number)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in text(response)
    assert "陈小禾" in text(response)
    assert Order.objects.count() == 0


def test_price_moved_shows_both_and_the_buyer_chooses(buyer, oranges, seller):
    said = filled(oranges)
    prices.set_price(oranges, 3190, 2500, "box", seller)
    page = text(buyer.post(address(oranges.shop), said))
    assert "“冰糖橙”的价钱刚改过：刚才是 ¥29.90，现在是 ¥31.90。" in page
    assert "照新的数要，就再点一次" in page
    assert Order.objects.count() == 0
    again = said | {f"seen-{oranges.pk}": "3190", "seen_total": "3790"}
    assert f'name="seen-{oranges.pk}" value="3190"' in page
    assert 'name="seen_total" value="3790"' in page
    buyer.post(address(oranges.shop), again)
    assert Order.objects.get().total_fen == 3790


def test_tampered_prices_and_sums_buy_nothing_cheaper(buyer, oranges):
    page = text(send(buyer, oranges, seen_total="1"))
    assert "合计变了：刚才是 ¥0.01，现在是 ¥35.90。" in page
    page = text(send(buyer, oranges, **{f"seen-{oranges.pk}": "1"}))
    assert "刚才是 ¥0.01，现在是 ¥29.90。" in page
    assert Order.objects.count() == 0


@pytest.mark.parametrize("total", [None, "", "abc", "-5", "٣"])
def test_without_the_sum_seen_it_is_shown_first(buyer, oranges, total):
    page = text(send(buyer, oranges, seen_total=total))
    assert "运费算好了。看一眼合计，没错就再点一次。" in page
    assert "¥35.90" in page
    assert Order.objects.count() == 0


def test_foreign_products_are_not_ordered_here(buyer, oranges, stranger, other_village):
    theirs = make_product(make_shop(stranger, other_village), name="别家的")
    send(buyer, oranges, **{f"q{theirs.pk}": "3"})
    assert list(Order.objects.get().lines.values_list("product", flat=True)) == [oranges.pk]
    assert in_hand(theirs) == 10


def test_confirmation_is_needed_and_nothing_is_lost(buyer, oranges):
    page = text(send(buyer, oranges, perishable_ok=None))
    assert "看一看这一条，同意就勾上" in page
    assert "麓山路 1 号" in page
    assert Order.objects.count() == 0


def test_too_long_texts_are_told_and_not_cut(buyer, oranges):
    page = text(send(buyer, oranges, note="长" * 10_000))
    assert "最多 200 个字" in page
    assert Order.objects.count() == 0


def test_a_shop_of_nobody_and_a_shut_shop_are_not_found(buyer, oranges):
    shop = oranges.shop
    assert buyer.get("/shops/nothing/order/").status_code == 404
    shop.is_open = False
    shop.save()
    assert buyer.get(address(shop)).status_code == 404
    other = make_shop(shop.owner, shop.place, is_open=False)
    assert buyer.post(address(other), filled(oranges)).status_code == 404


def test_a_shop_that_shut_since_the_page_was_made_keeps_what_was_typed(buyer, oranges):
    Shop.objects.filter(pk=oranges.shop_id).update(is_open=False)
    page = text(send(buyer, oranges, 3, note="要大的"))
    assert "这家店现在关着，下不了单。" in page
    for typed in ("陈小禾", "麓山路 1 号", "要大的", f'name="q{oranges.pk}" value="3"'):
        assert typed in page
    assert (Order.objects.count(), in_hand(oranges)) == (0, 10)


def test_what_went_off_sale_meanwhile_is_told(buyer, oranges, pomelos):
    said = filled(oranges) | {f"q{pomelos.pk}": "1"}
    Product.objects.filter(pk=pomelos.pk).update(status="withdrawn")
    page = text(buyer.post(address(oranges.shop), said))
    assert "“沙田柚”已经下架了。" in page
    assert Order.objects.count() == 0


@pytest.mark.long
def test_a_phone_with_enough_open_requests_is_told(buyer, oranges):
    for _n in range(limits.UNVERIFIED_OPEN):
        send(buyer, oranges)
    page = text(send(buyer, oranges))
    assert "这个手机号还有单子在等卖家接" in page
    assert Order.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x", "1" * 500])
def test_a_broken_key_is_told(buyer, oranges, key):
    assert "没看懂，再记一次" in text(send(buyer, oranges, key=key))


def test_a_key_of_another_shops_order_leads_to_nothing(buyer, oranges, stranger, other_village):
    theirs = make_shop(stranger, other_village)
    theirs.points.create(name="别处", address="别处", hours="全天")
    order = make_order((make_product(theirs), 1), point=theirs.points.get())
    response = send(buyer, oranges, key=str(order.key))
    assert response.status_code == 200
    assert "没看懂，再记一次" in text(response)
    assert Order.objects.count() == 1


@pytest.mark.long
def test_the_form_asks_as_much_of_the_database_for_one_as_for_many(buyer, oranges, django_assert_num_queries):
    buyer.get(address(oranges.shop))
    with django_assert_num_queries(6) as one:
        buyer.get(address(oranges.shop))
    for n in range(12):
        make_product(oranges.shop, name=f"橙{n}")
    with django_assert_num_queries(len(one)):
        buyer.get(address(oranges.shop))


def test_fields_say_what_name_phone_and_address_are_for(client, shop, oranges):
    page = client.get(f"{shop.get_absolute_url()}order/?p={oranges.pk}").content.decode()
    sentence, name = page.index("姓名、电话和地址只给这家店用来发货。"), page.index('name="buyer"')
    assert 0 < name - sentence < 600
    assert '<a href="/privacy/">隐私说明</a>' in page[sentence:name]


# --- Prices that change between a buyer's page and the tap: each is shown, for whatever reason the page returns. ---


def test_each_of_two_moved_prices_is_told(buyer, oranges, seller):
    pomelos = make_product(oranges.shop, name="蜜柚", stock=5)
    said = filled(oranges) | {f"q{pomelos.pk}": "1", f"seen-{pomelos.pk}": str(pomelos.price_fen)}
    prices.set_price(oranges, 3190, 2500, "box", seller)
    prices.set_price(pomelos, 3290, 2500, "box", seller)
    page = text(buyer.post(address(oranges.shop), said))
    assert "“冰糖橙”的价钱刚改过：刚才是 ¥29.90，现在是 ¥31.90。" in page
    assert "“蜜柚”的价钱刚改过：刚才是 ¥29.90，现在是 ¥32.90。" in page
    assert Order.objects.count() == 0


def test_a_moved_price_is_told_beside_another_mistake(buyer, oranges, seller):
    said = filled(oranges) | {"phone": "1380000"}
    prices.set_price(oranges, 3190, 2500, "box", seller)
    page = text(buyer.post(address(oranges.shop), said))
    assert "“冰糖橙”的价钱刚改过：刚才是 ¥29.90，现在是 ¥31.90。" in page
    assert f'name="seen-{oranges.pk}" value="3190"' in page
