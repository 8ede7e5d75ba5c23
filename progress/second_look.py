"""One submission in ten is scored twice: by a second trainer, who does not see the first score."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.crypto import salted_hmac

from accounts.models import User
from progress import scoring
from progress.models import Review, Submission

ONE_IN = 10
SHOWN = 50


def is_drawn(key: UUID) -> bool:
    """By a keyed hash of its key, so that nobody draws, every look gives the same, and no phone can make itself a key that
    is never drawn."""
    digest = salted_hmac("progress.second_look", key.bytes, algorithm="sha256").digest()
    return int.from_bytes(digest[:4]) % ONE_IN == 0


def waiting(user: User) -> QuerySet[Submission]:
    """Scored once, drawn, and neither scored a second time nor by this person."""
    signed = Review.objects.signed().filter(submission=OuterRef("pk")).order_by()
    return (
        Submission.objects.reviewable_by(user)
        .filter(status=Submission.Status.REVIEWED, needs_second=True)
        .exclude(Exists(signed.filter(kind=Review.Kind.SECOND)))
        .exclude(Exists(signed.filter(reviewer=user)))
    )


@dataclass(frozen=True)
class Spread:
    """`points`: how far the second total lies above the first; `parts`: the dimensions in which they differ."""

    first: int
    second: int
    parts: list[tuple[str, int, int]]

    @property
    def points(self) -> int:
        return self.second - self.first

    @property
    def far(self) -> int:
        return abs(self.points)


def spread(content: dict, reviews: list[Review]) -> Spread | None:
    """Of the two that count; None until both are signed."""
    signed = {review.kind: review for review in reviews if review.signed_at}
    first, second = signed.get(Review.Kind.FIRST), signed.get(Review.Kind.SECOND)
    if first is None or second is None:
        return None
    both = zip(
        scoring.dimensions(content, first.marks), scoring.dimensions(content, second.marks), strict=True
    )
    parts = [(one.title, one.earned, two.earned) for one, two in both if one.halves != two.halves]
    return Spread(first.total, second.total, parts)


def spreads(user: User) -> list[tuple[Submission, Spread]]:
    """The newest twice-scored of the classes one leads, for who may read both. Two queries."""
    twice = (
        Submission.objects.reviewable_by(user)
        .filter(needs_second=True, status=Submission.Status.REVIEWED)
        .filter(reviews__kind=Review.Kind.SECOND, reviews__signed_at__isnull=False)
        .select_related("user", "drill", "cohort")
        .prefetch_related("reviews")
        .order_by("-reviews__signed_at")[:SHOWN]
    )
    found = [(one, spread(one.rubric_content, list(one.reviews.all()))) for one in twice]
    return [(one, both) for one, both in found if both]


def mean(found: list[tuple[Submission, Spread]]) -> float | None:
    return round(sum(both.far for _one, both in found) / len(found), 1) if found else None
