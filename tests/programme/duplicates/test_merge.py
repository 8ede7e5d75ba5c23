"""Two accounts of one person become one: every row is found again, and where both had one it is the right one."""

import datetime

import pytest
from django.db.models import UniqueConstraint
from django.utils import timezone

from accounts import consents
from accounts.models import AuditEntry, Consent, Membership, Notice, User
from accounts.notifications import delivery
from accounts.people import closure
from courses.models import Cohort, Drill, Lesson
from outbox.models import Event
from programme.duplicates import merge, rules
from programme.duplicates.merge import merge_accounts
from programme.exceptions import MergeRefused
from programme.ladder import lineage, steps
from programme.models import (
    AccountMerge,
    Attendance,
    Certificate,
    FollowUp,
    FollowUpAnswer,
    MentorInvitation,
    Step,
    Story,
    Teaching,
)
from programme.outcomes.stories import services as stories
from progress.models import Attempt, Enrolment, LearningChoice, LessonDone, WaitingEntry, Watch, WatchTime
from rehearsals.models import Submission, TaskWork
from shops.models import LedgerEntry, LedgerMonth, ListingDraft, Shop
from tests.factories import make_person, make_shop
from tests.programme.attendance.rows import make_session, mark
from tests.programme.certificates.worlds import do_lessons, finish, make_certificate, make_class, pass_quiz
from tests.rehearsals.tasks.worlds import hand_in, make_task
from tests.reviews import make_submission
from ui.responses.page_cache import get_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = timezone.now()
HOUR = datetime.timedelta(hours=1)
FORM = "0b1c7d8a-0000-4000-8000-0000000000aa"


@pytest.fixture
def keep(village) -> User:
    return make_person("田巧云", (Membership.Role.TRAINEE, village))


@pytest.fixture
def gone(village) -> User:
    return make_person("田巧云", (Membership.Role.TRAINEE, village))


@pytest.fixture
def cohort(keep, gone, village, trainer):
    return make_class(trainer, village, keep, gone)


def test_every_key_to_a_person_has_its_rule():
    """A table with at most one row a person, or one of a kind, is named in RULES, STAYS or SECRET."""
    labels = {f"{model._meta.label}.{name}" for model, name in merge.list_references()}
    assert set(rules.RULES) <= labels
    assert labels >= rules.STAYS | rules.SECRET
    single = set()
    for model, name in merge.list_references():
        one = model._meta.get_field(name)
        constraints = [row for row in model._meta.constraints if isinstance(row, UniqueConstraint)]
        together = [*(row.fields for row in constraints), *model._meta.unique_together]
        if one.unique or any(name in fields for fields in together):
            single.add(f"{model._meta.label}.{name}")
    assert single - set(rules.RULES) - rules.STAYS - rules.SECRET == set()
    assert len(labels) > 80


@pytest.mark.long
def test_nothing_points_to_the_account_that_went(keep, gone, cohort, trainer):
    finish(gone, cohort, trainer)
    make_certificate(gone, cohort)
    lineage.record_teaching(trainer, gone, timezone.localdate())
    shop = make_shop(gone, cohort.place)
    consents.give(gone, Consent.Kind.PUSH)
    delivery.write_notice("one", gone.phone, "certificate_issued", title="证书", certificate="1")
    number = gone.phone
    made = merge_accounts(keep, gone, trainer, "当面问过", cohort.place)
    left = {
        f"{model._meta.label}.{name}"
        for model, name in merge.list_references()
        if model._base_manager.filter(**{name: gone.pk}).exists()
    }
    assert left == {"programme.AccountMerge.gone", "accounts.AuditEntry.actor"}
    assert Shop.objects.get(pk=shop.pk).owner == keep
    assert Certificate.objects.valid().get().user == keep
    assert set(Notice.objects.values_list("phone", flat=True)) == {str(keep.phone)}
    gone = User.objects.get(pk=gone.pk)
    assert (gone.phone, gone.is_active, gone.has_usable_password(), gone.name) == (
        None,
        False,
        False,
        "田巧云",
    )
    assert User.objects.filter(phone=number).count() == 0
    entry = AuditEntry.objects.get(verb="accounts_merged")
    assert (entry.actor, entry.subject, entry.place) == (trainer, f"user {keep.pk}", cohort.place)
    assert (made.keep, made.gone, made.reason) == (keep, gone, "当面问过")


