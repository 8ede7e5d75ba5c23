import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership, Place, User
from tests.factories import make_person

Role = Membership.Role
LIST = "admin:accounts_user_changelist"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def superuser(db) -> User:
    return make_person("站长", is_superuser=True, is_staff=True)


def change_url(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def inline_rows(n: int = 0) -> dict:
    return {
        "memberships-TOTAL_FORMS": n, "memberships-INITIAL_FORMS": n,
        "memberships-MIN_NUM_FORMS": 0, "memberships-MAX_NUM_FORMS": 0,
    }  # fmt: skip


def names(answer) -> set[str]:
    return {person.name for person in answer.context["cl"].queryset}


def test_a_password_is_not_found_out_by_filtering(client, organiser, trainee):
    client.force_login(organiser)
    for lookup in ("password__startswith", "password", "password__regex"):
        assert client.get(reverse(LIST), {lookup: trainee.password[:5]}).status_code == 400


def test_an_organiser_sees_who_belongs_to_the_places_held(
    organiser, trainee, seller, stranger, village, client
):
    asked = make_person("等同意的", is_active=False)
    Membership.objects.create(user=asked, place=village, role=Role.TRAINEE)
    gone = make_person("走了的", (Role.TRAINEE, village))
    gone.memberships.update(status=Membership.Status.ENDED)
    refused = make_person("没同意的", (Role.SELLER, village))
    refused.memberships.update(status=Membership.Status.DECLINED)
    client.force_login(organiser)
    assert names(client.get(reverse(LIST))) == {"田巧云", "周梅英", "向满姑", "等同意的"}


def test_neither_password_nor_number_of_another_county_is_on_any_page(organiser, trainee, stranger, client):
    client.force_login(organiser)
    for url in (reverse(LIST), change_url(trainee)):
        html = client.get(url).content.decode()
        assert trainee.password not in html
        assert str(stranger.phone)[-8:] not in html


def test_roles_elsewhere_are_not_shown(organiser, village, other_village, client):
    both = make_person("两边跑", (Role.TRAINEE, village), (Role.SELLER, other_village))
    client.force_login(organiser)
    for url in (reverse(LIST), change_url(both)):
        html = client.get(url).content.decode()
        assert "石榴冲村" in html
        assert "竹坪村" not in html


def test_filtering_by_a_role_looks_at_ones_own_places_only(organiser, village, other_village, client):
    make_person("两边跑", (Role.TRAINEE, village), (Role.SELLER, other_village))
    make_person("卖橙的", (Role.SELLER, village))
    client.force_login(organiser)
    assert names(client.get(reverse(LIST) + "?role=seller")) == {"卖橙的"}


def test_filtering_by_a_place_takes_in_all_below(organiser, trainee, village, county, other_village, client):
    client.force_login(organiser)
    assert names(client.get(reverse(LIST) + f"?place={village.pk}")) == {"田巧云"}
    assert names(client.get(reverse(LIST) + f"?place={county.pk}")) == {"田巧云", "向满姑"}
    assert names(client.get(reverse(LIST) + f"?place={other_village.pk}")) == set()
    assert names(client.get(reverse(LIST) + "?place=nonsense")) == set()


def test_a_number_is_found_as_it_is_typed(organiser, trainee, client):
    client.force_login(organiser)
    digits = str(trainee.phone).removeprefix("+86")
    typed = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    assert names(client.get(reverse(LIST), {"q": typed})) == {"田巧云"}


def test_an_organiser_mends_a_name_but_no_number_and_no_rights(organiser, trainee, village, client):
    client.force_login(organiser)
    before = (str(trainee.phone), trainee.password)
    facts = {"name": "田巧芸", "birth_month": "198506", "phone": "13812345678", "is_superuser": "on"}
    facts |= {"is_active": "", "password": "x"} | inline_rows()
    assert client.post(change_url(trainee), facts).status_code == 302
    trainee.refresh_from_db()
    assert trainee.name == "田巧芸"
    assert (str(trainee.phone), trainee.password) == before
    assert (trainee.is_superuser, trainee.is_staff, trainee.is_active) == (False, False, True)
    entry = AuditEntry.objects.get(verb="person_changed")
    assert (entry.actor, entry.place, entry.detail) == (
        organiser,
        village,
        {
            "fields": ["name", "birth_month"],
            "changes": {"name": ["田巧云", "田巧芸"], "birth_month": ["", "1985-06-01"]},
        },
    )


@pytest.mark.long
def test_staff_are_not_a_colleagues_to_edit(organiser, trainer, county, client):
    boss = make_person("站长", (Role.TRAINEE, county), is_superuser=True)
    client.force_login(organiser)
    for person in (trainer, organiser, boss):
        Membership.objects.get_or_create(
            user=person, place=county, role=Role.TRAINEE, defaults={"status": Membership.Status.GRANTED}
        )
        assert client.get(change_url(person)).status_code == 200
        answer = client.post(change_url(person), {"name": "改名"} | inline_rows())
        assert answer.status_code == 403


def test_a_new_password_is_given_on_a_page_of_its_own(organiser, trainee, client):
    client.force_login(organiser)
    assert reverse("accounts:reset", args=[trainee.pk]) in client.get(change_url(trainee)).content.decode()
    assert "你不能给这个人重置密码。" in client.get(change_url(organiser)).content.decode()


def test_nobody_else_adds_people_or_deletes_them(organiser, trainee, superuser, client):
    client.force_login(organiser)
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403
    client.force_login(superuser)
    assert client.get(reverse("admin:accounts_user_delete", args=[trainee.pk])).status_code == 403


def new_person(**more) -> dict:
    return {
        "name": "新来的",
        "phone": "138 1234 5678",
        "password": "guozi-2026-hao",
        "birth_month": "",
    } | more


def test_the_sites_owner_opens_an_account_by_number(superuser, client):
    client.force_login(superuser)
    assert client.post(reverse("admin:accounts_user_add"), new_person() | inline_rows()).status_code == 302
    person = User.objects.get(phone="+8613812345678")
    assert person.check_password("guozi-2026-hao")
    assert (person.is_active, person.password_change_due, person.is_staff) == (True, True, False)
    assert AuditEntry.objects.get(verb="person_added").detail == {"fields": ["name", "phone"]}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"phone": "010 8888 8888"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"name": "<script>"}, "name"),
        ({"password": "12345678"}, "password"),
        ({"password": "13812345678"}, "password"),
        ({"birth_month": "203001"}, "birth_month"),
    ],
)
def test_an_account_with_a_mistake_is_not_opened(facts, field, superuser, client):
    client.force_login(superuser)
    answer = client.post(reverse("admin:accounts_user_add"), new_person(**facts) | inline_rows())
    assert list(answer.context["adminform"].form.errors) == [field]


