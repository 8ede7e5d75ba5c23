"""What waits for sellers, and for organisers of sellers."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.worklist import items
from shops.complaints import services
from shops.models import Claim, Order, Paper, Product
from shops.sellers import payment_codes
from tests.factories import (
    add_helpers,
    make_paper,
    make_person,
    make_product,
    make_rate,
    make_shop,
    make_waiting_product,
)
from tests.shops.orders.order_requests import make_order


@pytest.fixture
def shop(seller, village):
    shop = make_shop(seller, village)
    make_rate(shop)
    return shop


@pytest.fixture
def product(shop):
    return make_product(shop, name="冰糖橙", stock=50)


def list_waiting(user) -> list[tuple[str, int, str]]:
    return [(wait.kind, wait.count, wait.url) for wait in items.list_items(user)]


def test_an_order_waits_with_what_is_left_of_its_48_hours(seller, product):
    now = timezone.now()
    order = make_order((product, 1), now=now - datetime.timedelta(hours=40, minutes=1), phone_verified=True)
    wait = items.list_items(seller)[0]
    assert (wait.sentence, wait.left, wait.is_pressing) == ("1 单等你接", "还剩 7 小时", False)
    assert wait.url == f"/me/shop/orders/{order.number}/"
    make_order((product, 1), now=now - datetime.timedelta(hours=47, minutes=1), phone_verified=True)
    wait = items.list_items(seller)[0]
    assert (wait.sentence, wait.left, wait.is_pressing) == ("2 单等你接", "还剩 58 分钟", True)
    assert wait.url == f"/me/shop/orders/?shop={product.shop_id}&state=requested"


def test_an_order_whose_time_is_over_waits_no_more(seller, product):
    make_order((product, 1), now=timezone.now() - datetime.timedelta(hours=48, minutes=1))
    assert "order_request" not in [kind for kind, _n, _url in list_waiting(seller)]


def test_what_is_paid_waits_to_be_sent(seller, product):
    order = make_order((product, 1))
    Order.objects.update(status=Order.Status.PAID, accepted_at=timezone.now())
    assert list_waiting(seller)[0] == ("order_owed", 1, f"/me/shop/orders/{order.number}/")
    Order.objects.update(status=Order.Status.SHIPPED)
    assert [kind for kind, _n, _url in list_waiting(seller)] == ["paycode_missing"]


def test_damage_waits_for_an_answer(seller, product):
    order = make_order((product, 1))
    Order.objects.update(status=Order.Status.SHIPPED)
    claim = Claim.objects.create(order=order, text="压坏了三个")
    assert list_waiting(seller)[0] == ("claim", 1, f"/me/shop/orders/{order.number}/claims/{claim.pk}/")


@pytest.mark.long
def test_each_row_opens_the_list_of_what_it_counts(as_user, seller, product):
    """With two rows of each kind, and orders of other states too."""
    states = ("requested", "requested", "accepted", "paid", "packed", "shipped", "shipped", "received")
    orders = [make_order((product, 1)) for _state in states]
    for order, state in zip(orders, states, strict=True):
        Order.objects.filter(pk=order.pk).update(status=state, accepted_at=timezone.now())
    for order in orders[5:7]:
        Claim.objects.create(order=order, text="压坏了三个")
    page = as_user(seller)
    listed = {
        wait.kind: {order.pk for order in page.get(wait.url).context["page"].items}
        for wait in items.list_items(seller)
        if wait.kind in ("order_request", "order_owed", "claim")
    }
    assert listed == {
        "order_request": {order.pk for order in orders[:2]},
        "order_owed": {order.pk for order in orders[3:5]},
        "claim": {order.pk for order in orders[5:7]},
    }


def test_orders_of_two_shops_are_two_rows_each_with_its_shop(as_user, seller, product, other_village):
    other = make_product(make_shop(seller, other_village, name="山上的店"), name="脐橙", stock=50)
    make_rate(other.shop)
    for one in (product, product, other):
        make_order((one, 1))
    rows = [(wait.count, wait.note) for wait in items.list_items(seller) if wait.kind == "order_request"]
    assert rows == [(2, product.shop.name), (1, "山上的店")]


def test_helpers_see_the_orders_and_only_the_owner_the_missing_payment_code(seller, shop, product, village):
    helper = make_person("帮手")
    add_helpers(shop, helper)
    make_order((product, 1))
    assert [kind for kind, _n, _url in list_waiting(helper)] == ["order_request"]
    assert [kind for kind, _n, _url in list_waiting(seller)] == ["order_request", "paycode_missing"]


def test_a_payment_code_is_missed_where_there_is_something_to_pay(seller, shop, settings):
    assert list_waiting(seller) == []
    make_product(shop, stock=50)
    assert list_waiting(seller) == [("paycode_missing", 1, f"/me/shop/paycode/?shop={shop.pk}")]
    settings.SITE_ROLE = "copilot"
    assert list_waiting(seller) == []


def test_a_payment_code_that_was_taken_away_is_missed_again(seller, shop, product):
    payment_codes.change_code(shop, make_paper(shop, status=Paper.Status.ACCEPTED).file, seller)
    assert list_waiting(seller) == []
    payment_codes.change_code(shop, None, seller)
    assert [kind for kind, _n, _url in list_waiting(seller)] == ["paycode_missing"]


def test_returned_and_nearly_sold_out_listings_wait(seller, shop, product):
    back = make_product(shop, name="退回的橙", status=Product.Status.RETURNED)
    low = make_product(shop, name="快没的橙", stock=5)
    assert list_waiting(seller)[0] == ("listing_returned", 1, f"/me/shop/products/{back.pk}/")
    assert list_waiting(seller)[-1] == ("stock_low", 1, f"/me/shop/products/{low.pk}/stock/")
    make_product(shop, name="也快没的橙", stock=0)
    assert list_waiting(seller)[-1] == ("stock_low", 2, f"/me/shop/?shop={shop.pk}&state=low")


def test_the_list_of_what_is_nearly_sold_out_holds_no_other(as_user, seller, shop, product):
    low = [make_product(shop, name=f"快没的橙{n}", stock=n) for n in (0, 5)]
    page = as_user(seller).get(f"/me/shop/?shop={shop.pk}&state=low").context["page"]
    assert {row.pk for row in page.items} == {row.pk for row in low}


@pytest.mark.long
def test_a_refused_paper_waits_for_its_seller_and_a_new_one_for_the_organiser(
    seller, organiser, stranger, shop
):
    paper = make_paper(shop, status=Paper.Status.WAITING)
    assert list_waiting(seller) == list_waiting(stranger) == []
    assert list_waiting(organiser) == [("paper_waiting", 1, "/admin/shops/paper/?status=waiting")]
    Paper.objects.filter(pk=paper.pk).update(status=Paper.Status.REFUSED)
    assert list_waiting(seller) == [("paper_refused", 1, f"/me/shop/papers/?shop={shop.pk}")]
    assert list_waiting(organiser) == []


@pytest.mark.long
def test_listings_and_complaints_wait_for_the_organiser_of_the_place(
    seller, trainer, organiser, stranger, shop, village
):
    make_waiting_product(shop)
    made = services.create_complaint("坏了三个，没人理", "陈小禾", "+8613700000001", shop, village)
    assert list_waiting(organiser) == [
        ("complaint", 1, f"/me/complaints/{made.pk}/"),
        ("listing_submitted", 1, "/me/queue/"),
    ]
    assert list_waiting(trainer) == list_waiting(stranger) == list_waiting(seller) == []


@pytest.mark.long
def test_another_sellers_orders_wait_for_nobody_else(seller, stranger, product, other_village, village):
    make_order((product, 1))
    other = make_person("别家", (Membership.Role.SELLER, village))
    make_shop(other, village, name="别家的店")
    assert list_waiting(other) == list_waiting(stranger) == []