@pytest.mark.long
def test_what_both_had_becomes_one(keep, gone, cohort, trainer):
    first, second = Lesson.objects.filter(module__course=cohort.course).order_by("position")
    LessonDone.objects.create(user=keep, lesson=first, happened_at=NOW)
    LessonDone.objects.create(user=gone, lesson=first, happened_at=NOW - HOUR)
    LessonDone.objects.create(user=gone, lesson=second, happened_at=NOW)
    facts = {"lesson": first, "film": "f1"}
    Watch.objects.create(
        user=keep,
        intervals=[[0, 5000]],
        watched_ms=5000,
        furthest_ms=5000,
        last_ms=5000,
        last_at=NOW - HOUR,
        **facts,
    )
    Watch.objects.create(
        user=gone,
        intervals=[[4000, 9000]],
        watched_ms=5000,
        furthest_ms=9000,
        last_ms=7000,
        last_at=NOW,
        **facts,
    )
    WatchTime.objects.create(user=keep, spans=[[0, 10]])
    WatchTime.objects.create(user=gone, spans=[[5, 20], [30, 40]])
    LearningChoice.objects.create(user=keep, rendition="240")
    LearningChoice.objects.create(user=gone, rendition="480")
    pass_quiz(keep, cohort, passed=False)
    pass_quiz(gone, cohort)
    Attempt.objects.filter(user=keep).update(tries=1)
    Attempt.objects.filter(user=gone).update(tries=1, started_at=NOW - HOUR)
    ListingDraft.objects.create(user=keep, key=FORM, typed={"title": "旧"})
    ListingDraft.objects.create(user=gone, key=FORM, typed={"title": "新"})
    merge_accounts(keep, gone, keep)
    done = LessonDone.objects.filter(user=keep).order_by("lesson__position")
    assert [(row.lesson, row.happened_at) for row in done] == [(first, NOW - HOUR), (second, NOW)]
    watch = Watch.objects.get()
    assert (watch.user, watch.intervals, watch.watched_ms, watch.furthest_ms, watch.last_ms) == (
        keep,
        [[0, 9000]],
        9000,
        9000,
        7000,
    )
    assert WatchTime.objects.get().spans == [[0, 20], [30, 40]]
    assert LearningChoice.objects.get().rendition == "240"
    tries = Attempt.objects.filter(user=keep).order_by("number")
    assert list(tries.values_list("number", "passed", "tries")) == [(1, True, 1), (2, False, None)]
    assert Enrolment.objects.get(course=cohort.course).user == keep
    assert ListingDraft.objects.get().typed == {"title": "新"}
    dropped = AccountMerge.objects.get().dropped
    assert dropped["progress.LessonDone"][0]["fields"]["user"] == keep.pk
    assert dropped["shops.ListingDraft"][0]["fields"]["typed"] == {"title": "旧"}
    assert set(dropped) == {
        "progress.LessonDone",
        "progress.Watch",
        "progress.WatchTime",
        "progress.LearningChoice",
        "progress.Enrolment",
        "shops.ListingDraft",
        "accounts.Membership",
    }


@pytest.mark.long
def test_marks_of_both_are_one_history_and_the_latest_counts(keep, gone, cohort, trainer):
    session, other = make_session(cohort, trainer), make_session(cohort, trainer)
    mark(session, trainer, keep, "absent")
    mark(session, trainer, gone, "present")
    mark(other, trainer, gone, "late")
    merge_accounts(keep, gone, trainer)
    rows = {row.session: row for row in Attendance.objects.all()}
    assert {session: rows[session].mark, other: rows[other].mark} == {session: "present", other: "late"}
    assert rows[session].marks.count() == 2
    assert {row.user for row in rows.values()} == {keep}


