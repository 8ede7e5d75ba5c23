"""Somebody who fails a quiz too often talks with a trainer first: who waits for that, and the note that opens the next try.

A quiz says after how many failures (`Quiz.talk_after`). Counted are the tries handed in and not passed since the last pass and
the last talk; nothing is stored but the tries and the talks. The same test in the course's other language
(`courses.models.twins`) counts with it: nobody escapes the talk by changing the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import AuditEntry, User
from courses.models import Cohort, Quiz
from courses.models.twins import build_test_key, find_same_test, find_twin, pair_courses
from progress.audit import Verb
from progress.models import Attempt, Enrolment, Talk
from progress.quizzes.paper import Paper
from ui.database.orm import PreparedQuery


class TalkNeeded(Exception):
    """Raised when a trainer's talk comes before the next try."""


class OwnTalk(Exception):
    """Raised when somebody would note a talk with themselves."""


def find_failures(attempts: QuerySet[Attempt], usual: int | None = None) -> QuerySet:
    """Return those of these tries that failed since the person's last pass and last talk, annotated with `test` and `limit`.

    Quizzes that ask for no talk are left out, or have the limit `usual`, if given.
    """
    same = {"user": OuterRef("user"), "test": OuterRef("test")}
    passes: QuerySet = Attempt.objects.annotate(test=build_test_key("quiz__"))
    talks: QuerySet = Talk.objects.annotate(test=build_test_key("quiz__"))
    passed = passes.filter(passed=True, **same).order_by("-finished_at").values("finished_at")[:1]
    talked = talks.filter(**same).order_by("-held_at").values("held_at")[:1]
    twin_limit = Subquery(find_twin("quiz__").values("talk_after")[:1])
    limit = Coalesce("quiz__talk_after", twin_limit, Value(usual), output_field=IntegerField())
    found = attempts.filter(passed=False, finished_at__isnull=False)
    if usual is None:
        found = found.exclude(quiz__talk_after=None, quiz__clears="")
    found = found.annotate(test=build_test_key("quiz__"), limit=limit, talked=Subquery(talked))
    found = found.annotate(passed_at=Subquery(passed)).filter(limit__isnull=False)
    found = found.filter(Q(passed_at=None) | Q(finished_at__gt=F("passed_at")))
    return found.filter(Q(talked=None) | Q(finished_at__gt=F("talked")))


def find_waiting(attempts: QuerySet[Attempt] | None = None) -> QuerySet:
    """Return {user, test, failures, since} of those among these tries who wait for a talk."""
    failed: QuerySet = find_failures(Attempt.objects.all() if attempts is None else attempts).order_by()
    counted = failed.values("user", "test").annotate(
        failures=Count("pk"), since=Max("finished_at"), fewest=Min("limit")
    )
    return counted.filter(failures__gte=F("fewest"))


def find_tries(user: User, quiz: Quiz) -> QuerySet[Attempt]:
    """Return the person's tries at the quiz in both languages."""
    return Attempt.objects.filter(user=user, quiz__in=find_same_test(quiz))


def needs_talk(user: User, quiz: Quiz) -> bool:
    """Return whether a talk comes before this person's next try. No query for a quiz that is no examination, else one."""
    return bool(quiz.talk_after or quiz.clears) and find_waiting(find_tries(user, quiz)).exists()


def find_limit(quiz: Quiz) -> int:
    """Return after how many failures a talk comes, 0 for never. No query where the quiz itself says it, else one."""
    if quiz.talk_after:
        return quiz.talk_after
    limits = find_same_test(quiz).filter(talk_after__isnull=False).order_by("pk")
    return limits.values_list("talk_after", flat=True).first() or 0


@dataclass(frozen=True)
class Waiting:
    """One person of a class who waits for a talk about one quiz of its course."""

    user: int
    name: str
    quiz: int
    title: str
    failures: int
    since: datetime


def find_often_failed(cohort: int, course: int) -> QuerySet:
    """Return who of the class failed examinations of its course as often as one of them permits at all, whenever that was.

    Nobody of most classes has: the exact answer is asked only then, because it costs ten times as much.
    """
    of_course = Q(quiz__course=course) | pair_courses("quiz__course__", course)
    members = Enrolment.objects.active().filter(cohort=cohort).order_by().values("user")
    failed: QuerySet = Attempt.objects.filter(
        of_course, user__in=members, passed=False, finished_at__isnull=False
    )
    failed = failed.exclude(quiz__talk_after=None, quiz__clears="").order_by().values("user")
    counted = failed.annotate(n=Count("pk"), fewest=Min(Coalesce("quiz__talk_after", 1)))
    return counted.filter(n__gte=F("fewest")).values_list("user")


OFTEN_FAILED = PreparedQuery(find_often_failed, 2)


def list_waiting(cohort: Cohort, user: User | None = None) -> list[Waiting]:
    """List who of the class waits for a talk, the longest wait first; only this person, if given. One to three queries."""
    people = {person for (person,) in OFTEN_FAILED.rows(cohort.pk, cohort.course_id)}
    people &= {user.pk} if user else people
    if not people:
        return []
    of_course = Q(quiz__course=cohort.course_id) | pair_courses("quiz__course__", cohort.course_id)
    tries = Attempt.objects.filter(of_course, user__in=people)
    rows = list(find_waiting(tries).values("user", "user__name", "test", "failures", "since"))
    quizzes = Quiz.objects.filter(course=cohort.course_id).annotate(test=build_test_key(""))
    named = {quiz.test: quiz for quiz in quizzes.order_by("-pk")}
    found = [
        Waiting(row["user"], row["user__name"], quiz.pk, quiz.title, row["failures"], row["since"])
        for row in rows
        if (quiz := named.get(row["test"]))
    ]
    return sorted(found, key=lambda one: (one.since, one.user, one.quiz))


