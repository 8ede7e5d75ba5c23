from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import Lesson, Opening, Quiz
from media.models import Upload
from outbox.models import Event
from programme.attendance.sessions import cancel_session
from programme.models import CertificateRule
from programme.support.causes import CAUSES, find_facts
from progress.models import Talk, Watch
from progress.quizzes.talks import hold_talk
from rehearsals.models import NoteAnswer, TaskReview
from rehearsals.tasks.services import accept_task, return_task
from shops.models import Product
from tests.factories import make_person, make_product, make_seller, make_shop
from tests.media.videos.rows import make_video
from tests.programme.attendance.rows import make_session, mark
from tests.programme.certificates.worlds import make_certificate
from tests.programme.support.rows import ago, do, fail, join, words
from tests.quizzes import make_quiz
from tests.rehearsals.tasks.worlds import hand_in, make_task
from tests.reviews import make_drill, make_note, make_review, make_submission, make_take


def shift(cohort, ends: int) -> None:
    """Move the class so that it ends in so many days."""
    cohort.starts_on = timezone.localdate() - timedelta(days=400)
    cohort.ends_on = timezone.localdate() + timedelta(days=ends)
    cohort.save()


# --- quizzes ---


def test_three_failures_name_a_person_and_a_pass_ends_it(cohort, course, learner):
    quiz = make_quiz(course, title="讲货小测")
    fail(learner, quiz, 2)
    assert words(cohort, learner) == []
    fail(learner, quiz)
    assert words(cohort, learner) == [("quiz", "“讲货小测”考了 3 次没过")]
    fail(learner, quiz, passed=True)
    assert words(cohort, learner) == []
    fail(learner, quiz, 2)  # what was failed before the pass does not count again
    assert words(cohort, learner) == []


def test_a_test_before_the_course_cannot_be_failed(cohort, course, learner):
    fail(learner, make_quiz(course, kind=Quiz.Kind.PRE), 3)
    assert words(cohort, learner) == []


@pytest.mark.long
def test_the_limit_of_the_quiz_comes_before_the_usual_one_and_a_talk_ends_it(
    cohort, course, learner, trainer
):
    quiz = make_quiz(course, title="法律考试", talk_after=2, clears="first_live")
    fail(learner, quiz, 2)
    [fact] = find_facts(cohort)[learner.pk]
    talk = f"/classes/{cohort.pk}/trainees/{learner.pk}/talks/{quiz.pk}/"
    assert (fact.words, fact.url, fact.button) == ("“法律考试”考了 2 次没过", talk, "谈一谈，让他再考")
    hold_talk(trainer, cohort, learner, quiz, "再看一遍第三课。")
    assert words(cohort, learner) == []
    assert Talk.objects.count() == 1


# --- phones ---


def put_aside(user, **fields) -> Event:
    facts = {"event_id": uuid4(), "kind": "ask", "reason": "no_lesson", "state": Event.State.REJECTED}
    return Event.objects.create(user=user, happened_at=ago(1), **facts | fields)


@pytest.mark.long
def test_events_that_were_not_applied_count_until_they_are_settled(cohort, learner):
    event = put_aside(learner)
    put_aside(learner)
    assert words(cohort, learner) == [("phone", "手机送来 2 件，没记上")]
    Event.objects.update(state=Event.State.SETTLED)
    assert words(cohort, learner) == []
    assert event.pk


@pytest.mark.long
def test_a_recording_counts_two_days_after_it_was_made(cohort, learner):
    row = make_submission(learner, cohort, make_drill(cohort), video=None)
    take = make_take(row, [])
    set_age(row, 2, minus=60)
    assert words(cohort, learner) == []
    set_age(row, 2)
    assert words(cohort, learner) == [("phone", "“三分钟一个品”录了，还在手机里没传完")]
    upload = Upload.objects.create(owner=learner, state=Upload.State.WHOLE, expires_at=ago(-7))
    take.upload = upload
    take.save()
    assert words(cohort, learner) == []


def set_age(submission, days: float, minus: float = 0) -> None:
    submission.rehearsal.happened_at = ago(days, -minus)
    submission.rehearsal.save()


def test_a_recording_left_behind_by_a_later_one_is_not_asked_for(cohort, learner):
    drill = make_drill(cohort)
    row = make_submission(learner, cohort, drill, video=None)
    make_take(row, [])
    set_age(row, 3)
    make_submission(learner, cohort, drill, happened_at=ago(1))
    assert words(cohort, learner) == []


# --- training sessions ---


def hold(cohort, trainer, *marks: tuple[float, str], user) -> None:
    for days, said in marks:
        mark(make_session(cohort, trainer, starts_at=ago(days)), trainer, user, said)


