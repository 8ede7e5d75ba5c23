import datetime

import pytest

from accounts.models import Consent, Membership, User
from progress.models import Enrolment
from tests.accounts.conftest import errors_of, is_signed_in, sign_in

URL = "/accounts/signup/"
Role, Status = Membership.Role, Membership.Status
GOOD = {
    "name": "田巧云",
    "phone": "138 0000 0001",
    "password1": "shiliuchong8",
    "birth_month": "198506",
    "join_code": "",
    "village": "",
    "agrees": "on",
    "website": "",
}


def test_it_works(client, db):
    response = client.get(URL)
    assert response.status_code == 200
    names = ["name", "phone", "password1", "birth_month", "join_code", "village", "agrees", "website"]
    assert list(response.context["form"].fields) == names
    assert response.context["form"]["agrees"].value() is None


def test_sign_up_with_a_code_is_in_and_enrolled(client, cohort, village):
    response = client.post(URL, GOOD | {"join_code": " abc-234 "})
    assert (response.status_code, response["Location"]) == (302, "/")
    person = User.objects.get()
    assert (str(person.phone), person.name, person.birth_month) == (
        "+8613800000001",
        "田巧云",
        datetime.date(1985, 6, 1),
    )
    assert (person.is_active, person.phone_verified, person.password_change_due) == (True, False, False)
    assert person.check_password("shiliuchong8")
    assert [(held.role, held.place) for held in person.granted] == [(Role.TRAINEE, village)]
    assert list(Enrolment.objects.values_list("user", "cohort")) == [(person.pk, cohort.pk)]
    assert is_signed_in(client, person)


def test_codes_are_not_guessed_by_the_thousand(client, cohort, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"join_code": "3/10m/ip"}
    assert "石榴冲秋季班" in client.get(f"{URL}?code=ABC234").content.decode()
    for wrong in ("AAA222", "AAA223", "AAA224"):
        client.get(f"{URL}?code={wrong}")
    assert "石榴冲秋季班" not in client.get(f"{URL}?code=ABC234").content.decode()
    response = client.post(URL, GOOD | {"join_code": "ABC234"})
    assert errors_of(response) == {"join_code": ["太快了，过一会儿再试。"]}
    assert not User.objects.filter(name="田巧云").exists()