def find_waiting_in(classes: QuerySet) -> QuerySet:
    """Return {user, test, since, cohort} of those in these classes who wait for a talk about a quiz of the class's course."""
    course = OuterRef("quiz__course")
    of_course = Q(course=course) | pair_courses("course__", course)
    mine = Enrolment.objects.active().filter(of_course, user=OuterRef("user"), cohort__in=classes)
    tries = Attempt.objects.filter(Exists(mine))
    tries = tries.annotate(cohort=Subquery(mine.order_by("pk").values("cohort")[:1]))
    return find_waiting(tries).annotate(cohort=F("cohort")).order_by("since", "user", "test")


def list_held(cohort: Cohort, user: User) -> QuerySet[Talk]:
    """Return the talks with this person about quizzes of the class's course in both languages, the newest first."""
    of_course = Q(quiz__course=cohort.course_id) | pair_courses("quiz__course__", cohort.course_id)
    rows = Talk.objects.filter(of_course, user=user)
    return rows.select_related("quiz__course", "trainer").order_by("-held_at", "-pk")


def find_held(user: User, quiz: Quiz) -> QuerySet[Talk]:
    """Return the talks with this person about the quiz in both languages, the newest first."""
    rows = Talk.objects.filter(user=user, quiz__in=find_same_test(quiz))
    return rows.select_related("quiz__course", "trainer").order_by("-held_at", "-pk")


def list_trainers(user: User, quiz: Quiz) -> list[str]:
    """Return the names of the trainers of the person's class, in either language, [] without a class. One query."""
    of_course = Q(course=quiz.course_id) | pair_courses("course__", quiz.course_id)
    classes = Enrolment.objects.active().filter(of_course, user=user).values("cohort")
    teaching = User.objects.filter(cohorts_taught__in=classes).distinct().order_by("pk")
    return [*teaching.values_list("name", flat=True)]


def count_elsewhere(user: User, quiz: Quiz) -> int:
    """Return how many of the failures that count are of the other language's quiz. One query."""
    return find_failures(find_tries(user, quiz).exclude(quiz=quiz)).count()


@transaction.atomic
def hold_talk(trainer: User, cohort: Cohort, user: User, quiz: Quiz, note: str) -> bool:
    """Note that the trainer has talked with the person; return False where nobody waits, as after a second tap.

    Of two trainers at once the second one waits for the first one's note, and is told. Raises OwnTalk.
    """
    if trainer.pk == user.pk:
        raise OwnTalk
    last = find_last_failure(user, quiz)
    row = find_waiting(find_tries(user, quiz)).order_by("user").first() if last else None
    if last is None or row is None:
        return False
    Talk.objects.create(user=user, quiz_id=last.quiz_id, after=last.number, trainer=trainer, note=note)
    AuditEntry.write(trainer, Verb.TALK_HELD, user, cohort.place, name=quiz.title, count=row["failures"])
    return True


@transaction.atomic
def add_note(trainer: User, cohort: Cohort, user: User, quiz: Quiz, note: str) -> bool:
    """Add a note to a talk that has been noted already; return False for the same note sent again. Raises OwnTalk."""
    if trainer.pk == user.pk:
        raise OwnTalk
    last = find_last_failure(user, quiz)
    if last is None:
        return False
    facts = {"user": user, "quiz_id": last.quiz_id, "after": last.number, "trainer": trainer, "note": note}
    if Talk.objects.filter(**facts).exists():
        return False
    Talk.objects.create(**facts)
    AuditEntry.write(trainer, Verb.TALK_NOTE_ADDED, user, cohort.place, name=quiz.title)
    return True


def find_last_failure(user: User, quiz: Quiz) -> Attempt | None:
    """Return the person's last try that failed, in either language, locked until the transaction ends."""
    failed = find_tries(user, quiz).filter(passed=False, finished_at__isnull=False)
    return failed.select_for_update().defer("paper").order_by("-finished_at", "-pk").first()


# --- what to talk about ---


@dataclass
class Weakness:
    """A learning objective and how the person's failed papers answered it."""

    text: str
    right: int = 0
    asked: int = 0


@dataclass(frozen=True)
class FailedTry:
    quiz: Quiz
    number: int
    right: int
    total: int
    finished_at: datetime | None


def review_failures(user: User, quiz: Quiz, most: int = 6) -> tuple[list[FailedTry], list[Weakness]]:
    """Return the last tries that failed, in either language, the newest first, and their answers by objective, the weakest
    first. Two queries.
    """
    failed = find_tries(user, quiz).filter(passed=False, finished_at__isnull=False)
    failed = failed.select_related("quiz__course").order_by("-finished_at", "-pk")
    tries: list[FailedTry] = []
    found: dict[str, Weakness] = {}
    for attempt in failed.prefetch_related("answers")[:most]:
        tries.append(
            FailedTry(attempt.quiz, attempt.number, attempt.right, attempt.total, attempt.finished_at)
        )
        paper, right = Paper(attempt.paper), {row.position for row in attempt.answers.all() if row.right}
        for position in range(1, len(paper) + 1):
            if aim := paper.item(position).aim:
                weakness = found.setdefault(aim, Weakness(aim))
                weakness.asked += 1
                weakness.right += position in right
    return tries, sorted(found.values(), key=lambda one: one.right / one.asked)