@pytest.mark.long
def test_two_absences_in_a_row_count_and_coming_ends_it(cohort, trainer, learner):
    hold(cohort, trainer, (9, "absent"), user=learner)
    assert words(cohort, learner) == []
    hold(cohort, trainer, (6, "absent"), user=learner)
    assert words(cohort, learner) == [("absent", "连着 2 次没来上课")]
    hold(cohort, trainer, (3, "late"), user=learner)
    assert words(cohort, learner) == []


@pytest.mark.long
def test_leave_and_cancelled_sessions_count_neither_way(cohort, trainer, learner, other):
    hold(cohort, trainer, (9, "absent"), (6, "excused"), user=learner)
    assert words(cohort, learner) == []
    hold(cohort, trainer, (3, "absent"), user=learner)
    assert words(cohort, learner) == [("absent", "连着 2 次没来上课")]
    hold(cohort, trainer, (8, "absent"), user=other)
    gone = make_session(cohort, trainer, starts_at=ago(2))
    mark(gone, trainer, other, "absent")
    cancel_session(trainer, gone, "下大雨")
    assert words(cohort, other) == []


@pytest.mark.long
def test_absences_are_over_with_the_class(cohort, trainer, learner):
    hold(cohort, trainer, (9, "absent"), (6, "absent"), user=learner)
    shift(cohort, ends=0)
    assert words(cohort, learner) == [("absent", "连着 2 次没来上课")]
    shift(cohort, ends=-1)
    assert words(cohort, learner) == []


# --- rehearsals ---


@pytest.mark.long
def test_a_request_to_record_again_counts_after_a_week_until_it_is_done(cohort, trainer, learner):
    drill = make_drill(cohort)
    review = make_review(trainer, make_submission(learner, cohort, drill), wants_again=True)
    set_signed(review, ago(7, -60))
    assert words(cohort, learner) == []
    set_signed(review, ago(7))
    assert words(cohort, learner) == [("retake", "“三分钟一个品”请他重录，还没录")]
    make_submission(learner, cohort, drill)
    assert words(cohort, learner) == []


@pytest.mark.long
def test_a_part_to_record_again_is_answered_by_its_recording(cohort, trainer, learner):
    submission = make_submission(learner, cohort, make_drill(cohort))
    review = make_review(trainer, submission)
    note = make_note(review, asks_again=True, until_ms=20_000)
    set_signed(review, ago(8))
    assert words(cohort, learner) == [("retake", "“三分钟一个品”有一段请他重录，还没录")]
    NoteAnswer.objects.create(note=note, author=learner, rehearsal=submission.rehearsal)
    assert words(cohort, learner) == []


def set_signed(review, at) -> None:
    review.signed_at = at
    review.save()


# --- tasks ---


def test_a_returned_task_counts_after_a_week_until_it_is_handed_in_again(
    cohort, course, trainer, learner, other
):
    task = make_task(course)
    version = hand_in(learner, task)
    return_task(trainer, version, next_step="第三条写退多少钱")
    TaskReview.objects.update(created_at=ago(7, -60))
    assert words(cohort, learner) == []
    TaskReview.objects.update(created_at=ago(7))
    [fact] = find_facts(cohort)[learner.pk]
    page = f"/review/tasks/{version.work_id}/"
    assert (fact.words, fact.url, fact.subject) == ("“六条回复”退回了，还没再交", page, task.pk)
    assert CAUSES["task"].build_url(task.pk, cohort.pk) == f"/learn/tasks/{task.pk}/"
    accept_task(trainer, hand_in(other, task))
    assert list(CAUSES["task"].find_doers(cohort, fact)) == [{"user": other.pk}]
    hand_in(learner, task)
    assert words(cohort, learner) == []


# --- lessons ---


@pytest.fixture
def late(cohort):
    """Return somebody who joined eight days ago and has done the first lesson on that day."""
    person = join(make_person("石阿妹"), cohort, days=8)
    do(person, cohort.course.modules.get().lessons.first(), days=8)
    return person


def second(cohort) -> Lesson:
    return list(cohort.course.modules.get().lessons.order_by("position"))[1]


@pytest.mark.long
def test_a_lesson_left_lying_for_a_week_counts_until_the_person_learns_again(cohort, late, learner):
    lesson = second(cohort)
    assert words(cohort, late) == [("lesson", f"停在“{lesson.title}”")]
    assert words(cohort, learner) == []  # in the class for a day
    do(late, lesson)
    assert words(cohort, late) == []


@pytest.mark.long
def test_a_video_that_was_never_opened_and_one_that_was_left_are_told_apart(cohort, trainer, late):
    lesson = second(cohort)
    lesson.video = make_video(trainer)
    lesson.save()
    assert words(cohort, late) == [("lesson", f"“{lesson.title}”的视频没打开过")]
    watch = Watch.objects.create(user=late, lesson=lesson, last_ms=200_000, last_at=ago(7, -60))
    assert words(cohort, late) == []
    watch.last_at = ago(7)
    watch.save()
    assert words(cohort, late) == [("lesson", f"“{lesson.title}”看到 3:20 停了")]


