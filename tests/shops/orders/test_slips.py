"""Packing slips: only of paid, unsent orders of the person's own shop, with the number as a QR code."""

import pytest

from tests.factories import make_shop
from tests.shops.codes import read_code
from tests.shops.orders.seller_side import order_at

URL = "/me/shop/orders/slips/"


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def test_only_what_waits_to_be_packed_is_offered(mine, oranges):
    orders = {
        state: order_at(state, oranges) for state in ("requested", "accepted", "paid", "packed", "shipped")
    }
    assert list(mine.get(URL).context["orders"]) == [orders["paid"], orders["packed"]]
    every = [order.number for order in orders.values()]
    assert mine.get(URL, {"order": every}).context["orders"] == [orders["paid"], orders["packed"]]


def test_a_slip_has_what_packing_needs_and_prices_only_when_asked(mine, oranges):
    order = order_at("paid", oranges, 2, note="要大的")
    page = mine.get(URL, {"order": order.number}).content.decode()
    for seen in (
        order.number,
        "陈小禾",
        "麓山路 1 号",
        "冰糖橙",
        "× 2",
        "10斤（5公斤）",
        "要大的",
        "data:image/svg+xml",
    ):
        assert seen in page
    assert ("59.80" in page, "29.90" in page, "slips--each" in page) == (False, False, False)
    page = mine.get(URL, {"order": order.number, "prices": "1", "each": "1"}).content.decode()
    assert ("¥68.80" in page, "2 箱 × ¥29.90" in page, "slips--each" in page) == (True, True, True)


def test_the_qr_is_the_orders_number(as_user, seller, oranges):
    order = order_at("paid", oranges)
    page = as_user(seller).get(URL, {"order": order.number}).content.decode()
    assert read_code(page, "slip__qr") == order.number


def test_anothers_orders_are_never_printed(as_user, stranger, other_village, oranges):
    order = order_at("paid", oranges)
    make_shop(stranger, other_village)
    client = as_user(stranger)
    for query in ({"order": order.number}, {"order": ["x", "%", "\0"]}):
        page = client.get(URL, query)
        assert (page.status_code, "这些订单不用装箱了" in page.content.decode()) == (200, True)
    assert client.get(URL, {"shop": order.shop_id}).status_code == 404


def test_nothing_to_pack_is_said(mine, shop):
    assert "没有要装箱的" in mine.get(URL).content.decode()
