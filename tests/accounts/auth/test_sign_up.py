import datetime

import pytest
from django.test import Client

from accounts.models import Consent, Membership, Place, User
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
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"join_code": "3/10m/ip"}
    assert "石榴冲秋季班" in client.get(f"{URL}?code=ABC234").content.decode()
    for wrong in ("AAA222", "AAA223", "AAA224"):
        client.get(f"{URL}?code={wrong}")
    assert "石榴冲秋季班" not in client.get(f"{URL}?code=ABC234").content.decode()
    response = client.post(URL, GOOD | {"join_code": "ABC234"})
    assert errors_of(response) == {"join_code": ["太快了，过一会儿再试。"]}
    assert not User.objects.filter(name="田巧云").exists()


def test_right_codes_and_wrong_ones_sent_are_counted_apart(client, cohort, settings):
    """A class of sixty behind one address types its code right."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"join_code": "2/10m/ip"}
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


def test_a_code_of_a_county_class_leaves_the_chosen_village_to_its_organisers(
    client, cohort, county, village
):
    cohort.place = county
    cohort.save()
    client.post(URL, GOOD | {"join_code": "ABC234", "village": village.pk})
    person = User.objects.get()
    assert [held.place for held in person.granted] == [county]
    assert [held.place for held in person.asked_to_join()] == [village]


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
        ({"join_code": ""}, {"village": ["填进班码，或者选你的村。"]}),
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
    monkeypatch.setattr("accounts.auth.adapter.PhoneAdapter.get_user_by_phone", lambda self, phone: None)
    response = client.post(URL, GOOD | {"join_code": "ABC234"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert User.objects.count() == 1


def test_a_code_that_fails_at_the_last_moment_leaves_no_account(client, cohort, settings):
    settings.JOIN_CODE_REDEEM = "tests.accounts.auth.test_sign_up.closed"
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


# --- whose number is registered


def seen(client, response) -> tuple:
    """All that the sender of a form gets to see."""
    page = client.get(response["Location"])
    return response.status_code, response["Location"], sorted(response.cookies), page.content.decode()


def test_without_a_code_a_taken_number_looks_like_a_new_one(db, village, trainee, monkeypatch):
    """Also by how long it takes: a password is hashed for both, which is nearly all of the work."""
    hashed = []
    monkeypatch.setattr("accounts.models.User.set_password", lambda self, password: hashed.append(password))
    by_village = GOOD | {"village": village.pk}
    answers = []
    for phone in ("138 0000 0001", str(trainee.phone)):
        client = Client()
        answers.append(seen(client, client.post(URL, by_village | {"phone": phone})))
    assert answers[0] == answers[1]
    assert answers[0][:2] == (302, "/accounts/inactive/")
    assert "这个号码以前要是注册过，就不用等：直接去登录，用原来的密码。" in answers[0][3]
    assert hashed == ["shiliuchong8"] * 2
    assert User.objects.count() == 2


def test_nothing_of_the_account_behind_a_taken_number_changes(client, village, other_village, trainee):
    before = User.objects.values().get(pk=trainee.pk)
    client.post(URL, GOOD | {"village": other_village.pk, "phone": str(trainee.phone)})
    assert User.objects.values().get(pk=trainee.pk) == before
    assert [held.place for held in trainee.memberships.all()] == [village]


def test_what_is_wrong_in_the_form_is_told_alike(db, village, trainee):
    wrong = GOOD | {"village": village.pk, "password1": "abc12"}
    answers = [
        errors_of(Client().post(URL, wrong | {"phone": p})) for p in ("13800000001", str(trainee.phone))
    ]
    assert answers == [{"password1": ["密码太短，至少要 8 位。"]}] * 2


def test_with_a_code_a_taken_number_is_told_now_and_then(db, cohort, trainee, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"signup_taken": "2/h/ip"}
    typed = GOOD | {"phone": str(trainee.phone), "join_code": "ABC234"}
    answers = [errors_of(Client().post(URL, typed)) for _n in range(3)]
    assert answers == [{"phone": ["这个号码注册过了，直接登录就行。"]}] * 2 + [
        {"phone": ["太快了，过一会儿再试。"]}
    ]


# --- the organiser's list


TOMORROW = {
    "village": ["今天申请的人太多了，明天再来。有进班码就填进班码，马上能进；没有就当面找村里的管理员。"]
}


def signed_up(n: int, address: str = "203.0.113.7", **fields):
    typed = GOOD | {"phone": f"1370000{n:04d}"} | fields
    return Client(REMOTE_ADDR=address).post(URL, typed)


@pytest.mark.long
def test_one_address_cannot_fill_the_list_of_an_organiser(db, village, cohort, fast_hashes):
    answers = [signed_up(n, village=village.pk) for n in range(25)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [200] * 5
    assert errors_of(answers[-1]) == TOMORROW
    assert answers[-1].context["form"]["name"].value() == "田巧云"
    assert Membership.objects.asked().count() == 20
    # A class behind the same address can still sign up.
    assert [signed_up(100 + n, join_code="ABC234").status_code for n in range(5)] == [302] * 5


@pytest.mark.long
def test_many_addresses_cannot_fill_the_list_of_a_village(db, village, other_village, settings, fast_hashes):
    rates = {"signup_village": settings.RATE_LIMITS["signup_village"].replace("40/d/key", "4/d/key")}
    settings.RATE_LIMITS = settings.RATE_LIMITS | rates
    answers = [signed_up(n, f"203.0.113.{n}", village=village.pk) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [200] * 2
    assert signed_up(9, village=other_village.pk).status_code == 302


@pytest.fixture
def fast_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# --- a village among many


@pytest.fixture
def many(county) -> Place:
    """石榴冲村 of 青溪镇 among 2,000 villages of 50 townships; 新村 in each township."""
    towns = [
        Place.objects.create(name=f"{chr(0x4E00 + n)}岭镇", kind=Place.Kind.TOWNSHIP, parent=county)
        for n in range(50)
    ]
    rows = [
        Place(
            name="新村" if n == 0 else f"{town.name[0]}{chr(0x5000 + n)}坪村",
            kind=Place.Kind.VILLAGE,
            parent=town,
            path=f"{town.path}9{town.pk:04d}{n:03d}/",
        )
        for town in towns
        for n in range(40)
    ]
    Place.objects.bulk_create(rows)
    return Place.objects.get(name="石榴冲村")


@pytest.mark.long
def test_the_page_stays_small_however_many_villages_there_are(client, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = client.get(URL)
    assert len(page.content) < 20_000
    assert '<input type="text" name="village"' in page.content.decode()


@pytest.mark.long
@pytest.mark.parametrize(
    "typed", ["石榴冲村", "石榴冲", " 青溪镇 石榴冲村", "青溪镇石榴冲", "柚山县青溪镇石榴冲村"]
)
def test_a_village_is_typed(client, many, typed):
    assert client.post(URL, GOOD | {"village": typed})["Location"] == "/accounts/inactive/"
    assert Membership.objects.get().place == many


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("没有的村", "没有叫这个名字的村，再看一眼。写村名就行，比如石榴冲村。"),
        ("坪村", "叫这个名字的村太多了，连乡镇一起写，比如青溪镇石榴冲村。"),
        ("%", "没有叫这个名字的村，再看一眼。写村名就行，比如石榴冲村。"),
        ("字" * 5000, "没有叫这个名字的村，再看一眼。写村名就行，比如石榴冲村。"),
        ("9" * 5000, "没有叫这个名字的村，再看一眼。写村名就行，比如石榴冲村。"),
        ("999999", "没有这个村，重新选一下。"),
    ],
)
def test_a_village_that_is_not_found_is_told(client, many, typed, said):
    response = client.post(URL, GOOD | {"village": typed})
    assert errors_of(response) == {"village": [said]}
    assert response.context["form"]["name"].value() == "田巧云"


@pytest.mark.long
def test_of_villages_of_one_name_one_is_chosen(client, many):
    response = client.post(URL, GOOD | {"village": "新村"})
    assert errors_of(response) == {"village": ["叫这个名字的村不止一个，在单子里选你的村。"]}
    page = response.content.decode()
    assert page.count("<option") == 51
    assert "柚山县一岭镇新村" in page
    pk = Place.objects.get(name="新村", parent__name="一岭镇").pk
    assert client.post(URL, GOOD | {"village": pk})["Location"] == "/accounts/inactive/"
    assert Membership.objects.get().place_id == pk


def test_a_village_that_was_chosen_stands_by_its_name_when_the_form_comes_back(client, many):
    response = client.post(URL, GOOD | {"village": many.pk, "name": ""})
    assert response.context["form"]["village"].value() == "柚山县青溪镇石榴冲村"
