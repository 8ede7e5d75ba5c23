"""Sign-ins, tries, and reading buyers' data are in the audit trail with the address, never with a secret."""

import json
from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from shops.sellers import services
from tests.accounts.conftest import is_signed_in, sign_in, with_password
from tests.authenticator import code_for, set_up_second_factor
from tests.factories import PASSWORD, make_person, make_product, make_shop
from tests.shops.orders.seller_side import order_at

SECOND = "/accounts/2fa/authenticate/"
LIST = "/admin/accounts/auditentry/"


def rows(verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=verb).order_by("id"))


def test_a_sign_in_leaves_who_when_how_and_from_where(client, trainee, village):
    with_password(trainee)
    client.post(
        "/accounts/login/",
        {"login": str(trainee.phone), "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
    )
    [entry] = rows("signed_in")
    assert (entry.actor, entry.subject, entry.place) == (trainee, f"user {trainee.pk}", village)
    assert (entry.detail, entry.ip) == ({"ways": ["password"]}, "203.0.113.9")


def test_a_failed_sign_in_is_kept_of_whom_it_concerns(client, trainee, village):
    sign_in(client, with_password(trainee), "wrong-password-1")
    [entry] = rows("sign_in_failed")
    number = str(trainee.phone)
    assert (entry.actor, entry.subject, entry.place) == (None, f"user {trainee.pk}", village)
    assert entry.detail == {"phone": f"{number[3:6]}****{number[-4:]}"}
    assert entry.ip == "127.0.0.1"


def test_a_number_that_nobody_has_stands_there_as_a_hash(client, db):
    for number in ("13700001234", "13700001234", "13700005678"):
        client.post("/accounts/login/", {"login": number, "password": "wrong-password-1"})
    first, second, third = rows("sign_in_failed")
    assert first.subject == second.subject != third.subject
    assert first.subject.startswith("phone ")
    assert "13700001234" not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_one_address_does_not_fill_the_trail(client, trainee, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in_trail": "2/d/ip"}
    for _time in range(4):
        sign_in(client, with_password(trainee), "wrong-password-1")
    assert len(rows("sign_in_failed")) == 2


@pytest.mark.long
def test_tries_that_the_limit_stopped_leave_one_row_an_hour(client, trainee, village, monkeypatch):
    with_password(trainee)
    for n in range(30):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), trainee, "wrong-password-1")
    [entry] = rows("sign_in_stopped")
    number = str(trainee.phone)
    assert (entry.actor, entry.subject, entry.place) == (None, f"user {trainee.pk}", village)
    assert (entry.detail, entry.ip) == (
        {"phone": f"{number[3:6]}****{number[-4:]}"},
        "203.0.113.20",
    )
    assert len(rows("sign_in_failed")) == 20
    later = timezone.now() + timedelta(minutes=59)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    sign_in(client, trainee, "wrong-password-1")
    assert len(rows("sign_in_stopped")) == 1
    later += timedelta(minutes=2)
    for n in range(30):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), trainee, "wrong-password-1")
    assert len(rows("sign_in_stopped")) == 2


def test_a_stopped_number_that_nobody_has_stands_there_as_a_hash(client, db):
    for _try in range(7):
        client.post("/accounts/login/", {"login": "13700001234", "password": "wrong-password-1"})
    [entry] = rows("sign_in_stopped")
    assert entry.subject == rows("sign_in_failed")[0].subject
    assert "13700001234" not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_no_password_code_or_secret_is_in_the_trail(client, trainee):
    with_password(trainee)
    secret = set_up_second_factor(trainee)
    sign_in(client, trainee, "wrong-password-1")
    sign_in(client, trainee)
    client.post(SECOND, {"code": "123456"})
    code = code_for(secret)
    client.post(SECOND, {"code": code})
    assert is_signed_in(client, trainee)
    assert rows("signed_in")[0].detail == {"ways": ["password", "mfa"]}
    assert len(rows("second_factor_failed")) == 1
    kept = json.dumps(list(AuditEntry.objects.values("detail", "subject")), default=str)
    assert [word in kept for word in (PASSWORD, "wrong-password-1", secret, code, "123456")] == [False] * 5


