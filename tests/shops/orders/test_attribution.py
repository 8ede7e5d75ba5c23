"""A printed code's source goes from its URL into the order, and the seller sees how many orders it brought."""

import re
import uuid

import pytest

from shops.models import Order
from shops.orders import transitions
from tests.shops.orders.order_requests import HUNAN, make_order


def field(page: str, name: str) -> str:
    tag = re.search(f'<input[^>]*name="{name}"[^>]*>', page)[0]
    found = re.search('value="([^"]*)"', tag)
    return found[1] if found else ""


def order_by(client, oranges, address: str) -> Order:
    """Order as a buyer does: the product's page, its button, the form."""
    page = client.get(address).content.decode()
    form = re.search(r'href="(/shops/[^"]+/order/\?[^"]+)"', page)[1].replace("&amp;", "&")
    page = client.get(form).content.decode()
    sent = {
        "key": field(page, "key"),
        "came_from": field(page, "came_from"),
        f"q{oranges.pk}": "1",
        f"seen-{oranges.pk}": oranges.price_fen,
        "seen_total": oranges.price_fen + 600,
        "province": HUNAN,
        "city": "430100",
        "county": "430104",
        "address": "麓山路 1 号",
        "buyer": "陈小禾",
        "phone": f"1371234{Order.objects.count():04d}",
        "perishable_ok": "on",
        "do": "send",
    }
    assert client.post(form.partition("?")[0], sent).status_code == 302
    return Order.objects.latest("pk")


@pytest.mark.parametrize(
    ("query", "source"), [("?from=poster", "poster"), ("?from=card", "card"), ("", ""), ("?from=x%22<", "")]
)
def test_the_order_says_which_code_was_scanned(client, oranges, query, source):
    order = order_by(client, oranges, f"{oranges.get_absolute_url()}{query}")
    assert order.came_from == source


@pytest.mark.long
def test_only_what_was_accepted_and_stands_is_counted(as_user, seller, oranges, pomelos):
    orders = [make_order((oranges, 1), came_from="poster") for _n in range(4)]
    orders.append(make_order((pomelos, 1), came_from="poster"))
    orders.append(make_order((oranges, 1), came_from="card"))
    for order in orders[1:]:
        transitions.accept(order, seller, uuid.uuid4())
    transitions.cancel(orders[1], "seller", seller, uuid.uuid4())
    brought = Order.objects.brought_by("poster").filter(shop=oranges.shop)
    assert brought.filter(lines__product=oranges).count() == 2
    assert brought.count() == 3
    client = as_user(seller)
    assert "接了 2 单" in client.get(f"/me/shop/products/{oranges.pk}/poster/").content.decode()
    assert "接了 1 单" in client.get(f"/me/shop/cards/?shop={oranges.shop_id}").content.decode()