@pytest.mark.long
def test_the_certificate_issued_first_stays_valid(keep, gone, cohort, trainer):
    later = make_certificate(keep, cohort, issued_at=NOW)
    first = make_certificate(gone, cohort, issued_at=NOW - HOUR)
    merge_accounts(keep, gone, trainer)
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.user, first.is_valid) == (keep, True)
    assert (later.user, later.is_valid, later.revoked_by) == (keep, False, trainer)
    assert later.revoked_because == rules.REVOKED_BECAUSE


@pytest.mark.long
def test_hand_ins_are_numbered_by_time(keep, gone, cohort):
    drill = Drill.objects.create(course=cohort.course, title="三分钟", code="three")
    rows = [
        make_submission(person, cohort, drill=drill, number=number, happened_at=NOW + number * HOUR + late)
        for person, late in ((keep, datetime.timedelta()), (gone, HOUR / 2))
        for number in (1, 2)
    ]
    merge_accounts(keep, gone, keep)
    numbers = dict(Submission.objects.filter(user=keep).values_list("pk", "number"))
    assert [numbers[row.pk] for row in rows] == [1, 3, 2, 4]


def test_teachings_of_both_are_kept_once_and_nobody_teaches_themselves(keep, gone, trainer, village):
    pupil = make_person("向二妹", (Membership.Role.TRAINEE, village))
    today = timezone.localdate()
    lineage.record_teaching(keep, gone, today)
    lineage.record_teaching(keep, pupil, today)
    lineage.record_teaching(gone, pupil, today)
    Teaching.objects.filter(teacher=keep, pupil=pupil).update(withdrawn_at=NOW, why_withdrawn="错了")
    merge_accounts(keep, gone, trainer)
    row = Teaching.objects.get()
    assert (row.teacher, row.pupil, row.withdrawn_at) == (keep, pupil, None)


def test_the_ladder_is_computed_again_from_both(keep, gone, cohort):
    do_lessons(gone, cohort, most=1)
    merge_accounts(keep, gone, keep)
    assert list(Step.objects.valid().values_list("user", "step")) == [(keep.pk, "learner")]


@pytest.mark.long
def test_the_months_of_a_ledger_are_added_up(keep, gone, village):
    shop = make_shop(keep, village)
    facts = {"shop": shop, "month": datetime.date(2026, 10, 1), "kind": "boxes"}
    LedgerMonth.objects.create(villager=keep, fen=-500, grams=0, entries=1, **facts)
    LedgerMonth.objects.create(villager=gone, fen=-700, grams=0, entries=2, **facts)
    LedgerEntry.objects.create(
        shop=shop, villager=gone, kind="boxes", on=datetime.date(2026, 10, 3), fen=-700, made_by=gone
    )
    merge_accounts(keep, gone, keep)
    month = LedgerMonth.objects.get()
    assert (month.villager, month.fen, month.entries) == (keep, -1200, 3)
    entry = LedgerEntry.objects.get()
    assert (entry.villager, entry.made_by) == (keep, keep)


def test_what_was_said_last_of_a_purpose_holds(keep, gone):
    kind = Consent.Kind.PUBLIC_STORY
    consents.give(gone, kind)
    consents.give(keep, kind)
    consents.withdraw(keep, kind)
    merge_accounts(keep, gone, keep)
    assert not consents.is_given(keep, kind)


def test_a_granted_role_wins_over_one_that_is_asked(keep, gone, village):
    role = Membership.Role.TRAINEE
    Membership.objects.filter(user=keep, role=role).update(status=Membership.Status.ENDED)
    merge_accounts(keep, gone, keep)
    assert Membership.objects.get(role=role).status == Membership.Status.GRANTED


@pytest.mark.long
def test_who_waits_for_a_class_with_both_keeps_the_earlier_place(keep, gone, cohort):
    for person, asked in ((keep, NOW), (gone, NOW - HOUR)):
        WaitingEntry.objects.create(user=person, cohort=cohort, asked_at=asked)
    merge_accounts(keep, gone, keep)
    row = WaitingEntry.objects.get()
    assert (row.user, row.asked_at) == (keep, NOW - HOUR)


