"""Count who still sells so many days after graduation, and how many answered at all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from programme.models import DAYS, FollowUp, FollowUpAnswer
from programme.outcomes.figures.scope import Scope

NEWEST = Q(answers__is_newest=True)
STATES = {
    "due": Q(),
    "answered": NEWEST,
    "selling": NEWEST & Q(answers__is_selling=True),
    "by_live": NEWEST & Q(answers__is_selling=True, answers__by_live=True),
}


@dataclass(frozen=True)
class Marked:
    """What the answers say was sold in the month before them, of one origin."""

    people: int = 0
    fen: int = 0
    grams: int = 0


@dataclass(frozen=True)
class Retention:
    """One follow-up of all people: how many were due, answered, and still sell; the figures by how they are known."""

    days: int
    due: int = 0
    answered: int = 0
    selling: int = 0
    by_live: int = 0
    marks: dict[str, Marked] = field(default_factory=dict)

    @property
    def marked(self) -> list[dict[str, object]]:
        """Return the figures of those who still sell, by how they are known, for the page."""
        names = FollowUpAnswer.Mark
        return [
            {"label": mark.label, "people": one.people, "fen": one.fen, "grams": one.grams}
            for mark in names
            if (one := self.marks.get(mark))
        ]

    @property
    def percent(self) -> int | None:
        """Return who still sells of those who answered; None while nobody did."""
        return self.selling * 100 // self.answered if self.answered else None


def find_due(scope: Scope, today: datetime.date | None = None) -> QuerySet[FollowUp]:
    """Return the follow-ups whose day fell into the period and has come."""
    rows = FollowUp.objects.due(today or timezone.localdate())
    people = scope.find_people().order_by().values("pk")
    return rows.filter(due_on__gte=scope.first, due_on__lt=scope.end, user__in=people)


def count_retention(scope: Scope, today: datetime.date | None = None) -> list[Retention]:
    """Count the follow-ups of the period. Two queries."""
    rows = find_due(scope, today).order_by()
    counted = {
        row["days"]: row
        for row in rows.values("days").annotate(
            due=Count("pk", distinct=True),
            answered=Count("answers", filter=STATES["answered"]),
            selling=Count("answers", filter=STATES["selling"]),
            by_live=Count("answers", filter=STATES["by_live"]),
        )
    }
    newest = FollowUpAnswer.objects.filter(is_newest=True, follow_up__in=rows.values("pk"), is_selling=True)
    marks: dict[int, dict[str, Marked]] = {}
    for days, mark, people, fen, grams in (
        newest.order_by()
        .values_list("follow_up__days", "mark")
        .annotate(n=Count("pk"), fens=Sum("fen"), weighs=Sum("grams"))
    ):
        marks.setdefault(days, {})[mark] = Marked(people, fen or 0, grams or 0)
    return [Retention(**{"days": days} | counted.get(days, {}), marks=marks.get(days, {})) for days in DAYS]


def list_follow_ups(scope: Scope, days: int, state: str) -> QuerySet[FollowUp]:
    """Return the rows behind a figure; `state` is a name of STATES."""
    return find_due(scope).filter(STATES[state], days=days)
