"""Who is due a certificate, issuing, revoking and reissuing; two taps at once make one."""

import datetime
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from courses.models import Quiz
from programme.certificates import issuance
from programme.certificates.requirements import (
    create_first_rules,
    find_rule,
    load_standings,
)
from programme.exceptions import AlreadyRevoked, NoCertificateRule, NotPrintable
from programme.ladder.next_act import Act, find_next_act
from programme.models import Certificate, CertificateRule, ExamSeat, Mark, PracticalExam
from programme.notices import read_notice
from programme.typesetting import list_unprintable
from progress.models import Attempt
from rehearsals.tasks.services import accept_task, return_task
from tests.factories import make_course, make_person
from tests.programme.attendance.rows import make_session, mark
from tests.programme.certificates.worlds import do_lessons, finish, make_class, pass_quiz, rehearse
from tests.rehearsals.tasks.worlds import hand_in, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(trainer, trainee, village):
    return make_class(trainer, village, trainee)


def list_missing(cohort, person) -> list[str]:
    rule = find_rule(cohort.course)
    return load_standings(cohort.course, {person.pk: person.name}, rule)[person.pk].missing


def test_each_thing_that_is_missing_is_named(cohort, trainee, trainer):
    one = "还差 1 遍 60 分以上的彩排"
    assert list_missing(cohort, trainee) == ["还有 2 课没学完", "还有一个测验没过：单元小测一", one]
    do_lessons(trainee, cohort, 1)
    second = cohort.course.modules.get().lessons.order_by("position").last()
    assert list_missing(cohort, trainee)[0] == f"还有一课没学完：{second.title}"
    trainee.lessons_done.create(lesson=second, happened_at=timezone.now())
    pass_quiz(trainee, cohort, passed=False)
    assert list_missing(cohort, trainee) == ["还有一个测验没过：单元小测一", one]
    trainee.attempts.update(passed=True)
    rehearse(trainee, cohort, trainer, points=59)
    rehearse(trainee, cohort, trainer, points=80, wants_again=True)
    rehearse(trainee, cohort, trainer, points=90, kind="peer")
    assert list_missing(cohort, trainee) == [one]
    rehearse(trainee, cohort, trainer, points=60)
    assert list_missing(cohort, trainee) == []


def test_rehearsal_of_another_course_does_not_count_but_that_of_the_translation_does(
    cohort, trainee, trainer, village
):
    do_lessons(trainee, cohort)
    pass_quiz(trainee, cohort)
    elsewhere = make_class(trainer, village)
    rehearse(trainee, elsewhere, trainer)
    assert list_missing(cohort, trainee) == ["还差 1 遍 60 分以上的彩排"]
    elsewhere.course.twin = cohort.course
    elsewhere.course.save()
    assert list_missing(cohort, trainee) == []


