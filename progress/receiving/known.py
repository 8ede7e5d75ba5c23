"""What is known of the lessons that a batch names, and of its sender's place in their courses. One query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from courses.models import Lesson
from outbox.clocks import believed as clamped
from outbox.incoming import BROKEN, Incoming
from progress.receiving.reasons import LEFT, NO_LESSON, NOT_ENROLLED

BIGGEST = 2**63


class Known(NamedTuple):
    """`duration_ms` is 0 while it is not known; without an enrolment the last four are None."""

    lesson: int
    watch_share: int
    duration_ms: int | None
    cohort: int | None
    course_version: int | None
    enrolled_at: datetime | None
    left_at: datetime | None

    def happened(self, event: Incoming) -> datetime:
        """When it was done; nobody did a course's lesson before taking it up."""
        at = believed(event.at, self.enrolled_at, event.received_at)
        return min(at, self.left_at) if self.left_at and event.vouched else at

    def why_not(self, event: Incoming) -> str:
        """Who has left is credited for what was done before; who never came in, for nothing."""
        if self.enrolled_at is None:
            return NOT_ENROLLED
        if self.left_at and not event.vouched and self.happened(event) > self.left_at:
            return LEFT
        return ""


def believed(said: datetime | None, enrolled_at: datetime, now: datetime) -> datetime:
    """When it happened, going by the phone's clock as far as that can be true."""
    return max(clamped(said, now), min(enrolled_at, now))


def known(user_pk: int, lessons: Iterable[int]) -> dict[int, Known]:
    mine = FilteredRelation(
        "module__course__enrolments", condition=Q(module__course__enrolments__user=user_pk)
    )
    rows = (
        Lesson.objects.filter(pk__in=set(lessons))
        .annotate(mine=mine)
        .order_by()
        .values_list(
            "pk",
            "watch_share",
            "video__duration_ms",
            "mine__cohort",
            "mine__course_version",
            "mine__enrolled_at",
            "mine__left_at",
        )
    )
    return {row[0]: Known(*row) for row in rows}


def lesson_of(event: Incoming) -> int | None:
    """The lesson that the event names; None when it names none that could be."""
    pk = event.body.get("lesson")
    return pk if type(pk) is int and 0 < pk < BIGGEST else None


def sorted_out(user_pk: int, events: list[Incoming]) -> tuple[list[tuple[Incoming, Known]], dict]:
    """Those about a lesson that the sender is (or was) enrolled for, and why not of the others."""
    named = {event.id: lesson_of(event) for event in events}
    lessons = known(user_pk, [pk for pk in named.values() if pk])
    good, reasons = [], {}
    for event in events:
        lesson = lessons.get(named[event.id])
        reason = BROKEN if named[event.id] is None else lesson.why_not(event) if lesson else NO_LESSON
        if reason:
            reasons[event.id] = reason
        else:
            good.append((event, lesson))
    return good, reasons
