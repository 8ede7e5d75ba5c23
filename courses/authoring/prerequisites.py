"""Follow what must be learnt first from one prerequisite to the next: two that wait for each other would never open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from courses.models import Course, Module, Quiz

Edges = Callable[[set[int]], Iterable[tuple[int, int]]]


def find_circular(start: int, chosen: Iterable[int], edges: Edges) -> set[int]:
    """Return those of `chosen` that directly or indirectly wait for `start`.

    `edges` returns (row, row that it needs) for a set of rows; it is called once for each step of the longest chain.
    """
    known: dict[int, set[int]] = {}
    ahead = set(chosen) - {start}
    while ahead:
        found = list(edges(ahead))
        known |= {row: set() for row in ahead}
        for row, needed in found:
            known[row].add(needed)
        ahead = {needed for _row, needed in found} - known.keys() - {start}
    return {row for row in chosen if row == start or start in collect_needs(row, known)}


def collect_needs(row: int, known: dict[int, set[int]]) -> set[int]:
    seen: set[int] = set()
    ahead = set(known.get(row, ()))
    while ahead:
        seen |= ahead
        ahead = {needed for one in ahead for needed in known.get(one, ())} - seen
    return seen


def list_course_edges(courses: set[int]) -> Iterable[tuple[int, int]]:
    rows = Course.needs.through.objects.filter(from_course__in=courses)
    return rows.values_list("from_course", "to_course")


def list_module_edges(modules: set[int]) -> Iterable[tuple[int, int]]:
    """Return the edges to modules that must be learnt, and to those whose quizzes must be passed."""
    learnt = Module.needs.through.objects.filter(from_module__in=modules)
    passed: Any = Module.needs_quiz.through.objects.filter(module__in=modules)
    passed = passed.annotate(at=Coalesce("quiz__module", "quiz__lesson__module")).filter(at__isnull=False)
    return [
        *learnt.values_list("from_module", "to_module"),
        *passed.values_list("module", "at"),
    ]


def find_modules_of_quizzes(quizzes: Iterable[Quiz]) -> dict[int, Quiz]:
    """Return the modules of these quizzes; those of a whole course have none."""
    keys = [quiz.pk for quiz in quizzes]
    placed = Quiz.objects.filter(pk__in=keys).annotate(at=Coalesce(F("module"), F("lesson__module")))
    return {quiz.at: quiz for quiz in placed.order_by("pk") if quiz.at}
