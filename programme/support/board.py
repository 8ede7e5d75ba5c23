"""Load who of a class is stuck as lines, one a person: what with, who looks after it, and what was settled lately."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from programme.models import SupportAct, SupportCase
from programme.support.cases import split_cases
from programme.support.causes import CAUSES, find_facts
from programme.support.causes.cause import Fact, is_followed
from programme.support.endings import find_ends
from progress.classes.board import find_members

A_PAGE = 50
SETTLED_SHOWN = datetime.timedelta(days=30)
MOST_SETTLED = 50
MOST_PEERS = 5


@dataclass
class Stuck:
    """One thing with which a person is stuck, and its case, once somebody has taken it."""

    fact: Fact
    case: SupportCase | None = None

    @property
    def is_taken(self) -> bool:
        return self.case is not None and self.case.taken_by_id is not None

    @property
    def is_snoozed(self) -> bool:
        return self.case is not None and self.case.is_snoozed


@dataclass
class Line:
    """One person who is stuck, with all causes, the most pressing first."""

    user: User
    stuck: list[Stuck]

    @property
    def is_taken(self) -> bool:
        return all(one.is_taken for one in self.stuck)

    @property
    def is_snoozed(self) -> bool:
        return all(one.is_snoozed for one in self.stuck)

    @property
    def takers(self) -> list[str]:
        """Return the names of those who look after it, each once."""
        names = {
            one.case.taken_by.pk: one.case.taken_by.name
            for one in self.stuck
            if one.case and one.case.taken_by
        }
        return list(names.values())

    @property
    def snoozed_until(self) -> datetime.date | None:
        days = [one.case.snoozed_until for one in self.stuck if one.case and one.case.snoozed_until]
        return min(days, default=None)


@dataclass
class Settled:
    """A case whose cause is gone: when, None where no row says it."""

    case: SupportCase
    at: datetime.datetime | None
    is_solved: bool


@dataclass
class Board:
    """One page of a class; `people` counts all who wait, `snoozed` and `settled` are shown on the first page."""

    cohort: Cohort
    is_followed: bool
    lines: list[Line] = field(default_factory=list)
    snoozed: list[Line] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    people: int = 0
    untaken: int = 0
    page: int = 1
    pages: int = 1

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1


def load_board(cohort: Cohort, page: int = 1) -> Board:
    """Load one page of the class: who nobody looks after first, then by urgency and by how long it has lasted."""
    facts = find_facts(cohort)
    live, gone = split_cases(find_open(cohort), facts)
    by_user = {user: [Stuck(fact, live.get(fact.key)) for fact in found] for user, found in facts.items()}
    put_off = [user for user, stuck in by_user.items() if all(one.is_snoozed for one in stuck)]
    waiting = sorted(by_user.keys() - set(put_off), key=lambda user: order_line(by_user[user]))
    pages = max(1, -(-len(waiting) // A_PAGE))
    page = min(max(page, 1), pages)
    shown = waiting[(page - 1) * A_PAGE : page * A_PAGE]
    folded = put_off[:A_PAGE] if page == 1 else []
    people = User.objects.in_bulk([*shown, *folded]) if by_user else {}
    return Board(
        cohort=cohort,
        is_followed=is_followed(cohort),
        lines=[Line(people[user], by_user[user]) for user in shown],
        snoozed=[Line(people[user], by_user[user]) for user in folded],
        settled=load_settled(cohort, gone) if page == 1 else [],
        people=len(waiting),
        untaken=sum(not all(one.is_taken for one in by_user[user]) for user in waiting),
        page=page,
        pages=pages,
    )


def order_line(stuck: list[Stuck]) -> tuple:
    """Order by: nobody has it; the most pressing cause; more causes; the longest wait."""
    first = stuck[0].fact
    oldest = min(one.fact.since for one in stuck)
    return all(one.is_taken for one in stuck), first.rank, -len(stuck), oldest, first.user


def find_open(cohort: Cohort) -> QuerySet[SupportCase]:
    return SupportCase.objects.open().filter(cohort=cohort).select_related("taken_by", "user")


def load_settled(cohort: Cohort, gone: Collection[SupportCase]) -> list[Settled]:
    """Return what was settled in the last thirty days, stored as that or not yet, the newest first."""
    edge, far = timezone.now() - SETTLED_SHOWN, timezone.now()
    rows = SupportCase.objects.filter(cohort=cohort, closed_at__gt=edge).select_related("taken_by", "user")
    found = [
        Settled(case, case.closed_at, case.is_solved) for case in rows.order_by("-closed_at")[:MOST_SETTLED]
    ]
    if is_followed(cohort):
        found += describe_gone(cohort, gone)
    return sorted(found, key=lambda one: one.at or far, reverse=True)[:MOST_SETTLED]


def describe_gone(cohort: Cohort, gone: Collection[SupportCase]) -> list[Settled]:
    ends = find_ends(cohort, gone)
    return [Settled(case, ends[case.pk].at, ends[case.pk].is_solved) for case in gone]


# --- one person ---


@dataclass
class PersonPage:
    """What one person is stuck with, and all cases before, the newest first."""

    line: Line
    history: list[Settled]


def load_person(cohort: Cohort, user: User) -> PersonPage:
    """Load one person of the class with the acts of all their cases."""
    facts = find_facts(cohort, [user.pk])
    acts = Prefetch("acts", SupportAct.objects.select_related("by", "peer"))
    rows = SupportCase.objects.filter(cohort=cohort, user=user).select_related("taken_by", "user")
    cases = list(rows.prefetch_related(acts).order_by("-opened_at", "-pk"))
    live, gone = split_cases([case for case in cases if case.closed_at is None], facts)
    stuck = [Stuck(fact, live.get(fact.key)) for fact in facts.get(user.pk, [])]
    ends = {one.case.pk: one for one in describe_gone(cohort, gone)} if is_followed(cohort) else {}
    history = [
        ends.get(case.pk) or Settled(case, case.closed_at, case.is_solved)
        for case in cases
        if case not in live.values()
    ]
    return PersonPage(Line(user, stuck), history)


def load_line(cohort: Cohort, user: User) -> Line:
    """Load one person's line of the board."""
    facts = find_facts(cohort, [user.pk])
    live, _gone = split_cases(find_open(cohort).filter(user=user), facts)
    return Line(user, [Stuck(fact, live.get(fact.key)) for fact in facts.get(user.pk, [])])


def find_peers(cohort: Cohort, fact: Fact) -> QuerySet[User]:
    """Return who of the class has done that very thing, and so could help; nobody where that cannot be said."""
    others = User.objects.filter(pk__in=find_members(cohort).order_by().values("user")).exclude(pk=fact.user)
    done = CAUSES[fact.cause].find_doers(cohort, fact)
    return others.filter(pk__in=done) if done is not None else others.none()
