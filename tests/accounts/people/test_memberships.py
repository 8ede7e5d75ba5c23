import pytest

from accounts import permissions
from accounts.models import AuditEntry, Membership, User
from accounts.people import memberships
from tests.factories import make_person

Role, Status = Membership.Role, Membership.Status


def trail() -> list[tuple]:
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "verb", "subject", "place", "detail"))


@pytest.fixture
def newcomer(village) -> User:
    """Signed up without a code: inactive, one role asked for."""
    person = make_person("新来的", is_active=False)
    memberships.ask_for_role(person, Role.TRAINEE, village)
    return person


def test_ask_waits_for_an_answer(trainee, village):
    membership = memberships.ask_for_role(trainee, Role.SELLER, village, "我家有十亩橙子")
    assert (membership.status, membership.note, membership.decided_by) == (
        Status.ASKED,
        "我家有十亩橙子",
        None,
    )
    assert trail() == [
        (trainee.pk, "membership_asked", f"membership {membership.pk}", village.pk, {"role": "seller"})
    ]
    assert trainee.asked_to_join() == [membership]


def test_asking_twice_is_asking_once(trainee, village):
    assert memberships.ask_for_role(trainee, Role.SELLER, village) == memberships.ask_for_role(
        trainee, Role.SELLER, village
    )
    assert len(trail()) == 1


def test_asking_for_what_one_has_changes_nothing(trainee, village):
    assert memberships.ask_for_role(trainee, Role.TRAINEE, village).status == Status.GRANTED
    assert trail() == []


def test_asking_again_after_a_no_keeps_its_day(trainee, organiser, village):
    membership = memberships.ask_for_role(trainee, Role.SELLER, village)
    memberships.decline_role(organiser, membership, "先把课学完")
    again = memberships.ask_for_role(trainee, Role.SELLER, village, "学完了")
    assert (again.pk, again.status, again.note) == (membership.pk, Status.ASKED, "学完了")
    assert (again.decided_at, again.decided_by) == (membership.decided_at, organiser)


def test_grant_lets_a_waiting_person_in(newcomer, organiser, village):
    membership = newcomer.memberships.get()
    memberships.grant_role(organiser, membership)
    newcomer.refresh_from_db()
    assert newcomer.is_active
    assert [(held.role, held.place) for held in newcomer.granted] == [(Role.TRAINEE, village)]
    assert trail()[-1] == (
        organiser.pk,
        "membership_granted",
        f"membership {membership.pk}",
        village.pk,
        {"role": "trainee"},
    )


def test_grant_does_not_switch_on_who_was_switched_off(organiser, village):
    person = make_person("停用的", is_active=False, last_login="2026-11-01T08:00:00+08:00")
    memberships.grant_role(organiser, memberships.ask_for_role(person, Role.SELLER, village))
    person.refresh_from_db()
    assert not person.is_active


def test_decline_keeps_the_reason(newcomer, organiser):
    membership = newcomer.memberships.get()
    memberships.decline_role(organiser, membership, "不是本村人")
    membership.refresh_from_db()
    newcomer.refresh_from_db()
    assert (membership.status, membership.note, membership.decided_by) == (
        Status.DECLINED,
        "不是本村人",
        organiser,
    )
    assert not newcomer.is_active


def test_the_first_decision_stands(newcomer, organiser, county):
    other = make_person("另一位", (Role.ORGANISER, county))
    first, second = newcomer.memberships.get(), newcomer.memberships.get()
    memberships.grant_role(organiser, first)
    with pytest.raises(memberships.AlreadyDecided):
        memberships.decline_role(other, second, "慢了一步")
    first.refresh_from_db()
    assert (first.status, first.decided_by) == (Status.GRANTED, organiser)


def test_end_ends_once(trainee, organiser):
    membership = trainee.memberships.get()
    memberships.end_role(organiser, membership)
    memberships.end_role(organiser, membership)
    assert membership.status == Status.ENDED
    assert [row[1] for row in trail()] == ["membership_ended"]
    assert User.objects.get(pk=trainee.pk).granted == []


def test_a_join_code_grants_at_once(village):
    person = make_person("扫码的")
    assert person.granted == []
    memberships.grant_role_by_code(person, village)
    memberships.grant_role_by_code(person, village)
    assert [(held.role, held.place) for held in person.granted] == [(Role.TRAINEE, village)]
    assert [row[:2] + row[4:] for row in trail()] == [
        (None, "membership_granted", {"role": "trainee", "by": "join_code"})
    ]


def test_a_join_code_grants_what_was_still_asked(newcomer, village):
    assert memberships.grant_role_by_code(newcomer, village).status == Status.GRANTED
    assert newcomer.memberships.count() == 1


@pytest.mark.parametrize("over", ["ended", "declined"])
def test_a_join_code_does_not_bring_back_what_is_over(over, newcomer, organiser, village):
    """Neither at once nor by asking again: only an organiser's yes does."""
    membership = newcomer.memberships.get()
    if over == "ended":
        memberships.end_role(organiser, membership)
    else:
        memberships.decline_role(organiser, membership, "不是本村人")
    with pytest.raises(memberships.NoLonger) as refusal:
        memberships.grant_role_by_code(newcomer, village)
    assert refusal.value.membership.status == over
    memberships.ask_for_role(newcomer, Role.TRAINEE, village)
    with pytest.raises(memberships.NoLonger):
        memberships.grant_role_by_code(newcomer, village)
    memberships.grant_role(organiser, membership)
    assert memberships.grant_role_by_code(newcomer, village).status == Status.GRANTED


def test_who_may_decide_agrees_with_the_list(
    trainee, trainer, seller, organiser, stranger, village, other_village
):
    memberships.ask_for_role(trainee, Role.SELLER, village)
    memberships.ask_for_role(stranger, Role.SELLER, village)
    memberships.ask_for_role(organiser, Role.SELLER, village)
    for person in (trainee, trainer, seller, organiser, stranger):
        listed = set(Membership.objects.manageable_by(person).exclude(user=person))
        assert listed == {row for row in Membership.objects.all() if permissions.can_decide(person, row)}
    assert Membership.objects.asked().manageable_by(organiser).exclude(user=organiser).count() == 2
