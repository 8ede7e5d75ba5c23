import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from config.personal import erasure, export, terms
from programme.duplicates.merge import merge_accounts
from programme.models import SupportAct, SupportCase
from programme.support import cases
from programme.support.board import load_board, load_person
from programme.support.cases import CauseGone, OwnCase, read_notice
from progress.enrolment.services import enrol, leave_all_classes
from progress.models import Attempt
from tests.factories import make_person
from tests.programme.attendance.rows import make_session, mark
from tests.programme.certificates.worlds import make_certificate
from tests.programme.support.rows import ago, fail
from tests.quizzes import make_quiz


@pytest.fixture
def quiz(course):
    return make_quiz(course, title="讲货小测")


@pytest.fixture
def stuck(learner, quiz):
    """Return somebody who failed a quiz three times."""
    fail(learner, quiz, 3, days=1)
    return learner


def note(by, cohort, user, quiz, **fields) -> SupportCase:
    facts = {"key": uuid4(), "act": "call"} | fields
    return cases.record_act(by, cohort, user, "quiz", quiz.pk, **facts)


def test_reading_writes_nothing_and_taking_writes_one_case_a_cause(cohort, trainer, stuck, quiz):
    load_board(cohort)
    load_person(cohort, stuck)
    assert SupportCase.objects.count() == 0
    assert cases.take_all(trainer, cohort, stuck).count == 1
    assert cases.take_all(trainer, cohort, stuck).count == 0
    case = SupportCase.objects.get()
    facts = (case.user, case.cause, case.subject, case.title, case.taken_by, case.closed_at)
    assert facts == (stuck, "quiz", quiz.pk, "讲货小测", trainer, None)
    assert [act.act for act in case.acts.all()] == ["taken"]
    assert AuditEntry.objects.filter(verb="support_taken").count() == 1


@pytest.mark.long
def test_the_second_to_take_reads_who_has_it_and_may_take_over(cohort, trainer, stuck):
    second = make_person("王老师")
    cases.take_all(trainer, cohort, stuck)
    taken = cases.take_all(second, cohort, stuck)
    assert (taken.count, taken.others) == (0, {trainer.pk: trainer.name})
    case = SupportCase.objects.get()
    assert not cases.take_over(second, case, second.pk)  # what was read is out of date
    assert cases.take_over(second, case, trainer.pk)
    assert SupportCase.objects.get().taken_by == second


def test_nobody_looks_after_themselves(cohort, stuck, quiz):
    with pytest.raises(OwnCase):
        cases.take_all(stuck, cohort, stuck)
    with pytest.raises(OwnCase):
        note(stuck, cohort, stuck, quiz)
    assert SupportCase.objects.count() == 0


@pytest.mark.long
def test_a_case_is_solved_at_the_moment_of_what_solved_it_and_again_is_another_row(
    cohort, trainer, stuck, quiz
):
    cases.take_all(trainer, cohort, stuck)
    SupportCase.objects.update(opened_at=ago(0.5))
    fail(stuck, quiz, passed=True, days=0.25)
    passed_at = Attempt.objects.get(passed=True).finished_at
    [settled] = load_board(cohort).settled  # nothing is stored yet
    assert (settled.at, settled.is_solved, settled.case.closed_at) == (passed_at, True, None)
    assert cases.close_solved_cases() == 1
    case = SupportCase.objects.get()
    assert (case.closed_at, case.is_solved) == (passed_at, True)
    assert [one.at for one in load_board(cohort).settled] == [passed_at]
    fail(stuck, quiz, 3)
    assert load_board(cohort).untaken == 1
    cases.take_all(trainer, cohort, stuck)
    assert list(SupportCase.objects.order_by("pk").values_list("is_solved", flat=True)) == [True, False]


@pytest.mark.long
def test_a_cause_that_went_and_came_again_unread_is_not_the_old_case(cohort, trainer, stuck, quiz):
    """No page was opened and no round ran in between."""
    cases.take_all(trainer, cohort, stuck)
    fail(stuck, quiz, passed=True)
    fail(stuck, quiz, 3, days=-0.001)
    board = load_board(cohort)
    assert (board.untaken, [one.is_solved for one in board.settled]) == (1, [True])
    second = make_person("王老师")
    assert cases.take_all(second, cohort, stuck).count == 1
    assert list(SupportCase.objects.order_by("pk").values_list("taken_by", flat=True)) == [
        trainer.pk,
        second.pk,
    ]


@pytest.mark.long
def test_coming_to_class_again_solves_an_absence(cohort, trainer, learner):
    for days in (9, 6):
        mark(make_session(cohort, trainer, starts_at=ago(days)), trainer, learner, "absent")
    cases.take_all(trainer, cohort, learner)
    mark(make_session(cohort, trainer, starts_at=timezone.now()), trainer, learner, minutes_ago=-1)
    assert cases.close_solved_cases() == 1
    assert SupportCase.objects.get().is_solved


@pytest.mark.long
def test_a_certificate_ends_what_was_left_out(cohort, trainer, stuck):
    cases.take_all(trainer, cohort, stuck)
    made = make_certificate(stuck, cohort)
    assert cases.close_solved_cases() == 1
    case = SupportCase.objects.get()
    assert (case.closed_at, case.is_solved) == (made.issued_at, True)


