"""Prices that change between a buyer's page and the tap: each is told, whatever the page comes back for."""

import pytest
from django.test import Client

from shops.models import Order
from shops.pricing import prices
from tests.factories import make_product
from tests.shops.ordering.filling import address, filled, text

pytestmark = pytest.mark.both_databases


@pytest.fixture
def buyer(db) -> Client:
    return Client()


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
