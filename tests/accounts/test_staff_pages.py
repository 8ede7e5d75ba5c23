"""Pages outside the admin on which staff see and decide about others ask for the second factor as the admin does."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from shops.texts import evidence
from tests.access.routes import all_routes
from tests.accounts.conftest import sign_in, with_password
from tests.accounts.test_second_factor import ACTIVATE, activate
from tests.factories import make_paper, make_product, make_rate, make_shop
from tests.shops.orders.seller_side import make_document, order_at

OUTCOMES = Path(settings.BASE_DIR, "tests/access/outcomes.txt")
# Only staff come to these either, or only staff of the table's world, but to what is their own or what learners see.
NOBODY_ELSES = {
    "courses:plan",
    "courses:plans",
    "courses:preparation",
    "courses:preparation_page",
    "courses:preview",
    "courses:voice",
    "live:recap_comment_remove",
    "media:video_upload",
    "media:voice_status",
    "programme:lesson_plans",
    "programme:trainer_page",
    "progress:asks",
    "progress:captions",
    "progress:lesson",
    "progress:slides",
    "progress:slides_end",
    "progress:slides_hands",
    "progress:slides_move",
    "progress:slides_now",
    "progress:slides_remote",
    "progress:slides_start",
    "progress:lesson_voice",
    "progress:video",
    "training_duties",
}


def staff_routes() -> set[str]:
    """Routes outside the admin that open to staff and to neither a trainee nor a seller, by the table of outcomes."""
    found = set()
    for line in OUTCOMES.read_text().splitlines():
        if line.startswith(("#", "<", "admin:")):
            continue
        route, whose, _method, _nobody, _stranger, trainee, trainer, seller, *above = line.split()
        opens = {trainer, *above} & {"200", "302"}
        if whose != "foreign" and trainee == seller == "404" and opens:
            found.add(route)
    return found


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


@pytest.mark.long
def test_none_of_them_is_forgotten(client, staff):
    asked = staff_routes() - NOBODY_ELSES
    assert {"accounts:reset", "shops:queue_list", "progress:class_export", "rehearsals:review_sign"} <= asked
    arguments = dict(all_routes())
    open_ones = set()
    for name in asked:
        url = address(name, arguments[name])
        answers = [client.get(url), client.post(url)]
        if [answer.headers.get("Location") for answer in answers] != [ACTIVATE] * 2:
            open_ones.add(name)
    assert not open_ones, (
        f"{sorted(open_ones)}: put accounts.second_factor.staff_page on the view, or name it in NOBODY_ELSES where it shows"
        " nothing of others."
    )


def address(name: str, arguments: tuple[str, ...]) -> str:
    try:
        return reverse(name, kwargs=dict.fromkeys(arguments, 1))
    except NoReverseMatch:
        keys = {one: 1 if one.endswith("pk") else uuid.uuid4() for one in arguments}
        return reverse(name, kwargs=keys)


@pytest.mark.long
def test_a_button_of_theirs_leads_back_to_its_page(client, staff):
    """In a session that began before the second factor was set up."""
    old = Client()
    sign_in(old, staff)
    activate(client)
    url = "/me/requests/1/grant/"
    there = old.post(url, headers={"referer": "http://testserver/me/requests/?after=x"})["Location"]
    assert there == "/accounts/2fa/reauthenticate/?next=%2Fme%2Frequests%2F%3Fafter%3Dx"


@pytest.mark.long
def test_a_shops_papers_are_shown_to_its_organiser_after_it_and_to_its_seller_without(
    client, staff, seller, village
):
    shop = make_shop(seller, village, contact=seller.phone)
    make_rate(shop)
    product = make_product(shop)
    order = order_at("paid", product)
    claim = {"rule": "C6", "words": "最甜", "source": "", "dated": None, "report_no": "1", "asks": False}
    evidence.replace_proofs(product, [claim | {"file": make_document(seller)}], seller)
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
