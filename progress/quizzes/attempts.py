"""Try a quiz: begin, answer, hand in. Each step may be sent twice and from two tabs at once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import User
from courses import questions
from courses.models import Objective, Question, Quiz
from media.models import Photo
from progress.enrolment.services import NotEnrolled
from progress.models import Answer, Attempt, Enrolment
from progress.quizzes import clearances, talks
from progress.quizzes.draw import load_asked
from progress.quizzes.paper import Paper, Score, draw_paper
from progress.quizzes.placement_paper import NOT_KNOWN
from progress.quizzes.time_limits import find_overdue, is_time_over

# Two tabs may take the same number a few times; nobody opens more.
AGAIN = 5


class NoTriesLeft(Exception):
    """Raised when all tries that the quiz allows are used."""


class AlreadyHandedIn(Exception):
    """Raised when the attempt was handed in before."""


class TimeOver(Exception):
    """Raised when the time of the try is up; it is handed in as it is."""


class NotAsked(Exception):
    """Raised when the paper has no such position or others come first; `next` is the one to answer."""


def start_attempt(user: User, quiz: Quiz) -> Attempt:
    """Return the open try, or begin a new one with its own paper. Raises NotEnrolled, NoTriesLeft, TalkNeeded,
    NoQuestions, TooFewQuestions.

    An insert that ignores conflicts with the constraints: of two requests at once, both get the try that was stored.
    """
    enrolment = Enrolment.objects.active().filter(user=user, course=quiz.course_id).first()
    if not enrolment:
        raise NotEnrolled
    for _again in range(AGAIN):
        mine = Attempt.objects.filter(user=user, quiz=quiz)
        if open_one := mine.filter(finished_at__isnull=True).first():
            if not is_time_over(open_one):
                return open_one
            finish_attempt(user, open_one.key)
        number = (mine.aggregate(last=Max("number"))["last"] or 0) + 1
        if quiz.tries is not None and number > quiz.tries:
            if open_one := mine.filter(finished_at__isnull=True).first():  # begun in the meantime
                return open_one
            raise NoTriesLeft
        if talks.needs_talk(user, quiz):
            raise talks.TalkNeeded
        insert_attempt(create_attempt(user, quiz, enrolment, number))
    raise NoTriesLeft


def create_attempt(user: User, quiz: Quiz, enrolment: Enrolment, number: int) -> Attempt:
    form, now = choose_form(user, quiz, enrolment), timezone.now()
    asked = load_asked(user.pk, quiz) if quiz.draw and number > 1 else {}
    paper = draw_paper(quiz, form, secrets.randbits(32), asked)
    return Attempt(
        user=user,
        quiz=quiz,
        number=number,
        tries=quiz.tries,
        course_version=quiz.course.version,
        form=form,
        paper=paper,
        total=len(paper["order"]),
        started_at=now,
        due_at=now + timedelta(minutes=quiz.minutes) if quiz.minutes else None,
    )


def insert_attempt(attempt: Attempt) -> None:
    """Insert the attempt unless the database's checks refuse it, as when another tab was faster."""
    try:
        with transaction.atomic():
            Attempt.objects.bulk_create([attempt], ignore_conflicts=True)
            keep_photos(attempt)
    except IntegrityError:
        pass


def keep_photos(attempt: Attempt) -> None:
    """Keep the photos that the paper shows. Three queries, none where it shows none."""
    keys = Paper(attempt.paper).photo_keys
    if keys and (stored := Attempt.objects.filter(key=attempt.key).only("pk").first()):
        stored.photos.set(Photo.objects.filter(key__in=keys))


@transaction.atomic
def record_answer(user: User, key: UUID, position: int, given: object) -> Attempt:
    """Store one answer that `questions.parse_form` or `parse_json` has read; the first one given counts.

    The last answer hands the paper in. Raises Attempt.DoesNotExist, AlreadyHandedIn, NotAsked, and TimeOver, for which the
    caller hands it in.
    """
    attempt = Attempt.objects.select_for_update().get(key=key, user=user)
    answers = load_answers(attempt)
    if position in answers:
        return attempt
    if attempt.finished_at:
        raise AlreadyHandedIn
    if is_time_over(attempt):
        raise TimeOver
    paper = Paper(attempt.paper)
    if position != paper.next_after(answers):
        raise NotAsked
    row = grade_answer(attempt, paper, position, given)
    store_answers([row])
    answers[position] = row.right
    score = paper.score(answers)
    if score.is_over:
        close_attempt(attempt, score)
    return attempt


def grade_answer(
    attempt: Attempt, paper: Paper, position: int, given: object, at: datetime | None = None
) -> Answer:
    """Grade an answer; NOT_KNOWN, in a placement test, is wrong."""
    item = paper.item(position)
    return Answer(
        attempt=attempt,
        position=position,
        question_id=item.question,
        objective_id=item.objective,
        given=given,
        right=given != NOT_KNOWN and questions.grade(item.kind, item.key, given),
        answered_at=at or timezone.now(),
    )