def test_right_codes_and_wrong_ones_sent_are_counted_apart(client, cohort, settings):
    """A class of sixty behind one address types its code right."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"join_code": "2/10m/ip"}
    for _time in range(4):
        assert "石榴冲秋季班" in client.get(f"{URL}?code=ABC234").content.decode()
    for _time in range(2):
        answer = client.post(URL, GOOD | {"join_code": "AAA222"})
        assert errors_of(answer) == {"join_code": ["没有这个进班码，再看一眼，或者问问老师。"]}
    assert errors_of(client.post(URL, GOOD | {"join_code": "ABC234"})) == {
        "join_code": ["太快了，过一会儿再试。"]
    }


def test_sign_up_stores_the_version_of_the_notice(client, cohort, settings):
    client.post(URL, GOOD | {"join_code": "ABC234"})
    person, consent = User.objects.get(), Consent.objects.get()
    assert (consent.user, consent.kind, consent.version) == (person, "privacy", settings.PRIVACY_VERSION)
    assert (person.privacy_version, person.privacy_at) == (settings.PRIVACY_VERSION, consent.given_at)


def test_sign_up_without_a_code_waits_for_a_yes(client, village, organiser, settings):
    settings.DEMO = True  # the second factor has its own tests
    response = client.post(URL, GOOD | {"village": village.pk})
    assert response["Location"] == "/accounts/inactive/"
    person = User.objects.get(name="田巧云")
    asked = person.memberships.get()
    assert (person.is_active, asked.role, asked.place, asked.status) == (
        False,
        Role.TRAINEE,
        village,
        Status.ASKED,
    )
    assert not is_signed_in(client, person)
    assert "<h1>等管理员同意</h1>" in client.get(response["Location"]).content.decode()
    client.force_login(organiser)
    client.post(f"/me/requests/{asked.pk}/grant/")
    client.logout()
    sign_in(client, person, "shiliuchong8")
    assert is_signed_in(client, person)


def test_a_code_of_a_county_class_makes_a_trainee_of_the_chosen_village(client, cohort, county, village):
    cohort.place = county
    cohort.save()
    client.post(URL, GOOD | {"join_code": "ABC234", "village": village.pk})
    assert [held.place for held in User.objects.get().granted] == [village]


def test_the_code_of_a_qr_stands_in_the_form_with_its_class(client, cohort):
    response = client.get(f"{URL}?code=ABC234")
    assert response.context["form"]["join_code"].value() == "ABC234"
    assert "注册好就进班：<b>石榴冲秋季班</b>" in response.content.decode()


def test_a_code_of_a_qr_that_opens_nothing_names_no_class(client, cohort):
    response = client.get(f"{URL}?code=<b>XXXXXX</b>")
    assert response.status_code == 200
    assert "注册好就进班" not in response.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "字" * 200}, {"name": ["最多 40 个字，多了 160 个"]}),
        ({"name": "<script>alert(1)</script>"}, {"name": ["姓名里只写字，不写数字和符号。"]}),
        ({"name": "巧云🍊"}, {"name": ["这里不能用表情符号"]}),
        ({"phone": "1380000001"}, {"phone": ["手机号是 11 位，您填了 10 位。"]}),
        ({"phone": ""}, {"phone": ["填一下手机号。"]}),
        ({"password1": "12345678"}, {"password1": ["这个密码太好猜，加几个字母再试。"]}),
        ({"password1": "abc12"}, {"password1": ["密码太短，至少要 8 位。"]}),
        ({"password1": "a13800000001"}, {"password1": ["别用手机号当密码，换一个。"]}),
        ({"password1": ""}, {"password1": ["填一下密码。"]}),
        ({"birth_month": "六月"}, {"birth_month": ["写成 198506 这样：四位年，两位月。"]}),
        ({"birth_month": "202001"}, {"birth_month": ["满 14 岁才能注册。"]}),
        ({"agrees": ""}, {"agrees": ["看过隐私说明，同意了才能注册。"]}),
        ({"join_code": "XXXXXX"}, {"join_code": ["没有这个进班码，再看一眼，或者问问老师。"]}),
        ({"join_code": ""}, {"village": ["填进班码，或者选您的村。"]}),
        ({"village": "999999"}, {"village": ["没有这个村，重新选一下。"]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, cohort, change, said):
    response = client.post(URL, GOOD | {"join_code": "ABC234"} | change)
    assert response.status_code == 200
    assert errors_of(response) == said
    assert not User.objects.exists()


def test_what_was_typed_stays(client, cohort):
    typed = GOOD | {"name": "阿依古丽·买买提", "phone": "138-000", "join_code": "ABC234"}
    form = client.post(URL, typed).context["form"]
    assert (form["name"].value(), form["phone"].value(), form["join_code"].value()) == (
        "阿依古丽·买买提",
        "138-000",
        "ABC234",
    )


def test_a_taken_number_is_told(client, cohort, trainee):
    response = client.post(URL, GOOD | {"phone": str(trainee.phone), "join_code": "ABC234"})
    assert errors_of(response) == {"phone": ["这个号码注册过了，直接登录就行。"]}


def test_sent_twice_it_makes_one_account(client, cohort, monkeypatch):
    """The second copy has passed the check of the number before the first was saved."""
    client.post(URL, GOOD | {"join_code": "ABC234"})
    client.logout()
    monkeypatch.setattr("accounts.adapter.PhoneAdapter.get_user_by_phone", lambda self, phone: None)
    response = client.post(URL, GOOD | {"join_code": "ABC234"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert User.objects.count() == 1


def test_a_code_that_fails_at_the_last_moment_leaves_no_account(client, cohort, settings):
    settings.JOIN_CODE_REDEEM = "tests.accounts.test_sign_up.closed"
    response = client.post(URL, GOOD | {"join_code": "ABC234"})
    assert response["Location"] == "/accounts/signup/"
    assert not User.objects.exists()


def closed(user, code):
    raise ValueError(code)


def test_a_robot_that_fills_the_hidden_field_gets_no_account(client, cohort):
    response = client.post(URL, GOOD | {"join_code": "ABC234", "website": "http://spam.example"})
    assert response["Location"] == "/accounts/inactive/"
    assert not User.objects.exists()


def test_the_hidden_field_carries_no_inline_style(client, db):
    assert "style=" not in client.get(URL).content.decode()


def test_next_survives_sign_up(client, cohort):
    response = client.post(URL, GOOD | {"join_code": "ABC234", "next": "/me/"})
    assert response["Location"] == "/me/"
