"""The impact of the training, a follow-up and a story, on a phone and a desktop, in both languages."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Consent
from programme.models import FollowUp, Step, Story, StoryConsent, StoryFact
from tests.programme.outcomes.worlds import make_world

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def world(db, no_second_factor):
    return make_world()


@pytest.mark.long
def test_the_figures_fit_a_phone_and_open_to_their_rows(page, world, sign_in, look):
    sign_in(world.organiser)
    period = "?from=2026-09&to=2026-11"
    look(f"/classes/impact/{period}", ("¥13,200.00", "¥13,200.00"))
    look(f"/classes/impact/rows/{period}&figure=sales&month=2026-10", ("一共 5 条", "5 rows in all"))
    look("/impact/", ("怎么数的", "How it is counted"))


@pytest.mark.long
def test_a_follow_up_and_a_story_fit_a_phone(page, world, sign_in, look):
    person, today = world.people["a1"], timezone.localdate()
    row = FollowUp.objects.get(user=person, days=30)
    FollowUp.objects.filter(pk=row.pk).update(due_on=today)
    now = timezone.now()
    story = Story.objects.create(
        person=person,
        place=world.villages[0],
        title="第一场直播",
        text="播了一个钟头。",
        asked_at=now,
        confirmed_at=now,
    )
    StoryFact.objects.create(
        story=story, on=today, text="学完了课", step=Step.objects.get(user=person, step="seller")
    )
    until = today + datetime.timedelta(days=30)
    StoryConsent.objects.create(story=story, use=StoryConsent.Use.PUBLIC, until=until)
    Consent.objects.create(user=person, kind=Consent.Kind.PUBLIC_STORY, version="1")
    later = FollowUp.objects.get(user=person, days=90)
    FollowUp.objects.filter(pk=later.pk).update(due_on=today)
    look(f"/follow-ups/{later.token}/", ("现在卖得怎么样", "How sales go now"))
    look(f"/stories/{story.pk}/", ("有依据的事", "Facts with evidence"))
    sign_in(person)
    look(f"/me/follow-ups/{row.pk}/", ("后来又答过", "answered again later"))
    look(f"/me/stories/{story.pk}/", ("同意用在哪儿", "Where it may be used"))
