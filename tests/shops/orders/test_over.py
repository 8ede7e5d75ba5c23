"""Units of an expired request are available again, also on cached pages and if no task has run."""

import datetime
import time
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from shops.catalogue import queries
from shops.catalogue.queries import ProductQuery
from shops.inventory import presales
from shops.models import Order
from shops.orders import limits, placement
from shops.products import search
from tests.shops.orders.order_requests import make_order, make_request

SOLD_OUT = "卖完了"


def almost_over(*lines, seconds: float = 1.5) -> Order:
    placed = (
        timezone.now() - datetime.timedelta(hours=limits.HOLD_HOURS) + datetime.timedelta(seconds=seconds)
    )
    return make_order(*lines, now=placed, phone_verified=True)


@pytest.mark.parametrize("where", ["list", "shop", "product", "search"])
def test_a_kept_page_says_sold_out_no_longer_than_the_hold(client, oranges, where):
    url = {
        "list": "/products/",
        "shop": oranges.shop.get_absolute_url(),
        "product": oranges.get_absolute_url(),
        "search": "/products/?q=冰糖橙",
    }[where]
    search.index_products([oranges])
    client.get(url)  # what a process loads but once takes its time
    order = almost_over((oranges, 10))
    first = client.get(url)
    assert SOLD_OUT in first.content.decode()
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    time.sleep(max(0, (order.expires_at - timezone.now()).total_seconds()) + 0.05)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert SOLD_OUT not in again.content.decode()
    order.refresh_from_db()
    assert order.status == "requested"


def test_each_hold_that_ends_makes_the_page_anew(client, oranges):
    almost_over((oranges, 5), seconds=-60)
    first = client.get("/products/")
    almost_over((oranges, 5), seconds=-30)
    second = client.get("/products/")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first["ETag"] != second["ETag"]


def test_the_list_counts_what_is_over_and_not_what_still_waits(oranges, pomelos):
    almost_over((oranges, 3), (pomelos, 4), seconds=-60)
    make_order((oranges, 2), phone="+8613712340001")
    rows = {row.name: row.stock for row in queries.fetch_page(ProductQuery()).rows}
    assert rows == {"冰糖橙": 8, "沙田柚": 4}


def test_a_presale_that_ended_this_very_moment_takes_no_more(oranges, seller):
    day = timezone.localdate() + datetime.timedelta(days=3)
    presale = presales.open_presale(oranges, seller, quota=5, closes_on=day, ship_by=day)
    wish, now = make_request((oranges, 2)), timezone.now()
    ready = placement.prepare_order(wish, now)
    presales.end(presale, seller)
    with pytest.raises(placement.Changed), transaction.atomic():
        placement.store_order(wish, ready, uuid.uuid4(), now)
    presale.refresh_from_db()
    assert (presale.left, Order.objects.count()) == (5, 0)
