"""Each step by evidence that was worked out by hand."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Clearance, Membership
from live.models import Frozen, Livestream
from programme.certificates import issuance
from programme.ladder import evidence, steps
from programme.ladder.lineage import record_classes, record_teaching
from programme.models import StepRule, StepRules
from rehearsals.models import Review
from shops.ledger import entries
from tests.factories import make_person
from tests.programme.evidence import (
    at,
    certify,
    earn,
    enrol,
    find_reached,
    finish_lessons,
    graduate,
    make_programme,
    open_shop,
    pass_examination,
    pass_rehearsal,
    receive_order,
    run_live,
)
from tests.shops.orders.seller_side import order_at

LATER = "2027-06-01 00:00"


@pytest.fixture
def cohort(village, trainer):
    return make_programme(village, trainer)


@pytest.fixture
def stall(seller, village):
    """The seller's shop and its product."""
    return open_shop(seller, village)


def test_learner_is_enrolled_and_has_done_a_first_lesson(trainee, cohort):
    enrol(trainee, cohort)
    assert find_reached(trainee, LATER) == {}
    finish_lessons(trainee, cohort.course, "2026-09-03 20:00", "2026-09-02 06:30")
    assert find_reached(trainee, LATER) == {"learner": ("2026-09-02 06:30", "lesson")}


def test_lesson_of_a_course_that_one_is_not_enrolled_in_makes_no_learner(trainee, cohort):
    finish_lessons(trainee, cohort.course, "2026-09-03 20:00")
    assert find_reached(trainee, LATER) == {}


@pytest.mark.long
def test_graduate_holds_a_certificate_and_nothing_else_makes_one(trainee, trainer, cohort):
    enrol(trainee, cohort)
    finish_lessons(trainee, cohort.course, "2026-09-02 20:00", "2026-09-09 20:00")
    pass_examination(trainee, cohort.course, "2026-09-12 20:00")
    pass_rehearsal(trainee, cohort, trainer, "2026-09-20 21:00")
    assert list(find_reached(trainee, LATER)) == ["learner"]
    made = certify(trainee, cohort, "2026-09-22 09:00")
    assert find_reached(trainee, LATER)["graduate"] == ("2026-09-22 09:00", "certificate")
    trainee.lessons_done.all().delete()
    Clearance.objects.filter(user=trainee).update(withdrawn_at=at("2026-11-01 09:00"))
    assert list(find_reached(trainee, LATER)) == ["graduate"]
    issuance.revoke_certificate(trainer, made, "发错了人")
    assert find_reached(trainee, LATER) == {}


@pytest.mark.both_databases
def test_reissued_certificate_keeps_the_day_of_the_first(trainee, trainer, cohort):
    first = certify(trainee, cohort, "2026-09-22 09:00")
    second = issuance.reissue_certificate(trainer, first, "田巧芸", "错了一个字")
    third = issuance.reissue_certificate(trainer, second, "田巧云", "原来没错")
    found = evidence.find_graduates([trainee.pk, trainer.pk])
    assert {person: (one.at, one.id, one.facts) for person, one in found.items()} == {
        trainee.pk: (at("2026-09-22 09:00"), first.pk, {"certificate": third.pk, "serial": third.serial})
    }
    issuance.revoke_certificate(trainer, third, "不该发")
    assert evidence.find_graduates([trainee.pk]) == {}


def test_earliest_of_two_valid_certificates_counts(trainee, trainer, village, cohort):
    certify(trainee, make_programme(village, trainer), "2026-10-02 09:00")
    first = certify(trainee, cohort, "2026-09-22 09:00")
    assert evidence.find_graduates([trainee.pk])[trainee.pk].id == first.pk