def test_hours_of_attendance_are_asked_where_the_rule_asks_them(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    CertificateRule.objects.update(attendance_hours=3)
    for minutes in (90, 60):
        mark(make_session(cohort, trainer, minutes=minutes), trainer, trainee)
    assert list_missing(cohort, trainee) == ["到课 2 小时，要满 3 小时"]
    mark(make_session(cohort, trainer, minutes=30), trainer, trainee, Mark.LATE)
    assert list_missing(cohort, trainee) == []


def test_accepted_tasks_are_counted_where_the_rule_asks_them(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    tasks = [make_task(cohort.course, title=f"任务{n}") for n in range(3)]
    accept_task(trainer, hand_in(trainee, tasks[0]))
    assert list_missing(cohort, trainee) == []
    CertificateRule.objects.update(tasks=3)
    return_task(trainer, hand_in(trainee, tasks[1]), next_step="补一处")
    hand_in(trainee, tasks[2])
    rule = find_rule(cohort.course)
    standing = load_standings(cohort.course, {trainee.pk: trainee.name}, rule)[trainee.pk]
    assert [(gap.kind, gap.words, gap.first) for gap in standing.gaps] == [
        ("task", "还差 2 样练习任务没通过", tasks[1].pk)
    ]
    assert find_next_act(trainee, "graduate") == Act(
        "还差 2 样练习任务没通过。", f"/learn/tasks/{tasks[1].pk}/", "去做任务"
    )
    CertificateRule.objects.update(tasks=1)
    [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    assert (made.evidence["tasks"], made.evidence["rule"]["tasks"]) == ([tasks[0].pk], 1)


def test_people_are_looked_up_together(cohort, trainee, django_assert_num_queries):
    rule = find_rule(cohort.course)
    people = [trainee, *(make_person(f"学员{n}") for n in range(5))]
    names = {person.pk: person.name for person in people}
    with django_assert_num_queries(6):
        load_standings(cohort.course, names, rule)
    rule.tasks = 1
    make_task(cohort.course)
    with django_assert_num_queries(9):
        load_standings(cohort.course, names, rule)


def test_certificate_keeps_the_words_and_the_rule_of_its_day(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    trainee.name = "改过的名字"
    trainee.save()
    CertificateRule.objects.create(
        course=cohort.course, title="新证", hours=60, valid_from=timezone.localdate() + datetime.timedelta(1)
    )
    made = Certificate.objects.get()
    assert (made.name, made.hours, made.class_name) == ("田巧云", 43, "石榴冲一班")
    assert made.serial == f"XNH{timezone.localdate().year}{made.pk:07d}"
    evidence = made.evidence
    assert (evidence["lessons"], len(evidence["quizzes"]), len(evidence["rehearsals"])) == (2, 1, 1)
    assert evidence["quizzes"] == [str(trainee.attempts.get().key)]
    assert evidence["rule"]["rehearsal_points"] == 60
    entry = AuditEntry.objects.get(verb="certificate_issued")
    assert (entry.actor, entry.detail["serial"]) == (trainer, made.serial)
    assert Notice.objects.get(phone=trainee.phone).template == "certificate_issued"


def test_who_is_not_due_and_who_issues_get_none(cohort, trainee, trainer):
    do_lessons(trainee, cohort)
    assert issuance.issue_certificates(trainer, cohort, [trainee.pk]) == []
    finish(trainer, cohort, make_person("另一个老师"))
    trainer.enrolments.create(course=cohort.course, cohort=cohort)
    assert issuance.issue_certificates(trainer, cohort, [trainer.pk]) == []
    stranger = make_person("外人")
    finish(stranger, cohort, trainer)
    assert issuance.issue_certificates(trainer, cohort, [stranger.pk]) == []
    assert not Certificate.objects.exists()


def test_course_without_a_rule_gives_none(cohort, trainee, trainer):
    CertificateRule.objects.update(valid_from=timezone.localdate() + datetime.timedelta(1))
    finish(trainee, cohort, trainer)
    with pytest.raises(NoCertificateRule):
        issuance.issue_certificates(trainer, cohort, [trainee.pk])


def test_first_rules_are_made_once_and_for_the_translation_too(cohort, village):
    chinese, english = make_course(village, modules=2), make_course(village, language="en")
    chinese.twin = english
    create_first_rules(chinese)
    create_first_rules(chinese)
    assert [(rule.title, rule.hours) for rule in (find_rule(chinese), find_rule(english))] == [
        ("乡村直播带货培训结业证书", 2),
        ("Certificate in Village Live Selling", 1),
    ]
    assert CertificateRule.objects.filter(course__in=[chinese, english]).count() == 2


def test_revoked_certificate_names_its_reason_and_makes_room_for_another(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    issuance.revoke_certificate(trainer, made, "成绩登错了人")
    with pytest.raises(AlreadyRevoked):
        issuance.revoke_certificate(trainer, made, "再来一次")
    made.refresh_from_db()
    assert (made.is_valid, made.revoked_because, made.revoked_by) == (False, "成绩登错了人", trainer)
    page = reverse("programme:certificate", args=[made.key])
    assert [read_notice(notice) for notice in Notice.objects.order_by("pk")] == [
        (f"你的{made.title}发下来了，去看看。", page),
        (f"你的{made.title}作废了，点开看为什么。", page),
    ]
    [again] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    assert again.serial != made.serial


def test_reissued_certificate_has_another_name_number_and_code(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    with pytest.raises(NotPrintable):
        issuance.reissue_certificate(trainer, made, "田\ue000云", "改字")
    new = issuance.reissue_certificate(trainer, made, "田巧芸", "名字错了一个字")
    made.refresh_from_db()
    assert not made.is_valid
    assert made.successor == new
    assert new.name == "田巧芸"
    assert new.evidence == made.evidence
    assert new.serial != made.serial
    assert new.code != made.code
    with pytest.raises(AlreadyRevoked):
        issuance.reissue_certificate(trainer, made, "田巧芸", "又一次")


def test_characters_that_no_font_has_are_found_before_printing():
    assert list_unprintable("欧阳𠮷·买买提 䶮㛃𬱖張") == []
    assert list_unprintable("王\ue000五") == ["\ue000"]


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_make_one_certificate(trainer, trainee, village):
    cohort = make_class(trainer, village, trainee)
    finish(trainee, cohort, trainer)
    start, made = threading.Barrier(2), []

    def tap() -> None:
        start.wait(10)
        try:
            made.extend(issuance.issue_certificates(trainer, cohort, [trainee.pk]))
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _tap in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join(30)
    assert len(made) == Certificate.objects.count() == 1


def test_a_rule_may_ask_for_the_theory_and_the_practical(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    cohort.course.certificate_rules.update(needs_theory=True, needs_practical=True)
    assert list_missing(cohort, trainee) == ["结业理论还没过", "结业实操还没过"]
    quiz = Quiz.objects.create(
        course=cohort.course, kind="final", code="final", title="结业理论", state="published"
    )
    facts = {"user": trainee, "number": 1, "right": 50, "total": 60, "finished_at": timezone.now()}
    theory = Attempt.objects.create(quiz=quiz, passed=True, **facts)
    exam = PracticalExam.objects.create(cohort=cohort, title="实操", starts_at=timezone.now(), place="村部")
    seat = ExamSeat.objects.create(
        exam=exam,
        user=trainee,
        course=cohort.course,
        position=1,
        total=80,
        passed=True,
        settled_at=timezone.now(),
    )
    rule = find_rule(cohort.course)
    standing = load_standings(cohort.course, {trainee.pk: trainee.name}, rule)[trainee.pk]
    assert (standing.missing, standing.theory, standing.practical) == ([], str(theory.key), str(seat.key))
    assert standing.evidence["practical"] == str(seat.key)
    assert (rule.content["needs_theory"], "waives_known" in rule.content) == (True, False)


def test_a_withdrawn_or_failed_practical_is_none(cohort, trainee, trainer):
    finish(trainee, cohort, trainer)
    cohort.course.certificate_rules.update(needs_practical=True)
    exam = PracticalExam.objects.create(cohort=cohort, title="实操", starts_at=timezone.now(), place="村部")
    seat = ExamSeat.objects.create(
        exam=exam, user=trainee, course=cohort.course, position=1, total=59, settled_at=timezone.now()
    )
    assert list_missing(cohort, trainee) == ["结业实操还没过"]
    ExamSeat.objects.filter(pk=seat.pk).update(passed=True, withdrawn_at=timezone.now())
    assert list_missing(cohort, trainee) == ["结业实操还没过"]
