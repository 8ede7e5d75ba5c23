"""What is stored of the ladder agrees with the evidence, and is taken back with it."""

import copy
import datetime
import io
import os
import random
import uuid

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.models import AuditEntry, Notice
from live.models import LiveRefund
from live.on_air import sales
from programme.certificates import issuance
from programme.ladder import steps
from programme.ladder.lineage import (
    CycleRefused,
    record_classes,
    record_teaching,
    restore_teaching,
    withdraw_teaching,
)
from programme.ladder.page import list_losses
from programme.models import Step, StepRule, Teaching
from programme.notices import read_notice
from progress.enrolment import services as enrolment
from progress.lessons.completion import mark_done
from progress.models import Enrolment
from rehearsals.models import Review
from shops.ledger import entries
from shops.models import LedgerEntry, Order
from shops.orders import transitions
from tests.factories import make_cohort, make_person
from tests.programme.certificates.worlds import finish, make_certificate, make_class
from tests.programme.evidence import (
    at,
    certify,
    earn,
    enrol,
    finish_lessons,
    graduate,
    list_lessons,
    list_rows,
    make_programme,
    open_shop,
    pass_examination,
    pass_rehearsal,
    receive_order,
    run_live,
)
from tests.shops.orders.seller_side import order_at

LATER = at("2027-06-01 00:00")


@pytest.fixture
def cohort(village, trainer):
    return make_programme(village, trainer)


@pytest.fixture
def stall(seller, village):
    """The seller's shop and its product."""
    return open_shop(seller, village)


def refresh(*people) -> list[str]:
    return [one.step for one in steps.refresh_steps([person.pk for person in people], LATER)]


def test_rows_are_written_once_and_point_to_their_evidence(trainee, trainer, cohort):
    graduate(trainee, cohort, trainer)
    assert refresh(trainee) == ["graduate", "learner"]
    assert refresh(trainee) == []
    row = Step.objects.get(step="graduate")
    made = trainee.certificates.get()
    assert (row.reached_at, row.evidence_kind, row.evidence_id) == (
        at("2026-09-22 09:00"),
        "certificate",
        made.pk,
    )
    assert row.facts == {"certificate": made.pk, "serial": made.serial}
    assert (row.taken_back_at, row.why_taken_back) == (None, "")


@pytest.mark.both_databases
def test_a_step_is_valid_once_and_taken_back_for_a_reason(trainee, trainer, cohort):
    graduate(trainee, cohort, trainer)
    refresh(trainee)
    row = Step.objects.get(step="learner")
    for changes in ({"id": None}, {"taken_back_at": LATER}, {"why_taken_back": "exam"}):
        wrong = copy.copy(row)
        vars(wrong).update(changes)
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_graduate_is_taken_back_with_the_certificate_and_kept_by_its_successor(trainee, trainer, cohort):
    made = graduate(trainee, cohort, trainer)
    refresh(trainee)
    new = issuance.reissue_certificate(trainer, made, "田巧芸", "错了一个字")
    assert refresh(trainee) == ["graduate"]  # the number alone
    row = Step.objects.get(step="graduate")
    assert (row.evidence_id, row.facts["serial"], row.taken_back_at) == (made.pk, new.serial, None)
    issuance.revoke_certificate(trainer, new, "发错了人")
    assert refresh(trainee) == ["graduate"]
    assert [row[:2] for row in list_rows(trainee)] == [("graduate", "certificate"), ("learner", "")]
    assert refresh(trainee) == []
    assert [(one.step.step, one.sentence) for one in list_losses(trainee)] == [
        ("graduate", "结业证书作废了：发错了人")
    ]


def test_withdrawn_review_takes_the_streamer_back_but_not_the_graduate(seller, trainer, cohort, stall):
    graduate(seller, cohort, trainer)
    run_live(*stall, "2026-09-25 19:30")
    refresh(seller)
    Review.objects.update(signed_at=None)
    assert refresh(seller) == ["streamer"]
    assert ("streamer", "review") in [row[:2] for row in list_rows(seller)]


