"""The placement test, the examinations and the page beside the standard, on a phone and a desktop, in both languages."""

import pytest

from courses.import_export.programme import import_programme
from courses.models import Course, Quiz
from progress.models import Attempt, Enrolment
from progress.quizzes import attempts as doing
from progress.quizzes.paper import Paper
from tests.factories import make_cohort
from tests.programme.exams.worlds import book, make_exam_class, score

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless, pytest.mark.usefixtures("no_second_factor")]


@pytest.mark.long
def test_the_practical_fits_a_phone(page, trainee, trainer, organiser, village, sign_in, look, axe):
    cohort = make_exam_class(trainer, village, trainee)
    exam = book(trainer, cohort, (trainer, organiser), trainee)
    seat = exam.seats.get()
    sign_in(trainer)
    look(f"/classes/{cohort.pk}/exams/", ("排一场实操", "Book a practical"))
    look(f"/classes/{cohort.pk}/exams/new/", ("没有要排的人", "Nobody to book"))
    look(f"/classes/{cohort.pk}/exams/{exam.pk}/", ("次序单", "Order list"))
    look(f"/classes/{cohort.pk}/exams/{exam.pk}/examiner/", ("换成谁", "Who examines instead"))
    look(f"/classes/{cohort.pk}/exams/{exam.pk}/seats/{seat.pk}/withdraw/", ("撤下来", "Take off the list"))
    look(f"/me/exams/{seat.key}/score/", ("打完了，交分", "Done, hand in the score"))
    score(seat, trainer, "half")
    score(seat, organiser, "full")
    look(f"/me/exams/{seat.key}/score/", ("两位差得多，商量一个分", "Too far apart: agree on a total"))
    look(f"/classes/{cohort.pk}/exams/{exam.pk}/", ("两位差 50 分，等定分", "50 points apart, to be settled"))
    sign_in(trainee)
    look("/me/exams/", ("我去考", "My turns"))
    look(f"/me/exams/{seat.key}/", ("提前半小时到。", "Come half an hour early"))


@pytest.mark.long
def test_the_placement_test_and_the_standard_fit_a_phone(page, trainee, trainer, village, sign_in, look):
    course = import_programme(village)
    assert Course.objects.count() == 2
    Enrolment.objects.create(user=trainee, course=course, cohort=make_cohort(course, village, trainer))
    look(
        "/courses/live-selling/standard/",
        ("这门课不是国家的等级考试", "This course is no national examination"),
    )
    quiz = Quiz.objects.get(course=course, kind="place")
    sign_in(trainee)
    look(f"/learn/quizzes/{quiz.pk}/", ("一点开始就计时", "The clock starts as you tap"))
    attempt = doing.start_attempt(trainee, quiz)
    look(f"/learn/attempts/{attempt.key}/", ("不会，下一题", "I don’t know, next question"))
    paper, marks = Paper(attempt.paper), {}
    known = {module.pk for module in course.modules.order_by("position")[:5]}
    while (position := paper.next_after(marks)) is not None:
        item = paper.item(position)
        right = item.key["right"]
        given = right[0] if item.kind in ("single", "picture") else right
        given = given if item.module in known else {}
        doing.record_answer(trainee, attempt.key, position, given)
        marks[position] = item.module in known
    assert Attempt.objects.get().finished_at
    look(f"/learn/attempts/{attempt.key}/", ("这个单元你会了，可以先跳过。", "You know this module"))
    look("/learn/live-selling/", ("已会，可跳过", "Known, may be skipped"))
    assert page.get_by_text("Known, may be skipped").count() == 5
