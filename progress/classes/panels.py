"""Rows that upper apps add to the page of a class, what they say there about each person, and what they add to a class on
the home of its trainees; each registers itself when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from courses.models import Cohort
from progress.models import Ask, Enrolment, WaitingEntry
from ui.database.orm import PRESENT, TODAY, PreparedQuery
from ui.pages import fill_url

# A text of the catalogue, perhaps of a number; it is looked up when the row is drawn.
Text = Any
# find(id of a class, now, today) returns the rows that a panel counts.
Finder = Callable[[int, datetime, date], QuerySet]


@dataclass(frozen=True, eq=False)
class Panel:
    """A row that leads to a page of the class, or of its course."""

    icon: str
    title: Text
    # The name of the page's URL, which takes the class's id; another page has a `link`.
    page: str = ""
    link: Callable[[Cohort], str] | None = None
    # What stands below the title; if `find` is given, only of a number above 0, which it gets as n.
    words: Text = ""
    find: Finder | None = None
    # Whether that number waits for the trainer.
    is_waiting: bool = False
    # Whether there is no row without such a number.
    only_counted: bool = False
    # Rows are in the order of their turns: what a trainer opens every day has a low one.
    turn: int = 5
    # Whether the class's mentor may open the page; else only who leads the class.
    is_for_mentors: bool = False

    def build_url(self, cohort: Cohort) -> str:
        return self.link(cohort) if self.link else fill_url(self.page, cohort.pk)

    def describe(self, count: int) -> str:
        return (self.words % {"n": count} if count else "") if self.find else str(self.words)


_panels: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Show this panel on the page of every class, with how many rows its `find` finds."""
    _panels.append(panel)
    _panels.sort(key=lambda one: one.turn)


def find_counts(cohort: int) -> QuerySet:
    """Return one row: the counts of the panels that have a `find`, in their order."""
    number = Func(F("pk"), function="COUNT", output_field=IntegerField())
    finders = [panel.find for panel in _panels if panel.find]
    counts = {
        f"count_{place}": Subquery(find(cohort, PRESENT, TODAY).order_by().annotate(n=number).values("n"))
        for place, find in enumerate(finders)
    }
    return Cohort.objects.filter(pk=cohort).annotate(**counts).values_list(*counts)


COUNTS = PreparedQuery(find_counts, 1)


def count_panels(cohort: Cohort, leads: bool = True) -> list[tuple[Panel, int]]:
    """Return the panels of the class with what they count, 0 for nothing: all for who leads it, for its mentor those that the
    mentor may open. One query.
    """
    counts = iter(*COUNTS.rows(cohort.pk, now=timezone.now()))
    counted = [(panel, next(counts) if panel.find else 0) for panel in _panels]
    return [
        (panel, count)
        for panel, count in counted
        if (leads or panel.is_for_mentors) and (count or not panel.only_counted)
    ]


def find_unanswered(cohort: int, *_now: object) -> QuerySet[Ask]:
    return Ask.objects.filter(cohort=cohort).unanswered()


def find_candidates(cohort: int, *_now: object) -> QuerySet[WaitingEntry]:
    """Return who waits for a seat in the class."""
    return WaitingEntry.objects.waiting().filter(cohort=cohort)


register_panel(
    Panel(
        icon="note",
        page="progress:class_asks",
        title=_("学员问的"),
        words=ngettext_lazy("%(n)s 个问题没回", "%(n)s 个问题没回", "n"),
        find=find_unanswered,
        is_waiting=True,
        turn=-3,
        is_for_mentors=True,
    )
)
register_panel(
    Panel(
        icon="bell",
        page="progress:class_announcements",
        title=_("发通知给全班"),
        turn=-2,
        is_for_mentors=True,
    )
)
register_panel(
    Panel(
        icon="people",
        page="progress:class_seats",
        title=_("名额和候补"),
        words=ngettext_lazy("%(n)s 个人候补", "%(n)s 个人候补", "n"),
        find=find_candidates,
        is_waiting=True,
        turn=-1,
    )
)


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