@pytest.mark.long
def test_the_second_factor_set_up_renewed_and_ended(client, trainee, django_capture_on_commit_callbacks):
    sign_in(client, with_password(trainee))
    activate = "/accounts/2fa/totp/activate/"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": activate})
    secret = client.get(activate).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(activate, {"code": code_for(secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    verbs = ["second_factor_set_up", "recovery_codes_renewed", "second_factor_ended"]
    assert [[entry.actor for entry in rows(verb)] for verb in verbs] == [[trainee]] * 3


def test_a_password_that_is_changed(client, trainee):
    sign_in(client, with_password(trainee))
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "juzi-8-hong"})
    [entry] = rows("password_changed")
    assert (entry.actor, entry.detail) == (trainee, {})


def test_a_number_that_is_changed_has_both_masked(trainee):
    before = str(trainee.phone)
    get_adapter().set_phone(trainee, "+8613711112222", True)
    [entry] = rows("phone_changed")
    assert entry.detail == {"changes": {"phone": [f"{before[3:6]}****{before[-4:]}", "137****2222"]}}


def test_what_the_admin_changed_keeps_old_and_new(client, trainee, settings):
    settings.DEMO = True
    client.force_login(make_person("站长", is_superuser=True))
    typed = {"name": "田巧", "phone": "13711112222", "birth_month": "", "is_active": "on"}
    none = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    before = str(trainee.phone)
    client.post(f"/admin/accounts/user/{trainee.pk}/change/", typed | none)
    [entry] = rows("person_changed")
    assert entry.detail["changes"] == {
        "name": ["田巧云", "田巧"],
        "phone": [f"{before[3:6]}****{before[-4:]}", "137****2222"],
    }
    page = client.get(LIST).content.decode()
    assert "name 田巧云 → 田巧" in page


def test_what_a_seller_changed_keeps_old_and_new(seller, village):
    shop = make_shop(seller, village, name="梅姨家的橙园")
    services.change_shop(shop, {"name": "梅姨的橙园", "address": "三组 18 号"}, seller)
    [entry] = rows("shop_changed")
    assert entry.detail["changes"] == {"name": ["梅姨家的橙园", "梅姨的橙园"], "address": ["", "三组 18 号"]}


def test_who_reads_a_buyers_data_in_the_admin(client, organiser, seller, village, settings):
    settings.DEMO = True
    order = order_at("requested", make_product(make_shop(seller, village), freight_included=True))
    client.force_login(organiser)
    url = f"/admin/shops/order/{order.pk}/change/"
    assert [client.get(url).status_code, client.get(url).status_code] == [200, 200]
    [entry] = rows("order_opened")
    assert (entry.actor, entry.subject, entry.place) == (organiser, f"order {order.pk}", village)
    assert entry.detail == {"name": order.number}


def test_the_same_request_has_one_number_in_log_and_trail(client, trainee):
    number = "01234567-89ab-cdef-0123-456789abcdef"
    with_password(trainee)
    client.post(
        "/accounts/login/",
        {"login": str(trainee.phone), "password": PASSWORD},
        headers={"X-Request-ID": number},
    )
    assert rows("signed_in")[0].request_id == number
    other = Client(headers={"X-Request-ID": "<script>"})
    sign_in(other, trainee, "wrong-password-1")
    assert len(rows("sign_in_failed")[0].request_id) == 36


def test_the_trail_is_read_by_the_organiser_of_the_place_alone(
    client, trainee, organiser, stranger, settings
):
    settings.DEMO = True
    sign_in(Client(), with_password(trainee))
    shown = "127.0.0.1"
    client.force_login(organiser)
    assert client.get(LIST, {"verb": "signed_in"}).content.decode().count(shown) == 1
    client.force_login(stranger)
    assert shown not in client.get(LIST, {"verb": "signed_in"}).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(
    as_user, trainee, organiser, village, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    client, counts = as_user(organiser), []
    for more in (1, 20):
        for _row in range(more):
            AuditEntry.write(trainee, "signed_in", trainee, village, ways=["password"])
        with django_assert_max_num_queries(30) as seen:
            client.get(LIST)
        counts.append(len(seen))
    assert counts[0] == counts[1]
