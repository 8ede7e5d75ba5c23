"""What somebody's placement tests show of a course: a module that one of them shows as known is known.

A second test asks other questions and takes nothing away. That gives a guesser no more than if the newest counted: who knows
nothing would stop after a lucky test, and either way two of a hundred at most skip anything (bench/proofs/placements.py).

A known module is offered to be skipped. Skipping counts as nothing done: its test has to be passed all the same, and a
certificate that asks for every lesson asks for these, too, unless its rule says otherwise (programme.certificates).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from courses.models import Course, Objective, Quiz
from courses.outline import LessonRow, ModuleRow, Unit
from progress.models import Answer, Attempt
from progress.quizzes.paper import Paper
from progress.quizzes.placement_paper import ModuleVerdict, judge_modules
from progress.quizzes.time_limits import find_ended


@dataclass(frozen=True)
class ModulePlacement:
    """The advice on one module: skip it, or begin with this lesson of it (`nth`, from 1); None where no lesson is left.

    `verdict` is None where nothing was asked because nobody skips it.
    """

    module: ModuleRow
    verdict: ModuleVerdict | None
    nth: int | None
    lesson: LessonRow | None

    @property
    def is_known(self) -> bool:
        return self.verdict is not None and self.verdict.is_known


def judge_attempt(attempt: Attempt, marks: dict[int, bool]) -> list[ModuleVerdict]:
    """Return the verdicts of one try, without a query; [] for a try at another kind of quiz."""
    paper = Paper(attempt.paper)
    return judge_modules(paper.items, paper.placement, marks) if paper.placement else []


def advise(
    units: Iterable[Unit],
    verdicts: Iterable[ModuleVerdict],
    objectives: Iterable[Objective],
    done: Collection[int] = (),
) -> list[ModulePlacement]:
    """Return the advice on each module of a course, in its order. No query.

    Who does not know a module begins with its first lesson; who was right on its hardest objective and wrong on another one
    begins with the lesson at that objective's place, each with the first one from there that is not in `done`.
    """
    found = {verdict.module: verdict for verdict in verdicts}
    by_module: dict[int, list[int]] = {}
    for one in sorted(objectives, key=lambda one: (len(one.code), one.code)):
        by_module.setdefault(one.module_id or 0, []).append(one.pk)
    advice = []
    for unit in units:
        verdict = found.get(unit.module.pk)
        begin = find_start(verdict, by_module.get(unit.module.pk, []), len(unit.lessons))
        order = [*range(begin, len(unit.lessons)), *range(begin)]
        place = next((n for n in order if unit.lessons[n].pk not in done), None)
        lesson = None if place is None else unit.lessons[place]
        advice.append(ModulePlacement(unit.module, verdict, None if place is None else place + 1, lesson))
    return advice


def find_start(verdict: ModuleVerdict | None, objectives: list[int], lessons: int) -> int:
    """Return the place of the lesson to begin with, from 0; objectives are spread evenly over the lessons."""
    if verdict is None or not verdict.key_right:
        return 0
    places = [objectives.index(pk) for pk in verdict.missed if pk in objectives]
    return min(places) * lessons // len(objectives) if places else 0


# --- from the database ---


@dataclass(frozen=True)
class Placement:
    """Somebody's newest placement test: when it was, its try, and what this one and those before show of each module."""

    attempt: Attempt
    verdicts: list[ModuleVerdict]

    @property
    def known(self) -> set[int]:
        return {verdict.module for verdict in self.verdicts if verdict.is_known}

    @property
    def held_at(self) -> datetime:
        return self.attempt.finished_at or self.attempt.due_at or self.attempt.started_at


def load_placements(users: Collection[int], course: Course | int) -> dict[int, Placement]:
    """Return what the placement tests of these people show who had one. One query where nobody had, else two."""
    ended = find_ended(Attempt.objects.filter(quiz__course=course, quiz__kind=Quiz.Kind.PLACEMENT))
    rows = list(ended.filter(user__in=users).order_by("pk"))
    marks: dict[int, dict[int, bool]] = {row.pk: {} for row in rows}
    if rows:
        stored = Answer.objects.filter(attempt__in=list(marks)).order_by()
        for pk, position, right in stored.values_list("attempt", "position", "right"):
            marks[pk][position] = right
    found: dict[int, Placement] = {}
    for row in rows:
        before = found[row.user_id].verdicts if row.user_id in found else []
        found[row.user_id] = Placement(row, keep_better(before, judge_attempt(row, marks[row.pk])))
    return found


def keep_better(before: Iterable[ModuleVerdict], after: Iterable[ModuleVerdict]) -> list[ModuleVerdict]:
    """Return of each module the newer verdict, unless an earlier test shows it as known."""
    known = {verdict.module: verdict for verdict in before if verdict.is_known}
    newer = {verdict.module: verdict for verdict in after}
    return list((newer | known).values())


def load_placement(user: User, course: Course | int) -> Placement | None:
    return load_placements([user.pk], course).get(user.pk)
