"""The classes of the year: joining, lessons, tests, the roll, rehearsals, certificates and what a class cost."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from accounts.models import Place, User
from accounts.people import memberships
from bench.scenarios.year.county import (
    FIRST,
    GIVEN,
    LESSONS,
    SESSIONS,
    SURNAMES,
    Year,
    at,
    make_id,
    make_person,
)
from courses.models import Cohort, Lesson, Quiz
from demo.seed.timeline import clock_at
from demo.seed.training.progress import sit
from live.models import Livestream
from programme.attendance.marks import record_marks, say
from programme.attendance.sessions import plan_session
from programme.certificates import issuance
from programme.ladder import lineage
from programme.models import How, Mark, TrainingSession
from programme.outcomes.figures import cost
from progress.enrolment.join_codes import redeem
from progress.lessons.completion import Completion, record_done
from progress.models import Enrolment
from rehearsals import scoring
from rehearsals.models import Rehearsal, Submission
from rehearsals.reviews import services as reviewing


def plan_class(year: Year, number: int) -> None:
    """A class of eight weeks: it is opened, joined, taught, examined, and gives its certificates at the end."""
    size, dice = year.size, year.dice
    months = 9
    begins = FIRST + datetime.timedelta(days=number * 30 * months // size.cohorts)
    ends = begins + datetime.timedelta(days=56)
    trainer = year.trainers[number % len(year.trainers)]
    with clock_at(at(begins, "08:00")):
        cohort = Cohort.objects.create(
            course=year.course, place=year.villages[number % len(year.villages)].parent, name=f"{number + 1}班",
            starts_on=begins, ends_on=ends,
        )  # fmt: skip
        cohort.trainers.add(trainer)
    year.cohorts.append(cohort)
    share = range(size.trainees * number // size.cohorts, size.trainees * (number + 1) // size.cohorts)
    members = []
    for n in share:
        with clock_at(at(begins, "08:30")):
            person = make_person(dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2)), 1000 + n)
        members.append(person)
        year.people.append(person)
        year.add(at(begins, "09:00"), join, person, year.villages[n % len(year.villages)], cohort.join_code)
        plan_trainee(year, cohort, person, begins)
    for n in range(SESSIONS):
        held = at(begins + datetime.timedelta(days=7 + 12 * n), "14:00")
        key = make_id("session", number, n)
        facts = {
            "starts_at": held, "minutes": 120, "place": "村部", "topic": f"第{n + 1}次", "module": None, "trainer": trainer,
        }  # fmt: skip
        year.add(held - datetime.timedelta(days=3), plan_session, trainer, cohort, facts, key)
        year.add(held + datetime.timedelta(minutes=15), call_roll, year, key, trainer)
    year.add(at(ends, "10:00"), issue, cohort, trainer)
    year.add(at(ends, "11:00"), pay_for_class, year, cohort, 800_000 + 1000 * number, make_id("cost", number))


def join(person: User, village: Place, code: str) -> None:
    memberships.grant_role_by_code(person, village)
    redeem(person, code)
    person.__dict__.pop("granted", None)


def plan_trainee(year: Year, cohort: Cohort, person: User, begins: datetime.date) -> None:
    """Four of five do everything; the others stop on the way."""
    dice = year.dice
    lessons = list(Lesson.objects.filter(module__course=year.course).order_by("module__position", "position"))
    stays = dice.random() < 0.8
    count = LESSONS if stays else dice.randrange(LESSONS)
    quizzes = {quiz.kind: quiz for quiz in Quiz.objects.filter(course=year.course)}

    def day(n: int, clock: str) -> datetime.datetime:
        return at(begins + datetime.timedelta(days=n), clock)

    year.add(day(1, "20:00"), sit, person, quizzes[Quiz.Kind.PRE], dice.randrange(20, 60))
    for n, lesson in enumerate(lessons[:count]):
        moment = day(2 + 6 * n, "20:30")
        done = Completion(
            make_id("done", person.pk, lesson.pk), lesson.pk, year.course.version, moment, moment
        )
        year.add(moment, record_done, person, [done])
    if not stays:
        return
    first = dice.randrange(40, 100)
    year.add(day(40, "20:00"), sit, person, quizzes[Quiz.Kind.MODULE], first)
    if first < 60 and dice.random() < 0.8:
        year.add(day(44, "20:00"), sit, person, quizzes[Quiz.Kind.MODULE], 90, 2)
    for n, score in enumerate((dice.randrange(4, 8), dice.randrange(5, 11)), 1):
        year.add(day(42 + 4 * n, "19:00"), rehearse, year, cohort, person, n, score)
    year.add(day(54, "20:00"), sit, person, quizzes[Quiz.Kind.POST], dice.randrange(60, 100))


def call_roll(year: Year, key: uuid.UUID, trainer: User) -> None:
    session = TrainingSession.objects.select_related("cohort").get(key=key)
    people = (
        Enrolment.objects.active()
        .filter(cohort=session.cohort_id)
        .order_by("user")
        .values_list("user", flat=True)
    )
    weights = {Mark.PRESENT: 78, Mark.LATE: 10, Mark.ABSENT: 8, Mark.EXCUSED: 4}
    facts = [say(pk, year.dice.choices([*weights], [*weights.values()])[0], How.ROLL) for pk in people]
    record_marks(session, facts, trainer)


def rehearse(year: Year, cohort: Cohort, person: User, number: int, score: int) -> None:
    """Hand in a rehearsal without its film, reviewed and signed the next evening by the class's trainer."""
    now = timezone.now()
    plan = Livestream.objects.create(
        host=person, place=cohort.place, title="彩排", starts_at=now, drill=year.drill
    )
    made = Rehearsal.objects.create(
        key=make_id("rehearsal", person.pk, number),
        user=person,
        livestream=plan,
        cohort=cohort,
        drill=year.drill,
    )
    content = year.rubric.content
    submission = Submission.objects.create(
        key=make_id("submission", person.pk, number), rehearsal=made, user=person, cohort=cohort, drill=year.drill,
        number=number, rubric=year.rubric, rubric_content=content, rubric_hash=scoring.hash_rubric(content),
        receipt=f"Y{made.pk}",
    )  # fmt: skip
    with clock_at(now + datetime.timedelta(hours=24)):
        review = reviewing.begin_review(cohort.trainers.get(), submission)
        marks = {one["code"]: "full" if n < score else "none" for n, one in enumerate(content["criteria"])}
        reviewing.save_draft(review, marks, words="看了。")
        reviewing.sign_review(review)


def issue(cohort: Cohort, trainer: User) -> None:
    members = Enrolment.objects.active().filter(cohort=cohort).values_list("user", flat=True)
    issuance.issue_certificates(trainer, cohort, set(members))
    lineage.record_classes()


def pay_for_class(year: Year, cohort: Cohort, fen: int, key: uuid.UUID) -> None:
    cost.record_cost(cohort, on=cohort.ends_on, what="培训费", fen=fen, by=year.organiser, key=key)