@pytest.mark.long
def test_a_lesson_is_late_a_week_after_it_opened_for_the_class(cohort, late):
    today = timezone.localdate()
    opening = Opening.objects.create(cohort=cohort, module=second(cohort).module, opens_on=today)
    for days, n in ((-3, 0), (6, 0), (7, 1)):
        opening.opens_on = today - timedelta(days=days)
        opening.save()
        assert len(words(cohort, late)) == n, days


@pytest.mark.long
def test_who_must_pass_a_quiz_first_is_told_so(cohort, course, late):
    quiz, lesson = make_quiz(course, title="入门小测"), second(cohort)
    lesson.module.needs_quiz.add(quiz)
    assert words(cohort, late) == [("lesson", f"没过“入门小测”，学不了“{lesson.title}”")]
    fail(late, quiz, passed=True)
    assert words(cohort, late) == [("lesson", f"停在“{lesson.title}”")]


@pytest.mark.long
def test_lessons_are_asked_for_until_a_month_after_the_class(cohort, late):
    shift(cohort, ends=-30)
    assert [cause for cause, _words in words(cohort, late)] == ["lesson"]
    shift(cohort, ends=-31)
    assert words(cohort, late) == []


def test_who_has_left_the_class_is_not_on_its_board(cohort, late):
    cohort.enrolments.update(left_at=timezone.now())
    assert find_facts(cohort) == {}


# --- certificates and listings ---


@pytest.fixture
def finished(cohort, learner):
    """Return somebody who has done all lessons of a course whose certificate asks for them and one rehearsal."""
    CertificateRule.objects.create(course=cohort.course, title="证", valid_from=ago(90).date())
    for lesson in cohort.course.modules.get().lessons.all():
        do(learner, lesson)
    return learner


@pytest.mark.long
def test_one_thing_missing_counts_from_a_week_before_the_class_ends(cohort, trainer, finished):
    shift(cohort, ends=8)
    assert words(cohort, finished) == []
    shift(cohort, ends=7)
    assert words(cohort, finished) == [("cert", "离证书差一样：还差 1 遍 60 分以上的彩排")]
    CertificateRule.objects.update(rehearsals=2)
    assert words(cohort, finished) == []  # two things
    make_review(trainer, make_submission(finished, cohort), total=80)
    assert [cause for cause, _words in words(cohort, finished)] == ["cert"]
    make_review(trainer, make_submission(finished, cohort), total=80)
    assert words(cohort, finished) == []  # due: the trainer issues it


@pytest.mark.long
def test_what_another_line_says_is_not_said_again(cohort, course, finished):
    shift(cohort, ends=7)
    CertificateRule.objects.update(rehearsals=0)
    quiz = make_quiz(course, title="讲货小测")
    assert words(cohort, finished) == [("cert", "离证书差一样：还有一个测验没过：讲货小测")]
    fail(finished, quiz, 3)
    assert words(cohort, finished) == [("quiz", "“讲货小测”考了 3 次没过")]


@pytest.mark.long
def test_a_graduate_without_a_listing_counts_after_thirty_days(cohort, village, learner):
    certificate = make_certificate(learner, cohort)
    for days, minus, n in ((30, 60, 0), (30, 0, 1)):
        certificate.issued_at = ago(days, -minus)
        certificate.save()
        assert len(words(cohort, learner)) == n, days
    assert words(cohort, learner) == [("listing", "结业了，一款货也没上架")]
    make_seller(learner, village)
    product = make_product(make_shop(learner, village), status=Product.Status.DRAFT)
    Product.objects.filter(pk=product.pk).update(listed_at=None, submitted_at=None)
    assert len(words(cohort, learner)) == 1
    product.submitted_at = timezone.now()
    product.save()
    assert words(cohort, learner) == []


@pytest.mark.long
def test_who_has_the_certificate_is_through_but_for_what_permits_to_go_live(cohort, course, trainer, late):
    fail(late, make_quiz(course), 3)
    hold(cohort, trainer, (6, "absent"), (3, "absent"), user=late)
    review = make_review(trainer, make_submission(late, cohort), wants_again=True)
    set_signed(review, ago(8))
    assert [cause for cause, _words in words(cohort, late)] == ["quiz", "absent", "retake", "lesson"]
    make_certificate(late, cohort)
    assert words(cohort, late) == []
    fail(late, make_quiz(course, title="法律考试", talk_after=3, clears="first_live"), 3)
    assert words(cohort, late) == [("quiz", "“法律考试”考了 3 次没过")]


def test_a_class_is_followed_from_its_first_day_until_half_a_year_after_it(cohort, learner):
    put_aside(learner)
    shift(cohort, ends=-180)
    assert len(words(cohort, learner)) == 1
    shift(cohort, ends=-181)
    assert words(cohort, learner) == []
    cohort.starts_on = cohort.ends_on = timezone.localdate() + timedelta(days=1)
    cohort.save()
    assert words(cohort, learner) == []
