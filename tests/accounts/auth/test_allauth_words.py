"""No Chinese page shows the English texts that allauth uses where its Chinese is missing."""

import re

import pytest
from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.utils import translation

from accounts import consents
from accounts.models import Consent, Membership
from accounts.people import memberships
from tests.accounts.conftest import sign_in, with_password
from tests.accounts.test_second_factor import activate
from tests.factories import PASSWORD, make_person

# Latin on purpose: the other language's name, an app, the test's own host and user names.
ON_PURPOSE = {"English", "FreeOTP", "testserver", "nonghuo", "demo"}
FOR_VISITORS = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/forgotten/",
    "/accounts/inactive/",
    "/privacy/",
]
FOR_PEOPLE = [
    "/me/",
    "/me/name/",
    "/me/roles/",
    "/me/close/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/?next=/me/",
    "/accounts/2fa/",
    "/me/requests/",
    "/me/people/",
]


def latin_on(response) -> set[str]:
    """Words of Latin letters that a reader meets, in text and in attributes that are read out."""
    page = response.content.decode()
    read_out = re.findall(r'(?:aria-label|placeholder|alt|title|data-show|data-hide)="([^"]*)"', page)
    page = re.sub(r"<(script|style|title)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.S)
    text = re.sub(r"<[^>]*>", " ", page) + " ".join(read_out)
    return set(re.findall(r"[A-Za-z]{3,}", text)) - ON_PURPOSE


@pytest.mark.parametrize("path", FOR_VISITORS)
def test_visitors_read_chinese(client, db, path):
    assert latin_on(client.get(path)) == set()


@pytest.fixture
def busy(client, organiser, village):
    """Something of everything that these pages list."""
    with_password(organiser)
    consents.give(organiser, Consent.Kind.PUBLIC_CONTACT)
    memberships.ask_for_role(organiser, Membership.Role.SELLER, village)
    memberships.ask_for_role(make_person("石二妹"), Membership.Role.TRAINEE, village)
    sign_in(client, organiser)
    return organiser


@pytest.mark.long
@pytest.mark.parametrize("path", FOR_PEOPLE)
def test_people_read_chinese(client, busy, path, settings):
    settings.DEMO = True  # the second factor has its own tests
    response = client.get(path)
    assert response.status_code == 200
    assert latin_on(response) == set()


def test_the_second_factor_is_set_up_in_chinese(client, busy):
    activate = "/accounts/2fa/totp/activate/"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": activate})
    page = client.get(activate)
    secret = page.context["form"].secret
    assert latin_on(page) <= set(re.findall(r"[A-Za-z]{3,}", secret))
    assert latin_on(client.post(activate, {"code": ""})) <= set(re.findall(r"[A-Za-z]{3,}", secret))


@pytest.mark.parametrize("path", ["/accounts/signup/phone/", "/accounts/login/code/", "/me/"])
def test_pages_of_the_gateway_are_chinese(client, db, gateway, path):
    assert latin_on(client.get(path, follow=True)) == set()


def test_pages_for_a_code_are_chinese(client, trainee, gateway):
    with_password(trainee, last_login="2026-11-23T08:00:00+08:00")
    client.post("/accounts/signup/phone/", {"phone": "13911112222"})
    assert latin_on(client.get("/accounts/signup/code/")) == set()
    client.post("/accounts/login/code/", {"phone": str(trainee.phone)})
    assert latin_on(client.post("/accounts/login/code/confirm/", {"code": ""})) == set()
    sign_in(client, trainee)
    assert latin_on(client.get("/accounts/phone/verify/")) == set()


def test_empty_forms_complain_in_chinese(client, db):
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert latin_on(client.post(path, {})) == set()


# The site uses no e-mail and no user names, so their messages reach nobody.
NOBODY_MEETS = re.compile("email|username|social|key|password_reset")


def test_messages_of_the_library_are_chinese():
    with translation.override("zh-hans"):
        told = {**account_adapter().error_messages, **mfa_adapter().error_messages}
        english = {
            code
            for code, text in told.items()
            if not NOBODY_MEETS.search(code) and re.search("[a-z]{3}", str(text))
        }
    assert english == set()


@pytest.mark.long
def test_other_ways_to_prove_oneself_are_named_in_chinese(client, busy):
    activate(client)
    for path in ("/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/", "/accounts/2fa/"):
        assert latin_on(client.get(path)) == set()