@pytest.mark.both_databases
def test_rehearsal_passes_by_the_rubric_that_it_was_handed_in_with(trainee, trainer, cohort):
    review = pass_rehearsal(trainee, cohort, trainer, "2026-09-20 20:00", total=72)
    submission = review.submission
    submission.rubric_content = submission.rubric_content | {"pass_points": 73}
    submission.save()
    assert evidence.find_passed_rehearsals([trainee.pk]) == {}
    submission.rubric_content = submission.rubric_content | {"pass_points": 72}
    submission.save()
    assert evidence.find_passed_rehearsals([trainee.pk])[trainee.pk].id == review.pk


def test_classmates_and_drafts_pass_no_rehearsal(trainee, trainer, cohort):
    review = pass_rehearsal(trainee, cohort, trainer, "2026-09-20 21:00")
    assert evidence.find_passed_rehearsals([trainee.pk])[trainee.pk].id == review.pk
    Review.objects.filter(pk=review.pk).update(kind=Review.Kind.PEER)
    assert evidence.find_passed_rehearsals([trainee.pk]) == {}
    Review.objects.filter(pk=review.pk).update(kind=Review.Kind.FIRST, signed_at=None)
    assert evidence.find_passed_rehearsals([trainee.pk]) == {}


@pytest.mark.long
def test_streamer_passed_a_rehearsal_and_ran_a_real_live_session(seller, trainer, cohort, stall):
    live = run_live(*stall, "2026-09-25 19:30", minutes=10)
    assert find_reached(seller, LATER) == {}
    pass_rehearsal(seller, cohort, trainer, "2026-09-20 21:00")
    assert find_reached(seller, LATER) == {"streamer": ("2026-09-25 19:40", "live")}
    Livestream.objects.filter(pk=live.pk).update(ended_at=at("2026-09-25 19:39"))
    assert find_reached(seller, LATER) == {}  # shorter than ten minutes: begun by mistake
    Livestream.objects.filter(pk=live.pk).update(ended_at=None)
    assert find_reached(seller, "2026-09-26 07:29") == {}
    assert find_reached(seller, "2026-09-26 07:30") == {"streamer": ("2026-09-26 07:30", "live")}
    Frozen.objects.all().delete()
    assert find_reached(seller, LATER) == {}  # no page as it was shown: no evidence


def test_rehearsal_passed_after_the_live_session_dates_the_step(seller, trainer, cohort, stall):
    run_live(*stall, "2026-09-10 19:30")
    pass_rehearsal(seller, cohort, trainer, "2026-09-20 21:00")
    assert find_reached(seller, LATER)["streamer"] == ("2026-09-20 21:00", "live")


@pytest.mark.long
def test_seller_had_a_first_order_received(seller, stall):
    shop, product = stall
    order_at("shipped", product)
    assert find_reached(seller, LATER) == {}
    receive_order(product, "2026-10-09 10:00")
    receive_order(product, "2026-10-03 10:00")
    assert find_reached(seller, LATER) == {"seller": ("2026-10-03 10:00", "order")}


@pytest.mark.long
def test_live_sale_settles_on_the_minute_after_seven_days(seller, stall):
    run_live(*stall, "2026-10-01 19:00", minutes=60, units=3)
    assert find_reached(seller, "2026-10-08 19:59") == {}
    assert find_reached(seller, "2026-10-08 20:00") == {"seller": ("2026-10-08 20:00", "sales")}


def test_live_session_that_sold_nothing_settles_nothing(seller, stall):
    run_live(*stall, "2026-10-01 19:00")
    assert find_reached(seller, LATER) == {}


def test_earner_is_judged_when_the_month_is_over_in_shanghai(seller, stall):
    earn(stall[0], "2026-09-30", 500_000)
    assert find_reached(seller, "2026-09-30 23:59") == {}
    assert at("2026-10-01 00:00").astimezone(datetime.UTC).isoformat() == "2026-09-30T16:00:00+00:00"
    assert find_reached(seller, "2026-10-01 00:00") == {"earner": ("2026-10-01 00:00", "month")}


