"""Recordings of a class that are still on phones, as its trainer sees them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from media.models import Upload
from progress.permissions import can_see_class
from rehearsals.submissions.dashboard import list_on_phones
from tests.factories import make_cohort
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission


@pytest.fixture
def plan(learner, course):
    return make_plan(learner, make_drill(course))


def test_class_board_shows_what_has_not_come(as_user, trainer, learner, cohort, plan):
    make_rehearsal(learner, plan, cohort=cohort)
    coming = make_rehearsal(learner, plan, here=False, cohort=cohort, on_phone_bytes=3_400_000)
    make_submission(learner, coming)
    make_rehearsal(learner, plan, here=False, cohort=cohort, dropped_at=timezone.now())
    make_rehearsal(learner, plan, here=False)
    assert [one.rehearsal for one in list_on_phones(cohort)] == [coming.pk]
    text = as_user(trainer).get(reverse("progress:class", args=[cohort.pk])).content.decode()
    assert "还在手机里，没收到" in text
    assert "3.4 MB" in text
    Upload.objects.update(state="whole", size=1000, offset=1000)
    assert list_on_phones(cohort) == []
    assert (
        "还在手机里，没收到"
        not in as_user(trainer).get(reverse("progress:class", args=[cohort.pk])).content.decode()
    )


def test_another_class_shows_none_of_it(as_user, trainer, learner, cohort, course, village, plan):
    make_rehearsal(learner, plan, here=False, cohort=cohort)
    other = make_cohort(course, village, trainer)
    assert can_see_class(trainer, other)
    assert list_on_phones(other) == []
