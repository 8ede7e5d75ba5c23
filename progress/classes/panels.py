"""Rows that upper apps add to the page of a class, what they say there about each person, and what they add to a class on
the home of its trainees; each registers a function when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.models import User
from courses.models import Cohort
from progress.models import Enrolment


@dataclass(frozen=True)
class Panel:
    """A row that leads to a page of the class: a template, which gets the class as `cohort` and this as `panel`."""

    template: str
    count: int
    # Rows are in the order of their turns: what a trainer opens every day has a low one.
    turn: int = 5
    # Whether the class's mentor may open the page; else only who leads the class.
    is_for_mentors: bool = False


_builders: list[Callable[[Cohort], Panel]] = []


def register_panel(build: Callable[[Cohort], Panel]) -> Callable[[Cohort], Panel]:
    """Decorate a function that builds a panel for a class."""
    _builders.append(build)
    return build


def build_panels(cohort: Cohort, leads: bool = True) -> list[Panel]:
    """Build the panels of the class: all for who leads it, for its mentor those that the mentor may open."""
    panels = sorted((build(cohort) for build in _builders), key=lambda panel: panel.turn)
    return [panel for panel in panels if leads or panel.is_for_mentors]


# load(class, ids of people in it) returns a few words about some of them for their rows on the class's page.
RowLoader = Callable[[Cohort, Collection[int]], dict[int, str]]
_row_loaders: list[RowLoader] = []


def register_row_words(load: RowLoader) -> RowLoader:
    """Decorate a function that says something about each person of a class. A fixed number of queries, however many."""
    _row_loaders.append(load)
    return load


def load_row_words(cohort: Cohort, users: Collection[int]) -> dict[int, str]:
    """Return what upper apps say about these people, by person."""
    found: dict[int, list[str]] = {}
    for load in _row_loaders if users else ():
        for user, words in load(cohort, users).items():
            found.setdefault(user, []).append(words)
    return {user: " · ".join(words) for user, words in found.items()}


@dataclass(frozen=True)
class MemberPanel:
    """What a trainee sees of one of their classes: a template, which gets the class as `cohort` and this as `panel`."""

    template: str
    facts: dict


# build(user, ids of the user's classes) returns a panel for those classes that have something to show.
MemberBuilder = Callable[[User, Collection[int]], dict[int, MemberPanel]]
_member_builders: list[MemberBuilder] = []


def register_member_panel(build: MemberBuilder) -> MemberBuilder:
    """Decorate a function that builds the panels of a person's classes."""
    _member_builders.append(build)
    return build


def attach_member_panels(user: User, enrolments: list[Enrolment]) -> None:
    """Set `panels` on each of a person's enrolments in a class. A constant number of queries, none without a class."""
    cohorts = [enrolment.cohort_id for enrolment in enrolments if enrolment.cohort_id]
    found = [build(user, cohorts) for build in _member_builders] if cohorts else []
    for enrolment in enrolments:
        enrolment.panels = [panels[pk] for panels in found if (pk := enrolment.cohort_id) in panels]  # type: ignore[attr-defined]
