"""What a class has gained: each learning objective before and after, for the people who did both tests."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from courses.models import Cohort, Objective, Quiz
from progress.board import members
from progress.models import Answer, Attempt

Kind = Quiz.Kind


@dataclass
class Side:
    right: int = 0
    asked: int = 0

    @property
    def percent(self) -> int | None:
        return round(self.right * 100 / self.asked) if self.asked else None


@dataclass
class AimGain:
    objective: Objective
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)

    @property
    def gained(self) -> int | None:
        """In points of a hundred; None while one side has no answers."""
        if self.before.percent is None or self.after.percent is None:
            return None
        return self.after.percent - self.before.percent


@dataclass
class Gain:
    people: int
    before: Side
    after: Side
    aims: list[AimGain]


def gain(cohort: Cohort) -> Gain:
    """Three queries, whatever the size of the class.

    Counted are the first handed-in pre-test and the first handed-in post-test of the same bank of those who are in
    the class now: a second try has seen the explanations, so it would show memory, not learning.
    """
    pairs = both_tests(cohort)
    sides = {pk: kind for attempts in pairs for kind, pk in attempts.items()}
    counted = Answer.objects.filter(attempt__in=list(sides)).order_by()
    rows = counted.values_list("attempt", "objective").annotate(
        asked=Count("pk"), right_n=Count("pk", Q(right=True))
    )
    whole, by_aim = {Kind.PRE: Side(), Kind.POST: Side()}, defaultdict(lambda: (Side(), Side()))
    for attempt, aim, asked, right in rows:
        kind = sides[attempt]
        for side in (whole[kind], by_aim[aim][kind == Kind.POST]):
            side.asked += asked
            side.right += right
    aims = Objective.objects.filter(pk__in=[aim for aim in by_aim if aim]).order_by("code")
    told = sorted(
        (AimGain(aim, *by_aim[aim.pk]) for aim in aims), key=lambda one: natural(one.objective.code)
    )
    return Gain(len({pk[Kind.PRE] for pk in pairs}), whole[Kind.PRE], whole[Kind.POST], told)


def both_tests(cohort: Cohort) -> list[dict[str, int]]:
    """[{"pre": attempt, "post": attempt}] of those who handed in both. One query."""
    handed_in = Attempt.objects.filter(
        user__in=members(cohort).values("user"),
        quiz__course=cohort.course_id,
        quiz__kind__in=(Kind.PRE, Kind.POST),
        finished_at__isnull=False,
    )
    firsts: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for pk, user, bank, kind in handed_in.order_by("number", "pk").values_list(
        "pk", "user", "quiz__bank", "quiz__kind"
    ):
        firsts[user, bank].setdefault(kind, pk)
    return [found for found in firsts.values() if len(found) == 2]


def natural(code: str) -> list[tuple[int, str]]:
    """8.2 before 10.1."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in code.split(".")]
