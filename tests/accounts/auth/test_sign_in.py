import pytest

from accounts.models import Membership
from accounts.people import memberships
from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.factories import PASSWORD
from tests.pages import squeeze

URL = "/accounts/login/"


@pytest.fixture
def person(trainee):
    return with_password(trainee, phone="+8613800000001")


def test_it_works(client, person):
    response = sign_in(client, person)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client, person)


@pytest.mark.parametrize("typed", ["138 0000 0001", "+86 138-0000-0001", "１３８０００００００１"])
def test_a_number_typed_in_any_way_signs_in(client, person, typed):
    client.post(URL, {"login": typed, "password": PASSWORD})
    assert is_signed_in(client, person)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "wrong"}, {"password": ["手机号或密码不对。"]}),
        ({"login": "139 9999 9999"}, {"password": ["手机号或密码不对。"]}),
        ({"login": "1380000"}, {"login": ["手机号是 11 位，您填了 7 位。"]}),
        ({"login": "", "password": ""}, {"login": ["填一下手机号。"], "password": ["填一下密码。"]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, person, typed, said):
    response = client.post(URL, {"login": "13800000001", "password": PASSWORD} | typed)
    assert response.status_code == 200
    assert errors_of(response) == said


def test_a_switched_off_account_is_told_so(client, person):
    with_password(person, is_active=False, last_login="2026-11-01T08:00:00+08:00")
    assert sign_in(client, person)["Location"] == "/accounts/inactive/"
    assert "<h1>这个账号停用了</h1>" in client.get("/accounts/inactive/").content.decode()


def test_a_declined_sign_up_is_told_why(client, person, organiser, village):
    with_password(person, is_active=False)
    asked = memberships.ask_for_role(person, Membership.Role.SELLER, village)
    sign_in(client, person)
    page = squeeze(client.get("/accounts/inactive/").content.decode())
    assert ("<h1>等管理员同意</h1>" in page, "管理员说" in page, "进班码" in page) == (True, False, False)
    memberships.decline_role(organiser, asked, "不是<b>本村人")
    assert sign_in(client, person)["Location"] == "/accounts/inactive/"
    page = squeeze(client.get("/accounts/inactive/").content.decode())
    assert ("<h1>注册没通过</h1>" in page, "进班码" in page) == (True, False)
    assert "<p>管理员说：不是&lt;b&gt;本村人</p>" in page
    memberships.grant_declined_role(organiser, asked)
    sign_in(client, person)
    assert is_signed_in(client, person)


def test_the_page_of_a_person_who_is_in_leads_on(client, person):
    client.force_login(person)
    assert client.get(f"{URL}?next=/me/")["Location"] == "/me/"


def test_next_survives_a_wrong_password(client, person):
    form = client.get(f"{URL}?next=/me/%3Fa%3D1")
    assert '<input type="hidden" name="next" value="/me/?a=1">' in form.content.decode()
    wrong = sign_in(client, person, "wrong", next="/me/?a=1")
    assert '<input type="hidden" name="next" value="/me/?a=1">' in wrong.content.decode()
    assert sign_in(client, person, next="/me/?a=1")["Location"] == "/me/?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\thttps://evil.example",
    ],
)
def test_next_never_leads_to_another_site(client, person, elsewhere):
    assert sign_in(client, person, next=elsewhere)["Location"] == "/"


def test_demo_people_are_offered_only_in_the_demo(client, db, settings):
    assert "nonghuo-demo" not in client.get(URL).content.decode()
    settings.DEMO = True
    page = client.get(URL).content.decode()
    for phone, who in [
        ("13800000001", "学员"),
        ("13800000002", "培训老师"),
        ("13800000003", "卖家"),
        ("13800000004", "管理员"),
        ("13800000005", "外村人"),
    ]:
        assert f'name="login" value="{phone}"' in page
        assert f"<b>{who}</b>" in page
    assert page.count('name="password" value="nonghuo-demo"') == 5


def test_sign_out_needs_a_post(client, person):
    client.force_login(person)
    assert "<h1>退出登录？</h1>" in client.get("/accounts/logout/").content.decode()
    assert is_signed_in(client, person)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not is_signed_in(client, person)


def test_the_record_numbers_stand_at_the_foot_of_the_sign_in_page(client, db, settings):
    settings.BEIAN_ICP = "湘ICP备00000000号"
    assert "湘ICP备00000000号" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "path",
    ["email/", "confirm-email/", "password/reset/", "social/", "signup/passkey/", ""],
)
def test_pages_without_meaning_here_are_not_there(client, person, path):
    client.force_login(person)
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("path", ["login/code/", "login/code/confirm/", "phone/verify/", "phone/change/"])
def test_pages_that_send_codes_are_not_there_without_a_gateway(client, person, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    client.force_login(person)
    assert client.get(f"/accounts/{path}").status_code == 404
