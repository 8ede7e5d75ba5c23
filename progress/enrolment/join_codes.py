"""Join a class by its code. Sign-up calls `check_code` and `redeem` by the settings JOIN_CODE_CHECK and JOIN_CODE_REDEEM."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.models import Membership, Place, User
from accounts.people.memberships import grant_role_by_code
from courses.models import Cohort
from progress.enrolment.services import enrol

WRONG_TRIES, FOR_SECONDS = 20, 600
Status = Membership.Status
NEAREST: list[str] = [Status.GRANTED, Status.ASKED, Status.ENDED, Status.DECLINED]


class WrongCode(ValueError):
    """Raised when no class that is open today has this code."""


def find_class(code: str) -> Cohort | None:
    """Return the class that the typed code opens today, with its course and place; None if there is none."""
    return Cohort.objects.open_with(code).select_related("course", "place").first()


def check_code(code: str) -> str | None:
    """Return the name of the class that the code opens, None if it opens none."""
    cohort = find_class(code)
    return cohort.name if cohort else None


@transaction.atomic
def redeem(user: User, code: str) -> Cohort:
    """Make the person a trainee at the class's place and enrol them in the class; safe to repeat.

    Raises WrongCode, also for a class that is closed or over; accounts.people.memberships.NoLonger for a person whose role
    as a trainee there was declined or has ended.
    """
    cohort = find_class(code)
    if cohort is None:
        raise WrongCode(code)
    grant_role_by_code(user, find_place(user, cohort.place), Membership.Role.TRAINEE)
    enrol(user, cohort.course, cohort)
    return cohort


def find_place(user: User, place: Place) -> Place:
    """Return the place in which a class makes the person a trainee: their own village below its place, or its place.

    A village they belong to comes before one they have asked for, and that before one whose membership has ended: a class of
    the township must not bring somebody back into the village. A village outside the class's place is never used.
    """
    mine = user.memberships.filter(role=Membership.Role.TRAINEE, place__path__startswith=place.path)
    found = sorted(mine.select_related("place"), key=lambda held: NEAREST.index(held.status))
    return found[0].place if found else place


def get_throttle_key(user: User) -> str:
    return f"wrong-join-codes:{user.pk}"


def can_try_code(user: User) -> bool:
    """Return whether this person may try another code after the wrong ones of the last ten minutes."""
    return limits.count_used(get_throttle_key(user)) < WRONG_TRIES


def count_wrong_code(user: User) -> None:
    limits.consume(
        get_throttle_key(user), WRONG_TRIES, timezone.now() + datetime.timedelta(seconds=FOR_SECONDS)
    )
