"""What a visitor posts to a page for signed-in people is stored in the session until they have signed in."""

import os
import time

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from accounts import decorators, devices
from tests.accounts.conftest import is_signed_in, sign_in, with_password
from tests.factories import PASSWORD, make_person

TYPED = {"role": "seller", "village": "1", "note": "我家有十亩橙子"}


@pytest.fixture
def person(trainee):
    return with_password(trainee)


def test_a_visitor_signs_in_first_and_comes_back(client, person):
    response = client.get("/me/roles/?a=1")
    assert response["Location"] == "/accounts/login/?next=%2Fme%2Froles%2F%3Fa%3D1"
    assert sign_in(client, person, next="/me/roles/?a=1")["Location"] == "/me/roles/?a=1"


def test_what_was_typed_comes_back_after_sign_in(client, person, village):
    response = client.post("/me/roles/", TYPED | {"village": str(village.pk), "csrfmiddlewaretoken": "x"})
    assert response["Location"] == "/accounts/login/?next=%2Fme%2Froles%2F"
    assert "重新登录，刚才写的还在" in client.get(response["Location"]).content.decode()
    sign_in(client, person, next="/me/roles/")
    form = client.get("/me/roles/").context["form"]
    assert [form[name].value() for name in ("role", "village", "note")] == [
        "seller",
        str(village.pk),
        "我家有十亩橙子",
    ]
    assert "csrfmiddlewaretoken" not in form.data
    assert not person.memberships.filter(role="seller").exists()


def test_a_session_that_ended_in_the_middle_loses_nothing(client, person, village):
    """Signed in, the password is changed elsewhere, the long form is sent."""
    sign_in(client, person)
    with_password(person, "another-word-9")
    client.post("/me/roles/", TYPED | {"village": str(village.pk)})
    sign_in(client, person, "another-word-9")
    assert client.get("/me/roles/").context["form"]["note"].value() == "我家有十亩橙子"


def test_a_password_is_not_kept(client, person):
    client.post("/me/close/", {"password": "shiliuchong8", "why": "不用了"})
    assert client.session[decorators.KEPT]["body"] == "why=%E4%B8%8D%E7%94%A8%E4%BA%86"


def test_it_is_there_again_when_the_phone_loads_the_page_again(client, person):
    client.post("/me/name/", {"name": "田巧"})
    sign_in(client, person)
    assert [client.get("/me/name/").context["form"]["name"].value() for _time in range(2)] == ["田巧", "田巧"]


def test_it_is_gone_once_the_form_is_sent(client, person):
    client.post("/me/name/", {"name": "田巧"})
    sign_in(client, person)
    client.post("/me/name/", {"name": "田小云"})
    assert client.get("/me/name/").context["form"]["name"].value() == "田小云"


def test_it_is_shown_on_its_own_page_only(client, person):
    client.post("/me/roles/", {"name": "别处的"})
    sign_in(client, person)
    assert client.get("/me/name/").context["form"]["name"].value() == person.name


def test_it_does_not_wait_for_ever(client, person, monkeypatch):
    client.post("/me/name/", {"name": "田巧"})
    sign_in(client, person)
    late = time.time() + decorators.LASTS + 1
    monkeypatch.setattr("accounts.decorators.time.time", lambda: late)
    assert client.get("/me/name/").context["form"]["name"].value() == person.name


def test_too_much_is_not_kept_and_that_is_said(client, person):
    response = client.post("/me/roles/", {"note": "x" * (decorators.MOST_BYTES + 1)})
    assert decorators.KEPT not in client.session
    assert "没能留住" in client.get(response["Location"]).content.decode()


def test_an_address_that_takes_posts_only_leads_back_to_its_page(client, person):
    response = client.post(
        "/me/privacy/withdraw/", {"kind": "public_story"}, HTTP_REFERER="http://testserver/me/?a=1"
    )
    assert response["Location"] == "/accounts/login/?next=%2Fme%2F%3Fa%3D1"


def test_a_foreign_referer_leads_nowhere(client, person):
    response = client.post("/me/name/", {"name": "田巧"}, HTTP_REFERER="https://evil.example/me/")
    assert response["Location"] == "/accounts/login/?next=%2Fme%2Fname%2F"


def test_a_part_of_a_page_sends_the_whole_window_to_sign_in(rf, client, db):
    request = rf.post(
        "/part/", {"a": "1"}, headers={"HX-Request": "true"}, HTTP_REFERER="http://testserver/whole/"
    )
    request.user, request.session = AnonymousUser(), client.session
    request.htmx = HtmxDetails(request)
    request._messages = FallbackStorage(request)
    response = decorators.login_required_keeping_post(lambda request: HttpResponse("never"))(request)
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fwhole%2F"
    assert request.session[decorators.KEPT]["path"] == "/whole/"


def test_a_get_keeps_nothing(client, db):
    client.get("/me/name/?name=x")
    assert "sessionid" not in client.cookies


def session_rows() -> list[tuple[float, int]]:
    """Of each session: hours until it ends, and its size in bytes."""
    now = timezone.now()
    return [
        (round((row.expire_date - now).total_seconds() / 3600, 1), len(row.session_data))
        for row in Session.objects.all()
    ]


