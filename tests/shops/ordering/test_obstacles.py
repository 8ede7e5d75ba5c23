"""What is offered can be ordered through the real form; what cannot be ordered says why, to the buyer and its seller."""

import pytest
from django.test import Client

from shops import approval
from shops.models import Order, Shop
from tests.factories import make_product, make_shop, make_waiting_product
from tests.shops.ordering.filling import address, send, text

ORDER = "下单</a>"


@pytest.fixture
def buyer(db) -> Client:
    return Client()


@pytest.fixture
def bare(seller, village) -> Shop:
    """A newcomer's shop: no freight table, no point to fetch at, no payment code."""
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村 3 组")


def test_freight_included_needs_no_freight_table(buyer, bare, organiser):
    product = make_waiting_product(bare, freight_included=True)
    approval.publish(product, organiser)
    assert ORDER in text(buyer.get(product.get_absolute_url()))
    page = text(buyer.get(address(bare), {"product": product.pk}))
    assert 'name="address"' in page
    assert "西藏自治区</option>" in page
    assert "香港特别行政区（不发货）" in page
    response = send(buyer, product, seen_total=str(product.price_fen))
    assert response.status_code == 302
    order = Order.objects.get()
    assert (order.freight_fen, order.total_fen, order.region) == (0, 2990, "湖南省长沙市岳麓区")


def test_freight_included_is_not_sent_through_the_customs(buyer, bare):
    product = make_product(bare, freight_included=True)
    page = text(buyer.get(product.get_absolute_url()))
    assert "不发货：台湾、香港、澳门" in page
    response = send(buyer, product, province="810000", city="810000", county="810001", seen_total="2990")
    assert "这家店不往这个省发货" in text(response)
    assert Order.objects.count() == 0
