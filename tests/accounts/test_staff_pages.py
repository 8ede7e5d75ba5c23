"""Pages outside the admin on which staff see and decide about others ask for the second factor as the admin does."""

import pytest
from django.test import Client
from django.urls import reverse

from shops import proofs
from tests.access.routes import all_routes
from tests.accounts.conftest import sign_in, with_password
from tests.accounts.test_second_factor import ACTIVATE, activate
from tests.factories import make_paper, make_product, make_rate, make_shop
from tests.shops.ordering.selling import make_document, order_at

PEOPLE = {f"accounts:{name}" for name in ("requests", "grant", "decline", "people", "reset", "card")}
SHOPS = {f"shops:{name}" for name in ("queue", "queue_one", "queue_publish", "queue_return", "queue_decide")}
SHOPS |= {"shops:complaints_waiting", "shops:complaint_answer"}


@pytest.fixture
def staff(client, organiser):
    with_password(organiser)
    sign_in(client, organiser)
    return organiser


@pytest.mark.parametrize(
    "page", ["/me/people/", "/me/requests/", "/classes/", "/me/queue/", "/me/complaints/"]
)
def test_staff_pages_outside_the_admin_ask_for_it_too(page, client, staff):
    assert client.get(page)["Location"] == ACTIVATE
    activate(client)
    assert client.get(page).status_code == 200


def test_none_of_them_is_forgotten(client, staff):
    routes = [
        (name, names)
        for name, names in all_routes()
        if name.startswith(("progress:class", "progress:trainee")) or name in PEOPLE | SHOPS
    ]
    assert len(routes) == 13 + len(PEOPLE | SHOPS)
    for name, names in routes:
        url = reverse(name, kwargs=dict.fromkeys(names, 1))
        assert [client.get(url)["Location"], client.post(url)["Location"]] == [ACTIVATE] * 2


def test_a_button_of_theirs_leads_back_to_its_page(client, staff):
    """In a session that began before the second factor was set up."""
    old = Client()
    sign_in(old, staff)
    activate(client)
    url = "/me/requests/1/grant/"
    there = old.post(url, headers={"referer": "http://testserver/me/requests/?after=x"})["Location"]
    assert there == "/accounts/2fa/reauthenticate/?next=%2Fme%2Frequests%2F%3Fafter%3Dx"


def test_a_shops_papers_are_shown_to_its_organiser_after_it_and_to_its_seller_without(
    client, staff, seller, village
):
    shop = make_shop(seller, village, contact=seller.phone)
    make_rate(shop)
    product = make_product(shop)
    order = order_at("paid", product)
    claim = {"rule": "C6", "words": "最甜", "source": "", "dated": None, "report_no": "1", "asks": False}
    proofs.put(product, [claim | {"file": make_document(seller)}], seller)
    urls = [
        reverse("shops:paper_file", args=[make_paper(shop, file=make_document(seller, width=320)).pk]),
        reverse("shops:proof_file", args=[product.proofs.get().pk]),
        reverse("shops:order_frozen_mine", args=[order.number]),
    ]
    own = Client()
    own.force_login(seller)
    for url in urls:
        assert client.get(url)["Location"] == ACTIVATE
        assert own.get(url).status_code == 200
    activate(client)
    for url in urls:
        assert client.get(url).status_code == 200