def test_what_a_visitor_leaves_is_small_and_gone_in_two_hours(db):
    for note in ("橙" * 10_000, os.urandom(15_000).hex()):
        Client().post("/me/roles/", {"note": note})
    assert [hours for hours, _size in session_rows()] == [2.0, 2.0]
    assert max(size for _hours, size in session_rows()) < 48_000


def test_an_address_leaves_only_so_much(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"kept_form": "3/h/ip"}
    answers = [Client().post("/me/roles/", {"note": os.urandom(8_000).hex()}) for _n in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 5
    assert len([size for _hours, size in session_rows() if size > 8_000]) == 3
    other = Client(REMOTE_ADDR="203.0.113.8")
    assert "刚才写的还在" in other.post("/me/roles/", {"note": "x"}, follow=True).content.decode()
    page = Client().post("/me/roles/", {"note": "x"}, follow=True).content.decode()
    assert "登录断了，刚才写的没能留住。" in page


def test_who_signs_in_after_it_stays_signed_in(client, person):
    client.post("/me/name/", {"name": "田巧"})
    sign_in(client, person)
    assert client.session.get_expiry_age() == 60 * 60 * 24 * 90
    assert client.get("/me/name/").context["form"]["name"].value() == "田巧"


def test_another_person_on_the_same_phone_does_not_see_what_was_typed(client, person, village):
    """The session of one ends while they type; another signs in on the same phone."""
    sign_in(client, person)
    client.cookies.pop("sessionid")
    client.post("/me/name/", {"name": "李小暑"})
    neighbour = with_password(make_person("邻居", ("trainee", village)))
    sign_in(client, neighbour)
    assert client.get("/me/name/").context["form"]["name"].value() == neighbour.name
    client.cookies.pop("sessionid")
    client.post("/me/name/", {"name": "李小满"})
    sign_in(client, neighbour)
    assert client.get("/me/name/").context["form"]["name"].value() == "李小满"


def test_what_was_typed_after_somebody_signed_out_is_for_whoever_signs_in(client, person, village):
    """On a shared phone one signs in and out; the next types, promised that it stays, and signs in."""
    sign_in(client, person)
    client.post("/accounts/logout/")
    response = client.post("/me/name/", {"name": "李小暑"})
    assert "重新登录，刚才写的还在" in client.get(response["Location"]).content.decode()
    neighbour = with_password(make_person("邻居", ("trainee", village)))
    sign_in(client, neighbour)
    assert client.get("/me/name/").context["form"]["name"].value() == "李小暑"


@pytest.mark.long
@pytest.mark.parametrize(("role", "url"), [("trainer", "/admin/logout/"), ("trainee", "/me/close/")])
def test_every_way_of_signing_out_leaves_a_device_that_is_nobodys(client, village, settings, role, url):
    settings.DEMO = True  # no second factor
    person, neighbour = (with_password(make_person(name, (role, village))) for name in ("田巧云", "邻居"))
    sign_in(client, person)
    client.post(url, {"password": PASSWORD})
    assert not is_signed_in(client, person)
    client.post("/me/name/", {"name": "李小暑"})
    sign_in(client, neighbour)
    assert client.get("/me/name/").context["form"]["name"].value() == "李小暑"


def test_who_changed_their_number_finds_what_they_typed(client, person):
    sign_in(client, person)
    get_adapter().set_phone(person, "+8613711112222", True)
    client.cookies.pop("sessionid")
    client.post("/me/name/", {"name": "田巧"})
    sign_in(client, person)
    assert client.get("/me/name/").context["form"]["name"].value() == "田巧"


def test_what_was_typed_waits_for_its_owner_while_another_uses_the_phone(client, person, village):
    """The other sends the same form and signs out; the page had promised nothing to them."""
    sign_in(client, person)
    client.cookies.pop("sessionid")
    response = client.post("/me/name/", {"name": "李小暑"})
    page = client.get(response["Location"]).content.decode()
    assert "登录断了。还用刚才的账号登录，刚才写的还在。" in page
    neighbour = with_password(make_person("邻居", ("trainee", village)))
    sign_in(client, neighbour)
    client.post("/me/name/", {"name": "邻家大姐"})
    assert client.get("/me/name/").context["form"]["name"].value() == "邻家大姐"
    client.post("/accounts/logout/")
    sign_in(client, person)
    assert client.get("/me/name/").context["form"]["name"].value() == "李小暑"


@pytest.mark.long
def test_who_signed_in_before_an_update_still_owns_what_they_typed(client, person, village):
    """A cookie of a year's life may name the number only."""
    sign_in(client, person)
    known = signing.loads(client.cookies[devices.COOKIE].value, salt=devices.SALT)
    del known["session_of"]
    client.cookies[devices.COOKIE] = signing.dumps(known, salt=devices.SALT)
    client.cookies.pop("sessionid")
    client.post("/me/name/", {"name": "李小暑"})
    neighbour = with_password(make_person("邻居", ("trainee", village)))
    sign_in(client, neighbour)
    assert client.get("/me/name/").context["form"]["name"].value() == neighbour.name
    client.post("/accounts/logout/")
    sign_in(client, person)
    assert client.get("/me/name/").context["form"]["name"].value() == "李小暑"
