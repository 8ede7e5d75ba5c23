import pytest

from accounts.models import Membership, User
from accounts.people import memberships
from tests.factories import make_person

Role, Status = Membership.Role, Membership.Status
URL = "/me/requests/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def asked(village) -> Membership:
    person = make_person("石二妹", is_active=False)
    return memberships.ask_for_role(person, Role.TRAINEE, village, "我是三组的")


def test_it_works(client, organiser, asked):
    client.force_login(organiser)
    response = client.get(URL)
    page = response.content.decode()
    assert list(response.context["page"].items) == [asked]
    assert "石二妹想做学员" in page
    assert "柚山县青溪镇石榴冲村" in page
    assert "我是三组的" in page


def test_grant_lets_the_person_in(client, organiser, asked):
    client.force_login(organiser)
    response = client.post(f"{URL}{asked.pk}/grant/", follow=True)
    assert "石二妹现在是学员了。" in response.content.decode()
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by, asked.user.is_active) == (Status.GRANTED, organiser, True)


def test_decline_asks_first_and_tells_why(client, organiser, asked):
    client.force_login(organiser)
    assert "不同意石二妹做石榴冲村的学员？" in client.get(f"{URL}{asked.pk}/decline/").content.decode()
    asked.refresh_from_db()
    assert asked.status == Status.ASKED
    client.post(f"{URL}{asked.pk}/decline/", {"reason": "不是本村人"})
    asked.refresh_from_db()
    assert (asked.status, asked.note, asked.user.is_active) == (Status.DECLINED, "不是本村人", False)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_declining_needs_a_reason(client, organiser, asked, reason):
    client.force_login(organiser)
    response = client.post(f"{URL}{asked.pk}/decline/", {"reason": reason})
    assert response.status_code == 200
    assert response.context["form"].errors == {"reason": ["写一句为什么，对方才知道怎么改。"]}
    asked.refresh_from_db()
    assert asked.status == Status.ASKED


def test_a_request_answered_meanwhile_is_told(client, organiser, asked, county):
    memberships.grant_role(make_person("另一位", (Role.ORGANISER, county)), asked)
    client.force_login(organiser)
    for answer in ("grant", "decline"):
        response = client.post(f"{URL}{asked.pk}/{answer}/", {"reason": "不是本村人"}, follow=True)
        assert "这个申请已经有人办过了。" in response.content.decode()
    asked.refresh_from_db()
    assert asked.status == Status.GRANTED


@pytest.mark.parametrize("who", ["trainee", "trainer", "seller"])
def test_only_organisers_answer(client, request, asked, who):
    client.force_login(request.getfixturevalue(who))
    codes = [client.get(URL).status_code, client.post(f"{URL}{asked.pk}/grant/").status_code]
    codes += [client.get(f"{URL}{asked.pk}/decline/").status_code]
    codes += [client.post(f"{URL}{asked.pk}/decline/").status_code]
    assert codes == [404] * 4
    asked.refresh_from_db()
    assert asked.status == Status.ASKED


def test_an_organiser_elsewhere_sees_nothing(client, stranger, asked):
    client.force_login(stranger)
    assert list(client.get(URL).context["page"].items) == []
    assert client.post(f"{URL}{asked.pk}/grant/").status_code == 404
    asked.refresh_from_db()
    assert asked.status == Status.ASKED


def test_nobody_answers_their_own(client, organiser, village):
    own = memberships.ask_for_role(organiser, Role.SELLER, village)
    client.force_login(organiser)
    assert list(client.get(URL).context["page"].items) == []
    assert client.post(f"{URL}{own.pk}/grant/").status_code == 404


def test_grant_needs_a_post(client, organiser, asked):
    client.force_login(organiser)
    assert client.get(f"{URL}{asked.pk}/grant/").status_code == 405


def test_script_in_a_note_is_text(client, organiser, village):
    person = User.objects.get(pk=make_person("石二妹").pk)
    memberships.ask_for_role(person, Role.SELLER, village, "<script>alert(1)</script>")
    client.force_login(organiser)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(URL).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(
    as_user, organiser, asked, village, django_assert_num_queries
):
    client = as_user(organiser)
    with django_assert_num_queries(4):
        client.get(URL)
    for n in range(20):
        memberships.ask_for_role(make_person(f"学员{chr(0x4E00 + n)}"), Role.TRAINEE, village)
    with django_assert_num_queries(4):
        client.get(URL)


@pytest.mark.long
def test_a_long_list_goes_on(client, organiser, village):
    for n in range(30):
        memberships.ask_for_role(make_person(f"学员{chr(0x4E00 + n)}"), Role.TRAINEE, village)
    client.force_login(organiser)
    first = client.get(URL).context["page"]
    second = client.get(URL, {"after": first.after}).context["page"]
    assert (len(first.items), len(second.items), second.after) == (24, 6, "")
    assert not {row.pk for row in first.items} & {row.pk for row in second.items}