@pytest.mark.long
def test_who_leaves_the_class_is_no_longer_looked_after_and_was_not_helped(cohort, trainer, stuck, quiz):
    cases.take_all(trainer, cohort, stuck)
    leave_all_classes(stuck)
    assert cases.close_solved_cases() == 1
    case = SupportCase.objects.get()
    assert (case.is_solved, case.closed_at >= case.opened_at) == (False, True)
    enrol(stuck, cohort.course, cohort)
    assert load_board(cohort).untaken == 1


@pytest.mark.long
def test_what_was_done_is_added_once_and_who_is_put_off_comes_back_on_the_day(cohort, trainer, stuck, quiz):
    key, day = uuid4(), timezone.localdate() + timedelta(days=3)
    for _time in range(2):
        note(trainer, cohort, stuck, quiz, key=key, outcome="agreed", note="周末再考。", look_again=day)
    act = SupportAct.objects.get()
    assert (act.by, act.act, act.outcome, act.note) == (trainer, "call", "agreed", "周末再考。")
    # The browser's "back", and another sentence: what was typed is not lost.
    note(trainer, cohort, stuck, quiz, key=key, outcome="agreed", note="改到周一。", look_again=day)
    assert [act.note for act in SupportAct.objects.all()] == ["周末再考。", "改到周一。"]
    board = load_board(cohort)
    assert (board.people, [line.user for line in board.snoozed]) == (0, [stuck])
    SupportCase.objects.update(snoozed_until=timezone.localdate())
    board = load_board(cohort)
    assert (board.people, board.snoozed) == (1, [])


@pytest.mark.long
def test_a_note_that_comes_late_stays_with_its_case_or_is_given_back(cohort, trainer, stuck, quiz):
    cases.take_all(trainer, cohort, stuck)
    fail(stuck, quiz, passed=True)
    case = note(trainer, cohort, stuck, quiz, note="电话里讲了一遍。")
    assert [act.note for act in case.acts.all()] == ["", "电话里讲了一遍。"]
    assert SupportCase.objects.get().is_solved
    SupportCase.objects.all().delete()
    with pytest.raises(CauseGone):
        note(trainer, cohort, stuck, quiz)
    assert SupportAct.objects.count() == 0


@pytest.mark.long
def test_a_message_goes_out_once_a_day_and_leads_to_what_is_to_be_done(cohort, trainer, stuck, quiz, client):
    assert cases.send_message(trainer, cohort, stuck, "quiz", quiz.pk)
    assert not cases.send_message(trainer, cohort, stuck, "quiz", quiz.pk)

    notice = Notice.objects.get(phone=stuck.phone, template="support_message")
    assert read_notice(notice) == (
        "老师请你再考一次“讲货小测”，哪里不懂先问他。",
        f"/learn/quizzes/{quiz.pk}/",
    )
    SupportAct.objects.update(at=ago(1))
    assert cases.send_message(trainer, cohort, stuck, "quiz", quiz.pk)


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", [1, 2])
def test_of_two_trainers_at_once_one_has_it_and_the_other_reads_who(cohort, trainer, stuck, people):
    """With two people, the control: each trainer takes another one, and both have theirs."""
    second, friend = make_person("王老师"), make_person("曾春生")
    enrol(friend, cohort.course, cohort)
    fail(friend, cohort.course.quizzes.get(), 3)
    start, found = threading.Barrier(2), {}

    def tap(by, user) -> None:
        start.wait(10)
        try:
            found[by.pk] = cases.take_all(by, cohort, user)
        finally:
            connection.close()

    taps = [(trainer, stuck), (second, [stuck, friend][people - 1])]
    threads = [threading.Thread(target=tap, args=one) for one in taps]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert SupportCase.objects.count() == people
    assert sorted(one.count for one in found.values()) == [[0, 1], [1, 1]][people - 1]
    owner = SupportCase.objects.get(user=stuck).taken_by
    others = [one.others for one in found.values() if one.others]
    assert others == [[{owner.pk: owner.name}], []][people - 1]


@pytest.mark.long
def test_two_accounts_of_one_person_have_one_case_with_what_was_done_about_both(cohort, trainer, stuck, quiz):
    second = make_person("田巧云")
    enrol(second, cohort.course, cohort)
    fail(second, quiz, 3, days=1)
    for person in (stuck, second):
        note(trainer, cohort, person, quiz, note=f"打给{person.pk}")
    merge_accounts(stuck, second, trainer)
    case = SupportCase.objects.get()
    assert case.user == stuck
    assert {act.note for act in case.acts.all()} == {f"打给{stuck.pk}", f"打给{second.pk}"}
    assert case.acts.count() == 2


@pytest.mark.long
def test_a_person_reads_what_was_noted_and_an_erasure_takes_it_away(cohort, trainer, stuck, quiz):
    note(trainer, cohort, stuck, quiz, note="周末再考。", outcome="agreed")
    entry = terms.find_entry(SupportAct)
    own = export.build_table(entry, terms.Person.of(stuck))["rows"]
    assert own == [
        [
            ("帮扶", "测验几次没过 · 讲货小测"),
            ("谁做的", "别人"),
            ("做了什么", "打了电话"),
            ("结果怎样", "说好了去做"),
            ("记一句", "周末再考。"),
            ("什么时候", own[0][5][1]),
        ]
    ]
    theirs = str(export.build_table(entry, terms.Person.of(trainer)))
    assert stuck.name not in theirs
    assert "周末再考。" in theirs
    erasure.erase(stuck)
    assert (SupportCase.objects.count(), SupportAct.objects.count()) == (0, 0)
