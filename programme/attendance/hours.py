"""Credit the time of the training sessions that a person attended, in minutes.

A person who was late is credited the whole session, as the sheet of the class has it; cancelled sessions credit nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum

from accounts.models import User
from courses.models import Cohort, Course
from programme.models import Attendance, Mark
from programme.models.attendance import CREDITED
from progress.models import Enrolment
from progress.names import sort_by_name


@dataclass
class PersonHours:
    """What one person of a class attended: how often each mark, and the minutes credited."""

    user: int
    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Mark.values, 0))
    minutes: int = 0
    # Credited in other classes of the course, for instance before a transfer; they count for the certificate too.
    elsewhere: int = 0


def find_counted() -> QuerySet[Attendance]:
    """Return the rows that say something: of sessions that are not cancelled."""
    return Attendance.objects.filter(session__cancelled_at__isnull=True).order_by()


def credit(minutes: int, mark: str | None) -> int:
    """Return how many of these minutes of sessions a person is credited who has this mark there, None for no mark.

    The one place that decides it, for pages, certificates and ledgers.
    """
    return minutes if mark in CREDITED else 0


def count_minutes(users: Collection[int], course: Course | int) -> dict[int, int]:
    """Return the minutes that each of these people is credited in the classes of a course; 0 is left out. One query."""
    rows = find_counted().filter(user__in=users, session__cohort__course=course)
    found: Counter[int] = Counter()
    for user, mark, minutes in rows.values_list("user", "mark").annotate(Sum("session__minutes")):
        found[user] += credit(minutes, mark)
    return {user: minutes for user, minutes in found.items() if minutes}


def summarise_class(cohort: Cohort) -> list[PersonHours]:
    """Return what each person attended, by pinyin: those in the class now and those with a mark. Three queries."""
    members = Enrolment.objects.active().filter(cohort=cohort).order_by()
    found = {pk: PersonHours(pk, name) for pk, name in members.values_list("user", "user__name")}
    rows = find_counted().filter(session__cohort=cohort).exclude(mark=Mark.OPEN)
    counted = rows.values_list("user", "user__name", "mark").annotate(Count("pk"), Sum("session__minutes"))
    for pk, name, mark, times, minutes in counted:
        person = found.setdefault(pk, PersonHours(pk, name))
        person.counts[mark] = times
        person.minutes += credit(minutes, mark)
    for pk, minutes in count_minutes(found, cohort.course_id).items():
        found[pk].elsewhere = minutes - found[pk].minutes
    return sort_by_name(found.values(), lambda person: (person.name, person.user))


def list_own(user: User, cohort: Cohort) -> QuerySet[Attendance]:
    """Return a person's own rows in a class that say something."""
    return find_counted().filter(user=user, session__cohort=cohort).exclude(mark=Mark.OPEN)
