"""Announce something to a whole class, withdraw it, and find the announcements that a member sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Announcement, Cohort
from progress.audit import Verb
from progress.models import Enrolment

SHOWN = 2
SAME_FOR = timedelta(hours=1)


@transaction.atomic
def announce(trainer: User, cohort: Cohort, text: str) -> Announcement:
    """Announce the text. The same text sent again within an hour is the same announcement."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    now = timezone.now()
    existing = Announcement.objects.filter(cohort=cohort, author=trainer, text=text, removed_at__isnull=True)
    there = existing.filter(created_at__gt=now - SAME_FOR).first()
    if there:
        return there
    row = Announcement.objects.create(cohort=cohort, author=trainer, text=text, created_at=now)
    AuditEntry.write(trainer, Verb.ANNOUNCED, row, cohort.place, name=cohort.name)
    return row


@transaction.atomic
def withdraw_announcement(trainer: User, row: Announcement) -> bool:
    """Stop showing the announcement; return False when it was withdrawn already."""
    shown = Announcement.objects.filter(pk=row.pk, removed_at__isnull=True)
    if not shown.update(removed_at=timezone.now()):
        return False
    cohort = row.cohort
    AuditEntry.write(trainer, Verb.ANNOUNCEMENT_REMOVED, row, cohort.place, name=cohort.name)
    return True


def list_visible(user: User) -> QuerySet[Announcement]:
    """Return the announcements of the classes that this person is in now."""
    mine = Enrolment.objects.active().filter(user=user, cohort__isnull=False).order_by()
    return Announcement.objects.filter(removed_at__isnull=True, cohort__in=mine.values("cohort"))


def attach_latest(enrolments: Iterable[Any]) -> None:
    """Set `announcements` of each enrolment to the last two of its class. One query, none for no enrolments."""
    enrolments = list(enrolments)
    newest = [F("created_at").desc(), F("pk").desc()]
    rank = Window(RowNumber(), partition_by=[F("cohort")], order_by=newest)
    rows = Announcement.objects.filter(
        cohort__in={row.cohort_id for row in enrolments}, removed_at__isnull=True
    )
    latest: dict[int, list[Announcement]] = {}
    for row in rows.annotate(rank=rank).filter(rank__lte=SHOWN).order_by("-created_at", "-pk"):
        latest.setdefault(row.cohort_id, []).append(row)
    for enrolment in enrolments:
        enrolment.announcements = latest.get(enrolment.cohort_id, [])