def test_a_taken_number_is_said_beside_its_field(superuser, trainee, client):
    client.force_login(superuser)
    facts = new_person(phone=str(trainee.phone).removeprefix("+86"))
    answer = client.post(reverse("admin:accounts_user_add"), facts | inline_rows())
    assert answer.context["adminform"].form.errors == {"phone": ["这个手机号已经有人用了。"]}


def test_the_sites_owner_does_not_lock_themselves_out(superuser, client):
    client.force_login(superuser)
    facts = {"name": "站长", "phone": str(superuser.phone), "birth_month": ""} | inline_rows()
    assert client.post(change_url(superuser), facts).status_code == 302
    superuser.refresh_from_db()
    assert (superuser.is_superuser, superuser.is_active) == (True, True)


def test_who_lost_the_second_factor_gets_it_taken_off(superuser, organiser, client):
    Authenticator.objects.create(user=organiser, type=Authenticator.Type.TOTP, data={"secret": "x"})
    facts = {"action": "remove_second_factor", "index": "0", "_selected_action": [organiser.pk]}
    client.force_login(organiser)
    client.post(reverse(LIST), facts)
    assert Authenticator.objects.count() == 1
    client.force_login(superuser)
    client.post(reverse(LIST), facts)
    assert Authenticator.objects.count() == 0
    assert AuditEntry.objects.get(verb="second_factor_removed").subject == f"user {organiser.pk}"


def test_the_table_holds_what_the_list_shows(organiser, trainee, seller, stranger, village, county, client):
    trainee.name = "=HYPERLINK(1)"
    trainee.save()
    client.force_login(organiser)
    facts = {"action": "export", "index": "0", "_selected_action": [trainee.pk, seller.pk, stranger.pk]}
    answer = client.post(reverse(LIST), facts)
    assert answer.streaming
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    day = timezone.localdate(trainee.joined_at)
    assert lines == [
        "姓名,手机号,身份,注册时间",
        f"周梅英,{str(seller.phone)[3:]},石榴冲村 卖家,{day}",
        f"'=HYPERLINK(1),{str(trainee.phone)[3:]},石榴冲村 学员,{day}",
    ]
    entry = AuditEntry.objects.get(verb="list_exported")
    assert (entry.actor, entry.place, entry.subject, entry.detail) == (
        organiser,
        county,
        "user",
        {"count": 2},
    )


@pytest.mark.parametrize("status", Membership.Status.values)
def test_people_belong_to_a_place_while_their_membership_is_asked_or_granted(status, village, county):
    person = make_person("李小暑")
    Membership.objects.create(user=person, place=village, role=Membership.Role.SELLER, status=status)
    found = User.objects.belonging_to(Place.objects.within(county))
    assert list(found) == ([person] if status in ("asked", "granted") else [])
