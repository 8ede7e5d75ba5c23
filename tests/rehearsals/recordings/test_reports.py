"""What a phone reports of rehearsals by its outbox: created once, only added to, never another person's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from media.models import Upload
from rehearsals.models import Rehearsal, Take
from tests.factories import make_person, make_shop
from tests.outbox.phone import Phone, event
from tests.rehearsals.worlds import make_body, make_drill, make_plan, make_rehearsal, take_event

ITEM, LATER = {"kind": "item", "item": 1, "at_ms": 0}, {"kind": "answered", "comment": 2, "at_ms": 9000}


@pytest.fixture
def drill(course):
    return make_drill(course)


@pytest.fixture
def plan(learner, drill):
    return make_plan(learner, drill)


@pytest.fixture
def phone(client, learner) -> Phone:
    client.force_login(learner)
    return Phone(client, learner)


def test_rehearsal_is_made_once_with_the_limits_and_class_of_the_day(phone, plan, drill, cohort, learner):
    key = uuid4()
    begun = timezone.now() - timedelta(minutes=4)
    body = make_body(plan, key, quality="clear", begun=begun.isoformat(), on_phone=1_500_000)
    assert phone.send(event("rehearsal", **body), event("rehearsal", **body)) == [("applied", "")] * 2
    row = Rehearsal.objects.get()
    facts = (row.key, row.user, row.livestream, row.drill, row.cohort, row.quality, row.happened_at)
    assert facts == (key, learner, plan, drill, cohort, "clear", begun)
    assert (row.most_seconds, row.on_phone_bytes, row.dropped_at) == (300, 1_500_000, None)


def test_take_alone_brings_its_rehearsal_along(phone, plan):
    rehearsal, take = uuid4(), uuid4()
    assert phone.send(take_event(plan, rehearsal, take, marks=[ITEM])) == [("applied", "")]
    row = Take.objects.get()
    facts = (row.key, row.rehearsal.key, row.number, row.marks, row.lasted_ms, row.is_left_out)
    assert facts == (take, rehearsal, 1, [ITEM], 20_000, False)


def test_facts_about_a_take_only_grow_whatever_comes_last(phone, plan):
    rehearsal, take = uuid4(), uuid4()
    phone.send(take_event(plan, rehearsal, take, marks=[LATER, ITEM], lasted_ms=20_000, left_out=True))
    phone.send(take_event(plan, rehearsal, take, marks=[ITEM], lasted_ms=None, left_out=False, number=7))
    row = Take.objects.get()
    assert (row.number, row.marks, row.lasted_ms, row.is_left_out) == (1, [ITEM, LATER], 20_000, True)


def test_two_phones_number_their_takes_apart(phone, plan):
    rehearsal = uuid4()
    phone.send(take_event(plan, rehearsal, number=1), take_event(plan, rehearsal, number=1))
    assert sorted(Take.objects.values_list("number", flat=True)) == [1, 2]


def test_older_word_on_what_is_left_does_not_overwrite_a_newer_one(phone, plan):
    key, now = uuid4(), timezone.now()
    newer = event("rehearsal", at=now - timedelta(minutes=1), **make_body(plan, key, on_phone=0))
    older = event("rehearsal", at=now - timedelta(minutes=9), **make_body(plan, key, on_phone=900_000))
    phone.send(newer)
    phone.send(older)
    assert Rehearsal.objects.get().on_phone_bytes == 0


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1)])
def test_clock_an_hour_off_changes_no_length_and_puts_nothing_into_the_future(phone, plan, off):
    before = timezone.now()
    said = (before + off).isoformat()
    phone.send(take_event(plan, uuid4(), take_begun=said, begun=said, lasted_ms=21_000))
    row = Take.objects.get()
    assert row.lasted_ms == 21_000
    if off > timedelta():
        assert before <= row.happened_at <= timezone.now()
    else:
        assert row.happened_at == before + off


@pytest.mark.parametrize(
    "change",
    [
        {"rehearsal": "x"},
        {"live": "1"},
        {"live": -1},
        {"live": 2**70},
        {"take": None},
        {"number": 0},
        {"number": "1"},
    ],
)
def test_what_cannot_be_read_is_rejected(phone, plan, change):
    assert phone.send(take_event(plan, uuid4()) | {"body": take_event(plan, uuid4())["body"] | change}) == [
        ("aside", "broken")
    ]
    assert Take.objects.count() == 0


def test_plan_of_another_or_of_a_real_live_is_rejected(phone, learner, drill, village):
    other = make_plan(make_person("黄小满", ("trainee", village)), drill)
    real = make_plan(learner, drill, kind="real", shop=make_shop(learner, village))
    assert phone.send(take_event(other, uuid4())) == [("aside", "no_plan")]
    assert phone.send(take_event(real, uuid4())) == [("aside", "no_plan")]
    assert Rehearsal.objects.count() == 0


def test_plan_that_was_taken_away_meanwhile_still_counts_for_what_was_recorded(phone, plan):
    plan.removed_at = timezone.now()
    plan.save()
    assert phone.send(take_event(plan, uuid4())) == [("applied", "")]


def test_id_of_somebody_elses_rehearsal_or_take_is_rejected(phone, plan, drill, village):
    other = make_person("黄小满", ("trainee", village))
    theirs = make_rehearsal(other, make_plan(other, drill))
    assert phone.send(take_event(plan, theirs.key)) == [("aside", "anothers")]
    assert phone.send(take_event(plan, uuid4(), theirs.takes.get().key)) == [("aside", "anothers")]
    assert theirs.takes.get().rehearsal.user == other


def test_dropped_rehearsal_leaves_nothing_on_the_disk(phone, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    phone.send(event("rehearsal", **make_body(plan, rehearsal.key, dropped=True)))
    rehearsal.refresh_from_db()
    assert rehearsal.dropped_at is not None
    assert Upload.objects.get().state == "gone"
