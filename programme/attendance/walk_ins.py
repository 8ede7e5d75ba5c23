"""Write down who came without being in the class, and merge such a row into a person of the class later."""

from __future__ import annotations

import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from programme.attendance.marks import NotTaken, choose_current, find_people, find_refusal, record_marks, say
from programme.attendance.sessions import lock_session
from programme.audit import Verb
from programme.event_descriptions import MERGED
from programme.models import Attendance, AttendanceMark, How, Mark, TrainingSession, WalkIn
from programme.models.attendance import CREDITED
from progress.names import spell


class Candidate(NamedTuple):
    """A person of the class into whom a walk-in may be merged; `why` is "phone", "name" or ""."""

    user: User
    why: str


@transaction.atomic
def record_walk_in(
    session: TrainingSession,
    by: User,
    *,
    key: UUID,
    name: str,
    phone: str = "",
    attended: bool = True,
    happened_at: datetime.datetime | None = None,
) -> WalkIn:
    """Write down a walk-in, or change the row of the same key; what happened later counts.

    A phone number of a person of the class is that person: they are marked present, and the row is merged at once. The
    number of a walk-in who is written down already is that walk-in. Raises NotTaken.
    """
    happened_at = happened_at or timezone.now()
    session = lock_session(session.pk)
    if refusal := find_refusal(session):
        raise NotTaken(refusal)
    there = WalkIn.objects.filter(session=session, key=key).first()
    if there is None and phone and attended:
        there = WalkIn.objects.filter(session=session, phone=phone, attended=True).first()
        if there:
            return there
    if there is None:
        row = WalkIn.objects.create(
            key=key,
            session=session,
            name=name,
            phone=phone,
            attended=attended,
            happened_at=happened_at,
            recorded_by=by,
        )
        known = find_by_phone(session, phone) if attended else None
        if known:
            merge(row, known, by)
        return row
    return change_walk_in(there, name, phone, attended, happened_at)


def change_walk_in(
    row: WalkIn, name: str, phone: str, attended: bool, happened_at: datetime.datetime
) -> WalkIn:
    if (row.name, str(row.phone or ""), row.attended) == (
        name,
        phone,
        attended,
    ) or happened_at < row.happened_at:
        return row
    if row.merged_at:
        raise NotTaken(MERGED)
    row.name, row.phone, row.attended, row.happened_at = name, phone, attended, happened_at
    row.save(update_fields=["name", "phone", "attended", "happened_at"])
    return row


def find_by_phone(session: TrainingSession, phone: str) -> User | None:
    return User.objects.filter(find_people(session), phone=phone).first() if phone else None


@transaction.atomic
def merge_walk_in(by: User, walk_in: WalkIn, user: User) -> bool:
    """Merge the row into this person of the class, who then attended; False if it is merged already. Raises NotTaken."""
    session = lock_session(walk_in.session_id)
    row = WalkIn.objects.get(pk=walk_in.pk)
    if row.merged_at or not row.attended:
        return False
    if refusal := find_refusal(session):
        raise NotTaken(refusal)
    row.session = session
    merge(row, user, by)
    return True


def merge(row: WalkIn, user: User, by: User) -> None:
    """Mark the person present, unless they are marked present or late already, and note whom the row is."""
    here = Attendance.objects.filter(session=row.session_id, user=user, mark__in=CREDITED)
    if not here.exists():
        fact = say(user.pk, Mark.PRESENT, How.MERGED)._replace(walk_in=row.pk)
        [reason] = record_marks(row.session, [fact], by).values()
        if reason:
            raise NotTaken(reason)
    row.merged_into, row.merged_at, row.merged_by = user, timezone.now(), by
    row.save(update_fields=["merged_into", "merged_at", "merged_by"])
    write_audit(by, Verb.WALK_IN_MERGED, row, user)


def write_audit(by: User, verb: Verb, row: WalkIn, user: User) -> None:
    """Write the trail about the person, without a name: who is erased is found there, a row that was split names nobody."""
    session = row.session
    AuditEntry.write(by, verb, user, session.cohort.place, session=session.topic, walk_in=row.pk)


@transaction.atomic
def split_walk_in(by: User, walk_in: WalkIn) -> bool:
    """Take a merge back: the person has again what was recorded of them without it. Raises NotTaken."""
    session = lock_session(walk_in.session_id)
    row = WalkIn.objects.select_related("merged_into").get(pk=walk_in.pk)
    person = row.merged_into
    if person is None:
        return False
    marks = list(AttendanceMark.objects.filter(attendance__session=session, attendance__user=person))
    if marks and choose_current(marks).walk_in_id == row.pk:
        rest = [mark for mark in marks if mark.walk_in_id is None]
        latest = choose_current(rest) if rest else None
        before, source = latest.mark if latest else Mark.OPEN, row.pk
        if before not in CREDITED and (other := find_other_merged(row, person, latest)):
            before, source = Mark.PRESENT, other.pk
        record_marks(session, [say(person.pk, before, How.MERGED)._replace(walk_in=source)], by)
    elif refusal := find_refusal(session):
        raise NotTaken(refusal)
    row.merged_into = row.merged_at = row.merged_by = None
    row.save(update_fields=["merged_into", "merged_at", "merged_by"])
    row.session = session
    write_audit(by, Verb.WALK_IN_SPLIT, row, person)
    return True


def find_other_merged(row: WalkIn, person: User, since: AttendanceMark | None) -> WalkIn | None:
    """Return another row that is merged into this person, after the mark: it may have found them present through this row."""
    rows = WalkIn.objects.filter(session=row.session_id, merged_into=person).exclude(pk=row.pk)
    if since:
        rows = rows.filter(merged_at__gt=since.happened_at)
    return rows.order_by("pk").first()


def list_candidates(walk_in: WalkIn) -> list[Candidate]:
    """Return the people of the class, those of the same phone number first, then those of the same name, then by pinyin."""
    people = User.objects.filter(find_people(walk_in.session)).only("pk", "name", "phone")
    rank = ["phone", "name", ""]
    found = [Candidate(person, compare(walk_in, person)) for person in people]
    return sorted(found, key=lambda one: (rank.index(one.why), spell(one.user.name), one.user.pk))


def compare(walk_in: WalkIn, person: User) -> str:
    if walk_in.phone and walk_in.phone == person.phone:
        return "phone"
    return "name" if walk_in.name == person.name else ""
