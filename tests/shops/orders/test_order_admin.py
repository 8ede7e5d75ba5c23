"""The admin's view of orders: read-only, limited to the organiser's places, found by number, phone or name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice
from accounts.notifications import delivery
from tests.factories import make_person
from tests.shops.orders.order_requests import make_order
from tests.shops.orders.seller_side import make_claim, make_code, order_at

MODELS = ("shops_order", "shops_orderevent", "shops_claim", "shops_paycode", "accounts_notice")


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def list_url(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def rows(response) -> list:
    return list(response.context["cl"].result_list)


def test_an_organiser_reads_all_of_it_and_changes_nothing(as_user, organiser, oranges):
    order = order_at("shipped", oranges)
    made = {
        "shops_order": order,
        "shops_orderevent": order.events.first(),
        "shops_claim": make_claim(order),
        "shops_paycode": make_code(order.shop),
        "accounts_notice": Notice.objects.get(phone=order.shop.owner.phone, template="shop_order_placed"),
    }
    client = as_user(organiser)
    for model, row in made.items():
        assert row in rows(client.get(list_url(model)))
        url = reverse(f"admin:{model}_change", args=[row.pk])
        page = client.get(url)
        assert page.status_code == 200
        assert order.token not in page.content.decode()
        assert client.post(url, {"status": "received"}).status_code == 403
        assert client.get(reverse(f"admin:{model}_add")).status_code == 403
        assert client.post(reverse(f"admin:{model}_delete", args=[row.pk])).status_code == 403
    order.refresh_from_db()
    assert order.status == "shipped"


@pytest.mark.long
def test_another_countys_orders_are_not_there(as_user, stranger, oranges):
    order = order_at("shipped", oranges)
    make_claim(order)
    make_code(order.shop)
    client = as_user(stranger)
    for model in MODELS:
        assert rows(client.get(list_url(model))) == []
    assert client.get(reverse("admin:shops_order_change", args=[order.pk])).status_code == 404


def test_a_buyers_messages_are_for_who_runs_the_site(as_user, organiser, oranges):
    order = make_order((oranges, 1))
    buyers = Notice.objects.get(phone=order.phone)
    assert buyers not in rows(as_user(organiser).get(list_url("accounts_notice")))
    assert buyers in rows(as_user(make_person("站长", is_superuser=True)).get(list_url("accounts_notice")))


@pytest.mark.long
def test_orders_are_found_by_number_phone_and_name(as_user, organiser, oranges):
    order = make_order((oranges, 1), phone="+8613700004821", buyer="陈小禾")
    make_order((oranges, 1), phone="+8613700001111", buyer="欧阳明")
    client = as_user(organiser)
    for typed in (order.number, "4821", "陈小禾"):
        assert rows(client.get(list_url("shops_order"), {"q": typed})) == [order]


@pytest.mark.long
def test_lists_cost_the_same_for_one_and_for_many(as_user, organiser, oranges, shop):
    client, counts = as_user(organiser), []
    type(oranges).objects.update(stock=100)
    for wanted in (1, 12):
        while shop.orders.count() < wanted:
            make_claim(order_at("shipped", oranges))
            make_code(shop)
            delivery.write_notice(f"n{shop.orders.count()}", shop.owner.phone, "stock_low", name="冰糖橙")
        each = []
        for model in MODELS:
            client.get(list_url(model))
            with CaptureQueriesContext(connection) as queries:
                client.get(list_url(model))
            each.append(len(queries))
        counts.append(each)
    assert counts[0] == counts[1]
