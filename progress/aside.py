"""What phones sent and could not be applied, told in words: to its owner, and to the trainers of their class."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import cached_property

from accounts.models import AuditEntry, User
from courses.models import Cohort, Lesson
from outbox import quarantine
from outbox.models import Event
from progress.board import members
from progress.models import Attempt
from progress.receiving import reasons
from progress.receiving.attempts import key_of
from progress.trail import Verb

MOST_AGAIN = 200
LONGEST_TEXT = 600
BIGGEST = 2**63


@dataclass
class Thing:
    """One event kept aside; `lesson` when it names one that the reader may know of."""

    event: Event
    lesson: Lesson | None

    @cached_property
    def what(self) -> str:
        return reasons.called(self.event.kind)

    @cached_property
    def why(self) -> str:
        return reasons.said(self.event.reason)

    @cached_property
    def text(self) -> str:
        text = self.event.body.get("text") if self.event.kind == "ask" else ""
        return text[:LONGEST_TEXT] if isinstance(text, str) else ""


def things(events: list[Event], lessons: QuerySet[Lesson]) -> list[Thing]:
    """One query, for the titles of those of `lessons` that are named."""
    named = {event.pk: lesson_named(event) for event in events}
    found = lessons.only("title", "phrases").in_bulk([pk for pk in named.values() if pk])
    return [Thing(event, found.get(named[event.pk])) for event in events]


def lesson_named(event: Event) -> int | None:
    pk = event.body.get("lesson")
    return pk if type(pk) is int and 0 < pk < BIGGEST else None


def in_class(cohort: Cohort) -> QuerySet[Event]:
    """Of the people who are in the class now."""
    return quarantine.aside().filter(user__in=members(cohort).order_by().values("user"))


def of_course(cohort: Cohort, events: list[Event]) -> list[Event]:
    """Without what is about lessons and quizzes of other courses: those are not this class's business. Two queries."""
    named = {pk for event in events if (pk := lesson_named(event))}
    elsewhere = Lesson.objects.filter(pk__in=named).exclude(module__course=cohort.course_id)
    foreign = set(elsewhere.order_by().values_list("pk", flat=True))
    tries = {key for event in events if (key := key_of(event))}
    taken = Attempt.objects.filter(key__in=tries).exclude(quiz__course=cohort.course_id)
    foreign |= set(taken.order_by().values_list("key", flat=True))
    return [event for event in events if not {lesson_named(event), key_of(event)} & foreign]


def try_again(user: User) -> tuple[int, int]:
    """How many of one's own went through now, and how many did not; the newest 200."""
    pks = list(quarantine.aside_of(user).values_list("pk", flat=True)[:MOST_AGAIN])
    left = quarantine.again(user, pks)
    done = sum(not reason for reason in left.values())
    return done, len(left) - done


def apply(trainer: User, cohort: Cohort, event: Event) -> str | None:
    """By a trainer who vouches for it: why it does not go all the same, "" when applied, None if settled already."""
    reason = quarantine.again(event.user, [event.pk], vouched=True).get(event.pk)
    if reason == "":
        write(trainer, Verb.ASIDE_APPLIED, cohort, event)
    return reason


def dismiss(trainer: User, cohort: Cohort, event: Event, why: str) -> bool:
    settled = quarantine.dismiss(event)
    if settled:
        write(trainer, Verb.ASIDE_DISMISSED, cohort, event, reason=why)
    return settled


def write(trainer: User, verb: str, cohort: Cohort, event: Event, **detail) -> None:
    kind = reasons.called(event.kind)
    AuditEntry.write(trainer, verb, event, cohort.place, name=event.user.name, kind=kind, **detail)
