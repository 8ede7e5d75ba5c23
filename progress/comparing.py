"""Two tries of one person side by side: what each dimension came to, then and now."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from progress import rules, scoring
from progress.models import Review, Submission


@dataclass(frozen=True)
class Try:
    """`review` is the one that counts, as far as the reader may read it."""

    submission: Submission
    review: Review | None

    @property
    def dimensions(self) -> list[scoring.Dimension]:
        if self.review is None:
            return []
        return scoring.dimensions(self.submission.rubric_content, self.review.marks)


@dataclass(frozen=True)
class Row:
    """A dimension in both; None where a try has no such one or no score. Each of its own rubric's points."""

    title: str
    old: scoring.Dimension | None
    new: scoring.Dimension | None

    @property
    def step(self) -> int | None:
        """Points more than before; only where both are out of the same."""
        if not self.old or not self.new or self.old.points != self.new.points:
            return None
        return self.new.earned - self.old.earned


def tries(user: User, submission: Submission, other: Submission) -> tuple[Try, Try]:
    """The older first."""
    pair = sorted((submission, other), key=lambda one: (one.number, one.pk))
    return tuple(Try(one, readable(user, one)) for one in pair)


def readable(user: User, submission: Submission) -> Review | None:
    review = submission.reviews.signed().filter(kind=Review.Kind.FIRST).select_related("reviewer").first()
    if review is None:
        return None
    review.submission = submission
    return review if rules.can_read_review(user, review) else None


def rows(old: Try, new: Try) -> list[Row]:
    before = {one.title: one for one in old.dimensions}
    after = {one.title: one for one in new.dimensions}
    return [Row(title, before.get(title), after.get(title)) for title in {**before, **after}]


def others(submission: Submission) -> list[Submission]:
    """The same person's tries of the same drill, the newest first."""
    same = Submission.objects.filter(user=submission.user_id, drill=submission.drill_id)
    same = same.filter(drill__isnull=False).exclude(pk=submission.pk)
    return list(same.only("key", "number", "received_at", "status").order_by("-number")[:12])
