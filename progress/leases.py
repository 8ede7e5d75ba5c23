"""One trainer at a time has a submission open. What time ends has ended when read: nothing waits for a task."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from progress.models import Submission

# Every draft that is saved begins it anew.
LASTS = timedelta(minutes=20)


class Held(Exception):
    """Another trainer has it open; `by` until `until`."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(submission.lease_until)
        self.by, self.until = submission.lease_by, submission.lease_until


def take(user: User, submission: Submission) -> None:
    """Takes or extends it by one conditional UPDATE. Raises Held while it is another's."""
    now = timezone.now()
    free = Q(lease_by__isnull=True) | Q(lease_by=user) | Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    rows = Submission.objects.filter(free, pk=submission.pk)
    if not rows.update(lease_by=user, lease_until=now + LASTS):
        raise Held(Submission.objects.select_related("lease_by").get(pk=submission.pk))
    submission.lease_by, submission.lease_until = user, now + LASTS


def give_back(user: User, submission: Submission) -> bool:
    """Whether it was this person's to give back."""
    return bool(
        Submission.objects.filter(pk=submission.pk, lease_by=user).update(lease_by=None, lease_until=None)
    )


def holder(submission: Submission, now: datetime | None = None) -> User | None:
    """Who has it open now."""
    until = submission.lease_until
    return submission.lease_by if until and until > (now or timezone.now()) else None