def store_answers(answers: list[Answer]) -> None:
    """Store each answer once; a question or objective deleted since the paper was drawn is left empty. Three queries."""
    asked = list_existing(Question, {row.question_id for row in answers})
    aims = list_existing(Objective, {row.objective_id for row in answers})
    for row in answers:
        row.question_id = row.question_id if row.question_id in asked else None
        row.objective_id = row.objective_id if row.objective_id in aims else None
    Answer.objects.bulk_create(answers, ignore_conflicts=True)


def list_existing(model: type[Question | Objective], pks: set[int | None]) -> set[int]:
    return set(model.objects.filter(pk__in=[pk for pk in pks if pk]).order_by().values_list("pk", flat=True))


@transaction.atomic
def finish_attempt(user: User, key: UUID) -> Attempt:
    """Hand the paper in as it is; unanswered questions count as wrong. Safe to repeat."""
    attempt = Attempt.objects.select_for_update().get(key=key, user=user)
    if not attempt.finished_at:
        close_attempt(attempt, Paper(attempt.paper).score(load_answers(attempt)))
    return attempt


def close_attempt(attempt: Attempt, score: Score) -> None:
    """Store the result; a pass stays one, whatever comes in later."""
    attempt.right, attempt.total = score.right, score.total
    attempt.passed = attempt.passed or score.passed
    attempt.finished_at = attempt.finished_at or min(timezone.now(), attempt.due_at or timezone.now())
    attempt.save(update_fields=["right", "total", "passed", "finished_at"])
    clearances.grant_clearance([attempt])


def close_overdue(now: datetime | None = None) -> int:
    """Hand in the tries whose time is up, five hundred at most (the worker's round); return how many."""
    late = find_overdue(Attempt.objects.all(), now).select_related("user").only("key", "user")
    rows = list(late.order_by("due_at")[:500])
    for row in rows:
        finish_attempt(row.user, row.key)
    return len(rows)


def settle_unstored(attempt: Attempt, marks: dict[int, bool]) -> None:
    """Set on the row, without storing it, the result of a try whose time is up and that nobody has handed in yet."""
    if attempt.finished_at is None and is_time_over(attempt):
        score = Paper(attempt.paper).score(marks)
        attempt.right, attempt.total, attempt.passed = score.right, score.total, score.passed
        attempt.finished_at = attempt.due_at


def load_answers(attempt: Attempt) -> dict[int, bool]:
    return dict(attempt.answers.order_by("position").values_list("position", "right"))


# --- forms A and B of a pre-test and a post-test ---
#
# Half of a class begins with form A, the other half with B, and each gets the other form at the end, so that the gain does
# not measure memory of the same questions.

Form = Question.Form
OTHER = {Form.A: Form.B, Form.B: Form.A, "": ""}


def choose_form(user: User, quiz: Quiz, enrolment: Enrolment) -> str:
    """Return "A", "B", or "" for a quiz without forms. At most three queries.

    A person who has tried the quiz keeps its form; a post-test gets the form that the person's pre-test did not have.
    """
    if quiz.kind not in (Quiz.Kind.PRE, Quiz.Kind.POST) or not has_forms(quiz):
        return ""
    mine = Attempt.objects.filter(user=user, quiz__bank=quiz.bank_id).order_by("pk")
    taken = dict(
        reversed(
            mine.filter(quiz__kind__in=(Quiz.Kind.PRE, Quiz.Kind.POST)).values_list("quiz__kind", "form")
        )
    )
    if quiz.kind in taken:
        return taken[quiz.kind]
    first = (
        taken.get(Quiz.Kind.PRE) or OTHER.get(taken.get(Quiz.Kind.POST, "")) or choose_first_form(enrolment)
    )
    return first if quiz.kind == Quiz.Kind.PRE else OTHER[first]


def has_forms(quiz: Quiz) -> bool:
    """Return whether questions of both forms exist; with only one form everybody gets all questions."""
    asked = quiz.list_questions().exclude(form="")
    return asked.order_by().values("form").distinct().count() == 2


def count_asked(quiz: Quiz) -> int:
    """Return how many questions a paper may ask: of forms A and B, those of the longer one. One query."""
    rows = quiz.list_questions().order_by().values_list("form").annotate(n=Count("pk"))
    by_form = dict(rows)
    is_split = quiz.kind in (Quiz.Kind.PRE, Quiz.Kind.POST) and {*OTHER} - {""} <= {*by_form}
    return max(by_form[form] for form in (Form.A, Form.B)) if is_split else sum(by_form.values())


def choose_first_form(enrolment: Enrolment) -> str:
    """Choose by the order in which the class was joined: first A, second B, third A …"""
    before = Enrolment.objects.filter(
        course=enrolment.course_id, cohort=enrolment.cohort_id, pk__lt=enrolment.pk
    )
    return Form.B if before.count() % 2 else Form.A
