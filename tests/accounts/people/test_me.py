import pytest

from accounts import consents
from accounts.models import AuditEntry, Consent, Membership, User
from accounts.people import memberships
from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.factories import PASSWORD, make_person
from ui.models import Stamp

Role, Status = Membership.Role, Membership.Status


def page_of(client, person) -> str:
    client.force_login(person)
    return client.get("/me/").content.decode()


def test_it_works(client, trainee, settings):
    consents.give(trainee, Consent.Kind.PRIVACY)
    page = page_of(client, trainee)
    number = str(trainee.phone)[3:]
    assert f"{number[:3]} {number[3:7]} {number[7:]}" in page
    assert "<b>学员</b>·石榴冲村" in page
    assert 'action="/accounts/logout/"' in page
    assert "隐私说明改过了" not in page
    assert "进后台" not in page


@pytest.mark.long
def test_staff_find_their_way(client, trainer, organiser, trainee, village):
    memberships.ask_for_role(trainee, Role.SELLER, village)
    page = page_of(client, trainer)
    assert ('href="/admin/"' in page, 'href="/me/people/"' in page, 'href="/me/requests/"' in page) == (
        True,
        True,
        False,
    )
    page = page_of(client, organiser)
    assert 'href="/me/requests/"' in page
    assert "1 个身份申请等同意" in page


def test_an_english_page_marks_chinese_names(client, trainee):
    client.force_login(trainee)
    page = client.get("/me/", headers={"Accept-Language": "en"}).content.decode()
    assert '<span lang="zh-Hans">田巧云</span>' in page


def test_the_name_can_be_changed(client, trainee):
    client.force_login(trainee)
    assert client.post("/me/name/", {"name": " 阿依古丽•买买提 "})["Location"] == "/me/"
    trainee.refresh_from_db()
    assert trainee.name == "阿依古丽·买买提"


def test_a_bad_name_is_told_and_stays(client, trainee):
    client.force_login(trainee)
    response = client.post("/me/name/", {"name": "字" * 200})
    assert errors_of(response) == {"name": ["最多 40 个字，多了 160 个"]}
    assert response.context["form"]["name"].value() == "字" * 200
    trainee.refresh_from_db()
    assert trainee.name == "田巧云"


def test_a_role_is_asked_for(client, trainee, village):
    client.force_login(trainee)
    response = client.post(
        "/me/roles/", {"role": "seller", "village": village.pk, "note": "学完了"}, follow=True
    )
    assert "申请交上去了，等管理员同意。" in response.content.decode()
    asked = trainee.memberships.get(role=Role.SELLER)
    assert (asked.place, asked.status, asked.note) == (village, Status.ASKED, "学完了")


def test_the_role_one_came_for_is_chosen_already(client, trainee):
    client.force_login(trainee)
    assert client.get("/me/roles/?role=seller").context["form"]["role"].value() == "seller"
    assert (
        '<a class="btn btn--main" href="/me/roles/?role=seller">申请做卖家'
        in client.get("/me/shop/").content.decode()
    )
    html = client.get("/me/roles/?role=organiser").content.decode()
    assert (html.count('type="radio"'), html.count(" checked")) == (3, 0)


def test_a_role_one_has_is_told(client, trainee, village):
    client.force_login(trainee)
    response = client.post("/me/roles/", {"role": "trainee", "village": village.pk}, follow=True)
    assert "这个身份你已经有了。" in response.content.decode()


@pytest.mark.parametrize("role", ["trainer", "organiser", "emperor", ""])
def test_staff_roles_cannot_be_asked_for(client, trainee, village, role):
    client.force_login(trainee)
    response = client.post("/me/roles/", {"role": role, "village": village.pk})
    assert list(errors_of(response)) == ["role"]
    assert trainee.memberships.count() == 1


def test_a_role_in_a_county_cannot_be_asked_for(client, trainee, county):
    client.force_login(trainee)
    response = client.post("/me/roles/", {"role": "seller", "village": county.pk})
    assert errors_of(response) == {"village": ["没有这个村，重新选一下。"]}


def test_a_declined_role_shows_why(client, trainee, organiser, village):
    memberships.decline_role(organiser, memberships.ask_for_role(trainee, Role.SELLER, village), "先把课学完")
    client.force_login(trainee)
    assert "管理员说：先把课学完" in client.get("/me/roles/").content.decode()


def test_a_role_is_ended_after_a_question(client, trainee):
    own = trainee.memberships.get()
    client.force_login(trainee)
    assert "不再做石榴冲村的学员？" in client.get(f"/me/roles/{own.pk}/end/").content.decode()
    client.post(f"/me/roles/{own.pk}/end/")
    own.refresh_from_db()
    assert own.status == Status.ENDED


def test_a_request_is_taken_back(client, trainee, village):
    asked = memberships.ask_for_role(trainee, Role.SELLER, village)
    client.force_login(trainee)
    assert "收回做石榴冲村的卖家的申请？" in client.get(f"/me/roles/{asked.pk}/end/").content.decode()
    client.post(f"/me/roles/{asked.pk}/end/")
    asked.refresh_from_db()
    assert asked.status == Status.ENDED


