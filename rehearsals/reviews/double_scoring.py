"""Compare the two scores of submissions scored twice: one in ten, by a second trainer who does not see the first score."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from rehearsals import scoring
from rehearsals.models import Review, Submission

SHOWN = 50


def find_waiting(user: User) -> QuerySet[Submission]:
    """Return the submissions that wait for a second score, which this person has not scored."""
    signed = Review.objects.signed().filter(submission=OuterRef("pk")).order_by()
    return (
        Submission.objects.reviewable_by(user)
        .filter(status=Submission.Status.REVIEWED, needs_second=True)
        .exclude(Exists(signed.filter(kind=Review.Kind.SECOND)))
        .exclude(Exists(signed.filter(reviewer=user)))
    )


@dataclass(frozen=True)
class Spread:
    """The difference of two scores: `points` is the second total minus the first, `parts` the dimensions that differ."""

    first: int
    second: int
    parts: list[tuple[str, int, int]]

    @property
    def points(self) -> int:
        return self.second - self.first

    @property
    def far(self) -> int:
        return abs(self.points)


def calculate_spread(reviews: list[Review]) -> Spread | None:
    """Compare the first and second review of a submission; None until both are signed.

    Dimensions are compared by their titles and points, which both forms of a rubric share.
    """
    signed = {review.kind: review for review in reviews if review.signed_at}
    first, second = signed.get(Review.Kind.FIRST), signed.get(Review.Kind.SECOND)
    if first is None or second is None or first.total is None or second.total is None:
        return None
    before = scoring.calculate_dimensions(first.rubric, first.marks)
    after = {
        (one.title, one.points): one for one in scoring.calculate_dimensions(second.rubric, second.marks)
    }
    both = [(one, after[one.title, one.points]) for one in before if (one.title, one.points) in after]
    parts = [(one.title, one.earned, two.earned) for one, two in both if one.halves != two.halves]
    return Spread(first.total, second.total, parts)


def list_spreads(user: User) -> list[tuple[Submission, Spread]]:
    """List the newest submissions scored twice in the classes one leads. Two queries."""
    twice = (
        Submission.objects.reviewable_by(user)
        .filter(needs_second=True, status=Submission.Status.REVIEWED)
        .filter(reviews__kind=Review.Kind.SECOND, reviews__signed_at__isnull=False)
        .select_related("user", "drill", "cohort")
        .prefetch_related("reviews")
        .order_by("-reviews__signed_at")[:SHOWN]
    )
    found = [(one, calculate_spread(list(one.reviews.all()))) for one in twice]
    return [(one, both) for one, both in found if both]


def calculate_mean(found: list[tuple[Submission, Spread]]) -> float | None:
    return round(sum(both.far for _one, both in found) / len(found), 1) if found else None
