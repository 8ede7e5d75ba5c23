"""With an SMS gateway a number is verified by a code first, and a taken one is not revealed."""

import time

from accounts.auth import phone_verification
from accounts.models import User
from tests.accounts.auth.test_sign_up import GOOD
from tests.accounts.conftest import errors_of, is_signed_in

PROVE, CODE, SIGN_UP = "/accounts/signup/phone/", "/accounts/signup/code/", "/accounts/signup/"
PHONE = "+8613800000001"


def verify_phone(client, gateway, phone: str = PHONE) -> None:
    client.post(PROVE, {"phone": phone})
    client.post(CODE, {"code": gateway()[-1]["params"]["code"]})


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


def test_no_account_exists_before_the_number_is_verified(client, gateway, cohort):
    client.post(PROVE, {"phone": PHONE})
    client.post(SIGN_UP, GOOD | {"join_code": "ABC234"})
    assert not User.objects.exists()


def test_the_verified_number_cannot_be_swapped_for_another(client, gateway, cohort):
    verify_phone(client, gateway)
    client.post(SIGN_UP, GOOD | {"phone": "13911112222", "join_code": "ABC234"})
    assert str(User.objects.get().phone) == PHONE


def test_a_proof_serves_once(client, gateway, cohort):
    verify_phone(client, gateway)
    client.post(SIGN_UP, GOOD | {"join_code": "ABC234"})
    client.post("/accounts/logout/")
    assert client.get(SIGN_UP)["Location"] == PROVE


def test_a_verified_person_without_a_code_is_in_and_asks_for_the_village(client, gateway, village):
    verify_phone(client, gateway)
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
    for _time in range(phone_verification.TRIES):
        assert errors_of(client.post(CODE, {"code": "000000" if right != "000000" else "1"})) == {
            "code": ["验证码不对，再看一眼。"]
        }
    assert client.post(CODE, {"code": right})["Location"] == PROVE


def test_a_code_does_not_last_for_ever(client, db, gateway, monkeypatch):
    client.post(PROVE, {"phone": PHONE})
    late = time.time() + phone_verification.CODE_LASTS + 1
    monkeypatch.setattr("accounts.auth.phone_verification.time.time", lambda: late)
    assert client.post(CODE, {"code": gateway()[0]["params"]["code"]})["Location"] == PROVE


def test_a_code_proves_only_the_number_it_was_sent_to(client, db, gateway):
    client.post(PROVE, {"phone": PHONE})
    client.post(PROVE, {"phone": "13911112222"})
    first = gateway()[0]["params"]["code"]
    if first != gateway()[1]["params"]["code"]:
        client.post(CODE, {"code": first})
        assert phone_verification.get_verified_phone(client.session) == ""


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
