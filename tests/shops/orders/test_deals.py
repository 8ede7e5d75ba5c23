"""An accepted order is a deal only while the order stands: a cancelled one gives no reference price."""

import uuid

import pytest

from shops.orders import transitions
from shops.pricing import prices
from shops.pricing.reference_price import find_reference_price
from tests.shops.orders.seller_side import order_at

pytestmark = pytest.mark.both_databases


def undo(order) -> None:
    seller = order.shop.owner
    if order.status == "accepted":
        transitions.cancel(order, "seller", seller, uuid.uuid4(), "和您说好了不要了")
    else:
        transitions.refund_all(order, seller, uuid.uuid4(), "和您说好了，全退")


@pytest.mark.parametrize("state", ["accepted", "paid", "shipped"])
def test_an_order_that_came_to_nothing_makes_no_earlier_price(oranges, seller, state):
    order = order_at(state, oranges)
    prices.set_price(oranges, 1990, 2500, "box", seller)
    assert find_reference_price(oranges).fen == 2990
    undo(order)
    assert find_reference_price(oranges) is None


@pytest.mark.long
def test_the_lowest_of_those_that_stand_is_shown(oranges, seller):
    for fen in (2990, 2490):
        prices.set_price(oranges, fen, 2500, "box", seller)
        order_at("paid", oranges)
    prices.set_price(oranges, 2790, 2500, "box", seller)
    undo(order_at("accepted", oranges))
    prices.set_price(oranges, 1990, 2500, "box", seller)
    assert find_reference_price(oranges).fen == 2490


@pytest.mark.long
def test_a_visitors_page_loses_the_struck_price_with_the_order(client, oranges, seller):
    order = order_at("shipped", oranges)
    prices.set_price(oranges, 1990, 2500, "box", seller)
    prices.show_earlier(oranges, True)
    url, struck = oranges.get_absolute_url(), "划掉的每斤 ¥5.98"
    assert struck in client.get(url).content.decode()
    undo(order)
    assert struck not in client.get(url).content.decode()
