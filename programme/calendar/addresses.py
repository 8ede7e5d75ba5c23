"""Open, change and close the unguessable address of a calendar, and find what it leads to."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from courses.models import Cohort
from programme.models import CalendarAddress, TrainingSession
from programme.models.attendance import make_nonce
from progress.models import Enrolment

SALT = "programme.calendar.addresses"


def make_seal(address: CalendarAddress) -> str:
    """Return 48 hexadecimal digits (192 bits) that only this site can make for the address."""
    return salted_hmac(SALT, f"{address.pk}:{address.nonce}", algorithm="sha256").hexdigest()[:48]


def get_path(address: CalendarAddress) -> str:
    return reverse("programme:calendar", args=[address.pk, make_seal(address)])


def find_address(pk: int, seal: str) -> CalendarAddress | None:
    """Return the address whose seal this is, unless it was closed or its person's account was."""
    address = CalendarAddress.objects.select_related("user").filter(pk=pk, user__is_active=True).first()
    if address is None or not constant_time_compare(make_seal(address), seal):
        return None
    return address


def find_own(owner: User) -> CalendarAddress | None:
    return CalendarAddress.objects.filter(user=owner).first()


def open_address(owner: User) -> None:
    """Open the address; where there is one already it stays."""
    CalendarAddress.objects.bulk_create([CalendarAddress(user=owner)], ignore_conflicts=True)


def change_address(owner: User) -> None:
    """Make another address; the old one ends at once."""
    CalendarAddress.objects.filter(user=owner).update(nonce=make_nonce(), made_at=timezone.now())


def close_address(owner: User) -> None:
    CalendarAddress.objects.filter(user=owner).delete()


def find_sessions(user: User) -> QuerySet[TrainingSession]:
    """Return the sessions of the classes that the person is in, teaches or mentors now: those of a class they have left end.

    A class has no address of its own: who has left it would go on reading it.
    """
    mine = Enrolment.objects.active().filter(user=user, cohort__isnull=False).order_by().values("cohort")
    taught = Cohort.objects.taught_by(user).order_by().values("pk")
    mentored = Cohort.objects.mentored_by(user).order_by().values("pk")
    return TrainingSession.objects.filter(Q(cohort__in=mine) | Q(cohort__in=taught) | Q(cohort__in=mentored))
