"""Calculate the learning gain of a class, by module and by learning objective, for people who took pre- and post-test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Cohort, Module, Objective, Quiz
from progress.classes.board import find_members
from progress.models import Answer, Attempt
from progress.quizzes.paper import Paper

Kind = Quiz.Kind
# Objectives without a module come after those of the last module.
LAST = 1 << 15


@dataclass
class Side:
    right: int = 0
    asked: int = 0

    @property
    def percent(self) -> int | None:
        return round(self.right * 100 / self.asked) if self.asked else None


def count_gain(before: Side, after: Side) -> int | None:
    """Return the gain in percentage points; None while one of the tests has no answers."""
    if before.percent is None or after.percent is None:
        return None
    return after.percent - before.percent


@dataclass
class AimGain:
    objective: Objective
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)

    @property
    def name(self) -> str:
        return self.objective.text

    @property
    def gained(self) -> int | None:
        return count_gain(self.before, self.after)


@dataclass
class ModuleGain:
    """The gain of a module's objectives together; `module` is None for objectives without one."""

    module: Module | None
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)

    @property
    def name(self) -> str:
        return self.module.title if self.module else _("别的")

    @property
    def gained(self) -> int | None:
        return count_gain(self.before, self.after)


@dataclass
class Gain:
    people: int
    before: Side
    after: Side
    aims: list[AimGain]

    @property
    def modules(self) -> list[ModuleGain]:
        """Return the gain by module, in the order of the course."""
        found: dict[int | None, ModuleGain] = {}
        for aim in self.aims:
            module = found.setdefault(aim.objective.module_id, ModuleGain(aim.objective.module))
            for whole, part in ((module.before, aim.before), (module.after, aim.after)):
                whole.right += part.right
                whole.asked += part.asked
        return sorted(found.values(), key=lambda one: one.module.position if one.module else LAST)


def calculate_gain(cohort: Cohort) -> Gain:
    """Calculate the gain of a class; four queries, whatever its size.

    Only people who are in the class now count, by the first pre-test and the first post-test of the same bank that each
    handed in: before a second try one has seen the explanations, so it would measure memory. An unanswered question counts
    as wrong, as in the result that the person sees.
    """
    pairs = find_both_tests(cohort)
    sides = {pk: kind for attempts in pairs for kind, pk in attempts.items()}
    answered = load_answers(sides)
    whole: dict[str, Side] = {Kind.PRE: Side(), Kind.POST: Side()}
    by_aim: defaultdict[Any, tuple[Side, Side]] = defaultdict(lambda: (Side(), Side()))
    for attempt, stored in Attempt.objects.filter(pk__in=sides).order_by().values_list("pk", "paper"):
        kind, paper = sides[attempt], Paper(stored)
        marks = answered.get(attempt, {})
        for position in sorted(marks) if paper.mastery else range(1, len(paper) + 1):
            for side in (whole[kind], by_aim[paper.item(position).objective][kind == Kind.POST]):
                side.asked += 1
                side.right += marks.get(position, False)
    aims = Objective.objects.filter(pk__in=[aim for aim in by_aim if aim]).order_by("code")
    aims = aims.select_related("module")
    gains = sorted(
        (AimGain(aim, *by_aim[aim.pk]) for aim in aims), key=lambda one: sort_naturally(one.objective.code)
    )
    return Gain(len({pk[Kind.PRE] for pk in pairs}), whole[Kind.PRE], whole[Kind.POST], gains)


def load_answers(attempts: Iterable[int]) -> dict[int, dict[int, bool]]:
    """Return {attempt: {position: right}}. One query."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    rows = Answer.objects.filter(attempt__in=list(attempts)).order_by()
    for attempt, position, right in rows.values_list("attempt", "position", "right"):
        found[attempt][position] = right
    return found


def find_both_tests(cohort: Cohort) -> list[dict[str, int]]:
    """Return [{"pre": attempt, "post": attempt}] of those who handed in both. One query."""
    handed_in = Attempt.objects.filter(
        user__in=find_members(cohort).values("user"),
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


def sort_naturally(code: str) -> list[tuple[int, str]]:
    """Sort key that puts 8.2 before 10.1."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in code.split(".")]
