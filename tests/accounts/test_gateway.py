"""With an SMS gateway a number is proven by a code before anything else, and a taken one is not given away."""

import time

import pytest
from django.utils import timezone

from accounts import proving
from accounts.models import AuditEntry, User
from tests.accounts.conftest import errors_of, is_signed_in, long_ago, sign_in, with_password
from tests.accounts.test_sign_up import GOOD
from tests.factories import PASSWORD, make_person

PROVE, CODE, SIGN_UP = "/accounts/signup/phone/", "/accounts/signup/code/", "/accounts/signup/"
BY_CODE, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
PHONE = "+8613800000001"


def proven(client, gateway, phone: str = PHONE) -> None:
    client.post(PROVE, {"phone": phone})
    client.post(CODE, {"code": gateway()[-1]["params"]["code"]})


# --- signing up


def test_sign_up_begins_with_the_phone(client, db, gateway):
    assert client.get(f"{SIGN_UP}?code=ABC234&next=/me/")["Location"] == f"{PROVE}?code=ABC234&next=/me/"


def test_it_works(client, gateway, cohort):
    response = client.post(f"{PROVE}?code=ABC234", {"phone": "138 0000 0001"})
    assert response["Location"] == f"{CODE}?code=ABC234"
    message = gateway()[0]
    assert (message["phone"], list(message["params"])) == (PHONE, ["code"])
    assert "138****0001" in client.get(CODE).content.decode()
    response = client.post(f"{CODE}?code=ABC234", {"code": message["params"]["code"]})
    assert response["Location"] == f"{SIGN_UP}?code=ABC234"
    form = client.get(response["Location"]).context["form"]
    assert (form["phone"].value(), form.fields["phone"].disabled) == ("138 0000 0001", True)
    client.post(SIGN_UP, GOOD | {"join_code": "ABC234"})
    person = User.objects.get()
    assert (str(person.phone), person.phone_verified, person.is_active) == (PHONE, True, True)
    assert is_signed_in(client, person)


def test_no_account_exists_before_the_number_is_proven(client, gateway, cohort):
    client.post(PROVE, {"phone": PHONE})
    client.post(SIGN_UP, GOOD | {"join_code": "ABC234"})
    assert not User.objects.exists()


def test_the_proven_number_cannot_be_swapped_for_another(client, gateway, cohort):
    proven(client, gateway)
    client.post(SIGN_UP, GOOD | {"phone": "13911112222", "join_code": "ABC234"})
    assert str(User.objects.get().phone) == PHONE


def test_a_proof_serves_once(client, gateway, cohort):
    proven(client, gateway)
    client.post(SIGN_UP, GOOD | {"join_code": "ABC234"})
    client.post("/accounts/logout/")
    assert client.get(SIGN_UP)["Location"] == PROVE


def test_a_proven_person_without_a_code_is_in_and_asks_for_the_village(client, gateway, village):
    proven(client, gateway)
    client.post(SIGN_UP, GOOD | {"village": village.pk})
    person = User.objects.get(name="田巧云")
    assert person.is_active
    assert [(row.role, row.status) for row in person.memberships.all()] == [("trainee", "asked")]


def test_a_taken_number_looks_like_a_free_one(client, gateway, trainee):
    free, taken = type(client)(), type(client)()
    answers = [
        (page.status_code, page["Location"])
        for page in (free.post(PROVE, {"phone": PHONE}), taken.post(PROVE, {"phone": str(trainee.phone)}))
    ]
    assert answers[0] == answers[1] == (302, CODE)
    assert [message["phone"] for message in gateway()] == [PHONE, str(trainee.phone)]
    pages = [visitor.post(CODE, {"code": "x"}).content.decode() for visitor in (free, taken)]
    assert all("验证码不对，再看一眼。" in page and "注册过" not in page for page in pages)


def test_only_its_owner_is_told_that_a_number_is_taken(client, gateway, trainee):
    client.post(PROVE, {"phone": str(trainee.phone)})
    response = client.post(CODE, {"code": gateway()[0]["params"]["code"]})
    assert response["Location"] == "/accounts/login/"
    assert "这个号码注册过了，直接登录就行。" in client.get("/accounts/login/").content.decode()
    assert client.get(SIGN_UP)["Location"] == PROVE


def test_a_code_can_be_guessed_only_five_times(client, db, gateway):
    client.post(PROVE, {"phone": PHONE})
    right = gateway()[0]["params"]["code"]
    for _time in range(proving.TRIES):
        assert errors_of(client.post(CODE, {"code": "000000" if right != "000000" else "1"})) == {
            "code": ["验证码不对，再看一眼。"]
        }
    assert client.post(CODE, {"code": right})["Location"] == PROVE


def test_a_code_does_not_last_for_ever(client, db, gateway, monkeypatch):
    client.post(PROVE, {"phone": PHONE})
    late = time.time() + proving.CODE_LASTS + 1
    monkeypatch.setattr("accounts.proving.time.time", lambda: late)
    assert client.post(CODE, {"code": gateway()[0]["params"]["code"]})["Location"] == PROVE


def test_a_code_proves_only_the_number_it_was_sent_to(client, db, gateway):
    client.post(PROVE, {"phone": PHONE})
    client.post(PROVE, {"phone": "13911112222"})
    first = gateway()[0]["params"]["code"]
    if first != gateway()[1]["params"]["code"]:
        client.post(CODE, {"code": first})
        assert proving.proven_phone(client.session) == ""


def test_the_code_itself_is_not_in_the_session(client, db, gateway):
    client.post(PROVE, {"phone": PHONE})
    assert gateway()[0]["params"]["code"] not in str(dict(client.session.items()))


def test_the_fourth_text_to_a_number_is_refused(client, db, gateway):
    codes = [type(client)().post(PROVE, {"phone": PHONE}).status_code for _time in range(4)]
    assert codes == [302, 302, 302, 429]
    assert len(gateway()) == 3


def test_a_gateway_that_fails_is_told_beside_the_number(client, db, gateway, settings):
    settings.SMS_SENDER = "none"
    response = client.post(PROVE, {"phone": PHONE})
    assert errors_of(response) == {"phone": ["短信没发出去，过一会儿再试。"]}


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
    monkeypatch.setattr("accounts.forms.time.time", lambda: late)
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
    assert AuditEntry.objects.get().verb == "phone_proven"


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
