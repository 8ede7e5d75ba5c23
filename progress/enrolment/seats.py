"""Decide whether a class has a seat for a person, and whether it is meant for them.

All who change who is in a class of a course hold that course's lock (`lock_course`), so that the last seat goes once.
"""

from __future__ import annotations

from accounts.models import Membership, Place, User
from courses.models import Cohort, Course
from progress.models import Enrolment

FULL, OUTSIDE = "full", "outside"


class ClassFull(ValueError):
    """Raised when all seats of the class are taken."""


class OutsideCriteria(ValueError):
    """Raised when the class takes people of other places than the person's."""


class NotAdmitted(ValueError):
    """Raised with the sentence that says why this class does not take this person (the setting CLASS_ADMITS)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def lock_course(course: Course | int) -> None:
    """Hold the course inside a transaction: one writer of who is in its classes at a time."""
    pk = course if isinstance(course, int) else course.pk
    # Rows that refer to the course are still added meanwhile.
    list(Course.objects.select_for_update(no_key=True).order_by().filter(pk=pk).values_list("pk"))


def count_taken(cohort: Cohort) -> int:
    return Enrolment.objects.active().filter(cohort=cohort).count()


def has_free_seat(cohort: Cohort) -> bool:
    """Return whether there is a seat now, by the class's row as it was read."""
    return cohort.most_people is None or count_taken(cohort) < cohort.most_people


def find_own_places(user: User) -> list[Place]:
    """Return the places to which a person belongs as a trainee; who belongs to none yet, those that they asked for."""
    rows = Membership.objects.filter(user=user, role=Membership.Role.TRAINEE).select_related("place")
    held = [row.place for row in rows.filter(status=Membership.Status.GRANTED)]
    return held or [row.place for row in rows.filter(status=Membership.Status.ASKED)]


def is_meant_for(cohort: Cohort, user: User) -> bool:
    """Return whether the person comes from where the class takes its people. One query for a class without criteria."""
    wanted = list(cohort.from_places.all())
    return not wanted or any(place.is_within(wanted) for place in find_own_places(user))


def find_obstacle(cohort: Cohort, user: User) -> str:
    """Return OUTSIDE, FULL or "": why the person cannot come into the class by themselves."""
    if not is_meant_for(cohort, user):
        return OUTSIDE
    return "" if has_free_seat(cohort) else FULL


def require_seat(cohort: Cohort) -> None:
    """Raise ClassFull unless there is a free seat; the caller holds the course's lock."""
    if not has_free_seat(Cohort.objects.get(pk=cohort.pk)):
        raise ClassFull(cohort)