def test_who_was_declined_with_one_account_does_not_wait_with_the_other(keep, gone, cohort):
    for person, state in ((keep, "waiting"), (gone, "declined")):
        WaitingEntry.objects.create(user=person, cohort=cohort, state=state)
    merge_accounts(keep, gone, keep)
    assert WaitingEntry.objects.get().state == "declined"


@pytest.mark.long
def test_an_event_that_came_to_both_is_kept_once(keep, gone):
    event = "0b1c7d8a-0000-4000-8000-000000000001"
    for person in (keep, gone):
        Event.objects.create(user=person, event_id=event, kind="done", happened_at=NOW)
    merge_accounts(keep, gone, keep)
    assert Event.objects.get().user == keep


@pytest.mark.long
@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("same", lambda keep, gone, _cohort: keep),
        ("closed", lambda _keep, gone, _cohort: closure.close_account(gone)),
        (
            "staff",
            lambda _keep, gone, cohort: Membership.objects.create(
                user=gone, place=cohort.place, role="trainer", status="granted"
            ),
        ),
        ("open_try", lambda keep, gone, cohort: open_tries(cohort, keep, gone)),
        ("lineage", lambda keep, gone, cohort: teach_through(cohort, keep, gone)),
    ],
)
def test_what_cannot_be_joined_is_refused_and_changes_nothing(keep, gone, cohort, reason, spoil):
    spoil(keep, gone, cohort)
    with pytest.raises(MergeRefused) as refused:
        merge_accounts(keep, keep if reason == "same" else gone, keep)
    assert refused.value.reason == reason
    assert AccountMerge.objects.count() == 0


def open_tries(cohort, *people: User) -> None:
    for person in people:
        pass_quiz(person, cohort)
    Attempt.objects.update(finished_at=None)


def teach_through(cohort, keep: User, gone: User) -> None:
    middle = make_person("向二妹", ("trainee", cohort.place))
    lineage.record_teaching(keep, middle, timezone.localdate())
    lineage.record_teaching(middle, gone, timezone.localdate())


@pytest.mark.long
def test_merged_twice_is_one_row_and_a_third_account_may_follow(keep, gone, village, trainer):
    assert merge_accounts(keep, gone, trainer) == merge_accounts(keep, gone, trainer)
    third = make_person("田巧云", (Membership.Role.TRAINEE, village))
    merge_accounts(keep, third, trainer)
    assert AccountMerge.objects.filter(keep=keep).count() == 2


@pytest.mark.long
def test_erasing_the_person_takes_the_name_off_the_account_that_went(keep, gone, trainer):
    merge_accounts(keep, gone, trainer)
    closure.close_account(keep)
    gone.refresh_from_db()
    assert gone.name == closure.ERASED_NAME
    assert AccountMerge.objects.count() == 0


@pytest.mark.long
def test_of_two_open_invitations_to_mentor_the_accepted_one_stays(keep, gone, cohort, trainer, village):
    facts = {"place": village, "course": cohort.course}
    asked = MentorInvitation.objects.create(person=keep, **facts)
    accepted = MentorInvitation.objects.create(person=gone, status="accepted", **facts)
    Cohort.objects.filter(pk=cohort.pk).update(mentor=gone)
    merge_accounts(keep, gone, trainer)
    assert [MentorInvitation.objects.get(pk=one.pk).status for one in (asked, accepted)] == [
        "withdrawn",
        "accepted",
    ]
    assert MentorInvitation.objects.open().get().person == keep
    assert Cohort.objects.get(pk=cohort.pk).mentor == keep


