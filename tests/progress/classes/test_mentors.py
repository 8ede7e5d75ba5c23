"""A mentor does the daily work of the own class and nothing more; a mentor of another class is a neighbour like any other."""

import re

import pytest
from django.urls import reverse

from accounts.auth import password_reset
from accounts.models import Membership
from courses.models import Cohort
from progress import permissions, worklist
from progress.classes.board import find_classes
from progress.enrolment.services import enrol, leave_all_classes
from progress.models import Ask, Enrolment
from tests import rules
from tests.class_messages import make_ask
from tests.factories import make_cohort, make_person

Role = Membership.Role
# Pages of a class that only who leads it opens.
LEADERS = ("class_export", "class_gain", "class_aside", "class_certificates", "class_certificates_print")
GUIDES = ("class", "class_lessons", "class_poster", "class_qr", "class_announcements", "class_asks")


@pytest.fixture
def mentor(village):
    return make_person("滕玉兰", (Role.MENTOR, village))


@pytest.fixture
def pupil(village):
    return make_person("石小妹", (Role.TRAINEE, village))


@pytest.fixture
def small(course, village, mentor, pupil):
    """The mentor's class with one pupil."""
    cohort = make_cohort(course, village, name="玉兰带的班", mentor=mentor)
    enrol(pupil, course, cohort)
    return cohort


@pytest.fixture
def other(course, village, trainee):
    """Another mentor's class in the same village with somebody in it."""
    cohort = make_cohort(course, village, mentor=make_person("向大姐", (Role.MENTOR, village)))
    enrol(trainee, course, cohort)
    return cohort


def rights(user, cohort):
    return permissions.can_guide_class(user, cohort), permissions.can_lead_class(user, cohort)


def test_a_mentor_guides_the_own_class_and_leads_none(mentor, small, other, trainer, organiser, pupil):
    assert (rights(mentor, small), rights(mentor, other)) == ((True, False), (False, False))
    assert rights(trainer, small) == rights(organiser, small) == (True, True)
    assert rights(pupil, small) == (False, False)
    assert list(find_classes(mentor)) == list(Cohort.objects.guided_by(mentor)) == [small]
    assert not Cohort.objects.manageable_by(mentor).exists()
    assert not Cohort.objects.taught_by(mentor).exists()


def test_rules_and_querysets_agree_for_mentors(mentor, small, other, trainee, pupil, lessons):
    asks = [make_ask(pupil, small, lessons[0]), make_ask(trainee, other, lessons[0])]
    seen = {ask.pk for ask in asks if rules.can_see_ask(mentor, ask)}
    assert seen == set(Ask.objects.visible_to(mentor).values_list("pk", flat=True)) == {asks[0].pk}
    rows = Enrolment.objects.select_related("cohort__place")
    known = {row.pk for row in rows if rules.can_see_enrolment(mentor, row)}
    assert known == set(Enrolment.objects.visible_to(mentor).values_list("pk", flat=True))
    assert {row.user_id for row in rows if row.pk in known} == {pupil.pk}


@pytest.mark.long
@pytest.mark.parametrize("status", [Membership.Status.ENDED, Membership.Status.DECLINED])
def test_a_mentor_s_rights_end_with_the_role_and_the_class_stays(as_user, mentor, small, trainer, status):
    url = reverse("progress:class", args=[small.pk])
    assert as_user(mentor).get(url).status_code == 200
    mentor.memberships.update(status=status)
    assert as_user(mentor).get(url).status_code == 404
    assert not Cohort.objects.guided_by(mentor).exists()
    assert as_user(trainer).get(url).status_code == 200


def test_a_mentor_of_another_village_has_no_right_by_that_role(other_village, village, small, mentor):
    mentor.memberships.update(place=other_village)
    assert rights(mentor, small) == (False, False)


@pytest.mark.long
def test_a_mentor_opens_the_daily_pages_only(as_user, mentor, small, other, trainer):
    def statuses(person, cohort, names):
        client = as_user(person)
        urls = [
            reverse(f"{'programme' if 'certificates' in name else 'progress'}:{name}", args=[cohort.pk])
            for name in names
        ]
        posts = {"class_export"}
        return {
            name: (client.post if name in posts else client.get)(url).status_code
            for name, url in zip(names, urls, strict=True)
        }

    assert set(statuses(mentor, small, GUIDES).values()) == {200}
    assert set(statuses(mentor, small, LEADERS).values()) == {404}
    assert set(statuses(mentor, other, (*GUIDES, *LEADERS)).values()) == {404}
    assert set(statuses(trainer, small, LEADERS[:4]).values()) == {200}
    assert as_user(mentor).get("/admin/").status_code == 302


@pytest.mark.long
def test_a_mentor_s_board_links_only_what_opens(as_user, mentor, small):
    page = as_user(mentor).get(reverse("progress:class", args=[small.pk]))
    text = page.content.decode()
    assert page.context["waiting"] == []
    for name in ("progress:class_export", "progress:class_gain", "progress:class_aside"):
        assert reverse(name, args=[small.pk]) not in text
    assert reverse("programme:class_certificates", args=[small.pk]) not in text
    assert reverse("programme:sessions", args=[small.pk]) in text
    assert text.count("滕玉兰") == 1
    links = set(re.findall(rf'href="(/classes/{small.pk}/[^"#]*)"', text))
    assert reverse("progress:class_announcements", args=[small.pk]) in links
    assert {url: as_user(mentor).get(url).status_code for url in links} == dict.fromkeys(links, 200)
    assert "写课" not in as_user(mentor).get(reverse("progress:classes")).content.decode()


def test_a_mentor_sees_pupils_numbers_and_sets_no_passwords(as_user, mentor, small, other, pupil, trainee):
    own = as_user(mentor).get(reverse("progress:trainee", args=[small.pk, pupil.pk]))
    assert str(pupil.phone)[-8:] in own.content.decode().replace(" ", "")
    assert as_user(mentor).get(reverse("progress:trainee", args=[other.pk, trainee.pk])).status_code == 404
    assert not password_reset.can_reset(mentor, pupil)
    assert as_user(mentor).get(reverse("accounts:reset", args=[pupil.pk])).status_code == 404


def test_a_mentor_answers_and_announces_in_the_own_class(
    as_user, mentor, small, other, pupil, trainee, lessons
):
    client, ask, far = (
        as_user(mentor),
        make_ask(pupil, small, lessons[0]),
        make_ask(trainee, other, lessons[0]),
    )
    [waits, *_quiet] = list(worklist.teaching(mentor))
    assert (waits.kind, waits.count, waits.tab) == ("ask", 1, "me")
    client.post(reverse("progress:ask", args=[ask.pk]), {"text": "先擦镜头再拍"})
    assert ask.replies.get().author == mentor
    assert client.post(reverse("progress:ask", args=[far.pk]), {"text": "我也说一句"}).status_code == 404
    client.post(reverse("progress:class_announcements", args=[small.pk]), {"text": "明天晚上在我家练"})
    assert small.announcements.get().author == mentor
    assert (
        as_user(pupil).get(reverse("progress:announcements")).content.decode().count("明天晚上在我家练") == 1
    )
    assert list(worklist.teaching(trainee)) == []


def test_a_closed_account_is_no_mentor_any_more(mentor, small):
    leave_all_classes(mentor)
    small.refresh_from_db()
    assert small.mentor is None
