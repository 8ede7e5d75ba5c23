"""Read the figures of a county's year as the organiser's page shows them (programme.outcomes), in the format of
`bench.scenarios.year.recount`.
"""

from __future__ import annotations

import datetime
from typing import Any

from accounts.models import Place, User
from programme.outcomes.figures import cost, gains, people, retention, sales
from programme.outcomes.figures.scope import Scope


def read_figures(
    reader: User, county: Place, first: datetime.date, last: datetime.date, today: datetime.date
) -> dict[str, Any]:
    scope = Scope(reader, first.replace(day=1), last.replace(day=1), place=county)
    counted, sold = people.count_people(scope), sales.sum_sales(scope, today)
    tests, rehearsals = gains.compare_tests(scope), gains.compare_rehearsals(scope)
    return {
        "people": counted.total,
        "steps": dict(counted.steps),
        "steps_by_place": counted.by_place,
        "steps_by_month": counted.by_month,
        "sales_by_month": {month: (one.net, one.grams) for month, one in sold.by_month.items()},
        "sales_by_place": {place: (one.net, one.grams) for place, one in sold.by_place.items()},
        "earners": sold.earners,
        "retention": {
            one.days: (one.due, one.answered, one.selling) for one in retention.count_retention(scope, today)
        },
        "tests": add_up(tests),
        "rehearsals": add_up(rehearsals),
        "cost_fen": cost.sum_costs(scope).fen,
    }


def add_up(gain: gains.Gain) -> tuple[int, int, int]:
    pairs = gain.pairs
    return len(pairs), sum(one.before for one in pairs), sum(one.after for one in pairs)
