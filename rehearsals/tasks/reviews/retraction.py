"""Take an answer to a task back that was given by mistake: within ten minutes, as long as nobody has acted on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from rehearsals import notices
from rehearsals.leases import acquire_lease
from rehearsals.models import TaskReview, TaskVersion, TaskWork
from rehearsals.reviews.services import RETRACT_WITHIN


class TooLateToRetract(Exception):
    """Raised when the answer is too old, or the task was handed in again after it."""


def find_fresh(user: User) -> QuerySet[TaskReview]:
    """Return this person's answers that can still be taken back."""
    later = TaskVersion.objects.filter(work=OuterRef("version__work"), number__gt=OuterRef("version__number"))
    rows = TaskReview.objects.filter(reviewer=user, created_at__gt=timezone.now() - RETRACT_WITHIN)
    return rows.exclude(Exists(later)).exclude(version__work__is_chosen=True)


def find_retractable(user: User) -> TaskReview | None:
    """Return this person's newest answer that can be taken back, with `until`. One query."""
    rows = find_fresh(user).select_related("version__work__user", "version__work__assignment")
    review: Any = rows.order_by("-created_at").first()
    if review is not None:
        review.until = get_deadline(review)
    return review


def get_deadline(review: TaskReview) -> datetime:
    return review.created_at + RETRACT_WITHIN


@transaction.atomic
def retract_review(user: User, work: TaskWork) -> None:
    """Take one's own answer to the newest version back: the work waits again where it did, held by this person.

    Raises TooLateToRetract, HeldByAnother.
    """
    User.objects.select_for_update().get(pk=work.user_id)  # as when a version is handed in
    review = find_fresh(user).filter(version__work=work).select_related("version").first()
    if review is None:
        raise TooLateToRetract
    acquire_lease(user, work)
    TaskWork.objects.filter(pk=work.pk).update(waiting_since=review.version.received_at)
    notices.withdraw_task_review_notice(review)
    review.delete()
