"""Trying a quiz: begun, answered, handed in. Each step may be sent twice and from two tabs at once."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from courses import questions
from courses.models import Objective, Question, Quiz
from media.models import Photo
from progress import clearing
from progress.doing import NotEnrolled
from progress.models import Answer, Attempt, Enrolment
from progress.quizzing_forms import form_for
from progress.quizzing_paper import Paper, Score, draw

# Two tabs may take each other's number a few times; nobody opens more.
AGAIN = 5


class NoTriesLeft(Exception):
    """The quiz allows so many tries, and all are used."""


class Over(Exception):
    """The try was handed in before."""


class NotAsked(Exception):
    """No such position on this paper, or others come first; `next` is the one to answer."""


def start(user: User, quiz: Quiz) -> Attempt:
    """The try that is open, or a new one with a paper of its own. Raises NotEnrolled, NoTriesLeft, NoQuestions.

    A conflict-free insert under the constraints: of two at once, both get the one that was stored.
    """
    enrolment = Enrolment.objects.active().filter(user=user, course=quiz.course_id).first()
    if not enrolment:
        raise NotEnrolled
    for _again in range(AGAIN):
        mine = Attempt.objects.filter(user=user, quiz=quiz)
        if open_one := mine.filter(finished_at__isnull=True).first():
            return open_one
        number = (mine.aggregate(last=Max("number"))["last"] or 0) + 1
        if quiz.tries is not None and number > quiz.tries:
            if open_one := mine.filter(finished_at__isnull=True).first():  # begun in between
                return open_one
            raise NoTriesLeft
        insert(fresh(user, quiz, enrolment, number))
    raise NoTriesLeft


def fresh(user: User, quiz: Quiz, enrolment: Enrolment, number: int) -> Attempt:
    form = form_for(user, quiz, enrolment)
    paper = draw(quiz, form, secrets.randbits(32))
    return Attempt(
        user=user,
        quiz=quiz,
        number=number,
        tries=quiz.tries,
        course_version=quiz.course.version,
        form=form,
        paper=paper,
        total=len(paper["order"]),
    )


def insert(attempt: Attempt) -> None:
    """The checks hold even where another tab came between; what they refuse is not stored."""
    try:
        with transaction.atomic():
            Attempt.objects.bulk_create([attempt], ignore_conflicts=True)
            keep_photos(attempt)
    except IntegrityError:
        pass


def keep_photos(attempt: Attempt) -> None:
    """Three queries where the paper shows photos and was stored, none where it shows none."""
    keys = Paper(attempt.paper).photo_keys
    if keys and (stored := Attempt.objects.filter(key=attempt.key).only("pk").first()):
        stored.photos.set(Photo.objects.filter(key__in=keys))


@transaction.atomic
def answer(user: User, key: UUID, position: int, given: object) -> Attempt:
    """Stores one answer that `questions.posted` or `accepted` has read; the first one given stands.

    The last answer hands the paper in. Raises Attempt.DoesNotExist, Over, NotAsked.
    """
    attempt = Attempt.objects.select_for_update().get(key=key, user=user)
    answers = answers_of(attempt)
    if position in answers:
        return attempt
    if attempt.finished_at:
        raise Over
    paper = Paper(attempt.paper)
    if position != paper.next_after(answers):
        raise NotAsked
    row = judged(attempt, paper, position, given)
    store([row])
    answers[position] = row.right
    score = paper.score(answers)
    if score.is_over:
        hand_in(attempt, score)
    return attempt


def judged(
    attempt: Attempt, paper: Paper, position: int, given: object, at: datetime | None = None
) -> Answer:
    item = paper.item(position)
    return Answer(
        attempt=attempt,
        position=position,
        question_id=item.question,
        objective_id=item.objective,
        given=given,
        right=questions.judged(item.kind, item.key, given),
        answered_at=at or timezone.now(),
    )


def store(answers: list[Answer]) -> None:
    """Each once. A question or aim that was deleted since its paper was drawn is left unnamed. Three queries."""
    asked = alive(Question, {row.question_id for row in answers})
    aims = alive(Objective, {row.objective_id for row in answers})
    for row in answers:
        row.question_id = row.question_id if row.question_id in asked else None
        row.objective_id = row.objective_id if row.objective_id in aims else None
    Answer.objects.bulk_create(answers, ignore_conflicts=True)


def alive(model: type[Question | Objective], pks: set[int | None]) -> set[int]:
    return set(model.objects.filter(pk__in=pks - {None}).order_by().values_list("pk", flat=True))


@transaction.atomic
def finish(user: User, key: UUID) -> Attempt:
    """Hands the paper in as it is; what is not answered is not right. Twice is the same as once."""
    attempt = Attempt.objects.select_for_update().get(key=key, user=user)
    if not attempt.finished_at:
        hand_in(attempt, Paper(attempt.paper).score(answers_of(attempt)))
    return attempt


def hand_in(attempt: Attempt, score: Score) -> None:
    """A pass stays one, whatever else comes in later."""
    attempt.right, attempt.total = score.right, score.total
    attempt.passed = attempt.passed or score.passed
    attempt.finished_at = attempt.finished_at or timezone.now()
    attempt.save(update_fields=["right", "total", "passed", "finished_at"])
    clearing.clear([attempt])


def answers_of(attempt: Attempt) -> dict[int, bool]:
    return dict(attempt.answers.order_by("position").values_list("position", "right"))
