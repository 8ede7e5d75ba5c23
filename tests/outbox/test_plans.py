"""0 facts lost and 0 doubled over seeded interruptions, some five in a plan; `PLANS=5000` plays more plans (make prove)."""

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbox.models import Event
from progress.models import Enrolment, LessonDone, Watch
from tests.factories import make_person
from tests.outbox.phone import event, played
from tests.outbox.plans import plan
from tests.outbox.player import Story
from tests.progress.lessons.test_plans import read_through

pytestmark = pytest.mark.both_databases

PLANS = int(os.environ.get("PLANS", 50))
PARTS = 4


def story(seed: int, cohort, lessons, guarded: bool = True) -> Story:
    person = make_person(f"学员{seed}")
    long_ago = timezone.now() - timedelta(days=20)
    Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort, enrolled_at=long_ago)
    return Story(plan(seed), person, lessons, guarded).play()


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_and_nothing_doubled(cohort, lessons, part):
    for seed in range(part, PLANS, PARTS):
        told = story(seed, cohort, lessons)
        wrong = told.lost() + told.doubled()
        assert not wrong, f"seed {seed}: {wrong}\n{told.plan.to_json()}"
    assert LessonDone.objects.count() > PLANS / PARTS
    assert Watch.objects.count() > PLANS / PARTS


def test_without_the_ids_things_are_doubled(cohort, lessons):
    """The control: the same stories with ids that mean nothing."""
    stories = [story(seed, cohort, lessons, guarded=False) for seed in range(12)]
    assert sum(bool(told.doubled()) for told in stories) > 4


def test_stories_hold_what_they_are_for():
    """Every fate, both clocks, two phones, leaving and a new version are among them."""
    told = [plan(seed) for seed in range(PLANS)]
    steps = [step for one in told for step in one.steps]
    assert {step.get("fate") for step in steps} - {None} == {
        "arrives", "cut", "unheard", "twice", "late", "shuffled", "crash",
    }  # fmt: skip
    assert {step["do"] for step in steps} == {
        "done", "watch", "ask", "wait", "clock", "send", "leave", "return", "version",
    }  # fmt: skip
    off = {step["seconds"] for step in steps if step["do"] == "clock"}
    assert {-172_800, 0, 172_800} < off
    assert {one.phones for one in told} == {1, 2}
    assert plan(7) == plan(7) != plan(8)


def test_receiving_goes_by_index(phone, lessons):
    since = timezone.now() - timedelta(hours=5)
    batch = [
        event("done", lesson=lessons[0].pk),
        played(lessons[0].pk, 0, 60, since),
        event("ask", lesson=lessons[0].pk, text="问"),
    ]
    with CaptureQueriesContext(connection) as queries:
        phone.send(*batch)
        phone.send(*batch)
    assert Event.objects.count() == 3
    assert read_through(queries) == []