def test_the_role_of_another_is_not_there(client, trainee, seller):
    client.force_login(trainee)
    other = seller.memberships.get()
    assert client.get(f"/me/roles/{other.pk}/end/").status_code == 404
    assert client.post(f"/me/roles/{other.pk}/end/").status_code == 404
    other.refresh_from_db()
    assert other.status == Status.GRANTED


@pytest.mark.long
def test_the_page_costs_the_same_for_one_role_and_for_many(
    client, organiser, county, django_assert_num_queries
):
    consents.give(organiser, Consent.Kind.PUBLIC_STORY)
    client.force_login(organiser)
    with django_assert_num_queries(35):
        client.get("/me/")
    # Ten more for the steps of somebody with a role in a village.
    roles = [
        (place, role) for place in county.children.get().children.all() for role in Membership.VILLAGE_ROLES
    ]
    for few in (roles[:1], roles[1:]):
        for place, role in few:
            Membership.objects.create(user=organiser, place=place, role=role, status=Status.GRANTED)
        with django_assert_num_queries(45):
            client.get("/me/")


@pytest.mark.long
def test_a_new_notice_is_shown_once(client, trainee, settings):
    settings.PRIVACY_VERSION = "2026-11-24"
    consents.give(trainee, Consent.Kind.PRIVACY)
    settings.PRIVACY_VERSION = "2027-01-01"
    assert "隐私说明改过了" in page_of(client, trainee)
    assert client.post("/me/privacy/agree/")["Location"] == "/me/"
    assert "隐私说明改过了" not in page_of(client, trainee)
    trainee.refresh_from_db()
    assert trainee.privacy_version == "2027-01-01"
    kept = list(trainee.consents.order_by("pk").values_list("version", "withdrawn_at"))
    assert kept == [("2026-11-24", None), ("2027-01-01", None)]


def test_agreeing_twice_is_one_row(trainee):
    assert consents.give(trainee, "public_story") == consents.give(trainee, "public_story")
    assert trainee.consents.count() == 1


def test_a_consent_is_taken_back_in_one_tap(client, trainee, settings):
    consents.give(trainee, Consent.Kind.PUBLIC_CONTACT)
    before = Stamp.objects.get(name="shops").number
    page = page_of(client, trainee)
    assert '<input type="hidden" name="kind" value="public_contact">' in page
    client.post("/me/privacy/withdraw/", {"kind": "public_contact"})
    assert not consents.is_given(trainee, Consent.Kind.PUBLIC_CONTACT)
    assert trainee.consents.get().withdrawn_at is not None
    assert Stamp.objects.get(name="shops").number == before + 1
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", "detail"))
    assert verbs == [
        ("consent_given", {"kind": "public_contact", "version": settings.PRIVACY_VERSION}),
        ("consent_withdrawn", {"kind": "public_contact"}),
    ]


def test_withdrawing_what_is_no_consent_is_not_there(client, trainee):
    client.force_login(trainee)
    assert client.post("/me/privacy/withdraw/", {"kind": "nonsense"}).status_code == 404
    assert client.post("/me/privacy/withdraw/", {"kind": "privacy"})["Location"] == "/me/close/"


@pytest.mark.long
def test_closing_asks_for_the_password(client, trainee):
    with_password(trainee)
    client.force_login(trainee)
    assert "<h1>真的要注销？</h1>" in client.get("/me/close/").content.decode()
    assert errors_of(client.post("/me/close/", {"password": "wrong"})) == {"password": ["密码不对。"]}
    trainee.refresh_from_db()
    assert trainee.is_active


@pytest.mark.long
def test_closing_ends_everything_public(client, trainee, village):
    with_password(trainee)
    consents.give(trainee, Consent.Kind.PUBLIC_STORY)
    memberships.ask_for_role(trainee, Role.SELLER, village)
    client.force_login(trainee)
    assert client.post("/me/close/", {"password": PASSWORD})["Location"] == "/"
    assert not is_signed_in(client, trainee)
    closed = User.objects.get(pk=trainee.pk)
    assert closed.is_active is False
    assert set(closed.memberships.values_list("role", "status")) == {
        ("trainee", Status.ENDED),
        ("seller", Status.ENDED),
    }
    assert not consents.find_active_consents(closed).exists()
    last = AuditEntry.objects.first()
    assert (last.actor, last.verb, last.subject) == (closed, "account_closed", f"user {closed.pk}")
    assert errors_of(sign_in(client, trainee)) == {"password": ["手机号或密码不对。"]}


@pytest.mark.long
def test_the_last_key_to_the_house_is_not_thrown_away(client, db):
    boss = make_person("系统管理员", is_superuser=True)
    client.force_login(boss)
    assert client.get("/me/close/").status_code == 404
    assert "注销账号" not in client.get("/me/").content.decode()
