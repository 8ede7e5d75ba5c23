import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Membership, User
from tests.factories import make_person
from tests.pages import list_messages

Role, Status = Membership.Role, Membership.Status
LIST = "admin:accounts_membership_changelist"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def superuser(db) -> User:
    return make_person("站长", is_superuser=True)


@pytest.fixture
def asked(village) -> Membership:
    return Membership.objects.create(
        user=make_person("等同意的", is_active=False), place=village, role=Role.TRAINEE
    )


def act(client, action: str, *rows: Membership, **more):
    facts = {"action": action, "_selected_action": [row.pk for row in rows]}
    facts |= {} if "reason" in more else {"index": "0"}
    return client.post(reverse(LIST) + "?status=all", facts | more)


def step(client, name: str, row: Membership, **facts):
    return client.post(reverse(f"admin:accounts_membership_{name}", args=[row.pk]), facts)


def test_the_list_begins_with_what_waits(organiser, trainee, asked, client):
    client.force_login(organiser)
    assert list(client.get(reverse(LIST)).context["cl"].queryset) == [asked]
    assert client.get(reverse(LIST), {"q": "田巧云"}).context["cl"].queryset.get().user == trainee
    assert len(client.get(reverse(LIST) + "?status=all").context["cl"].queryset) == 3


def test_several_are_granted_at_once(organiser, village, asked, client):
    second = Membership.objects.create(user=make_person("又一个"), place=village, role=Role.SELLER)
    client.force_login(organiser)
    answer = act(client, "grant", asked, second)
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by, asked.user.is_active) == (Status.GRANTED, organiser, True)
    assert list_messages(answer) == ["同意了 2 个申请。"]


def test_one_is_granted_from_its_page(organiser, asked, client):
    client.force_login(organiser)
    page = client.get(reverse("admin:accounts_membership_change", args=[asked.pk]))
    assert [button["words"] for button in page.context["steps"]] == ["同意", "不同意"]
    answer = step(client, "grant", asked)
    assert answer.url == reverse("admin:accounts_membership_change", args=[asked.pk])
    asked.refresh_from_db()
    assert asked.status == Status.GRANTED
    assert [button["words"] for button in client.get(answer.url).context["steps"]] == ["取消身份"]


def test_declining_asks_why_first(organiser, asked, client):
    client.force_login(organiser)
    page = act(client, "decline", asked)
    assert (page.status_code, page.context["form"].errors) == (200, {})
    again = act(client, "decline", asked, reason="  ")
    assert again.context["form"].errors == {"reason": ["写一句为什么，对方才知道怎么改。"]}
    assert again.context["selected"] == [str(asked.pk)]
    asked.refresh_from_db()
    assert asked.status == Status.ASKED
    act(client, "decline", asked, reason="不住在这个村")
    asked.refresh_from_db()
    assert (asked.status, asked.note) == (Status.DECLINED, "不住在这个村")


def test_declining_one_from_its_page_asks_why_too(organiser, asked, client):
    client.force_login(organiser)
    assert step(client, "decline", asked).context["button"] == "不同意"
    assert step(client, "decline", asked, reason="重名了").status_code == 302
    asked.refresh_from_db()
    assert asked.note == "重名了"


def test_a_declined_one_can_still_be_granted(organiser, asked, client):
    client.force_login(organiser)
    step(client, "decline", asked, reason="不住在这个村")
    page = client.get(reverse("admin:accounts_membership_change", args=[asked.pk]))
    assert [(button["words"], button["look"]) for button in page.context["steps"]] == [("同意", "main")]
    assert list_messages(step(client, "grant", asked))[-1] == f"{asked}：已经有人决定过了。"
    assert list_messages(step(client, "grant_after_all", asked))[-1] == "同意了 1 个申请。"
    asked.refresh_from_db()
    assert (asked.status, asked.note, asked.decided_by, asked.user.is_active) == (
        Status.GRANTED,
        "",
        organiser,
        True,
    )
    assert list_messages(step(client, "grant_after_all", asked))[-1] == f"{asked}：已经有人决定过了。"


