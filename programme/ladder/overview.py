"""List the people below a place with the steps they have reached, and count them by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from accounts.models import Membership, Place, User
from courses.models import Cohort
from programme.ladder import page, steps
from programme.models import Step, find_people_below
from progress.models import Enrolment
from progress.names import fetch_by_name
from ui.pagination import Page


@dataclass(frozen=True)
class PersonRow:
    person: User
    path: page.Path

    @property
    def villages(self) -> list[str]:
        return sorted({held.place.name for held in self.person.held})  # type: ignore[attr-defined]  # prefetched


@dataclass(frozen=True)
class StepCount:
    """How many of the people have reached a step, by the stored rows."""

    step: str
    label: str
    people: int


def find_listed(user: User) -> QuerySet[User]:
    """Return the trainees, sellers and mentors that this person may see as staff."""
    held = Membership.objects.granted().filter(role__in=Membership.VILLAGE_ROLES).order_by()
    return find_people_below(user).filter(pk__in=held.values("user"))


def find_villages(user: User) -> QuerySet[Place]:
    """Return the places to which the listed people belong."""
    held = Membership.objects.granted().filter(
        role__in=Membership.VILLAGE_ROLES, user__in=find_people_below(user).values("pk")
    )
    return Place.objects.filter(pk__in=held.order_by().values("place")).order_by("path")


def narrow(
    people: QuerySet[User], village: Place | None, cohort: Cohort | None, step: str = "", name: str = ""
) -> QuerySet[User]:
    """Return those of a place, of a class, with this in their name, and who have reached a step by the stored rows."""
    if name:
        people = people.filter(name__icontains=name)
    if village:
        there = Membership.objects.granted().filter(
            role__in=Membership.VILLAGE_ROLES, place__path__startswith=village.path
        )
        people = people.filter(pk__in=there.order_by().values("user"))
    if cohort:
        inside = Enrolment.objects.active().filter(cohort=cohort)
        people = people.filter(pk__in=inside.order_by().values("user"))
    if step:
        people = people.filter(pk__in=Step.objects.valid().filter(step=step).order_by().values("user"))
    return people


def count_by_step(people: QuerySet[User]) -> list[StepCount]:
    """Count the people of each step. One query."""
    rows = Step.objects.valid().filter(user__in=people.order_by().values("pk")).order_by()
    counted = dict(rows.values_list("step").annotate(n=Count("pk")))
    return [StepCount(step.value, str(step.label), counted.get(step, 0)) for step in steps.ORDER]


def load_people(people: QuerySet[User], after: str) -> Page:
    """Return a page of people by pinyin with their steps as the evidence shows them now.

    At most 21 queries, however many people.
    """
    held = Membership.objects.granted().filter(role__in=Membership.VILLAGE_ROLES).select_related("place")
    people = people.prefetch_related(Prefetch("memberships", held, to_attr="held"))
    shown = fetch_by_name(people, after=after)
    ladders = steps.compute_steps([person.pk for person in shown.items])
    rows = [PersonRow(person, page.build_path(ladders[person.pk])) for person in shown.items]
    return Page(rows, shown.after)
