"""With an SMS gateway people sign in by a code, and an unverified or new number is verified first."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.auth import password_reset
from accounts.models import AuditEntry, User
from tests.accounts.conftest import errors_of, is_signed_in, long_ago, sign_in, with_password
from tests.factories import PASSWORD, make_person

BY_CODE, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


# --- signing in by code


@pytest.fixture
def person(trainee) -> User:
    return with_password(trainee, phone_verified=True, last_login=timezone.now())


def by_code(client, person, gateway, **more):
    client.post(BY_CODE, {"phone": str(person.phone)} | more)
    return client.post(CONFIRM, {"code": gateway()[-1]["params"]["code"]} | more)


def test_sign_in_by_code(client, person, gateway):
    assert by_code(client, person, gateway, next="/me/")["Location"] == "/me/"
    assert is_signed_in(client, person)


def test_a_forgotten_password_is_replaced_after_a_code(client, person, gateway):
    by_code(client, person, gateway, next="/accounts/password/change/")
    assert list(client.get("/accounts/password/change/").context["form"].fields) == ["password1"]
    client.post("/accounts/password/change/", {"password1": "juzi-8-hong"})
    person.refresh_from_db()
    assert person.check_password("juzi-8-hong")


def test_some_time_after_a_code_the_old_password_is_asked_for(client, person, gateway, monkeypatch):
    by_code(client, person, gateway)
    late = time.time() + 16 * 60
    monkeypatch.setattr("accounts.auth.forms.time.time", lambda: late)
    assert list(client.get("/accounts/password/change/").context["form"].fields) == [
        "oldpassword",
        "password1",
    ]


def test_an_unknown_number_looks_like_a_known_one(client, person, gateway):
    known, unknown = type(client)(), type(client)()
    answers = [
        (page.status_code, page["Location"])
        for page in (
            known.post(BY_CODE, {"phone": str(person.phone)}),
            unknown.post(BY_CODE, {"phone": "13911112222"}),
        )
    ]
    assert answers[0] == answers[1] == (302, CONFIRM)
    assert [message["phone"] for message in gateway()] == [str(person.phone)]
    assert errors_of(unknown.post(CONFIRM, {"code": "123456"})) == {"code": ["验证码不对，再看一眼。"]}


def test_after_long_silence_a_code_opens_nothing(client, person, gateway):
    """The number may have a new owner by now."""
    with_password(person, last_login=long_ago(181))
    assert client.post(BY_CODE, {"phone": str(person.phone)})["Location"] == CONFIRM
    assert gateway() == []


def test_a_shorter_silence_is_none(client, person, gateway):
    with_password(person, last_login=long_ago(179))
    by_code(client, person, gateway)
    assert is_signed_in(client, person)


def test_three_wrong_codes_end_it(client, person, gateway):
    client.post(BY_CODE, {"phone": str(person.phone)})
    right = gateway()[0]["params"]["code"]
    wrong = "000000" if right != "000000" else "111111"
    for _time in range(3):
        client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": right})
    assert not is_signed_in(client, person)


@pytest.mark.long
def test_a_number_proven_by_code_alone_ends_a_password_by_somebody_else(client, trainee, gateway):
    """Before there was a gateway, anybody could have signed up with this number."""
    with_password(trainee)
    intruder = type(client)()
    intruder.force_login(trainee)
    by_code(client, trainee, gateway)
    trainee.refresh_from_db()
    assert (trainee.phone_verified, trainee.password_change_due) == (True, True)
    assert not trainee.check_password(PASSWORD)
    assert intruder.get("/me/")["Location"] == "/accounts/login/?next=%2Fme%2F"
    assert client.get("/me/")["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"
    assert list(client.get("/accounts/password/set/").context["form"].fields) == ["password1"]
    assert client.post("/accounts/password/set/", {"password1": "juzi-8-hong"})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_failed_text_is_told_and_can_be_tried_again(client, person, gateway, settings):
    settings.SMS_SENDER = "none"
    response = client.post(BY_CODE, {"phone": str(person.phone)})
    assert response["Location"] == BY_CODE
    assert "短信没发出去，过一会儿再试。" in client.get(BY_CODE).content.decode()


@pytest.mark.long
def test_a_card_that_missed_its_day_shuts_nobody_out_who_comes_by_code(client, person, trainer, gateway):
    password_reset.reset_password(trainer, person, password_reset.make_nonce())
    User.objects.filter(pk=person.pk).update(password_reset_at=timezone.now() - timedelta(days=2))
    by_code(client, person, gateway)
    assert client.get("/me/")["Location"] == "/accounts/password/change/"
    client.post("/accounts/password/change/", {"password1": "juzi-8-hong"})
    assert client.get("/me/").status_code == 200


@pytest.mark.long
def test_a_card_of_long_ago_shuts_nobody_out_at_the_first_code(client, trainee, trainer, gateway):
    """The password of the card was changed long since; the number is proven only now."""
    password_reset.reset_password(trainer, trainee, password_reset.make_nonce())
    long_since = {"password_change_due": False, "password_reset_at": long_ago(100)}
    with_password(trainee, last_login=timezone.now(), **long_since)
    by_code(client, trainee, gateway)
    assert client.get("/me/")["Location"] == "/accounts/password/change/"
    client.post("/accounts/password/set/", {"password1": "juzi-8-hong"})
    assert client.get("/me/").status_code == 200
    trainee.refresh_from_db()
    assert trainee.password_reset_at is not None


@pytest.mark.long
def test_another_code_is_asked_for_alike_for_a_known_and_an_unknown_number(client, person, gateway):
    answers = []
    for phone in (str(person.phone), "+8613911112222"):
        visitor = type(client)(raise_request_exception=False)
        visitor.post(BY_CODE, {"phone": phone})
        page = visitor.get(CONFIRM).content.decode()
        assert f'name="phone" value="{phone}"' in page
        again = [visitor.post(BY_CODE, {"phone": phone}) for _time in range(3)]
        # The form that an older page still shows.
        old = visitor.post(CONFIRM, {"action": "resend"})
        answers.append([*(answer.status_code for answer in again), old.status_code])
    assert answers == [[302, 302, 200, 200]] * 2  # three codes in ten minutes
    assert [sent["phone"] for sent in gateway()] == [str(person.phone)] * 3


def test_the_newest_code_signs_in_also_after_one_that_was_refused(client, person, gateway):
    for _time in range(5):
        client.post(BY_CODE, {"phone": str(person.phone)})
    first, _second, third = [sent["params"]["code"] for sent in gateway()]
    assert client.post(CONFIRM, {"code": first}).status_code == 200
    client.post(CONFIRM, {"code": third})
    assert is_signed_in(client, person)


# --- an account from before the gateway


def test_an_unproven_number_is_proven_at_the_next_sign_in(client, trainee, gateway):
    with_password(trainee)
    assert sign_in(client, trainee, next="/me/")["Location"] == "/accounts/phone/verify/"
    assert not is_signed_in(client, trainee)
    response = client.post("/accounts/phone/verify/", {"code": gateway()[0]["params"]["code"]})
    assert response["Location"] == "/me/"
    trainee.refresh_from_db()
    assert (trainee.phone_verified, trainee.password_change_due) == (True, False)
    assert trainee.check_password(PASSWORD)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"phone_proven", "signed_in"}


def test_asking_for_that_code_too_often_is_a_page(client, trainee, gateway):
    with_password(trainee)
    answers = [sign_in(type(client)(), trainee).status_code for _time in range(4)]
    assert answers == [302, 302, 302, 429]


# --- another number


@pytest.fixture
def moving(client, person, gateway):
    sign_in(client, person)
    return person


def test_changing_the_number_asks_who_one_is_and_proves_the_new_one(client, moving, gateway):
    url = "/accounts/phone/change/"
    assert client.post(url, {"phone": "139 1111 2222"})["Location"] == (
        "/accounts/reauthenticate/?next=%2Faccounts%2Fphone%2Fchange%2F"
    )
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": url})
    assert gateway()[-1]["phone"] == "+8613911112222"
    client.post("/accounts/phone/verify/", {"code": gateway()[-1]["params"]["code"]})
    moving.refresh_from_db()
    assert (str(moving.phone), moving.phone_verified) == ("+8613911112222", True)


def test_a_number_of_another_cannot_be_taken_over(client, moving, gateway):
    other = make_person("别人")
    before = str(moving.phone)
    client.post("/accounts/phone/change/", {"phone": str(other.phone)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/phone/change/"})
    if gateway():
        client.post("/accounts/phone/verify/", {"code": gateway()[-1]["params"]["code"]})
    moving.refresh_from_db()
    assert str(moving.phone) == before


def test_the_page_of_a_code_that_nobody_asked_for_leads_on(client, moving):
    assert client.get("/accounts/phone/verify/")["Location"] == "/accounts/phone/change/"
