import pytest

from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.factories import PASSWORD

URL = "/accounts/password/change/"


@pytest.fixture
def person(client, trainee):
    with_password(trainee)
    client.force_login(trainee)
    return trainee


def test_it_works(client, person):
    response = client.post(URL, {"oldpassword": PASSWORD, "password1": "juzi-8-hong"})
    assert response["Location"] == "/me/"
    person.refresh_from_db()
    assert person.check_password("juzi-8-hong")
    assert is_signed_in(client, person)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"oldpassword": "wrong"}, {"oldpassword": ["现在的密码不对。"]}),
        ({"password1": "hao7hao"}, {"password1": ["密码太短，至少要 8 位。"]}),
        ({"password1": PASSWORD}, {"password1": ["和现在的一样，换一个。"]}),
        ({"password1": "88888888"}, {"password1": ["这个密码太好猜，加几个字母再试。"]}),
        ({"oldpassword": ""}, {"oldpassword": ["填一下密码。"]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, person, typed, said):
    response = client.post(URL, {"oldpassword": PASSWORD, "password1": "juzi-8-hong"} | typed)
    assert errors_of(response) == said
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_other_sessions_end(client, person):
    elsewhere = type(client)()
    elsewhere.force_login(person)
    client.post(URL, {"oldpassword": PASSWORD, "password1": "juzi-8-hong"})
    assert elsewhere.get("/me/")["Location"] == "/accounts/login/?next=%2Fme%2F"


@pytest.fixture
def due(client, trainee):
    """Somebody else chose the password; the person has signed in with it."""
    with_password(trainee, password_change_due=True)
    sign_in(client, trainee)
    return trainee


def test_a_password_by_another_must_be_changed_first(client, due):
    for path in ("/", "/me/", "/admin/", "/me/roles/"):
        assert client.get(path)["Location"] == URL
    assert "<h1>换成你自己的密码</h1>" in client.get(URL).content.decode()
    assert client.get("/privacy/").status_code == 200


def test_the_old_one_is_not_asked_for_again(client, due):
    assert list(client.get(URL).context["form"].fields) == ["password1"]


@pytest.mark.long
def test_after_the_change_everything_is_open(client, due):
    assert client.post(URL, {"password1": "juzi-8-hong"})["Location"] == "/me/"
    due.refresh_from_db()
    assert (due.password_change_due, due.check_password("juzi-8-hong")) == (False, True)
    assert client.get("/me/").status_code == 200


def test_the_given_password_is_not_taken_as_the_new_one(client, due):
    assert errors_of(client.post(URL, {"password1": PASSWORD})) == {"password1": ["和现在的一样，换一个。"]}
    due.refresh_from_db()
    assert due.password_change_due


def test_signing_out_stays_possible(client, due):
    client.post("/accounts/logout/")
    assert not is_signed_in(client, due)
