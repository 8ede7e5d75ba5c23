"""Pages outside the admin on which staff see and decide about others ask for the second factor as the admin does."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.routes import all_routes
from tests.accounts.conftest import sign_in, with_password
from tests.accounts.test_second_factor import ACTIVATE, activate

PEOPLE = {f"accounts:{name}" for name in ("requests", "grant", "decline", "people", "reset", "card")}


@pytest.fixture
def staff(client, organiser):
    with_password(organiser)
    sign_in(client, organiser)
    return organiser


@pytest.mark.parametrize("page", ["/me/people/", "/me/requests/", "/classes/"])
def test_staff_pages_outside_the_admin_ask_for_it_too(page, client, staff):
    assert client.get(page)["Location"] == ACTIVATE
    activate(client)
    assert client.get(page).status_code == 200


def test_none_of_them_is_forgotten(client, staff):
    routes = [
        (name, names)
        for name, names in all_routes()
        if name.startswith(("progress:class", "progress:trainee")) or name in PEOPLE
    ]
    assert len(routes) == 13 + len(PEOPLE)
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