@pytest.mark.long
def test_of_two_follow_ups_of_a_day_one_stays_with_all_answers(keep, gone, trainer):
    for number, person in enumerate((keep, gone)):
        row = FollowUp.objects.create(user=person, days=30, due_on=NOW.date())
        facts = {"mark": "stated", "month": NOW.date().replace(day=1)}
        FollowUpAnswer.objects.create(follow_up=row, is_selling=bool(number), at=NOW - HOUR * number, **facts)
    merge_accounts(keep, gone, trainer)
    row = FollowUp.objects.get()
    assert row.user == keep
    assert list(row.answers.order_by("at").values_list("is_selling", "is_newest")) == [
        (True, False), (False, True)
    ]  # fmt: skip


@pytest.mark.long
def test_an_account_that_is_used_meanwhile_is_left_and_stories_are_drawn_anew(keep, gone, trainer):
    User.objects.filter(pk=gone.pk).update(last_login=timezone.now())
    with pytest.raises(MergeRefused) as refused:
        merge_accounts(keep, gone, trainer, is_unused=True)
    assert refused.value.reason == "signed_in"
    before = get_version(Story.stamp_name)
    merge_accounts(keep, gone, trainer)
    assert get_version(Story.stamp_name) != before


@pytest.mark.long
@pytest.mark.parametrize("teller", ["keep", "gone"])
@pytest.mark.parametrize(("hours", "day"), [(0, 0), (-72, -3), (72, 0)])
def test_a_public_story_rests_on_the_steps_of_both_accounts(
    keep, gone, cohort, organiser, teller, hours, day
):
    """`hours`: how much later than the teller's the other account's first lesson is; 0: it has none."""
    person, other = (keep, gone) if teller == "keep" else (gone, keep)
    lesson = Lesson.objects.filter(module__course=cohort.course).first()
    LessonDone.objects.create(user=person, lesson=lesson, happened_at=NOW - 200 * HOUR)
    if hours:
        LessonDone.objects.create(user=other, lesson=lesson, happened_at=NOW + (hours - 200) * HOUR)
    steps.refresh_steps([keep.pk, gone.pk])
    story = Story(person=person, place=cohort.place)
    facts = [(Step.objects.valid().get(user=person), "学完了第一课")]
    stories.write_story(story, title="第一课", text="她学完了第一课。", photo=None, facts=facts, by=organiser)
    stories.ask_person(story, organiser)
    stories.confirm_story(
        story, {"public": timezone.localdate() + datetime.timedelta(days=99)}, Story.objects.get().asked_at
    )
    assert Story.objects.open_for("public").exists()
    merge_accounts(keep, gone, keep)
    found = Story.objects.open_for("public").get()
    fact = found.facts.select_related("step").get()
    assert (found.person, fact.step.user, fact.step.step, fact.text) == (
        keep,
        keep,
        "learner",
        "学完了第一课",
    )
    expected = timezone.localdate(NOW - 200 * HOUR + datetime.timedelta(days=day))
    assert (fact.on, fact.on) == (expected, timezone.localdate(fact.step.reached_at))


@pytest.mark.long
def test_a_story_whose_step_nobody_has_any_more_is_not_shown(keep, gone, cohort, organiser):
    story = Story.objects.create(person=gone, place=cohort.place, title="第一课", text="学完了。")
    step = Step.objects.create(
        user=gone, step="learner", reached_at=NOW, evidence_kind="lesson", evidence_id=1
    )  # a lesson that is not there
    fact = story.facts.create(on=NOW.date(), text="学完了第一课", step=step)
    merge_accounts(keep, gone, keep)
    fact.refresh_from_db()
    assert fact.step is None


@pytest.mark.long
def test_of_two_works_on_a_task_one_stays_with_the_versions_of_both(keep, gone, cohort, trainer):
    task = make_task(cohort.course)
    later = hand_in(keep, task, text="第二天写的")
    hand_in(gone, task, text="头一天写的", received_at=NOW - 24 * HOUR)
    merge_accounts(keep, gone, trainer)
    work = TaskWork.objects.get()
    assert work.waiting_since == later.received_at
    assert (work.user, work) == (keep, later.work)
    assert list(work.versions.values_list("number", "text")) == [(1, "头一天写的"), (2, "第二天写的")]
