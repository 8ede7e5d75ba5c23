"""Write and remove notes on a version while its review is not given: on a photo's spot, a film's moment, or the whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from rehearsals.leases import acquire_lease
from rehearsals.models import TaskNote, TaskVersion, TaskWork
from rehearsals.tasks.services import AlreadyAnswered, NotNewest

MOST_NOTES = 30


class TooManyNotes(Exception):
    pass


def save_note(author: User, version: TaskVersion, key: UUID, **fields: Any) -> TaskNote:
    """Write a note; a second copy of the same key changes nothing.

    Raises HeldByAnother, AlreadyAnswered, NotNewest, TooManyNotes.
    """
    with transaction.atomic():
        lock_version(author, version)
        if known := TaskNote.objects.filter(key=key, version=version, author=author).first():
            return known
        if version.notes.filter(removed_at=None).count() >= MOST_NOTES:
            raise TooManyNotes
        return TaskNote.objects.create(key=key, version=version, author=author, **fields)


def remove_note(author: User, version: TaskVersion, key: UUID) -> bool:
    """Take the note off; return whether it was there. Raises HeldByAnother, AlreadyAnswered, NotNewest."""
    with transaction.atomic():
        lock_version(author, version)
        rows = TaskNote.objects.filter(key=key, version=version, author=author, removed_at=None)
        return bool(rows.update(removed_at=timezone.now()))


def lock_version(author: User, version: TaskVersion) -> None:
    """Lock the work until the transaction ends, and extend the lease."""
    work = TaskWork.objects.select_for_update().get(pk=version.work_id)
    acquire_lease(author, work)
    if hasattr(TaskVersion.objects.select_related("review").get(pk=version.pk), "review"):
        raise AlreadyAnswered
    if work.versions.filter(number__gt=version.number).exists():
        raise NotNewest
