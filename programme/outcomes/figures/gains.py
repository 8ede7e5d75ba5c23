"""Compare what people knew before and after a course, and their first rehearsal with their last.

Of the tests, the first before and the first after of the same bank count, of those who handed in both
(progress.classes.learning_gain); an unanswered question is a wrong one. Of the rehearsals, a trainer's signed scores count,
each by the rubric of its day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from courses.models import Quiz
from programme.outcomes.figures.scope import Scope
from progress.models import Attempt
from rehearsals.models import Review

Kind = Quiz.Kind


@dataclass(frozen=True)
class Pair:
    """What one person's two tests, or first and last rehearsal, came to."""

    user: int
    before: int
    before_of: int
    after: int
    after_of: int


@dataclass(frozen=True)
class Gain:
    """The pairs of all people; percentages are of all questions, or of 100 points each."""

    pairs: list[Pair]

    @property
    def people(self) -> int:
        return len({one.user for one in self.pairs})

    @property
    def before(self) -> int | None:
        return percent(sum(one.before for one in self.pairs), sum(one.before_of for one in self.pairs))

    @property
    def after(self) -> int | None:
        return percent(sum(one.after for one in self.pairs), sum(one.after_of for one in self.pairs))

    @property
    def gained(self) -> int | None:
        return None if self.before is None or self.after is None else self.after - self.before

    def of(self, people: set[int]) -> dict[int, list[Pair]]:
        """Return the pairs of these people."""
        found: dict[int, list[Pair]] = defaultdict(list)
        for one in self.pairs:
            if one.user in people:
                found[one.user].append(one)
        return found


def percent(part: int, whole: int) -> int | None:
    return round(part * 100 / whole) if whole else None


def compare_tests(scope: Scope) -> Gain:
    """Compare the tests of those who handed in the second within the period. One query."""
    rows = Attempt.objects.filter(
        user__in=scope.find_people().order_by().values("pk"),
        quiz__kind__in=(Kind.PRE, Kind.POST),
        finished_at__lt=scope.until,
    )
    if scope.cohort:
        rows = rows.filter(quiz__course=scope.cohort.course_id)
    firsts: dict[tuple[int, int | None], dict[str, tuple]] = defaultdict(dict)
    for user, bank, kind, right, total, at in rows.order_by("number", "pk").values_list(
        "user", "quiz__bank", "quiz__kind", "right", "total", "finished_at"
    ):
        firsts[user, bank].setdefault(kind, (right, total, at))
    return Gain(
        [
            Pair(user, *both[Kind.PRE][:2], *both[Kind.POST][:2])
            for (user, _bank), both in firsts.items()
            if len(both) == 2 and both[Kind.POST][2] >= scope.since
        ]
    )


def compare_rehearsals(scope: Scope) -> Gain:
    """Compare the first with the last scored rehearsal of those whose last was scored in the period. One query."""
    rows = Review.objects.counting().filter(
        kind=Review.Kind.FIRST,
        total__isnull=False,
        signed_at__lt=scope.until,
        submission__user__in=scope.find_people().order_by().values("pk"),
    )
    found: dict[int, list[tuple]] = defaultdict(list)
    for user, total, at in rows.order_by("signed_at", "pk").values_list(
        "submission__user", "total", "signed_at"
    ):
        found[user].append((total, at))
    return Gain(
        [
            Pair(user, scores[0][0], 100, scores[-1][0], 100)
            for user, scores in found.items()
            if len(scores) > 1 and scores[-1][1] >= scope.since
        ]
    )
