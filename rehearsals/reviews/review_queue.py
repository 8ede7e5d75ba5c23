"""Find what waits for a review, the oldest first, and separately what has no playable film.

Ids are read from an index, then one page of rows is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from media.models import Video
from rehearsals.models import Submission
from ui.pagination import Page, fetch_page

A_PAGE = 20
OLDEST = ("received_at", "pk")
PLAYS = Q(video__status=Video.Status.READY, video_gone_at=None)
# Large fields that lists do not show.
HEAVY_FIELDS = ("rubric_content", "evidence", "self_marks")


@dataclass(frozen=True)
class WaitingClass:
    """A class with the number of its submissions that wait."""

    cohort: Cohort
    count: int


def load_page(ids: QuerySet[Submission], order: tuple[str, ...], after: str, size: int = A_PAGE) -> Page:
    """Load one page of submissions. Two queries."""
    names = [name.lstrip("-") for name in order]
    found = fetch_page(ids.values(*names), order, after, size)
    pks = [row["pk"] for row in found.items]
    rows = (
        Submission.objects.filter(pk__in=pks)
        .select_related("user", "drill", "cohort", "lease_by", "video")
        .defer(*HEAVY_FIELDS, "video__measures")
        .in_bulk()
    )
    return Page([rows[pk] for pk in pks if pk in rows], found.after)


def find_queued(user: User, cohort: Cohort | None = None) -> QuerySet[Submission]:
    """Return what a trainer can review now."""
    rows = Submission.objects.reviewable_by(user).queued().filter(PLAYS)
    return rows.filter(cohort=cohort) if cohort else rows


def find_without_film(user: User) -> QuerySet[Submission]:
    """Return what waits for the trainee or the worker: the film has not arrived, is being made, failed or was deleted."""
    return Submission.objects.reviewable_by(user).queued().exclude(PLAYS)


def list_waiting_classes(user: User) -> list[WaitingClass]:
    """List classes with something waiting, the one whose oldest has waited longest first. Two queries."""
    rows = find_queued(user).order_by().values("cohort").annotate(n=Count("pk"), oldest=Min("received_at"))
    counted = {row["cohort"]: row["n"] for row in rows.order_by("oldest")}
    found = Cohort.objects.select_related("place").in_bulk(list(counted))
    return [WaitingClass(found[pk], n) for pk, n in counted.items() if pk in found]


@dataclass(frozen=True)
class QueuePosition:
    """The position of a submission in the queue, and the next one that no other trainer has open; after the last comes the
    first.
    """

    number: int
    total: int
    next: Submission | None


def get_position(user: User, submission: Submission) -> QueuePosition:
    rows = find_queued(user).order_by(*OLDEST)
    at = submission.received_at
    before = Q(received_at__lt=at) | Q(received_at=at, pk__lt=submission.pk)
    behind = Q(received_at__gt=at) | Q(received_at=at, pk__gt=submission.pk)
    free = Q(lease_by=None) | Q(lease_by=user) | Q(lease_until__lte=timezone.now())
    others = rows.filter(free).only("key", "received_at")
    following = others.filter(behind).first() or others.exclude(pk=submission.pk).first()
    return QueuePosition(rows.filter(before).count() + 1, rows.count(), following)
