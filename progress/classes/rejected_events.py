"""Describe events that could not be applied to their owner and to the trainers of the class, and settle them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from courses.models import Cohort, Lesson
from outbox import descriptions, retries
from outbox.models import Event
from progress.audit import Verb
from progress.classes.board import find_members
from progress.models import Attempt
from progress.permissions import can_vouch
from progress.quizzes.offline_events import parse_key

MOST_AGAIN = 200
LONGEST_TEXT = 600
BIGGEST = 2**63


class VouchNotAllowed(Exception):
    """Raised when the event is not for this person to vouch for."""


@dataclass
class RejectedEvent:
    """One event that was not applied; `lesson` is the lesson it names, if the reader may know it.

    `is_examination`: it is about a paper on which something depends (`Quiz.is_examination`). `obstacle` says why a reader
    may not put it on record.
    """

    event: Event
    lesson: Lesson | None
    is_examination: bool
    obstacle: str = ""

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
    """Describe the events. Two queries: the titles of those of `lessons` that they name, and the quizzes of their papers."""
    named = {event.pk: parse_lesson_id(event) for event in events}
    found = lessons.only("title", "phrases").in_bulk([pk for pk in named.values() if pk])
    examined = find_examinations(events)
    return [RejectedEvent(event, found.get(named[event.pk]), event.pk in examined) for event in events]


def find_examinations(events: list[Event]) -> set[int]:
    """Return the keys of the events that are about a paper of an examination. One query, none without a paper."""
    papers = {event.pk: key for event in events if (key := parse_key(event))}
    attempts = Attempt.objects.filter(key__in=papers.values()).select_related("quiz").defer("paper")
    examined = {attempt.key for attempt in attempts if attempt.quiz.is_examination}
    return {pk for pk, key in papers.items() if key in examined}


def parse_lesson_id(event: Event) -> int | None:
    pk = event.body.get("lesson")
    return pk if type(pk) is int and 0 < pk < BIGGEST else None


def describe_obstacle(user: User, event: Event, is_barred: bool) -> str:
    """Say why the person may not put the event on record, "" if they may; `is_barred`: it is an examination's, see
    `can_vouch_for_examinations`.
    """
    if event.user_id == user.pk:
        return _("自己的不能自己补记，请别的老师来看。")
    return _("这是考试的卷子，老师不能自己补记，要请不教这个班的管理员来看。") if is_barred else ""


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
    """Apply the event on a trainer's word; return "" when applied, the reason when not, None if settled already.

    Raises VouchNotAllowed: the class's trainers do not decide alone what counts in an examination.
    """
    if not can_vouch(trainer, cohort, event.user, bool(find_examinations([event]))):
        raise VouchNotAllowed
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
