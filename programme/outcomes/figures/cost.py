"""Sum what classes cost, and divide it by what came of those classes. Fen."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Cohort
from programme.audit import Verb
from programme.models import Step, TrainingCost
from programme.outcomes.figures.scope import Scope
from progress.models import Enrolment
from shops.exceptions import IdempotencyConflict
from ui.formats import yuan

# The steps that a class is paid for.
PAID_FOR = (Step.Name.GRADUATE, Step.Name.SELLER, Step.Name.EARNER)


@dataclass(frozen=True)
class ClassCost:
    cohort: Cohort
    fen: int


@dataclass(frozen=True)
class Cost:
    """The classes of which costs of the period were entered, and how many of their people reached which step."""

    classes: list[ClassCost]
    reached: dict[str, int]

    @property
    def fen(self) -> int:
        return sum(one.fen for one in self.classes)

    @property
    def each(self) -> list[tuple[str, str, int, int | None]]:
        """Return (step, its name, people, fen for each of them) of the steps in PAID_FOR."""
        return [
            (step.value, str(step.label), count, (self.fen + count // 2) // count if count else None)
            for step in PAID_FOR
            for count in [self.reached.get(step, 0)]
        ]


def find_costs(scope: Scope) -> QuerySet[TrainingCost]:
    rows = TrainingCost.objects.counting().filter(on__gte=scope.first, on__lt=scope.end)
    return rows.filter(cohort__in=scope.find_cohorts().order_by().values("pk"))


def sum_costs(scope: Scope) -> Cost:
    """Sum the costs by class. Three queries."""
    sums = dict(find_costs(scope).order_by().values_list("cohort").annotate(all=Sum("fen")))
    classes = Cohort.objects.filter(pk__in=sums).order_by("-starts_on", "-pk")
    rows = find_reached(scope, sums).values_list("step").annotate(n=Count("pk"))
    return Cost([ClassCost(cohort, sums[cohort.pk]) for cohort in classes], dict(rows))


def find_reached(scope: Scope, cohorts: Iterable[int]) -> QuerySet[Step]:
    """Return the steps of everybody in these classes, reached before the period's end."""
    inside = Enrolment.objects.active().filter(cohort__in=list(cohorts)).order_by().values("user")
    return (
        Step.objects.valid().filter(user__in=inside, reached_at__lt=scope.until, step__in=PAID_FOR).order_by()
    )


def list_reached(scope: Scope, step: str) -> QuerySet[Step]:
    """Return the steps by which the costs of the period are divided."""
    cohorts = set(find_costs(scope).order_by().values_list("cohort", flat=True))
    return find_reached(scope, cohorts).filter(step=step)


def record_cost(
    cohort: Cohort, *, on: datetime.date, what: str, fen: int, by: User, key: uuid.UUID
) -> TrainingCost:
    """Enter a cost; the same key again returns the first. Raises IdempotencyConflict for another class's key."""
    row, new = TrainingCost.objects.get_or_create(
        key=key, defaults={"cohort": cohort, "on": on, "what": what, "fen": fen, "made_by": by}
    )
    if row.cohort_id != cohort.pk:
        raise IdempotencyConflict
    if new:
        AuditEntry.write(by, Verb.COST_RECORDED, row, cohort.place, what=what, yuan=yuan(fen))
    return row


def cancel_cost(row: TrainingCost, by: User) -> None:
    """Cancel a cost that was wrong; a second call changes nothing."""
    if TrainingCost.objects.counting().filter(pk=row.pk).update(cancelled_at=timezone.now(), cancelled_by=by):
        AuditEntry.write(by, Verb.COST_CANCELLED, row, row.cohort.place, what=row.what, yuan=yuan(row.fen))
