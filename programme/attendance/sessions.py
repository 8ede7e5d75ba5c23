"""Plan the training sessions of a class, change them, cancel them and take a cancellation back."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Cohort
from programme.audit import Verb
from programme.models import TrainingSession
from programme.models.attendance import CREDITED
from ui.database.orm import PRESENT, PreparedQuery

FACTS = ("starts_at", "minutes", "place", "topic", "module", "trainer")


@transaction.atomic
def plan_session(by: User, cohort: Cohort, facts: dict[str, Any], key: UUID) -> TrainingSession:
    """Plan one session; the same form sent again is the same session.

    A form that was changed since it was sent (the browser's "back" shows it again, with its key) plans another one.
    """
    create_once(by, cohort, facts, key)
    there = TrainingSession.objects.filter(key=key, cohort=cohort).first()
    if there and all(getattr(there, name) == facts[name] for name in FACTS):
        return there
    words = " ".join(describe(facts[name]) for name in FACTS)
    other = uuid5(key, f"{cohort.pk} {words}")
    create_once(by, cohort, facts, other)
    return TrainingSession.objects.get(key=other, cohort=cohort)


def create_once(by: User, cohort: Cohort, facts: dict[str, Any], key: UUID) -> None:
    new = TrainingSession(key=key, cohort=cohort, created_by=by, **facts)
    TrainingSession.objects.bulk_create([new], ignore_conflicts=True)


@transaction.atomic
def change_session(by: User, session: TrainingSession, facts: dict[str, Any]) -> bool:
    """Change what was planned; return whether anything differs. What hours are credited follows the new minutes."""
    row = lock_session(session.pk)
    before = {name: describe(getattr(row, name)) for name in FACTS}
    for name in FACTS:
        setattr(row, name, facts[name])
    changed = {
        name: [before[name], after]
        for name in FACTS
        if (after := describe(getattr(row, name))) != before[name]
    }
    if not changed:
        return False
    row.revision, row.changed_at = row.revision + 1, timezone.now()
    row.save(update_fields=[*FACTS, "revision", "changed_at"])
    AuditEntry.write(by, Verb.SESSION_CHANGED, row, row.cohort.place, name=row.topic, changed=changed)
    return True


def describe(value: object) -> str:
    """Return a value as the audit trail shows it."""
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


@transaction.atomic
def cancel_session(by: User, session: TrainingSession, reason: str) -> bool:
    """Cancel the session; return False if it was already. Its marks stay and credit nothing."""
    found = TrainingSession.objects.filter(pk=session.pk, cancelled_at__isnull=True)
    if not found.update(cancelled_at=timezone.now(), cancelled_by=by, cancel_reason=reason, **count_change()):
        return False
    AuditEntry.write(
        by, Verb.SESSION_CANCELLED, session, session.cohort.place, name=session.topic, reason=reason
    )
    return True


@transaction.atomic
def reinstate_session(by: User, session: TrainingSession) -> bool:
    """Take the cancellation back; return False if it is not cancelled. Its marks credit hours again."""
    found = TrainingSession.objects.filter(pk=session.pk, cancelled_at__isnull=False)
    if not found.update(cancelled_at=None, cancelled_by=None, cancel_reason="", **count_change()):
        return False
    AuditEntry.write(by, Verb.SESSION_REINSTATED, session, session.cohort.place, name=session.topic)
    return True


def count_change() -> dict[str, Any]:
    """Return what an update writes beside what it changes."""
    return {"revision": F("revision") + 1, "changed_at": timezone.now()}


def lock_session(pk: int) -> TrainingSession:
    """Return the session with its class, locked, inside a transaction: one writer of its attendance at a time."""
    rows = TrainingSession.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__place").get(pk=pk)


def find_taught_modules(cohort: int) -> QuerySet:
    rows = TrainingSession.objects.held(PRESENT).filter(cohort=cohort, module__isnull=False)
    return rows.order_by("starts_at", "pk").values_list("module")


TAUGHT = PreparedQuery(find_taught_modules, 1)


def list_taught_modules(cohort: int) -> list[int]:
    """Return the ids of the modules of the sessions that the class has had, in the order in which they began. One query."""
    return list(dict.fromkeys(module for (module,) in TAUGHT.rows(cohort, now=timezone.now())))


def find_sessions(cohort: Cohort) -> QuerySet[TrainingSession]:
    """Return the sessions of a class, annotated with `came`: how many were present or late, walk-ins not among them."""
    came = Count("attendance", filter=Q(attendance__mark__in=CREDITED))
    return TrainingSession.objects.filter(cohort=cohort).select_related("trainer").annotate(came=came)