def test_steps_follow_a_certificate_as_soon_as_it_is_committed(
    trainee, trainer, village, django_capture_on_commit_callbacks
):
    cohort = make_class(trainer, village, trainee)
    finish(trainee, cohort, trainer)
    with django_capture_on_commit_callbacks(execute=True) as queued:
        [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
        assert not Step.objects.exists()
    assert len(queued) == 1
    assert [row[:2] for row in list_rows(trainee)] == [("graduate", ""), ("learner", "")]
    with django_capture_on_commit_callbacks(execute=True):
        issuance.revoke_certificate(trainer, made, "发错了人")
    assert [row[:2] for row in list_rows(trainee)] == [("graduate", "certificate"), ("learner", "")]


def test_reached_step_is_told_once_and_an_old_one_never(trainee, trainer, village):
    def list_notified() -> list[str]:
        rows = Notice.objects.filter(phone=trainee.phone, template="step_reached").order_by("pk")
        return [row.params["step"] for row in rows]

    cohort = make_class(trainer, village, trainee)
    mark_done(trainee, list_lessons(cohort.course)[0])
    old = make_certificate(trainee, cohort, issued_at=at("2026-09-22 09:00"))
    steps.refresh_steps([trainee.pk])
    assert list_notified() == ["learner"]
    issuance.revoke_certificate(trainer, old, "发错了人")
    steps.refresh_steps([trainee.pk])
    for _time in range(2):
        new = make_certificate(trainee, cohort)
        steps.refresh_steps([trainee.pk])
        assert list_notified() == ["learner", "graduate"]
        issuance.revoke_certificate(trainer, new, "发错了人")
        steps.refresh_steps([trainee.pk])
    notice = Notice.objects.get(template="step_reached", params__step="graduate")
    assert read_notice(notice) == ("你到了“结业”这一级，看看下一步。", "/me/ladder/")


def test_order_sent_back_gives_way_to_the_next_or_ends_the_step(seller, stall):
    first = receive_order(stall[1], "2026-10-03 10:00")
    second = receive_order(stall[1], "2026-10-09 10:00")
    refresh(seller)
    transitions.refund_all(first, seller, uuid.uuid4(), "坏了")
    assert refresh(seller) == ["seller"]
    assert list_rows(seller) == [
        ("seller", "order", f"order {first.pk}"),
        ("seller", "", f"order {second.pk}"),
    ]
    transitions.refund_all(second, seller, uuid.uuid4(), "坏了")
    refresh(seller)
    assert [row[1] for row in list_rows(seller)] == ["order", "order"]
    assert not Step.objects.valid().exists()


def test_part_of_the_money_back_leaves_the_step(seller, stall):
    order = receive_order(stall[1], "2026-10-03 10:00")
    refresh(seller)
    with transaction.atomic():
        transitions.refund(order, order.total_fen - 1, seller, uuid.uuid4())
    assert refresh(seller) == []


def test_live_sale_refunded_after_it_settled_is_taken_back(seller, stall):
    live = run_live(*stall, "2026-10-01 19:00", units=2)
    refresh(seller)
    assert list_rows(seller) == [("seller", "", f"sales {live.pk}")]
    sales.record_refund(live, 2990, seller, uuid.uuid4())
    assert refresh(seller) == ["seller"]  # the numbers alone
    assert Step.objects.get().facts == {"fen": 2990, "days": 7}
    sales.record_refund(live, 2990, seller, uuid.uuid4())
    assert refresh(seller) == ["seller"]
    assert [row[1] for row in list_rows(seller)] == ["sales"]
    assert LiveRefund.objects.count() == 2


def test_units_that_were_not_there_settle_with_their_settlement(seller, stall):
    live = run_live(stall[0], stall[1], "2026-10-01 19:00", units=2)
    live.livesales.update(oversold=2, from_quota=0, from_stock=0)
    assert refresh(seller) == []
    item = live.items.get()
    row = sales.settle_oversold(item, 2, "swapped", seller, uuid.uuid4())
    type(row).objects.update(received_at=at("2026-10-20 12:00"))
    refresh(seller)
    assert Step.objects.get().reached_at == at("2026-10-20 12:00")


def test_correction_after_the_month_closed_takes_the_earner_back(seller, stall):
    earn(stall[0], "2026-10-02", 480_000)
    extra = earn(stall[0], "2026-10-20", 20_000)
    refresh(seller)
    assert list_rows(seller) == [("earner", "", "month 202610")]
    entries.correct(extra, seller, uuid.uuid4(), "记错了")
    assert refresh(seller) == ["earner"]
    assert list_rows(seller) == [("earner", "ledger", "month 202610")]
    earn(stall[0], "2026-10-20", 20_000)
    refresh(seller)
    assert [row[1] for row in list_rows(seller)] == ["ledger", ""]


def test_earlier_evidence_replaces_the_later(trainee, cohort):
    enrol(trainee, cohort)
    [late] = finish_lessons(trainee, cohort.course, "2026-09-09 20:00")
    refresh(trainee)
    lesson = list_lessons(cohort.course)[1]
    early = trainee.lessons_done.create(lesson=lesson, happened_at=at("2026-09-02 20:00"))
    refresh(trainee)
    assert list_rows(trainee) == [
        ("learner", "earlier", f"lesson {late.pk}"),
        ("learner", "", f"lesson {early.pk}"),
    ]


def test_mentor_is_taken_back_with_the_pupils_sale_or_the_row(seller, trainer, organiser, stall):
    order = receive_order(stall[1], "2026-10-03 10:00")
    row = record_teaching(trainer, seller, datetime.date(2026, 9, 1))
    refresh(trainer)
    transitions.refund_all(order, seller, uuid.uuid4(), "坏了")
    refresh(trainer)
    assert list_rows(trainer) == [("mentor", "pupil", f"teaching {row.pk}")]
    receive_order(stall[1], "2026-10-09 10:00")
    refresh(trainer)
    withdraw_teaching(row, organiser, "不是他教的")
    refresh(trainer)
    assert [one[1] for one in list_rows(trainer)] == ["pupil", "teaching"]


# --- who taught whom ---


def test_cycle_is_refused_however_long(trainee, seller, trainer):
    day = datetime.date(2026, 9, 1)
    record_teaching(trainer, seller, day)
    record_teaching(seller, trainee, day)
    for teacher, pupil in ((trainee, trainer), (seller, trainer), (trainee, trainee)):
        with pytest.raises(CycleRefused):
            record_teaching(teacher, pupil, day)
    assert Teaching.objects.count() == 2


def test_withdrawn_row_closes_no_cycle_and_counts_again_when_recorded_again(seller, trainer, organiser):
    day = datetime.date(2026, 9, 1)
    row = record_teaching(trainer, seller, day)
    withdraw_teaching(row, organiser, "记反了")
    record_teaching(seller, trainer, day)
    with pytest.raises(CycleRefused):
        record_teaching(trainer, seller, day)
    withdraw_teaching(Teaching.objects.get(teacher=seller), organiser, "没记反")
    assert record_teaching(trainer, seller, day, organiser).pk == row.pk
    assert list(Teaching.objects.counting()) == [row]


def test_withdrawn_row_is_restored_unless_it_would_close_a_cycle(seller, trainer, organiser):
    day = datetime.date(2026, 9, 1)
    row = record_teaching(trainer, seller, day)
    withdraw_teaching(row, organiser, "记错了")
    restore_teaching(row, organiser)
    restore_teaching(row, organiser)
    assert list(Teaching.objects.counting().values_list("pk", "since", "why_withdrawn")) == [
        (row.pk, day, "")
    ]
    assert AuditEntry.objects.filter(verb="teaching_restored", actor=organiser).count() == 1
    withdraw_teaching(row, organiser, "记反了")
    record_teaching(seller, trainer, day)
    with pytest.raises(CycleRefused):
        restore_teaching(row, organiser)


def test_organiser_restores_a_row_by_its_button(
    seller, trainer, organiser, as_user, stall, django_capture_on_commit_callbacks
):
    row = record_teaching(trainer, seller, datetime.date(2026, 9, 1))
    receive_order(stall[1], "2026-10-03 10:00")
    client = as_user(organiser)
    url = reverse("admin:programme_teaching_change", args=[row.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url.removesuffix('change/')}withdraw/", {"reason": "记错了"})
    assert "mentor" not in [one[0] for one in list_rows(trainer)]
    assert "恢复" in client.get(url).text
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{url.removesuffix('change/')}restore/", follow=True).text
    assert "恢复了，又算数了。" in page
    assert ("mentor", "") in [one[:2] for one in list_rows(trainer)]


def test_class_is_recorded_once_and_never_closes_a_cycle(trainee, seller, trainer, cohort, village):
    enrol(trainee, cohort, "2026-08-01 08:00")
    enrol(seller, cohort, "2026-09-02 08:00")
    enrol(trainer, cohort)  # a trainer tries the course out
    second = make_cohort(cohort.course, village, seller)
    second.trainers.add(trainer)
    late = make_person("石小满")
    enrol(late, second)
    third = make_cohort(cohort.course, village, trainee)
    enrolment.enrol(
        seller, cohort.course, third
    )  # from now on in the class of somebody whom nobody here taught
    assert record_classes() == 4
    assert record_classes() == 0
    pairs = {
        (row.teacher.name, row.pupil.name): f"{row.since:%m-%d}"
        for row in Teaching.objects.select_related("teacher", "pupil")
    }
    assert pairs.keys() == {
        (trainer.name, trainee.name),
        (trainee.name, seller.name),
        (seller.name, late.name),
        (trainer.name, late.name),
    }
    assert pairs[trainer.name, trainee.name] == "08-20"  # the class began after the enrolment


# --- everybody ---


def run_command(**options) -> tuple[int, list[str]]:
    """Return the exit code of rebuild_steps and the lines it printed."""
    out = io.StringIO()
    try:
        call_command("rebuild_steps", stdout=out, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_command_checks_without_writing_then_writes(trainee, cohort):
    enrol(trainee, cohort)
    [done] = finish_lessons(trainee, cohort.course, "2026-09-02 20:00")
    line = f"user {trainee.pk} learner: stored -, evidence lesson {done.pk} 2026-09-02T12:00:00+00:00"
    assert run_command(check=True) == (1, [line, "1 differences"])
    assert not Step.objects.exists()
    assert run_command() == (0, [line, "1 differences"])
    assert run_command(check=True) == (0, ["0 differences"])
    Step.objects.update(reached_at=at("2026-09-01 20:00"))
    assert run_command(check=True)[0] == 1


SEEDS, MOVES = range(int(os.environ.get("LADDERS", 1))), 45


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_sequence_of_real_services_a_count_leaves_no_difference(seed, village, trainer):
    """The rows that were kept up move by move are those that a rebuild of an empty table writes."""
    dice, cohort = random.Random(seed), make_programme(village, trainer)
    people = [make_person(f"学员{n}") for n in range(3)]
    stalls = {person.pk: open_shop(person, village) for person in people}

    def learn(person):
        enrolment.enrol(person, cohort.course, cohort)
        Enrolment.objects.update(enrolled_at=at("2026-09-01 08:00"))
        mark_done(person, dice.choice(list_lessons(cohort.course)))

    def examine(person):
        if person.enrolments.exists() and not person.attempts.exists():
            pass_examination(person, cohort.course, "2026-09-12 20:00")

    def certify_or_revoke(person):
        held = person.certificates.valid().first()
        if held is None:
            certify(person, cohort, f"2026-10-{dice.randint(1, 28):02d} 09:00")
        elif dice.random() < 0.5:
            issuance.revoke_certificate(trainer, held, "发错了人")
        else:
            issuance.reissue_certificate(trainer, held, "新名字", "改名")

    def rehearse(person):
        pass_rehearsal(person, cohort, trainer, "2026-09-20 21:00", dice.choice([55, 75]))

    def unsign(person):
        Review.objects.filter(pk__in=Review.objects.filter(submission__user=person)[:1]).update(
            signed_at=None
        )

    def stream(person):
        run_live(
            *stalls[person.pk],
            f"2026-10-{dice.randint(1, 28):02d} 19:00",
            dice.choice([5, 60]),
            dice.choice([0, 1]),
        )

    def sell(person):
        receive_order(stalls[person.pk][1], f"2026-10-{dice.randint(1, 28):02d} 10:00")

    def send(person):
        order_at(dice.choice(["paid", "shipped"]), stalls[person.pk][1])

    def send_back(person):
        order = Order.objects.filter(shop__owner=person, status="received").first()
        if order:
            transitions.refund_all(order, person, uuid.uuid4(), "坏了")

    def book(person):
        earn(
            stalls[person.pk][0],
            f"2026-{dice.choice([9, 10])}-15".replace("-9-", "-09-"),
            dice.choice([-90_000, 400_000]),
        )

    def put_right(person):
        entry = LedgerEntry.objects.filter(
            villager=person, kind__in=entries.BY_HAND, corrects=None, corrected_by=None
        ).first()
        if entry:
            entries.correct(entry, person, uuid.uuid4(), "记错了")

    moves = [
        learn,
        learn,
        examine,
        certify_or_revoke,
        certify_or_revoke,
        rehearse,
        unsign,
        stream,
        sell,
        send,
        send_back,
        book,
        book,
        put_right,
    ]
    for _move in range(MOVES):
        person = dice.choice(people)
        dice.choice(moves)(person)
        if dice.random() < 0.3:
            record_classes()
            steps.refresh_steps([person.pk, trainer.pk], LATER)
    everybody = [trainer.pk, *stalls]
    record_classes()
    steps.refresh_steps(everybody, LATER)
    assert steps.list_differences(everybody, LATER) == []
    kept = list_valid()
    assert {step for _user, step, *_rest in kept} >= {"learner", "graduate", "seller", "mentor"}
    Step.objects.all().delete()
    steps.refresh_steps(everybody, LATER)
    assert list_valid() == kept


def list_valid() -> list[tuple]:
    fields = ("user", "step", "reached_at", "evidence_kind", "evidence_id", "rule")
    return [
        (*row, str(facts))
        for *row, facts in Step.objects.valid().order_by("user", "step").values_list(*fields, "facts")
    ]


def test_rule_in_use_is_kept_by_its_steps(seller, stall):
    rule = StepRule.objects.create(valid_from=datetime.date(2026, 10, 1), target_fen=100_000)
    earn(stall[0], "2026-10-02", 100_000)
    refresh(seller)
    assert Step.objects.get().rule == rule
    with pytest.raises(ProtectedError):
        rule.delete()
