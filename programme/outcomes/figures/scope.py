"""Choose what the figures are of: whose places, one place or class, and from which month to which.

Months are those of Asia/Shanghai (the setting TIME_ZONE). Everybody counts once: in the place of their first role in a village.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.db.models import Min, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Membership, Place, User
from courses.models import Cohort
from progress.models import Enrolment
from shops.ledger import reports
from shops.models import Shop
from ui.days import begin_day
from ui.parameters import read_id

MOST_MONTHS = 24
USUAL_MONTHS = 12


@dataclass(frozen=True)
class Scope:
    """What is counted. `reader` None means the whole site; `first` and `last` are first days of months, both counted."""

    reader: User | None
    first: datetime.date
    last: datetime.date
    place: Place | None = None
    cohort: Cohort | None = None

    @property
    def end(self) -> datetime.date:
        """Return the first day after the period."""
        return reports.find_month(self.last, -1)

    @property
    def until(self) -> datetime.datetime:
        return begin_day(self.end)

    @property
    def since(self) -> datetime.datetime:
        return begin_day(self.first)

    @property
    def months(self) -> list[datetime.date]:
        """Return the first days of all months, the earliest first."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return [reports.find_month(self.first, -at) for at in range(count + 1)]

    def at(self, place: Place | None = None, month: datetime.date | None = None) -> Scope:
        """Return the same of one place within it, or of one month alone."""
        found = replace(self, place=place) if place else self
        return replace(found, first=month, last=month) if month else found

    def find_places(self) -> QuerySet[Place]:
        """Return the places below those that the reader holds as an organiser, and below the chosen one."""
        rows = Place.objects.all()
        if self.reader is not None:
            rows = rows.filter(
                pk__in=Place.objects.held_by(self.reader, Membership.Role.ORGANISER).values("pk")
            )
        return rows.filter(path__startswith=self.place.path) if self.place else rows

    def find_homes(self) -> QuerySet[Membership]:
        """Return one membership for each person: the first in a village of the reader's places, if it is in the chosen one."""
        roles = Membership.objects.granted().filter(role__in=Membership.VILLAGE_ROLES)
        if self.reader is not None:
            held = Place.objects.held_by(self.reader, Membership.Role.ORGANISER)
            roles = roles.filter(place__in=held.values("pk"))
        first = roles.order_by().values("user").annotate(first=Min("pk")).values("first")
        homes = Membership.objects.filter(pk__in=first).order_by()
        if self.place:
            homes = homes.filter(place__path__startswith=self.place.path)
        if self.cohort:
            homes = homes.filter(user__in=self.find_members())
        return homes

    def find_members(self) -> QuerySet:
        return Enrolment.objects.active().filter(cohort=self.cohort).order_by().values("user")

    def find_people(self) -> QuerySet[User]:
        return User.objects.filter(pk__in=self.find_homes().values("user"))

    def find_shops(self) -> QuerySet[Shop]:
        return Shop.objects.filter(place__in=self.find_places().order_by().values("pk")).order_by()

    def find_cohorts(self) -> QuerySet[Cohort]:
        rows = Cohort.objects.filter(place__in=self.find_places().order_by().values("pk"))
        return rows.filter(pk=self.cohort.pk) if self.cohort else rows


def read_scope(user: User, query: QueryDict, today: datetime.date | None = None) -> Scope:
    """Read place, class and months of a query; what the user may not see, or is no month, is left out."""
    today = today or timezone.localdate()
    last = reports.read_month(query.get("to", ""), today)
    begins = query.get("from", "")
    first = reports.read_month(begins, today) if begins else reports.find_month(last, USUAL_MONTHS - 1)
    first = max(min(first, last), reports.find_month(last, MOST_MONTHS - 1))
    scope = Scope(user, first, last)
    places = scope.find_places()
    place = places.filter(pk=read_id(query.get("place"))).first() if query.get("place") else None
    cohort = (
        scope.find_cohorts().filter(pk=read_id(query.get("class"))).first() if query.get("class") else None
    )
    return replace(scope, place=place, cohort=cohort)
