"""Compare two tries of one person by dimension."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from rehearsals import permissions, scoring
from rehearsals.models import Review, Submission


@dataclass(frozen=True)
class Try:
    """One try with its submission; `review` is the review that counts, if the reader may read it."""

    submission: Submission
    review: Review | None

    @property
    def dimensions(self) -> list[scoring.Dimension]:
        if self.review is None:
            return []
        return scoring.calculate_dimensions(self.review.rubric, self.review.marks)


@dataclass(frozen=True)
class DimensionRow:
    """One dimension in both tries; None if a try has no such dimension or no score. Points are by each try's own rubric."""

    title: str
    old: scoring.Dimension | None
    new: scoring.Dimension | None

    @property
    def step(self) -> int | None:
        """Return the points gained; None unless both tries have the same maximum."""
        if not self.old or not self.new or self.old.points != self.new.points:
            return None
        return self.new.earned - self.old.earned


def pair_tries(user: User, submission: Submission, other: Submission) -> tuple[Try, Try]:
    """Return both tries with the review that counts, the older first."""
    old, new = sorted((submission, other), key=lambda one: (one.number, one.pk))
    return Try(old, find_readable_review(user, old)), Try(new, find_readable_review(user, new))


def find_readable_review(user: User, submission: Submission) -> Review | None:
    review = submission.reviews.signed().filter(kind=Review.Kind.FIRST).select_related("reviewer").first()
    if review is None:
        return None
    review.submission = submission
    return review if permissions.can_read_review(user, review) else None


def compare_dimensions(old: Try, new: Try) -> list[DimensionRow]:
    before = {one.title: one for one in old.dimensions}
    after = {one.title: one for one in new.dimensions}
    return [DimensionRow(title, before.get(title), after.get(title)) for title in {**before, **after}]


def list_other_tries(submission: Submission) -> list[Submission]:
    """List the same person's other tries of the same drill, the newest first."""
    same = Submission.objects.filter(user=submission.user_id, drill=submission.drill_id)
    same = same.filter(drill__isnull=False).exclude(pk=submission.pk)
    return list(same.only("key", "number", "received_at", "status").order_by("-number")[:12])
