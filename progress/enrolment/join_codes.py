"""Join a class by its code, or its waiting list.

Sign-up calls `check_code` and `redeem_or_wait` by the settings JOIN_CODE_CHECK and JOIN_CODE_REDEEM.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.models import User
from courses.models import Cohort
from progress.enrolment import seats
from progress.enrolment.services import fill_seats, let_in, settle
from progress.models import Enrolment, WaitingEntry

WRONG_TRIES, FOR_SECONDS = 20, 600
State = WaitingEntry.State


class WrongCode(ValueError):
    """Raised when no class that is open today has this code."""


def find_class(code: str) -> Cohort | None:
    """Return the class that the typed code opens today, with its course and place; None if there is none."""
    return Cohort.objects.open_with(code).select_related("course", "place", "mentor").first()


def check_code(code: str) -> str | None:
    """Return the name of the class that the code opens, None if it opens none."""
    cohort = find_class(code)
    return cohort.name if cohort else None


def find_closed_class(code: str) -> Cohort | None:
    """Return the class whose code it was, or will be again, while it takes nobody."""
    found = Cohort.objects.with_code(code).first()
    return None if found is None or found.takes_people else found


@transaction.atomic
def redeem(user: User, code: str) -> Cohort:
    """Make the person a trainee at the class's place and enrol them in the class; safe to repeat.

    Raises WrongCode, also for a class that is closed or over; seats.WasDeclined, seats.OutsideCriteria, seats.ClassFull and
    seats.NotAdmitted; accounts.people.memberships.NoLonger for a person whose role as a trainee there was declined or has ended.
    """
    cohort = find_class(code)
    if cohort is None:
        raise WrongCode(code)
    seats.lock_course(cohort.course_id)
    if not Enrolment.objects.active().filter(user=user, cohort=cohort).exists():
        seats.require_not_declined(cohort, user)
        if not seats.is_meant_for(cohort, user):
            raise seats.OutsideCriteria(cohort)
        fill_seats(cohort.pk)  # who has waited comes first
        seats.require_seat(cohort)
    let_in(user, cohort)
    return cohort


@transaction.atomic
def redeem_or_wait(user: User, code: str) -> Cohort:
    """Bring a new account into the class, or onto its waiting list where it is full or not meant for them."""
    try:
        with transaction.atomic():
            return redeem(user, code)
    except (seats.ClassFull, seats.OutsideCriteria):
        return ask_to_wait(user, code).cohort


@transaction.atomic
def ask_to_wait(user: User, code: str, note: str = "") -> WaitingEntry:
    """Put the person on the waiting list of the class; who stands there already keeps their place in the line.

    Raises WrongCode and seats.WasDeclined.
    """
    cohort = find_class(code)
    if cohort is None:
        raise WrongCode(code)
    seats.lock_course(cohort.course_id)
    seats.require_not_declined(cohort, user)
    needs_consent = not seats.is_meant_for(cohort, user)
    new = WaitingEntry(cohort=cohort, user=user, needs_consent=needs_consent, note=note)
    WaitingEntry.objects.bulk_create([new], ignore_conflicts=True)
    entry = WaitingEntry.objects.select_related("cohort").get(cohort=cohort, user=user)
    needs_consent = needs_consent or (entry.state == State.WAITING and entry.needs_consent)
    if entry.state != State.WAITING:
        entry.state, entry.asked_at, entry.decided_at, entry.decided_by = (
            State.WAITING,
            timezone.now(),
            None,
            None,
        )
        entry.reason = ""
    entry.needs_consent, entry.note = needs_consent, note or entry.note
    entry.save()
    if Enrolment.objects.active().filter(user=user, cohort=cohort).exists():
        settle(WaitingEntry.objects.filter(pk=entry.pk), State.ADMITTED)
    fill_seats(cohort.pk)
    entry.refresh_from_db()
    return entry


def get_throttle_key(user: User) -> str:
    return f"wrong-join-codes:{user.pk}"


def can_try_code(user: User) -> bool:
    """Return whether this person may try another code after the wrong ones of the last ten minutes."""
    return limits.count_used(get_throttle_key(user)) < WRONG_TRIES


def count_wrong_code(user: User) -> None:
    limits.consume(
        get_throttle_key(user), WRONG_TRIES, timezone.now() + datetime.timedelta(seconds=FOR_SECONDS)
    )
