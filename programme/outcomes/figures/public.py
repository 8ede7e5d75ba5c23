"""Compute the dated facts of the public page, and group villages so that nobody can be made out.

Everything is as of the end of the last whole month. A village of which any figure is of one to four people is not shown by
itself but counted in "other villages", together with a large one (group_small). That group has nobody in it, or at least five
people, in each of its columns: the total less the villages shown is the group, and so tells nothing of any single one in it.
What cannot be grouped so is left out, its total too.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Place
from programme.models import Step
from programme.outcomes.figures import people, sales
from programme.outcomes.figures.scope import Scope
from shops.ledger import reports

LEAST = 5
Counts = tuple[int, ...]
# The columns of people, in their order.
STEPS = (Step.Name.GRADUATE, Step.Name.SELLER, Step.Name.MENTOR)


@dataclass(frozen=True)
class Grouped:
    """The villages shown, the others together, and all; None stands for a column that must not be shown."""

    shown: dict[int, Counts]
    rest: tuple[int | None, ...]
    total: tuple[int | None, ...]
    hidden: frozenset[int] = field(default=frozenset())


def is_small(count: int) -> bool:
    return 0 < count < LEAST


def group_small(rows: Mapping[int, Counts], rank: Callable[[int], Any] | None = None) -> Grouped:
    """Group the villages, with at least one that is large in each of its columns; which one depends on the site's secret.

    So whoever knows these rules cannot tell which of the group is the large one: the figures of any two of them could be
    exchanged, and what is published would be the same. The same villages are grouped in all columns.
    """
    width = len(next(iter(rows.values()), ()))
    hidden = {key for key, counts in rows.items() if any(map(is_small, counts))}
    left = sorted(rows.keys() - hidden, key=rank or rank_secretly)
    if hidden:  # those where nobody is can be in it too, so that a sum can be of fewer villages than it seems
        hidden |= {key for key in left if not any(rows[key])}
        left = [key for key in left if any(rows[key])]
        if left:
            hidden.add(left.pop(0))
    while hidden and left and any(is_small(sum(rows[key][at] for key in hidden)) for at in range(width)):
        hidden.add(left.pop(0))
    has_large = any(not any(map(is_small, rows[key])) and any(rows[key]) for key in hidden)
    rest: list[int | None] = []
    total: list[int | None] = []
    for at in range(width):
        other = sum(rows[key][at] for key in hidden)
        # Without a large one, the highest possible sum would mean that each of them has the highest small number.
        is_told = not is_small(other) and (has_large or not hidden or other != (LEAST - 1) * len(hidden))
        rest.append(other if is_told else None)
        total.append(other + sum(rows[key][at] for key in left) if is_told else None)
    return Grouped({key: rows[key] for key in left}, tuple(rest), tuple(total), frozenset(hidden))


def rank_secretly(key: int) -> str:
    """Return a place's rank among those that may be grouped with small ones: always the same, and known to this site alone."""
    return salted_hmac("programme.outcomes.public", str(key)).hexdigest()


def load_facts(today: datetime.date | None = None) -> dict[str, Any]:
    """Return the context of the public page. Six queries."""
    today = today or timezone.localdate()
    last = reports.find_month(today, 1)
    year = last.replace(month=1)
    scope = Scope(None, last, last)
    reached = people.count_people(scope).by_place
    sold = sum_year(scope, year)
    places = {place.pk: place for place in Place.objects.filter(pk__in=reached.keys() | sold.keys())}
    grouped = group_small(
        {
            pk: (*(reached.get(pk, {}).get(step, 0) for step in STEPS), sold.get(pk, (0, 0, 0))[0])
            for pk in places
        }
    )
    villages = sorted(grouped.shown, key=lambda pk: places[pk].path)
    return {
        "until": reports.find_month(last, -1) - datetime.timedelta(days=1),
        "computed_on": today,
        "year": last.year,
        "least": LEAST,
        "labels": [
            (count, step.label)
            for step, count in zip(STEPS, grouped.total or (0,) * len(STEPS), strict=False)
        ],
        "target": sales.find_target(year),
        "villages": [
            {"place": places[pk], "counts": grouped.shown[pk], "grams": sold.get(pk, (0, 0, 0))[1]}
            for pk in villages
        ],
        "rest": grouped.rest if grouped.hidden else None,
        "rest_villages": len(grouped.hidden),
        "rest_grams": sum_shown(grouped.rest[-1], (sold[pk][1] for pk in grouped.hidden if pk in sold))
        if grouped.rest
        else 0,
        "sold": grouped.total[-1] if grouped.total else 0,
        "grams": sum_shown(grouped.total[-1], (row[1] for row in sold.values())) if grouped.total else 0,
        "fen": sum_shown(grouped.total[-1], (row[2] for row in sold.values())) if grouped.total else 0,
    }


def sum_shown(people_behind: int | None, figures: Any) -> int | None:
    """Return the sum, or None where the people behind it must not be shown."""
    return None if people_behind is None else sum(figures)


def sum_year(scope: Scope, year: datetime.date) -> dict[int, tuple[int, int, int]]:
    """Return {place: (people who sold, grams, fen)} from the year's beginning to the period's end. One query."""
    rows = sales.find_months(scope).filter(month__gte=year, month__lte=scope.last)
    sums = rows.values_list("shop__place").annotate(
        n=Count("villager", distinct=True, filter=Q(fen__gt=0)), weighs=Sum("grams"), fens=Sum("fen")
    )
    return {place: (count, grams, fen) for place, count, grams, fen in sums}
