"""A graduate is invited, accepts on the phone, opens a small class, and is a mentor no longer when that ends."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership, Notice
from accounts.people import memberships
from accounts.worklist import items
from courses.models import Cohort
from programme import permissions
from programme.exceptions import NotInvited
from programme.ladder import next_act
from programme.mentoring import invitations
from programme.models import MentorInvitation, Teaching
from programme.notices import read_notice
from progress.enrolment import join_codes
from progress.permissions import can_guide_class
from tests import rules
from tests.factories import make_person
from tests.pages import squeeze
from tests.programme.evidence import graduate, make_programme

Role, Status = Membership.Role, MentorInvitation.Status


@pytest.fixture
def cohort(village, trainer):
    return make_programme(village, trainer)


@pytest.fixture
def song(village, cohort, trainer):
    """A graduate of the village."""
    person = make_person("宋春桃", (Role.TRAINEE, village))
    graduate(person, cohort, trainer)
    return person


@pytest.fixture
def invitation(trainer, song, village, cohort):
    return invitations.invite(trainer, song, village, cohort.course, "先带三五个")


@pytest.fixture
def small(invitation):
    """Her class, which takes people from today on."""
    invitations.accept(invitation)
    today = timezone.localdate()
    return invitations.open_class(invitation, "春桃带的班", today, today + datetime.timedelta(days=30))


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def list_notices(person):
    return [
        read_notice(one)[0]
        for one in Notice.objects.filter(phone=person.phone).order_by("pk")
        if read_notice(one)
    ]


def test_only_a_graduate_is_invited(trainer, trainee, village, cohort, song):
    with pytest.raises(NotInvited) as refusal:
        invitations.invite(trainer, trainee, village, cohort.course)
    assert refusal.value.sentence == "他还没结业。结业了再请他带教。"
    made = invitations.invite(trainer, song, village, cohort.course)
    assert invitations.invite(trainer, song, village, cohort.course) == made  # a second tap
    assert (made.status, made.invited_by, MentorInvitation.objects.count()) == ("asked", trainer, 1)
    assert not song.memberships.filter(role=Role.MENTOR).exists()


@pytest.mark.long
def test_a_trainer_invites_from_the_ladder_and_the_graduate_accepts_on_the_phone(
    as_user, trainer, song, village, cohort
):
    client = as_user(trainer)
    url = reverse("programme:mentor_invite", args=[song.pk])
    assert url in client.get(reverse("programme:ladder_of", args=[song.pk])).content.decode()
    page = client.get(url)
    assert page.context["form"].initial["course"] == cohort.course_id
    bad = client.post(url, {"place": village.pk, "course": "", "note": "先带三五个"})
    assert "先带三五个" in bad.content.decode()
    client.post(url, {"place": village.pk, "course": cohort.course_id, "note": "先带三五个"})
    found = MentorInvitation.objects.get()
    assert "石榴冲村" in list_notices(song)[-1]
    act = next_act.find_next_act(song, "mentor")
    assert (act.sentence, act.url) == ("有人请你带教，去答复。", reverse("programme:mentoring"))
    phone = as_user(song)
    home = squeeze(phone.get(reverse("programme:mentoring")).content.decode())
    assert "先带三五个" in home
    assert "有人请你带教，点开答复" in phone.get(reverse("accounts:me")).content.decode()
    phone.post(reverse("programme:mentor_answer", args=[found.pk]), {"do": "accept"})
    phone.post(reverse("programme:mentor_answer", args=[found.pk]), {"do": "decline"})  # too late
    found.refresh_from_db()
    held = song.memberships.get(role=Role.MENTOR)
    assert (found.status, held.status, held.place, held.decided_by) == (
        "accepted",
        "granted",
        village,
        trainer,
    )
    assert list_notices(trainer) == ["你请的带教师傅答复了，去看看。"]
    assert [verb for verb in verbs() if verb.startswith("mentor")] == ["mentor_invited", "mentor_accepted"]


@pytest.mark.long
def test_who_was_invited_or_mentors_is_not_offered_again(as_user, trainer, song, village, cohort):
    client, url = as_user(trainer), reverse("programme:ladder_of", args=[song.pk])

    def offers() -> tuple[bool, bool]:
        page = client.get(url).text
        return "请他带教</a>" in page, "看带教师傅</a>" in page

    assert offers() == (True, False)
    invitation = invitations.invite(trainer, song, village, cohort.course)
    assert offers() == (False, True)
    invitations.accept(invitation)
    assert offers() == (False, True)
    invitations.withdraw(trainer, invitation)
    assert offers() == (True, False)


def test_who_is_invited_and_who_invites_read_what_becomes_of_it(trainer, song, village, cohort):
    course = cohort.course.title
    asked = f"请你在石榴冲村带“{course}”，点开答复。"
    first = invitations.invite(trainer, song, village, cohort.course)
    invitations.decline(first)
    assert not invitations.accept(first)
    second = invitations.invite(trainer, song, village, cohort.course)
    invitations.withdraw(trainer, second, "人手够了")
    assert not invitations.decline(second)
    told = [read_notice(one) for one in Notice.objects.filter(phone=song.phone, template__contains="mentor")]
    assert sorted(told) == sorted(
        [(asked, "/me/mentoring/")] * 2
        + [("请你在石榴冲村带教的邀请收回了，点开看为什么。", "/me/mentoring/")]
    )
    answered = read_notice(Notice.objects.get(phone=trainer.phone, template="mentor_answered"))
    assert answered == ("你请的带教师傅答复了，去看看。", reverse("programme:mentor_list"))
    assert read_notice(Notice(template="order_paid", params={})) is None


@pytest.mark.long
def test_an_invitation_waits_on_the_person_s_page_until_it_is_answered(as_user, invitation, song):
    client = as_user(song)
    [wait] = [one for one in items.list_items(song) if one.kind == "mentor_invitation"]
    assert wait.sentence == f"请你在石榴冲村带“{invitation.course.title}”，等你答复"
    assert (wait.note, wait.url, wait.tab) == ("李老师请的", reverse("programme:mentoring"), "me")
    assert wait.sentence in client.get(reverse("accounts:me")).text
    invitations.accept(invitation)
    assert [one.kind for one in items.list_items(song) if one.tab == "me"] == ["role_granted"]


def test_declined_leaves_no_role(as_user, invitation, song, trainer, village, cohort):
    as_user(song).post(reverse("programme:mentor_answer", args=[invitation.pk]), {"do": "decline"})
    invitation.refresh_from_db()
    assert invitation.status == Status.DECLINED
    assert not song.memberships.filter(role=Role.MENTOR).exists()
    assert invitations.invite(trainer, song, village, cohort.course) != invitation  # asked again later


@pytest.mark.long
def test_a_mentor_opens_one_class_at_a_time(as_user, invitation, song, settings):
    settings.MENTOR_CLASS_PEOPLE = 3
    invitations.accept(invitation)
    client, today = as_user(song), timezone.localdate()
    url = reverse("programme:mentor_open", args=[invitation.pk])
    form = {"name": "春桃带的班", "starts_on": f"{today}", "ends_on": f"{today - datetime.timedelta(days=1)}"}
    wrong = client.post(url, form)
    assert "结业不能早于开班。" in wrong.content.decode()
    assert "春桃带的班" in wrong.content.decode()
    answer = client.post(url, form | {"ends_on": f"{today + datetime.timedelta(days=40)}"})
    made = Cohort.objects.get(mentor=song)
    assert answer["Location"] == reverse("progress:class", args=[made.pk])
    assert (made.place, made.course, made.most_people) == (invitation.place, invitation.course, 3)
    assert can_guide_class(song, made)
    again = client.post(url, form | {"ends_on": f"{today + datetime.timedelta(days=40)}"})
    assert "还没结业，一次只带一个班。" in again.content.decode()
    home = squeeze(client.get(reverse("programme:mentoring")).content.decode())
    assert "0 人，最多收 3 人。" in home


@pytest.mark.long
@pytest.mark.both_databases
def test_joining_records_who_taught_whom_and_stops_when_the_class_is_full(small, song, village, as_user):
    Cohort.objects.filter(pk=small.pk).update(most_people=1)
    first, second = (make_person(name, (Role.TRAINEE, village)) for name in ("石小妹", "田二妹"))
    join_codes.redeem(first, small.join_code)
    join_codes.redeem(first, small.join_code)  # sent twice
    row = Teaching.objects.get(teacher=song, pupil=first)
    assert (row.cohort, row.since, row.made_by) == (small, timezone.localdate(), None)
    client = as_user(second)
    page = squeeze(client.get(reverse("progress:join"), {"code": small.join_code}).content.decode())
    assert "宋春桃是本村的带教师傅" in page
    full = client.post(reverse("progress:join"), {"code": small.join_code}, follow=True)
    assert "这个班满了" in full.content.decode()
    assert not second.enrolments.exists()
    Cohort.objects.filter(pk=small.pk).update(most_people=2)
    client.post(reverse("progress:join"), {"code": small.join_code})
    assert second.enrolments.get().cohort == small


@pytest.mark.long
def test_who_taught_the_mentor_is_not_taken_as_a_pupil(small, song, village, as_user):
    teacher, grand = (make_person(name, (Role.TRAINEE, village)) for name in ("老师傅", "师祖"))
    for one, other in ((grand, teacher), (teacher, song)):
        Teaching.objects.create(teacher=one, pupil=other, since=timezone.localdate())
    for person in (grand, teacher, song):
        answer = as_user(person).post(reverse("progress:join"), {"code": small.join_code}, follow=True)
        assert "这样记就成了一圈：徒弟反过来是师傅的师傅。" in answer.content.decode()
    assert not small.enrolments.exists()


@pytest.mark.long
def test_a_withdrawn_invitation_ends_the_role_at_once_and_leaves_the_class(
    as_user, small, song, trainer, invitation
):
    client = as_user(trainer)
    url = reverse("programme:mentor_withdraw", args=[invitation.pk])
    assert "写一句为什么收回。" in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": "搬去县城了"})
    client.post(url, {"reason": "又点了一下"})
    invitation.refresh_from_db()
    small.refresh_from_db()
    ended = (invitation.status, invitation.ended_by, invitation.why_ended)
    assert ended == ("withdrawn", trainer, "搬去县城了")
    assert song.memberships.get(role=Role.MENTOR).status == Membership.Status.ENDED
    assert small.mentor is None
    phone = as_user(song)
    assert phone.get(reverse("progress:class", args=[small.pk])).status_code == 404
    assert "搬去县城了" in phone.get(reverse("programme:mentoring")).content.decode()
    assert as_user(trainer).get(reverse("progress:class", args=[small.pk])).status_code == 200


def test_an_ended_role_ends_the_invitation_and_only_an_organiser_invites_again(
    small, song, organiser, trainer, village, invitation
):
    memberships.end_role(organiser, song.memberships.get(role=Role.MENTOR))
    invitation.refresh_from_db()
    assert invitation.status == Status.WITHDRAWN
    assert not Cohort.objects.filter(mentor=song).exists()
    with pytest.raises(NotInvited, match="找管理员来请"):
        invitations.invite(trainer, song, village, invitation.course)
    again = invitations.invite(organiser, song, village, invitation.course)
    assert invitations.accept(again)
    assert song.memberships.get(role=Role.MENTOR).status == Membership.Status.GRANTED


def test_a_mentor_gives_it_up(as_user, small, song, invitation, trainer, village):
    as_user(song).post(reverse("programme:mentor_give_up", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert (invitation.status, invitation.ended_by) == ("withdrawn", song)
    assert invitations.invite(trainer, song, village, invitation.course).status == Status.ASKED


def test_lists_and_rules_of_invitations_agree(
    invitation, song, trainer, organiser, stranger, seller, village
):
    foreign = MentorInvitation.objects.create(
        person=make_person("外县的"), place=stranger.granted[0].place, course=invitation.course
    )
    for person in (song, trainer, organiser, stranger, seller):
        rows = [invitation, foreign]
        managed = {row for row in rows if permissions.can_manage_invitation(person, row)}
        assert managed == set(MentorInvitation.objects.manageable_by(person)), person
        seen = {row for row in rows if rules.can_see_invitation(person, row)}
        assert seen == set(MentorInvitation.objects.visible_to(person)), person


@pytest.mark.long
@pytest.mark.parametrize("n", [1, 10])
def test_the_mentor_s_page_takes_the_same_queries(
    n, small, song, village, as_user, django_assert_num_queries
):
    for number in range(n):
        join_codes.redeem(make_person(f"徒弟{number}", (Role.TRAINEE, village)), small.join_code)
    client = as_user(song)
    with django_assert_num_queries(18):
        page = client.get(reverse("programme:mentoring"))
    assert len(page.context["pupils"]) == n
