"""Who plans and who reads a live, by permission of one and by list."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from live import permissions
from live.models import GuardianConsent, Livestream
from media.models import Document
from tests.factories import add_helpers, make_cohort, make_course, make_person
from tests.lives import make_live


@pytest.fixture
def everybody(village, county, other_village, seller, trainee, trainer, organiser, stranger, shop):
    helper = make_person("帮手", (Membership.Role.SELLER, village))
    add_helpers(shop, helper)
    mentor = make_person("师傅", (Membership.Role.MENTOR, village))
    return [seller, trainee, trainer, organiser, stranger, helper, mentor]


@pytest.fixture
def lives(everybody, shop, trainee, village, stranger, other_village):
    mentor = everybody[-1]
    return [
        make_live(everybody[0], shop=shop, kind="real", mentor=mentor),
        make_live(trainee, village),
        make_live(stranger, other_village),
        make_live(everybody[0], shop=shop, removed_at=timezone.now()),
    ]


def test_rules_and_lists_agree(everybody, lives):
    standing = lives[:3]
    for person in everybody:
        mine = set(Livestream.objects.of(person))
        seen = set(Livestream.objects.visible_to(person))
        assert mine == {live for live in standing if permissions.can_run(person, live)}, person
        assert seen == {live for live in standing if permissions.can_see(person, live)}, person


def test_who_plans_what(everybody, lives):
    seller, trainee, trainer, organiser, stranger, helper, mentor = everybody
    runs = {person.name: [permissions.can_run(person, live) for live in lives[:3]] for person in everybody}
    assert runs == {
        "周梅英": [True, False, False],
        "田巧云": [False, True, False],
        "李老师": [False, False, False],
        "向满姑": [False, False, False],
        "罗金花": [False, False, True],
        "帮手": [True, False, False],
        "师傅": [True, False, False],
    }


def test_a_trainer_sees_those_of_the_own_class_wherever_they_live(stranger, other_village, county, trainer):
    from progress.enrolment.services import enrol

    live = make_live(stranger, other_village)
    assert not permissions.can_see(trainer, live)
    course = make_course(county)
    enrol(stranger, course, make_cohort(course, other_village, trainer))
    assert permissions.can_see(trainer, live)
    assert list(Livestream.objects.visible_to(trainer)) == [live]


def test_a_guardians_paper_is_for_few(everybody, lives):
    seller, _trainee, trainer, organiser, stranger, helper, _mentor = everybody
    paper = Document.objects.create(owner=helper, sha256="0", width=3, height=4)
    row = GuardianConsent.objects.create(
        user=seller, guardian="父", relation="父亲", file=paper, given_on=timezone.localdate(), made_by=helper
    )
    may = [person.name for person in everybody if permissions.can_see_consent(person, row, lives[0])]
    assert may == ["周梅英", "向满姑", "帮手"]
    assert not permissions.can_see_consent(seller, row, lives[1])
    assert (trainer, stranger) == (everybody[2], everybody[4])
