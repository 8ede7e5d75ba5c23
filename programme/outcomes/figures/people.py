"""Count people by the step they have reached: by village, and by the month in which they reached it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from programme.ladder.steps import ORDER
from programme.models import Step
from programme.outcomes.figures.scope import Scope

Counts = dict[str, int]


@dataclass(frozen=True)
class People:
    """How many people there are, and how many reached each step by the end of the period; the months are of the period."""

    total: int
    steps: Counts
    by_place: dict[int, Counts]
    residents: dict[int, int]
    by_month: dict[datetime.date, Counts] = field(default_factory=dict)


def count_people(scope: Scope) -> People:
    """Count the people. Three queries, however many they are."""
    homes = scope.find_homes()
    residents = dict(homes.values_list("place").annotate(n=Count("pk")))
    reached = find_steps(scope).filter(user__memberships__in=homes)
    steps: Counts = dict.fromkeys((step.value for step in ORDER), 0)
    by_place: dict[int, Counts] = {}
    rows = reached.values_list("user__memberships__place", "step").annotate(n=Count("pk"))
    for place, step, count in rows:
        steps[step] += count
        by_place.setdefault(place, {})[step] = count
    by_month: dict[datetime.date, Counts] = {month: {} for month in scope.months}
    # By the people's ids instead of a join: SQLite otherwise begins with the steps and looks for each one's home anew, a second
    # for 3,000 people.
    lately = find_steps(scope).filter(user__in=homes.values("user"), reached_at__gte=scope.since)
    months = lately.annotate(month=TruncMonth("reached_at"))
    for month, step, count in months.values_list("month", "step").annotate(n=Count("pk")):
        by_month[timezone.localdate(month)][step] = count
    return People(sum(residents.values()), steps, by_place, residents, by_month)


def find_steps(scope: Scope) -> QuerySet[Step]:
    """Return the steps that stand and were reached before the period's end, of everybody: the caller chooses the people."""
    return Step.objects.valid().filter(reached_at__lt=scope.until).order_by()


def list_steps(scope: Scope, step: str, month: datetime.date | None = None) -> QuerySet[Step]:
    """Return the rows behind a figure: who had reached the step by the period's end, or in one month of it."""
    rows = find_steps(scope.at(month=month)).filter(
        step=step, user__in=scope.find_people().order_by().values("pk")
    )
    return rows.filter(reached_at__gte=scope.at(month=month).since) if month else rows
