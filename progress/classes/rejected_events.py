"""Describe events that could not be applied to their owner and to the trainers of the class, and settle them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import cached_property

from accounts.models import AuditEntry, User
from courses.models import Cohort, Lesson
from outbox import descriptions, retries
from outbox.models import Event
from progress.audit import Verb
from progress.classes.board import find_members
from progress.models import Attempt
from progress.quizzes.offline_events import parse_key

MOST_AGAIN = 200
LONGEST_TEXT = 600
BIGGEST = 2**63


@dataclass
class RejectedEvent:
    """One event that was not applied; `lesson` is the lesson it names, if the reader may know it."""

    event: Event
    lesson: Lesson | None

    @cached_property
    def what(self) -> str:
        return descriptions.describe_kind(self.event.kind)

    @cached_property
    def why(self) -> str:
        return descriptions.describe_reason(self.event.reason)

    @cached_property
    def text(self) -> str:
        text = self.event.body.get("text") if self.event.kind == "ask" else ""
        return text[:LONGEST_TEXT] if isinstance(text, str) else ""


def describe_events(events: list[Event], lessons: QuerySet[Lesson]) -> list[RejectedEvent]:
    """Describe the events. One query, for the titles of those of `lessons` that they name."""
    named = {event.pk: parse_lesson_id(event) for event in events}
    found = lessons.only("title", "phrases").in_bulk([pk for pk in named.values() if pk])
    return [RejectedEvent(event, found.get(named[event.pk])) for event in events]


def parse_lesson_id(event: Event) -> int | None:
    pk = event.body.get("lesson")
    return pk if type(pk) is int and 0 < pk < BIGGEST else None


def find_in_class(cohort: Cohort) -> QuerySet[Event]:
    """Return the rejected events of the people who are in the class now."""
    return retries.find_all_rejected().filter(user__in=find_members(cohort).order_by().values("user"))


def filter_by_course(cohort: Cohort, events: list[Event]) -> list[Event]:
    """Leave out events about lessons and quizzes of other courses. Two queries."""
    named = {pk for event in events if (pk := parse_lesson_id(event))}
    elsewhere = Lesson.objects.filter(pk__in=named).exclude(module__course=cohort.course_id)
    foreign: set[int | UUID] = set(elsewhere.order_by().values_list("pk", flat=True))
    tries = {key for event in events if (key := parse_key(event))}
    taken = Attempt.objects.filter(key__in=tries).exclude(quiz__course=cohort.course_id)
    foreign.update(taken.order_by().values_list("key", flat=True))
    return [event for event in events if not {parse_lesson_id(event), parse_key(event)} & foreign]


def try_again(user: User) -> tuple[int, int]:
    """Retry the person's newest 200 events; return how many were applied and how many were not."""
    pks = list(retries.find_rejected(user).values_list("pk", flat=True)[:MOST_AGAIN])
    left = retries.retry(user, pks)
    done = sum(not reason for reason in left.values())
    return done, len(left) - done


def apply_vouched(trainer: User, cohort: Cohort, event: Event) -> str | None:
    """Apply the event on a trainer's word; return "" when applied, the reason when not, None if settled already."""
    reason = retries.retry(event.user, [event.pk], vouched=True).get(event.pk)
    if reason == "":
        write_audit(trainer, Verb.REJECTED_APPLIED, cohort, event)
    return reason


def dismiss_event(trainer: User, cohort: Cohort, event: Event, why: str) -> bool:
    settled = retries.dismiss(event)
    if settled:
        write_audit(trainer, Verb.REJECTED_DISMISSED, cohort, event, reason=why)
    return settled


def write_audit(trainer: User, verb: str, cohort: Cohort, event: Event, **detail) -> None:
    kind = descriptions.describe_kind(event.kind)
    AuditEntry.write(trainer, verb, event, cohort.place, name=event.user.name, kind=kind, **detail)
