"""A shop that sends to 湖南 and 广东, with two products."""

import pytest

from shops.models import FreightRate, Product, Shop
from tests.factories import make_product, make_shop
from tests.shops.orders.order_requests import GUANGDONG, HUNAN


@pytest.fixture
def shop(seller, village) -> Shop:
    shop = make_shop(seller, village, contact=seller.phone)
    FreightRate.objects.create(
        shop=shop, province=HUNAN, first_grams=3000, first_fen=600, step_grams=1000, step_fen=100
    )
    FreightRate.objects.create(
        shop=shop, province=GUANGDONG, first_grams=1000, first_fen=900, step_fen=300, surcharge_fen=50
    )
    return shop


@pytest.fixture
def oranges(shop) -> Product:
    """Return 10 boxes of 2.5 kg (3 kg with the box) at ¥29.90."""
    return make_product(shop, stock=10, gross_grams=3000)


@pytest.fixture
def pomelos(shop) -> Product:
    return make_product(shop, stock=4, name="沙田柚", net_grams=5000, price_fen=4500)