def test_a_role_is_ended(organiser, trainee, client):
    membership = trainee.memberships.get()
    client.force_login(organiser)
    step(client, "end", membership)
    membership.refresh_from_db()
    assert (membership.status, membership.decided_by) == (Status.ENDED, organiser)


def test_what_is_decided_stays_decided(organiser, trainee, client):
    client.force_login(organiser)
    membership = trainee.memberships.get()
    assert list_messages(step(client, "grant", membership)) == [f"{membership}：已经有人决定过了。"]


def test_nobody_decides_about_themselves(organiser, county, client):
    own = Membership.objects.create(user=organiser, place=county, role=Role.TRAINER)
    client.force_login(organiser)
    assert list_messages(act(client, "grant", own)) == [f"{own}：自己的身份要由别人决定。"]
    own.refresh_from_db()
    assert own.status == Status.ASKED
    assert client.get(reverse("admin:accounts_membership_change", args=[own.pk])).context["steps"] == []


@pytest.mark.parametrize("name", ["grant", "decline", "end", "grant_after_all"])
def test_steps_reach_no_other_county_and_take_a_post(name, organiser, trainer, asked, stranger, client):
    theirs = stranger.memberships.first()
    client.force_login(organiser)
    assert step(client, name, theirs).status_code == 404
    assert client.get(reverse(f"admin:accounts_membership_{name}", args=[asked.pk])).status_code == 405
    client.force_login(trainer)
    assert step(client, name, asked).status_code == 404
    client.force_login(asked.user)
    assert step(client, name, asked).status_code == 302
    asked.refresh_from_db()
    assert asked.status == Status.ASKED


def test_the_sites_owner_gives_a_role_unasked(superuser, organiser, trainee, county, client):
    url = reverse("admin:accounts_membership_add")
    facts = {"user": trainee.pk, "role": "organiser", "place": county.pk, "note": ""}
    client.force_login(organiser)
    assert client.post(url, facts).status_code == 403
    client.force_login(superuser)
    assert client.post(url, facts).status_code == 302
    given = Membership.objects.get(user=trainee, role=Role.ORGANISER)
    assert (given.status, given.decided_by) == (Status.GRANTED, superuser)
    assert AuditEntry.objects.filter(verb="membership_granted", actor=superuser).count() == 1


@pytest.mark.parametrize("status", [Status.ENDED, Status.DECLINED])
def test_a_role_that_ended_is_given_again(status, superuser, trainer, county, client):
    held = trainer.memberships.get()
    Membership.objects.update(status=status, decided_by=trainer, note="走了")
    client.force_login(superuser)
    facts = {"user": trainer.pk, "role": "trainer", "place": county.pk, "note": "回来了"}
    assert client.post(reverse("admin:accounts_membership_add"), facts).status_code == 302
    again = trainer.memberships.get()
    assert (again.pk, again.status, again.decided_by, again.note) == (
        held.pk,
        Status.GRANTED,
        superuser,
        "回来了",
    )
    answer = client.post(reverse("admin:accounts_membership_add"), facts)
    assert answer.status_code == 200
    assert trainer.memberships.count() == 1


def test_villagers_roles_are_given_in_a_village(superuser, trainee, county, client):
    client.force_login(superuser)
    facts = {"user": trainee.pk, "role": "seller", "place": county.pk, "note": ""}
    answer = client.post(reverse("admin:accounts_membership_add"), facts)
    assert answer.context["adminform"].form.errors == {"place": ["学员、卖家和带教师傅要选到村。"]}


def test_saving_the_page_of_a_role_changes_nothing(organiser, asked, client):
    client.force_login(organiser)
    url = reverse("admin:accounts_membership_change", args=[asked.pk])
    client.post(url, {"role": "organiser", "status": "granted"})
    asked.refresh_from_db()
    assert (asked.role, asked.status) == (Role.TRAINEE, Status.ASKED)
