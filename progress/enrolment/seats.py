"""Decide whether a class has a seat for a person, and whether it is meant for them.

All who change who is in a class of a course hold that course's lock (`lock_course`), so that the last seat goes once.
"""

from __future__ import annotations

from accounts.models import Membership, Place, User
from accounts.models.membership import MembershipQuerySet
from courses.models import Cohort, Course
from progress.models import Enrolment, WaitingEntry

FULL, OUTSIDE, DECLINED = "full", "outside", "declined"


class ClassFull(ValueError):
    """Raised when all seats of the class are taken."""


class OutsideCriteria(ValueError):
    """Raised when the class takes people of other places than the person's."""


class WasDeclined(ValueError):
    """Raised when the class did not take this person: its code does not open it for them until a trainer lifts that."""


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
    """Return the places to which a person belongs as a trainee; what they have only asked for is not among them."""
    return [row.place for row in find_trainee_roles(user).granted()]


def find_asked_places(user: User) -> list[Place]:
    """Return the places in which a person would like to be a trainee and nobody has decided; they prove nothing."""
    return [row.place for row in find_trainee_roles(user).asked()]


def find_trainee_roles(user: User) -> MembershipQuerySet:
    return Membership.objects.filter(user=user, role=Membership.Role.TRAINEE).select_related("place")


def is_meant_for(cohort: Cohort, user: User) -> bool:
    """Return whether the person comes from where the class takes its people. One query for a class without criteria."""
    wanted = list(cohort.from_places.all())
    return not wanted or any(place.is_within(wanted) for place in find_own_places(user))


def find_declined(cohort: Cohort, user: User) -> WaitingEntry | None:
    """Return the entry by which the class did not take the person, while nobody has lifted it."""
    rows = WaitingEntry.objects.filter(cohort=cohort, user=user, state=WaitingEntry.State.DECLINED)
    return rows.first()


def require_not_declined(cohort: Cohort, user: User) -> None:
    """Raise WasDeclined if the class did not take the person."""
    if find_declined(cohort, user):
        raise WasDeclined(cohort)


def find_obstacle(cohort: Cohort, user: User) -> str:
    """Return DECLINED, OUTSIDE, FULL or "": why the person cannot come into the class by themselves."""
    if find_declined(cohort, user):
        return DECLINED
    if not is_meant_for(cohort, user):
        return OUTSIDE
    return "" if has_free_seat(cohort) else FULL


def require_seat(cohort: Cohort) -> None:
    """Raise ClassFull unless there is a free seat; the caller holds the course's lock."""
    if not has_free_seat(Cohort.objects.get(pk=cohort.pk)):
        raise ClassFull(cohort)
