"""A class's join code: what it opens, and what it brings. Sign-up calls `check_code` and `redeem` by their names."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.joining import grant_by_code
from accounts.models import Membership, User
from accounts.places import Place
from courses.models import Cohort
from progress.enrolling import enrol

WRONG_TRIES, FOR_SECONDS = 20, 600
Status = Membership.Status
NEAREST = [Status.GRANTED, Status.ASKED, Status.ENDED, Status.DECLINED]


class WrongCode(ValueError):
    """No class that takes people today has this code."""


def class_with(code: str) -> Cohort | None:
    """The class that the typed code opens today, with what a page says about it."""
    return Cohort.objects.open_with(code).select_related("course", "place").first()


def check_code(code: str) -> str | None:
    """The name of the class that the code opens, None if it opens none."""
    cohort = class_with(code)
    return cohort.name if cohort else None


@transaction.atomic
def redeem(user: User, code: str) -> Cohort:
    """Makes the person a trainee where the class is held and enrols them in it; twice is the same as once.

    Raises WrongCode, also for a class that is closed or over; accounts.joining.NoLonger for a person whose role as
    a trainee there was declined or has ended.
    """
    cohort = class_with(code)
    if cohort is None:
        raise WrongCode(code)
    grant_by_code(user, place_for(user, cohort.place), Membership.Role.TRAINEE)
    enrol(user, cohort.course, cohort)
    return cohort


def place_for(user: User, place: Place) -> Place:
    """Where a class of this place makes somebody a trainee: the village itself, or their own below it.

    One they belong to comes before one they asked for, and that before one in which they are none any more: a class
    of the township is no way back into the village. A village elsewhere is not this class's to give.
    """
    mine = user.memberships.filter(role=Membership.Role.TRAINEE, place__path__startswith=place.path)
    found = sorted(mine.select_related("place"), key=lambda held: NEAREST.index(held.status))
    return found[0].place if found else place


def tries(user: User) -> str:
    return f"wrong-join-codes:{user.pk}"


def may_try(user: User) -> bool:
    """Whether this person may try another code, having got many wrong lately."""
    return limits.used(tries(user)) < WRONG_TRIES


def count_wrong(user: User) -> None:
    limits.take(tries(user), WRONG_TRIES, timezone.now() + datetime.timedelta(seconds=FOR_SECONDS))
