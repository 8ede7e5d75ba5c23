"""Keep two trainers apart: who has opened a submission or the work of a task holds it for a while.

A row that is leased has `lease_by` and `lease_until`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    from rehearsals.models import Submission, TaskWork

# Every change of what is being reviewed starts it again.
LEASE_LASTS = timedelta(minutes=20)


class HeldByAnother(Exception):
    """Raised when another trainer, `by`, has the row open until `until`."""

    def __init__(self, by: User, until: datetime) -> None:
        super().__init__(until)
        self.by, self.until = by, until


def match_free(user: User, now: datetime | None = None) -> Q:
    """Match what nobody else holds."""
    over = Q(lease_until__isnull=True) | Q(lease_until__lte=now or timezone.now())
    return Q(lease_by__isnull=True) | Q(lease_by=user) | over


def acquire_lease(user: User, row: Submission | TaskWork) -> None:
    """Take or extend the lease by one conditional UPDATE. Raises HeldByAnother while it is another's."""
    now, model = timezone.now(), type(row)
    rows = model.objects.filter(match_free(user, now), pk=row.pk)
    while not rows.update(lease_by=user, lease_until=now + LEASE_LASTS):
        held = model.objects.select_related("lease_by").get(pk=row.pk)
        if held.lease_by and held.lease_until:
            raise HeldByAnother(held.lease_by, held.lease_until)
        # It was given back between the two statements: take it.
    row.lease_by, row.lease_until = user, now + LEASE_LASTS


def release_lease(user: User, row: Submission | TaskWork) -> bool:
    """Give the lease back; return whether it was this person's."""
    held = type(row).objects.filter(pk=row.pk, lease_by=user)
    return bool(held.update(lease_by=None, lease_until=None))


def get_lease_holder(row: Submission | TaskWork, now: datetime | None = None) -> User | None:
    """Return who has the row open now."""
    until = row.lease_until
    return row.lease_by if until and until > (now or timezone.now()) else None