def test_month_before_and_after_count_apart(seller, stall):
    earn(stall[0], "2026-09-30", 300_000)
    earn(stall[0], "2026-10-01", 300_000)
    assert find_reached(seller, LATER) == {}


def test_costs_of_the_month_and_all_shops_count(seller, stall, county):
    other, _product = open_shop(seller, county.children.get().children.get(name="柑子坪村"))
    earn(stall[0], "2026-10-02", 400_000)
    earn(other, "2026-10-20", 200_000)
    cost = earn(stall[0], "2026-10-25", -100_001)
    assert find_reached(seller, LATER) == {}
    # A correction after the month closed is an entry of the same day.
    entries.correct(cost, seller, uuid.uuid4(), "多记了", None)
    assert find_reached(seller, LATER) == {"earner": ("2026-11-01 00:00", "month")}


@pytest.mark.long
def test_mentor_taught_somebody_who_sold_after_that(seller, trainer, stall):
    receive_order(stall[1], "2026-10-03 10:00")
    late = record_teaching(trainer, seller, datetime.date(2026, 10, 4))
    assert find_reached(trainer, LATER) == {}
    late.since = datetime.date(2026, 10, 3)
    late.save()
    assert find_reached(trainer, LATER) == {"mentor": ("2026-10-03 10:00", "teaching")}


@pytest.mark.long
def test_who_sold_before_they_learnt_has_the_sellers_step_alone(seller, stall, cohort):
    receive_order(stall[1], "2026-08-03 10:00")
    enrol(seller, cohort)
    finish_lessons(seller, cohort.course, "2026-09-03 20:00")
    assert list(find_reached(seller, LATER)) == ["learner", "seller"]


@pytest.mark.long
def test_a_step_keeps_the_rule_of_its_day(seller, stall):
    StepRule.objects.create(valid_from=datetime.date(2026, 10, 1), target_fen=800_000)
    earn(stall[0], "2026-09-10", 600_000)
    earn(stall[0], "2026-10-10", 700_000)
    [(_name, one)] = steps.compute_steps([seller.pk], at(LATER))[seller.pk].items()
    assert (one.id, one.facts, one.rule_id) == (202609, {"net_fen": 600_000, "target_fen": 500_000}, None)
    earn(stall[0], "2026-09-11", -100_001)
    assert find_reached(seller, LATER) == {}
    earn(stall[0], "2026-10-31", 100_000)
    [(_name, one)] = steps.compute_steps([seller.pk], at(LATER))[seller.pk].items()
    assert (one.id, one.facts["target_fen"], one.rule_id) == (202610, 800_000, StepRule.objects.get().pk)


def test_rules_hold_from_their_day_to_the_day_before_the_next():
    first, second = (StepRule(valid_from=datetime.date(2026, month, 1)) for month in (3, 9))
    rules = StepRules([second, first])
    assert rules.find(datetime.date(2026, 2, 28)).target_fen == 500_000
    assert [rules.find(datetime.date(2026, month, day)) for month, day in ((3, 1), (8, 31), (9, 1))] == [
        first,
        first,
        second,
    ]
    assert (rules.find_end(first), rules.find_end(second)) == (datetime.date(2026, 8, 31), None)


@pytest.mark.long
def test_many_people_cost_no_more_queries_than_one(trainee, trainer, cohort, village, seller, stall):
    graduate(trainee, cohort, trainer)
    graduate(seller, cohort, trainer)
    receive_order(stall[1], "2026-10-03 10:00")
    run_live(*stall, "2026-10-01 19:00", units=3)
    record_classes()
    people = [make_person(f"学员{n}", (Membership.Role.TRAINEE, village)) for n in range(5)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        steps.compute_steps([seller.pk, trainer.pk])
    for person in people:
        graduate(person, cohort, trainer)
    with CaptureQueriesContext(connection) as many:
        steps.compute_steps([one.pk for one in [seller, trainer, trainee, *people]])
    assert (len(one), len(many)) == (16, 16)
