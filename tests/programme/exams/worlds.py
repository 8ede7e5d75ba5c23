"""A class with two examinees, an examination's drill and a rubric, and two examiners: its trainer and the organiser."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Drill, Rubric
from programme.exams import bookings, scores
from programme.models import ExamScore, ExamSeat, PracticalExam
from progress.models import Enrolment
from rehearsals import scoring
from tests.factories import make_cohort, make_course
from tests.reviews import both_forms


def make_exam_class(trainer: User, place, *people: User) -> Cohort:
    course = make_course(place, lessons=2)
    Rubric.objects.create(course=course, title="评分表", content=both_forms())
    Drill.objects.create(
        course=course, code="mock", title="30 分钟模拟", minutes=30, most_minutes=40, is_exam=True
    )
    cohort = make_cohort(course, place, trainer, name="秋季班")
    for person in people:
        Enrolment.objects.create(user=person, course=course, cohort=cohort)
    return cohort


def plan(cohort: Cohort, examiners: tuple[User, User], *people: User, **facts) -> bookings.Booking:
    values = {
        "drill": Drill.objects.get(course=cohort.course_id),
        "starts_at": timezone.now() - timedelta(days=2),
        "slot_minutes": 45,
        "place": "村部",
        "pass_points": 60,
        "examiners": examiners,
        "people": [person.pk for person in people],
    }
    return bookings.Booking(**values | facts)


def book(actor: User, cohort: Cohort, examiners: tuple[User, User], *people: User, **facts) -> PracticalExam:
    return bookings.book_exam(actor, cohort, plan(cohort, examiners, *people, **facts))


def score(
    seat: ExamSeat, examiner: User, level: str = "full", *, fewer: int = 0, slips_left: int = 0
) -> ExamScore:
    """Sign this examiner's score: every line at this level, the first `fewer` at none."""
    row = scores.find_mine(examiner).get(seat=seat)
    codes = [one["code"] for one in scoring.list_criteria(seat.exam.rubric_content)]
    marks = {code: "none" if n < fewer else level for n, code in enumerate(codes)}
    return scores.save_score(row, marks, is_signed=True, slips_left=slips_left, words="好")
