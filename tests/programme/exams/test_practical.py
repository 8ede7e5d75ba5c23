"""A practical examination from booking to the total: who may examine, what nobody sees too early, and the second try."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Membership, Notice
from accounts.people.closure import close_account
from courses.models import Course, Lesson
from programme import worklist
from programme.exams import bookings, changes, examiners, scores
from programme.exams.forms import choose_day
from programme.models import ExamScore, ExamSeat, PracticalExam, Teaching
from progress.models import Enrolment, LessonDone
from tests.factories import make_person
from tests.pages import squeeze
from tests.programme.exams.worlds import book, make_exam_class, score

Role = Membership.Role


@pytest.fixture
def cohort(trainer, village, trainee):
    return make_exam_class(trainer, village, trainee)


@pytest.fixture
def pair(trainer, organiser):
    return trainer, organiser


@pytest.fixture
def seat(trainer, cohort, pair, trainee) -> ExamSeat:
    return book(trainer, cohort, pair, trainee).seats.get()


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return squeeze(answer.content.decode())


# --- booking ---


def test_everybody_gets_a_turn_and_is_told(trainer, cohort, pair, trainee):
    other = make_person("李小满")
    Enrolment.objects.create(user=other, course=cohort.course, cohort=cohort)
    exam = book(trainer, cohort, pair, other, trainee)
    seats = list(exam.seats.order_by("position"))
    assert [(one.user, one.number, one.starts_at - exam.starts_at) for one in seats] == [
        (other, 1, timedelta(0)),
        (trainee, 1, timedelta(minutes=45)),
    ]
    assert ExamScore.objects.filter(signed_at=None).count() == 4
    assert bookings.list_examiners(exam) == list(pair)
    assert Notice.objects.filter(template="exam_booked").count() == 2
    assert AuditEntry.objects.get(verb="exam_booked").detail["count"] == 2


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("trainer", "trainer", "考官要是两个人，不能是同一个。"),
        ("trainer", "helper", "至少一位考官不是这个班的老师。"),
        ("trainee", "organiser", "自己也在考，不能当考官。"),
        ("mentor", "organiser", "是考生的师傅，要避开，换一位。"),
    ],
)
def test_who_may_not_examine(first, second, reason, trainer, organiser, trainee, village, cohort):
    helper, mentor = (
        make_person("张老师", (Role.TRAINER, village)),
        make_person("师傅", (Role.TRAINER, village)),
    )
    cohort.trainers.add(helper)
    Teaching.objects.create(teacher=mentor, pupil=trainee, since="2026-01-01")
    people = {
        "trainer": trainer,
        "helper": helper,
        "trainee": trainee,
        "organiser": organiser,
        "mentor": mentor,
    }
    with pytest.raises(bookings.NotBookable) as refused:
        book(trainer, cohort, (people[first], people[second]), trainee)
    assert any(said.endswith(reason) for said in refused.value.reasons)
    assert not PracticalExam.objects.exists()


def test_a_trainer_who_taught_the_class_is_no_mentor_of_hers(trainer, cohort, pair, trainee):
    Teaching.objects.create(teacher=trainer, pupil=trainee, since="2026-01-01")
    assert book(trainer, cohort, pair, trainee).seats.count() == 1


def test_examiners_are_of_the_county(cohort, trainer, organiser, stranger, trainee):
    assert {trainer, organiser} <= set(examiners.find_examiners(cohort))
    assert not {stranger, trainee} & set(examiners.find_examiners(cohort))


def test_nobody_has_two_open_seats_or_three_tries(trainer, cohort, pair, trainee, seat):
    with pytest.raises(bookings.NotBookable):
        book(trainer, cohort, pair, trainee)
    for examiner in pair:
        score(seat, examiner, "none")
    assert bookings.list_candidates(cohort) == [bookings.Candidate(trainee.pk, trainee.name, 2, 0)]
    second = book(trainer, cohort, pair, trainee).seats.get()
    assert second.number == 2
    for examiner in pair:
        score(second, examiner, "none")
    assert bookings.list_candidates(cohort) == []


def test_the_database_refuses_a_third_try(cohort, trainee, seat):
    facts = {"exam": seat.exam, "user": make_person("别人"), "course": cohort.course, "position": 2}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExamSeat.objects.create(**facts, number=3)


def test_a_cancelled_one_is_no_try_and_says_why(as_user, trainer, cohort, pair, trainee, seat):
    assert bookings.cancel_exam(trainer, seat.exam, "停电")
    assert not bookings.cancel_exam(trainer, seat.exam, "停电")
    assert "停电" in page(as_user(trainee), f"/me/exams/{seat.key}/")
    assert Notice.objects.filter(template="exam_cancelled").count() == 1
    assert book(trainer, cohort, pair, trainee).seats.get().number == 1


def test_with_a_score_nothing_is_cancelled(trainer, seat):
    score(seat, trainer)
    with pytest.raises(bookings.HasScores):
        bookings.cancel_exam(trainer, seat.exam, "停电")


def test_the_seats_are_locked_before_it_is_asked_whether_a_score_was_signed(trainer, seat):
    with CaptureQueriesContext(connection) as asked:
        bookings.cancel_exam(trainer, seat.exam, "停电")
    order = [
        table
        for query in asked.captured_queries
        for table in ("programme_examseat", "programme_examscore")
        if query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"]
    ]
    assert order[:2] == ["programme_examseat", "programme_examscore"]
    with pytest.raises(scores.Withdrawn):
        scores.save_score(ExamScore.objects.filter(examiner=trainer).get(), {}, is_signed=True)


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_signature_and_a_cancellation_at_once_are_one_or_the_other(trainer, organiser, seat):
    row = scores.find_mine(organiser).get(seat=seat)
    marks = {one["code"]: "full" for one in seat.exam.rubric_content["criteria"]}
    start, refused = threading.Barrier(2), []

    def run(act: Callable[[], object]) -> None:
        start.wait(10)
        try:
            act()
        except (bookings.HasScores, scores.Withdrawn) as problem:
            refused.append(type(problem))
        finally:
            connection.close()

    acts = (
        lambda: scores.save_score(row, marks, is_signed=True),
        lambda: bookings.cancel_exam(trainer, seat.exam, "停电"),
    )
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    seat.exam.refresh_from_db()
    is_signed = ExamScore.objects.filter(signed_at__isnull=False).exists()
    assert seat.exam.is_cancelled is not is_signed
    assert refused == [bookings.HasScores if is_signed else scores.Withdrawn]


def test_one_score_may_stand_while_another_seat_is_taken_off(as_user, trainer, cohort, pair, trainee):
    absent = make_person("没来的")
    Enrolment.objects.create(user=absent, course=cohort.course, cohort=cohort)
    exam = book(trainer, cohort, pair, trainee, absent)
    there, gone = exam.seats.get(user=trainee), exam.seats.get(user=absent)
    score(there, trainer)
    client, root = as_user(trainer), f"/classes/{cohort.pk}/exams/{exam.pk}"
    for seat in (there, gone):
        assert client.post(f"{root}/seats/{seat.pk}/withdraw/").status_code == 302
    assert list(exam.seats.filter(withdrawn_at=None)) == [there]
    assert [one.name for one in bookings.list_candidates(cohort)] == ["没来的"]
    assert Notice.objects.filter(template="exam_withdrawn").count() == 1
    assert "老师把你从这场撤下来了" in page(as_user(absent), f"/me/exams/{gone.key}/")


def test_who_is_erased_leaves_the_lists_on_which_nobody_has_signed(trainer, seat, trainee):
    changes.withdraw_of_person(trainee)
    assert not scores.find_mine(trainer).exists()


@pytest.mark.long
def test_a_closed_account_leaves_the_list_and_a_left_class_is_shown(as_user, trainer, cohort, pair, trainee):
    exam = book(trainer, cohort, pair, trainee)
    Enrolment.objects.update(left_at=timezone.now())
    assert "不在班里了" in page(as_user(trainer), f"/classes/{cohort.pk}/exams/{exam.pk}/")
    close_account(trainee)
    assert not scores.find_mine(trainer).exists()


def test_who_has_not_signed_is_replaced_by_who_may_examine(trainer, organiser, stranger, village, seat):
    score(seat, organiser)
    other = make_person("王老师", (Role.TRAINER, village))
    for wrong in (stranger, organiser, trainer):
        with pytest.raises(bookings.NotBookable):
            changes.replace_examiner(organiser, seat.exam, trainer, wrong)
    assert changes.list_replaceable(seat.exam) == [trainer]
    assert changes.replace_examiner(organiser, seat.exam, trainer, other) == 1
    assert bookings.list_examiners(seat.exam) == [other, organiser]


@pytest.mark.long
def test_an_examiner_who_has_not_signed_is_replaced(as_user, trainer, organiser, village, seat, trainee):
    score(seat, trainer)
    score_of = ExamScore.objects.get(seat=seat, examiner=organiser)
    url = f"/classes/{seat.exam.cohort_id}/exams/{seat.exam_id}/examiner/"
    other, helper = (make_person(name, (Role.TRAINER, village)) for name in ("王老师", "张老师"))
    seat.exam.cohort.trainers.add(helper)
    client = as_user(trainer)
    refused = client.post(url, {"examiner": organiser.pk, "other": helper.pk})
    assert "至少一位考官不是这个班的老师。" in squeeze(refused.content.decode())
    refused = client.post(url, {"examiner": organiser.pk, "other": organiser.pk})
    assert "选的是同一个人，换成别人。" in squeeze(refused.content.decode())
    refused = client.post(url, {"examiner": trainer.pk, "other": other.pk})  # has signed all of theirs
    assert refused.status_code == 200
    assert client.post(url, {"examiner": organiser.pk, "other": other.pk}).status_code == 302
    assert bookings.list_examiners(seat.exam) == [trainer, other]
    with pytest.raises(scores.Withdrawn):
        scores.save_score(score_of, {}, is_signed=False)
    score(seat, other)
    seat.refresh_from_db()
    assert seat.passed


def test_nobody_books_or_changes_their_own(as_user, trainer, organiser, village, cohort, trainee):
    other = make_person("张老师", (Role.TRAINER, village))
    Enrolment.objects.create(user=trainer, course=cohort.course, cohort=cohort)
    with pytest.raises(bookings.NotBookable) as refused:
        book(trainer, cohort, (other, organiser), trainer)
    assert refused.value.reasons == ["自己的考试，请班里另一位老师或者组织者来排。"]
    exam = book(organiser, cohort, (other, organiser), trainer, trainee)
    client, root = as_user(trainer), f"/classes/{cohort.pk}/exams/{exam.pk}"
    client.post(f"{root}/cancel/", {"reason": "不想考"})
    client.post(
        f"{root}/examiner/",
        {"examiner": other.pk, "other": make_person("李老师", (Role.TRAINER, village)).pk},
    )
    assert client.post(f"{root}/seats/{exam.seats.get(user=trainer).pk}/withdraw/").status_code == 404
    exam.refresh_from_db()
    assert (exam.is_cancelled, bookings.list_examiners(exam)) == (False, [other, organiser])


def test_tries_of_both_languages_count_together(trainer, pair, village, cohort, trainee, seat):
    english = make_exam_class(trainer, village, trainee)
    Course.objects.filter(pk=english.course_id).update(twin=cohort.course_id)
    with pytest.raises(bookings.NotBookable):
        book(trainer, english, pair, trainee)
    for examiner in pair:
        score(seat, examiner, "none")
    assert book(trainer, english, pair, trainee).seats.get().number == 2
    assert bookings.list_candidates(cohort) == []


# --- scoring ---


def test_nothing_is_signed_before_the_turn(trainer, cohort, pair, trainee):
    ahead = timezone.now() + timedelta(days=300)
    seat = book(trainer, cohort, pair, trainee, starts_at=ahead).seats.get()
    row = score(seat, trainer)
    assert (row.signed_at, row.total) == (None, 100)
    assert scores.list_missing(row) == ["还没轮到他考，考了再交分。打的分先存着了。"]


def test_who_is_no_examiner_any_more_neither_opens_nor_signs(as_user, organiser, seat):
    client, url = as_user(organiser), f"/me/exams/{seat.key}/score/"
    assert client.get(url).status_code == 200
    Membership.objects.filter(user=organiser).delete()
    assert client.get(url).status_code == 404
    assert client.get("/me/exams/").context["to_score"] == []
    with pytest.raises(scores.MayNotExamine):
        score(seat, organiser)


def test_a_mentor_since_the_booking_does_not_sign_and_keeps_what_was_typed(as_user, organiser, seat, trainee):
    Teaching.objects.create(teacher=organiser, pupil=trainee, since="2026-01-01")
    said = as_user(organiser).post(f"/me/exams/{seat.key}/score/", {"words": "开场好", "sign": "1"})
    text = squeeze(said.content.decode())
    assert ("是考生的师傅，要避开，换一位。" in text, "开场好" in text) == (True, True)
    assert not ExamScore.objects.filter(signed_at__isnull=False).exists()


def test_whoever_may_examine_is_found_from_both_sides(cohort, trainer, organiser, stranger, trainee, village):
    people = [trainer, organiser, stranger, trainee, make_person("县外的")]
    found = set(examiners.find_examiners(cohort))
    assert [bool(examiners.find_examined(one, [cohort])) for one in people] == [
        one in found for one in people
    ]


def test_the_mean_of_both_is_her_total(as_user, trainee, trainer, organiser, seat):
    score(seat, trainer, "full")
    seat.refresh_from_db()
    assert (seat.total, seat.settled_at) == (None, None)
    assert score(seat, organiser, "full", fewer=1).total < 100
    seat.refresh_from_db()
    totals = [one.total for one in seat.scores.all()]
    assert (seat.total, seat.way, seat.passed) == ((sum(totals) + 1) // 2, "mean", True)
    said = page(as_user(trainee), f"/me/exams/{seat.key}/")
    assert "通过了" in said
    assert trainer.name in said
    assert organiser.name in said
    assert Notice.objects.filter(template="exam_settled").count() == 1


def test_neither_sees_the_others_score_before_both_are_in(as_user, trainee, trainer, organiser, seat):
    signed = score(seat, trainer, "half")
    score_url, mine = f"/me/exams/{seat.key}/score/", f"/me/exams/{seat.key}/"
    for person, url in (
        (organiser, score_url),
        (trainee, mine),
        (organiser, f"/classes/{seat.exam.cohort_id}/exams/"),
    ):
        said = page(as_user(person), url)
        assert f">{signed.total}<" not in said
        assert trainer.name not in said.replace("老师", "") or person != trainee
    waits = page(as_user(trainer), score_url)
    assert "两位都交了，才看得到对方的分。" in waits
    score(seat, organiser, "half")
    assert organiser.name in page(as_user(trainer), score_url)


def test_a_banned_phrase_left_uncorrected_fails_her(trainer, organiser, seat):
    for examiner in (trainer, organiser):
        assert score(seat, examiner, "full", slips_left=1).total == 59
    seat.refresh_from_db()
    assert (seat.total, seat.passed) == (59, False)


def test_far_apart_needs_a_third_and_the_middle_counts(as_user, trainer, organiser, village, seat, trainee):
    low, high = score(seat, trainer, "half").total, score(seat, organiser, "full").total
    assert (low, high) == (50, 100)
    seat.refresh_from_db()
    assert seat.settled_at is None
    third = make_person("王老师", (Role.TRAINER, village))
    answer = as_user(trainer).post(
        f"/classes/{seat.exam.cohort_id}/exams/{seat.exam_id}/seats/{seat.pk}/third/",
        {f"seat-{seat.pk}-examiner": third.pk},
    )
    assert answer.status_code == 302
    got = score(seat, third, "full", fewer=3)
    seat.refresh_from_db()
    assert (seat.total, seat.way) == (sorted((low, high, got.total))[1], "third")
    assert not scores.ask_third(trainer, seat, make_person("赵老师", (Role.TRAINER, village)))


def test_both_may_agree_on_a_total_between_theirs(as_user, trainer, organiser, seat):
    for examiner, level in ((trainer, "half"), (organiser, "full")):
        score(seat, examiner, level)
    url = f"/me/exams/{seat.key}/agree/"
    for person, total in ((trainer, 40), (trainer, 70), (organiser, 71), (organiser, 70)):
        assert as_user(person).post(url, {"total": total}).status_code == 302
    seat.refresh_from_db()
    assert (seat.total, seat.way, seat.passed) == (70, "talk", True)
    assert [one.agreed for one in seat.scores.order_by("part")] == [70, 70]


def test_a_draft_is_kept_and_signed_only_when_whole(as_user, trainer, seat):
    client, url = as_user(trainer), f"/me/exams/{seat.key}/score/"
    codes = [one["code"] for one in seat.exam.rubric_content["criteria"]]
    client.post(url, {f"mark-{codes[0]}": "full", "words": "开场好", "sign": "1"})
    row = ExamScore.objects.get(seat=seat, examiner=trainer)
    assert (row.marks, row.words, row.signed_at) == ({codes[0]: "full"}, "开场好", None)
    client.post(url, {f"mark-{code}": "full" for code in codes} | {"words": "开场好", "sign": "1"})
    row.refresh_from_db()
    assert (row.total, row.signed_at is None) == (100, False)
    client.post(url, {f"mark-{codes[0]}": "none", "save": "1"})
    row.refresh_from_db()
    assert row.marks[codes[0]] == "full"


def test_a_mark_that_is_none_of_the_three_is_refused_and_nothing_typed_is_lost(as_user, trainer, seat):
    code = seat.exam.rubric_content["criteria"][0]["code"]
    url = f"/me/exams/{seat.key}/score/"
    answer = as_user(trainer).post(
        url, {f"mark-{code}": "best", "words": "留着的话", "slips_left": "x", "save": "1"}
    )
    assert "留着的话" in answer.content.decode()
    assert ExamScore.objects.get(seat=seat, examiner=trainer).marks == {}


def test_only_its_examiners_score_a_seat(as_user, trainer, organiser, trainee, stranger, village, seat):
    helper = make_person("张老师", (Role.TRAINER, village))
    for person in (trainee, stranger, helper):
        assert as_user(person).get(f"/me/exams/{seat.key}/score/").status_code == 404
    assert as_user(stranger).get(f"/me/exams/{seat.key}/").status_code == 404
    assert set(PracticalExam.objects.visible_to(organiser)) == {seat.exam}
    assert set(PracticalExam.objects.visible_to(trainee)) == {seat.exam}
    assert not PracticalExam.objects.visible_to(stranger).exists()


def test_a_changed_rubric_changes_no_score(trainer, organiser, seat):
    seat.exam.cohort.course.rubrics.update(content={"criteria": []})
    assert score(seat, trainer).total == 100


# --- the class's pages ---


def test_a_form_books_what_it_says(as_user, trainer, organiser, cohort, trainee):
    client, url = as_user(trainer), f"/classes/{cohort.pk}/exams/new/"
    form = client.get(url).context["form"]
    facts = {
        "drill": form.fields["drill"].queryset.get().pk, "held_on": "2099-01-01", "starts_time": "9点",
        "slot_minutes": 20, "place": "村部", "pass_points": 60, "examiner_one": trainer.pk,
        "examiner_two": trainer.pk, "people": [trainee.pk],
    }  # fmt: skip
    refused = client.post(url, facts)
    said = squeeze(refused.content.decode())
    assert "要播 30 分钟，每人至少占这么久。" in said
    assert "排在一年以内。" in said
    day = form.fields["held_on"].initial
    again = client.post(url, facts | {"held_on": day.isoformat(), "slot_minutes": 45})
    assert "考官要是两个人，不能是同一个。" in squeeze(again.content.decode())
    done = client.post(
        url, facts | {"held_on": day.isoformat(), "slot_minutes": 45, "examiner_two": organiser.pk}
    )
    exam = PracticalExam.objects.get()
    assert done["Location"] == f"/classes/{cohort.pk}/exams/{exam.pk}/"
    assert trainee.name in page(client, done["Location"])
    assert "实操" in page(client, f"/classes/{cohort.pk}/exams/")


def test_a_booking_is_a_week_ahead_and_never_in_the_past(as_user, trainer, cohort, trainee):
    other = make_person("安小满")
    Enrolment.objects.create(user=other, course=cohort.course, cohort=cohort)
    LessonDone.objects.create(
        user=trainee, lesson=Lesson.objects.in_order().first(), happened_at=timezone.now()
    )
    client, url = as_user(trainer), f"/classes/{cohort.pk}/exams/new/"
    form = client.get(url).context["form"]
    assert form.fields["people"].choices == [
        (str(other.pk), "安小满 · 0/2 课"),
        (str(trainee.pk), f"{trainee.name} · 1/2 课"),
    ]
    assert [choose_day(datetime(2026, 11, 29, hour)) for hour in (9, 10)] == [
        date(2026, 12, 6),
        date(2026, 12, 7),
    ]
    said = squeeze(
        client.post(url, {"held_on": str(timezone.localdate()), "starts_time": "00:00"}).content.decode()
    )
    assert "今天这个钟点已经过了，改晚一点，或者换一天。" in said


def test_examiner_and_examinee_find_the_examination(
    as_user, trainer, organiser, trainee, stranger, cohort, seat
):
    for person, words in ((trainer, "请你当考官"), (organiser, "请你当考官"), (trainee, "结业实操哪天")):
        said = page(as_user(person), "/me/")
        assert 'href="/me/exams/"' in said
        assert words in said
    assert 'href="/me/exams/"' not in page(as_user(stranger), "/me/")
    assert not list(worklist.exams(trainee))
    PracticalExam.objects.update(starts_at=timezone.now() + timedelta(days=1))
    assert [item.count for item in worklist.exams(trainer)] == [0]
    PracticalExam.objects.update(starts_at=timezone.now())
    [item] = worklist.exams(trainer)
    assert (item.count, item.sentence, item.url) == (1, "1 个人的结业实操等你打分", "/me/exams/")
    score(seat, trainer)
    assert [item.count for item in worklist.exams(trainer)] == [0]
    assert "你当考官打过的分" in page(as_user(trainer), "/me/")


def test_the_class_page_costs_the_same_for_one_and_for_many(as_user, trainer, pair, cohort):
    client = as_user(trainer)
    url = f"/classes/{cohort.pk}/exams/"
    book(trainer, cohort, pair, Enrolment.objects.get().user)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(23):
        Enrolment.objects.create(user=make_person(f"学员{n}"), course=cohort.course, cohort=cohort)
    others = [row.user for row in Enrolment.objects.select_related("user")[1:]]
    book(trainer, cohort, pair, *[person for person in others if not person.exam_seats.exists()])
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
