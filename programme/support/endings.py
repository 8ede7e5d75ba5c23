"""Find when the cause of a case went: the time of the row that solved it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from courses.models import Cohort
from programme.models import SupportCase
from programme.support.causes import CAUSES
from programme.support.causes.certificates import find_certificates
from progress.models import Enrolment


@dataclass(frozen=True)
class End:
    """When a case's cause went, None where no row says it, and whether it was solved."""

    at: datetime.datetime | None
    is_solved: bool


def find_ends(cohort: Cohort, cases: Collection[SupportCase]) -> dict[int, End]:
    """Return by case the end of its cause: the first row after the case was opened that solves it, or the person's leaving.

    For cases whose cause is gone. A constant number of queries, none without a case.
    """
    by_cause: dict[str, list[SupportCase]] = {}
    for case in cases:
        by_cause.setdefault(case.cause, []).append(case)
    found: dict[int, End] = {}
    left_at = dict(find_departures(cohort, cases)) if cases else {}
    for cause, same in by_cause.items():
        users = {case.user_id for case in same}
        events = list(CAUSES[cause].find_ends(cohort, users))
        if CAUSES[cause].ends_with_certificate:
            events += find_certificates(cohort, users)
        for case in same:
            times = [at for user, at, number in events if ends(case, user, at, number)]
            if times:
                found[case.pk] = End(min(times), True)
            elif at := left_at.get(case.user_id):
                found[case.pk] = End(max(at, case.opened_at), False)
            else:
                found[case.pk] = End(None, CAUSES[cause].ends_unseen)
    return found


def ends(case: SupportCase, user: int, at: datetime.datetime, number: int | None) -> bool:
    return user == case.user_id and at > case.opened_at and number in (None, case.subject)


def find_departures(cohort: Cohort, cases: Iterable[SupportCase]) -> Iterator[tuple[int, datetime.datetime]]:
    users = {case.user_id for case in cases}
    rows = Enrolment.objects.filter(cohort=cohort, user__in=users, left_at__isnull=False)
    for user, at in rows.order_by().values_list("user", "left_at"):
        assert at
        yield user, at
