"""The seller's main button: one next step, and nothing twice."""

import pytest

from shops.orders.seller import order_page
from tests.shops.orders.order_requests import make_order
from tests.shops.orders.seller_side import make_claim, order_at, page_url, step_url


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def test_a_request_is_accepted_or_declined(mine, oranges):
    order = make_order((oranges, 1))
    steps = order_page.find_next_steps(order)
    assert (steps.big.name, [one.name for one in steps.small]) == ("accept", ["decline"])


def test_an_accepted_order_may_still_be_cancelled(oranges):
    order = order_at("accepted", oranges)
    steps = order_page.find_next_steps(order)
    assert (steps.big.name, [one.name for one in steps.small]) == ("paid", ["cancel"])


@pytest.mark.long
def test_damage_comes_before_the_next_step(mine, oranges):
    order = order_at("shipped", oranges)
    dock = mine.get(page_url(order)).content.decode().partition('class="dock"')[2]
    assert step_url(order, "receive") in dock
    claim = make_claim(order)
    page, _dock, dock = mine.get(page_url(order)).content.decode().partition('class="dock"')
    assert f"/claims/{claim.pk}/" in dock
    assert step_url(order, "receive") in page
    assert step_url(order, "receive") not in dock


@pytest.mark.long
def test_the_log_of_the_stock_leads_to_its_orders(mine, oranges):
    order = make_order((oranges, 1))
    page = mine.get(f"/me/shop/products/{oranges.pk}/").content.decode()
    assert f'<a class="grow" href="{page_url(order)}">订单占用' in page
