"""Record who attended a session: every way of doing it (roll call, code, paper, merged walk-in) ends here."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from programme.attendance.sessions import lock_session
from programme.event_descriptions import CANCELLED, CLOSED, EARLY, NOT_MEMBER
from programme.models import Attendance, AttendanceMark, How, Mark, TrainingSession
from progress.models import Enrolment


class Fact(NamedTuple):
    """What somebody says of one person at one session; `event_id` was made where it was said."""

    user: int
    mark: str
    how: str
    happened_at: datetime.datetime
    event_id: UUID
    walk_in: int | None = None


class NotTaken(Exception):
    """Raised when a session takes no marks now; `reason` is a code of programme.event_descriptions."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def say(user: int, mark: str, how: str, at: datetime.datetime | None = None) -> Fact:
    """Return a fact that is said here and now."""
    return Fact(user, mark, how, at or timezone.now(), uuid4())


def find_refusal(session: TrainingSession) -> str:
    """Return why the session takes no marks now, "" if it does. The server's clock decides."""
    if session.is_cancelled:
        return CANCELLED
    if session.is_closed:
        return CLOSED
    return EARLY if session.is_early else ""


@transaction.atomic
def record_marks(session: TrainingSession, facts: Iterable[Fact], by: User) -> dict[UUID, str]:
    """Record the facts; return by event id why one was not recorded, "" if it was, or was before.

    Only people of the class are marked: those in it now, those who left it after the fact, and those with a mark at this
    session already. Raises NotTaken. A constant number of queries.
    """
    facts = sorted(facts, key=lambda fact: (fact.happened_at, str(fact.event_id)))
    session = lock_session(session.pk)
    if refusal := find_refusal(session):
        raise NotTaken(refusal)
    members = find_marked_or_members(session, facts)
    reasons = {fact.event_id: "" if is_member(fact, members) else NOT_MEMBER for fact in facts}
    taken = [fact for fact in facts if not reasons[fact.event_id]]
    if taken:
        store(session, taken, by)
    return reasons


def find_marked_or_members(
    session: TrainingSession, facts: Sequence[Fact]
) -> dict[int, datetime.datetime | None]:
    """Return who may be marked, with the moment at which they left the class; None for those who may be at any time."""
    users = {fact.user for fact in facts}
    rows = Enrolment.objects.filter(cohort=session.cohort_id, user__in=users).order_by()
    found: dict[int, datetime.datetime | None] = dict(rows.values_list("user", "left_at"))
    marked = Attendance.objects.filter(session=session, user__in=users).order_by()
    return found | dict.fromkeys(marked.values_list("user", flat=True))


def is_member(fact: Fact, members: dict[int, datetime.datetime | None]) -> bool:
    left_at = members.get(fact.user)
    return fact.user in members and (left_at is None or fact.happened_at <= left_at)


def store(session: TrainingSession, facts: Sequence[Fact], by: User) -> None:
    """Add the marks, then write the state that follows from all marks into each person's row."""
    users = {fact.user for fact in facts}
    Attendance.objects.bulk_create(
        [Attendance(session=session, user_id=user) for user in sorted(users)], ignore_conflicts=True
    )
    rows = {row.user_id: row for row in Attendance.objects.filter(session=session, user__in=users)}
    AttendanceMark.objects.bulk_create(
        [
            AttendanceMark(
                event_id=fact.event_id,
                attendance=rows[fact.user],
                mark=fact.mark,
                how=fact.how,
                recorded_by=by,
                walk_in_id=fact.walk_in,
                happened_at=fact.happened_at,
            )
            for fact in facts
        ],
        ignore_conflicts=True,
    )
    write_states(list(rows.values()))


def write_states(rows: Sequence[Attendance]) -> None:
    history = defaultdict(list)
    marks = AttendanceMark.objects.filter(attendance__in=[row.pk for row in rows])
    for mark in marks.order_by("-happened_at", "-pk"):
        history[mark.attendance_id].append(mark)
    for row in rows:
        latest = choose_current(history[row.pk])
        row.mark, row.happened_at = latest.mark, latest.happened_at
    Attendance.objects.bulk_update(rows, ["mark", "happened_at"])


def choose_current(marks: Sequence[AttendanceMark]) -> AttendanceMark:
    """Return the mark that counts, of all of one person from the newest: the latest, but one tap that made everybody left
    absent (How.REST) never takes away what was recorded of this very person.
    """
    said = next((mark for mark in marks if mark.how != How.REST), None)
    if said and said.mark != Mark.OPEN:
        return said
    return marks[0]


# --- history ---


def load_history(session: TrainingSession, people: Collection[int]) -> dict[int, list[AttendanceMark]]:
    """Return the marks of each of these people at the session, the newest first. One query."""
    found: dict[int, list[AttendanceMark]] = defaultdict(list)
    rows = AttendanceMark.objects.filter(attendance__session=session, attendance__user__in=people)
    marks = rows.select_related("attendance", "recorded_by", "walk_in")
    for mark in marks:
        found[mark.attendance.user_id].append(mark)
    return found


def find_people(session: TrainingSession) -> Q:
    """Return a filter on User: who is in the class now, and who has a mark at this session."""
    here = Enrolment.objects.active().filter(cohort=session.cohort_id).order_by().values("user")
    marked = Attendance.objects.filter(session=session).order_by().values("user")
    return Q(pk__in=here) | Q(pk__in=marked)
