"""Join a class by its code. Sign-up calls `check_code` and `redeem` by the settings JOIN_CODE_CHECK and JOIN_CODE_REDEEM."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import Membership, Place, User
from accounts.people.memberships import grant_role_by_code
from courses.models import Cohort
from progress.enrolment.services import enrol
from progress.models import Enrolment

WRONG_TRIES, FOR_SECONDS = 20, 600
Status = Membership.Status
NEAREST: list[str] = [Status.GRANTED, Status.ASKED, Status.ENDED, Status.DECLINED]


class WrongCode(ValueError):
    """Raised when no class that is open today has this code."""


class NotAdmitted(WrongCode):
    """Raised with the sentence that says why this class does not take this person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def find_class(code: str) -> Cohort | None:
    """Return the class that the typed code opens today, with its course and place; None if there is none."""
    return Cohort.objects.open_with(code).select_related("course", "place", "mentor").first()


def check_code(code: str) -> str | None:
    """Return the name of the class that the code opens, None if it opens none."""
    cohort = find_class(code)
    return cohort.name if cohort else None


@transaction.atomic
def redeem(user: User, code: str) -> Cohort:
    """Make the person a trainee at the class's place and enrol them in the class; safe to repeat.

    Raises WrongCode, also for a class that is closed or over, and NotAdmitted where the class takes no more people or does
    not take this person; accounts.people.memberships.NoLonger for a person whose role
    as a trainee there was declined or has ended.
    """
    cohort = find_class(code)
    if cohort is None:
        raise WrongCode(code)
    admit(user, cohort)
    grant_role_by_code(user, find_place(user, cohort.place), Membership.Role.TRAINEE)
    enrol(user, cohort.course, cohort)
    return cohort


def admit(user: User, cohort: Cohort) -> None:
    """Let the person into the class, or raise NotAdmitted; the setting CLASS_ADMITS names what upper apps say about it."""
    inside = Enrolment.objects.active().filter(cohort=cohort)
    if inside.filter(user=user).exists():
        return
    if cohort.most_people is not None:
        Cohort.objects.select_for_update().only("pk").get(
            pk=cohort.pk
        )  # of two at once the second one counts anew
        if inside.count() >= cohort.most_people:
            raise NotAdmitted(_("这个班满了，问问师傅，或者进别的班。"))
    for name in settings.CLASS_ADMITS:
        import_string(name)(user, cohort)


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
