"""Somebody who fails a quiz too often talks with a trainer first: who waits for that, and the note that opens the next try.

A quiz says after how many failures (`Quiz.talk_after`). Counted are the tries handed in and not passed since the last pass and
the last talk; nothing is stored but the tries and the talks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import AuditEntry, User
from courses.models import Cohort, Quiz
from progress.audit import Verb
from progress.models import Attempt, Enrolment, Talk
from progress.quizzes.paper import Paper


class TalkNeeded(Exception):
    """Raised when a trainer's talk comes before the next try."""


class OwnTalk(Exception):
    """Raised when somebody would note a talk with themselves."""


def find_waiting(attempts: QuerySet[Attempt] | None = None) -> QuerySet:
    """Return {user, quiz, failures, since, last} of those among these tries who wait for a talk; `last` is a try's number."""
    mine = Attempt.objects.filter(user=OuterRef("user"), quiz=OuterRef("quiz"), passed=True)
    talks = Talk.objects.filter(user=OuterRef("user"), quiz=OuterRef("quiz"))
    passed = mine.order_by("-number").values("number")[:1]
    talked = talks.order_by("-after").values("after")[:1]
    failed = Attempt.objects.all() if attempts is None else attempts
    failed = failed.filter(quiz__talk_after__isnull=False, passed=False, finished_at__isnull=False)
    failed = failed.filter(number__gt=Coalesce(Subquery(passed), 0))
    failed = failed.filter(number__gt=Coalesce(Subquery(talked), 0)).order_by()
    counted = failed.values("user", "quiz").annotate(
        failures=Count("pk"), since=Max("finished_at"), last=Max("number"), limit=Max("quiz__talk_after")
    )
    return counted.filter(failures__gte=F("limit"))


def needs_talk(user: User, quiz: Quiz) -> bool:
    """Return whether a talk comes before this person's next try. No query for a quiz that wants none, else one."""
    return bool(quiz.talk_after) and find_waiting(Attempt.objects.filter(user=user, quiz=quiz)).exists()


@dataclass(frozen=True)
class Waiting:
    """One person of a class who waits for a talk about one quiz of its course."""

    user: int
    name: str
    quiz: int
    title: str
    failures: int
    since: datetime


def list_waiting(cohort: Cohort, user: User | None = None) -> list[Waiting]:
    """List who of the class waits for a talk, the longest wait first; only this person, if given. One query."""
    members = Enrolment.objects.active().filter(cohort=cohort)
    members = members.filter(user=user) if user else members
    tries = Attempt.objects.filter(quiz__course=cohort.course_id, user__in=members.order_by().values("user"))
    rows = find_waiting(tries).order_by("since", "user", "quiz")
    found = rows.values_list("user", "user__name", "quiz", "quiz__title", "failures", "since")
    return [Waiting(*row) for row in found]


def find_waiting_in(classes: QuerySet) -> QuerySet:
    """Return {user, quiz, since, cohort} of those in these classes who wait for a talk about a quiz of the class's course."""
    mine = Enrolment.objects.active().filter(user=OuterRef("user"), course=OuterRef("quiz__course"))
    mine = mine.filter(cohort__in=classes).order_by()
    tries = Attempt.objects.filter(Exists(mine)).annotate(cohort=Subquery(mine.values("cohort")[:1]))
    return find_waiting(tries).annotate(cohort=F("cohort")).order_by("since", "user", "quiz")


def list_held(cohort: Cohort, user: User) -> QuerySet[Talk]:
    """Return the talks with this person about quizzes of the class's course, the newest first."""
    rows = Talk.objects.filter(user=user, quiz__course=cohort.course_id)
    return rows.select_related("quiz", "trainer").order_by("-held_at", "-pk")


def find_last(user: User, quiz: Quiz) -> Talk | None:
    return Talk.objects.filter(user=user, quiz=quiz).select_related("trainer").order_by("-after").first()


def list_trainers(user: User, quiz: Quiz) -> list[str]:
    """Return the names of the trainers of the person's class, [] for somebody without a class. One query."""
    classes = Enrolment.objects.active().filter(user=user, course=quiz.course_id).values("cohort")
    teaching = User.objects.filter(cohorts_taught__in=classes).distinct().order_by("pk")
    return [*teaching.values_list("name", flat=True)]


@transaction.atomic
def hold_talk(trainer: User, cohort: Cohort, user: User, quiz: Quiz, note: str) -> bool:
    """Note that the trainer has talked with the person; return False where nobody waits, as after a second tap.

    Raises OwnTalk.
    """
    if trainer.pk == user.pk:
        raise OwnTalk
    row = find_waiting(Attempt.objects.filter(user=user, quiz=quiz)).order_by("user").first()
    if row is None:
        return False
    _talk, is_new = Talk.objects.get_or_create(
        user=user, quiz=quiz, after=row["last"], defaults={"trainer": trainer, "note": note}
    )
    if is_new:
        AuditEntry.write(trainer, Verb.TALK_HELD, user, cohort.place, name=quiz.title, count=row["failures"])
    return is_new


# --- what to talk about ---


@dataclass
class Weakness:
    """A learning objective and how the person's failed papers answered it."""

    text: str
    right: int = 0
    asked: int = 0


@dataclass(frozen=True)
class FailedTry:
    number: int
    right: int
    total: int
    finished_at: datetime | None


def review_failures(user: User, quiz: Quiz, most: int = 6) -> tuple[list[FailedTry], list[Weakness]]:
    """Return the last tries that failed, the newest first, and their answers by objective, the weakest first. Two queries."""
    failed = Attempt.objects.filter(user=user, quiz=quiz, passed=False, finished_at__isnull=False)
    tries: list[FailedTry] = []
    found: dict[str, Weakness] = {}
    for attempt in failed.order_by("-number").prefetch_related("answers")[:most]:
        tries.append(FailedTry(attempt.number, attempt.right, attempt.total, attempt.finished_at))
        paper, right = Paper(attempt.paper), {row.position for row in attempt.answers.all() if row.right}
        for position in range(1, len(paper) + 1):
            if aim := paper.item(position).aim:
                weakness = found.setdefault(aim, Weakness(aim))
                weakness.asked += 1
                weakness.right += position in right
    return tries, sorted(found.values(), key=lambda one: one.right / one.asked)
