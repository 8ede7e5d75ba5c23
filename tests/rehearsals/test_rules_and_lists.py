"""Rehearsals and reviews: lists agree with the permissions of one row, for everybody in the cast."""

import pytest
from django.contrib import admin
from django.utils import timezone

from courses.models import Cohort
from media.models import Upload
from progress import permissions
from rehearsals import permissions as rehearsal_permissions
from rehearsals.models import Rehearsal, Review, Submission, Take
from rehearsals.submissions import dashboard
from tests.factories import make_cohort, make_person
from tests.reviews import make_plan, make_review, make_submission


@pytest.fixture
def cast(trainee, trainer, seller, organiser, stranger):
    return [trainee, trainer, seller, organiser, stranger, make_person("系统", is_superuser=True)]


@pytest.fixture
def far(course, other_village) -> Cohort:
    return make_cohort(course, other_village, name="外县班")


def rehearsed(user, cohort, **fields) -> Rehearsal:
    plan = make_plan(user, fields.pop("planned_in", None) or cohort)
    rehearsal = Rehearsal.objects.create(user=user, livestream=plan, cohort=cohort, **fields)
    upload = Upload.objects.create(owner=user, expires_at="2999-01-01T00:00Z")
    Take.objects.create(rehearsal=rehearsal, number=1, upload=upload)
    return rehearsal


def test_rehearsals_are_their_owners_and_of_who_leads_the_class(cast, cohort, far):
    trainee, trainer, seller = cast[:3]
    rows = [
        rehearsed(trainee, cohort),
        rehearsed(seller, cohort),
        rehearsed(make_person("外县学员"), far),
        rehearsed(trainee, None, planned_in=cohort),
        rehearsed(trainer, cohort, dropped_at=timezone.now()),
    ]
    seen = []
    for person in cast:
        visible = set(Rehearsal.objects.visible_to(person))
        by_rule = {
            row
            for row in rows
            if row.user == person
            or (row.cohort is not None and permissions.can_lead_class(person, row.cohort))
        }
        assert visible == by_rule, person
        led = [one for one in (cohort, far) if permissions.can_lead_class(person, one)]
        shown = {recording.rehearsal for one in led for recording in dashboard.list_on_phones(one)}
        shown |= {row.pk for row in dashboard.find_rehearsals(person)}
        assert shown == {row.pk for row in visible if row.dropped_at is None}, person
        seen.append([rows.index(row) for row in sorted(visible, key=lambda row: row.pk)])
    assert seen == [[0, 3], [0, 1, 4], [1], [0, 1, 4], [2], [0, 1, 2, 4]]


@pytest.mark.long
def test_reviews_listed_in_the_admin_are_those_that_the_rule_lets_read(cast, cohort, far):
    trainee, trainer, seller, organiser, stranger, boss = cast
    plain, blind, double = (make_submission(trainee, cohort) for _n in range(3))
    Submission.objects.filter(pk__in=(blind.pk, double.pk)).update(needs_second=True)
    rows = [
        make_review(trainer, plain),
        make_review(organiser, make_submission(trainee, cohort), signed=False),
        make_review(trainer, blind),
        make_review(trainer, double),
        make_review(organiser, double, kind=Review.Kind.SECOND),
        make_review(stranger, make_submission(make_person("外县学员"), far)),
        make_review(seller, plain, kind=Review.Kind.PEER, signed_at=timezone.now()),
        make_review(organiser, make_submission(trainer, cohort)),
    ]
    page, seen = admin.site.get_model_admin(Review), []
    for person in cast:
        listed = set(page.rows(person))
        by_rule = {
            row
            for row in Review.objects.signed()
            if rehearsal_permissions.can_review(person, row.submission)
            and rehearsal_permissions.can_read_review(person, row)
        }
        assert listed == (by_rule if person.works_in_the_admin else set()), person
        seen.append([rows.index(row) for row in sorted(listed, key=lambda row: row.pk)])
    assert seen == [[], [0, 2, 3, 4, 6], [], [0, 3, 4, 6, 7], [5], [0, 3, 4, 5, 6, 7]]
