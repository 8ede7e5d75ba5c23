"""The waiting lists of classes: who stands where, leaving a list, and what the trainer decides.

The rule: a seat that becomes free goes at once to the first in the line (progress.enrolment.services.fill_seats). Who comes
from elsewhere than the class's criteria say stands outside the line until the trainer lets them in. The trainer may let in
anybody of the list, first or not, while there is a seat. Who was declined stays so until a trainer of the class lifts it.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import AuditEntry, User
from courses.models import Cohort
from progress.audit import Verb
from progress.enrolment import notices, seats
from progress.enrolment.services import fill_seats, let_in, settle
from progress.models import WaitingEntry

State = WaitingEntry.State


def annotate_ahead(entries: QuerySet[WaitingEntry]) -> QuerySet[WaitingEntry]:
    """Annotate `ahead`: how many stand before this one in the line."""
    earlier = Q(asked_at__lt=OuterRef("asked_at")) | Q(asked_at=OuterRef("asked_at"), pk__lt=OuterRef("pk"))
    line = WaitingEntry.objects.waiting().filter(earlier, cohort=OuterRef("cohort"), needs_consent=False)
    counted = line.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    return entries.annotate(ahead=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))


def annotate_position(entries: QuerySet[WaitingEntry]) -> QuerySet[WaitingEntry]:
    """Annotate `position`, from 1."""
    return annotate_ahead(entries).annotate(position=F("ahead") + 1)


def find_own(user: User) -> QuerySet[WaitingEntry]:
    """Return the lists on which a person stands, with their `position`."""
    mine = WaitingEntry.objects.waiting().filter(user=user).select_related("cohort__course", "cohort__place")
    return annotate_position(mine).order_by("asked_at", "pk")


def find_declined(cohort: Cohort) -> QuerySet[WaitingEntry]:
    """Return whom the class did not take."""
    rows = WaitingEntry.objects.filter(cohort=cohort, state=State.DECLINED, user__is_active=True)
    return rows.select_related("user")


def find_of_class(cohort: Cohort) -> QuerySet[WaitingEntry]:
    """Return who waits for the class, with their `position`: the line first, then those who need the trainer's consent."""
    rows = WaitingEntry.objects.waiting().filter(cohort=cohort).select_related("user")
    return annotate_position(rows)


@transaction.atomic
def withdraw(user: User, entry: WaitingEntry) -> bool:
    """Take oneself off the list; False if one was not on it."""
    return bool(settle(WaitingEntry.objects.filter(pk=entry.pk, user=user), State.LEFT, user))


@transaction.atomic
def admit(by: User, entry: WaitingEntry) -> bool:
    """Let a person of the list in, in whatever order; False if they do not wait any more.

    Raises seats.ClassFull, seats.NotAdmitted, and NoLonger for whose role as a trainee there was declined or has ended.
    """
    cohort = Cohort.objects.select_related("course", "place", "mentor").get(pk=entry.cohort_id)
    seats.lock_course(cohort.course_id)
    if not WaitingEntry.objects.waiting().filter(pk=entry.pk).exists():
        return False
    let_in(entry.user, cohort)
    WaitingEntry.objects.filter(pk=entry.pk).update(decided_by=by)
    AuditEntry.write(by, Verb.WAITING_ADMITTED, entry.user, cohort.place, name=cohort.name)
    notices.write_admitted(entry)
    return True


@transaction.atomic
def decline(by: User, entry: WaitingEntry, reason: str) -> bool:
    """Take a person off the list, with a reason that they read; False if they do not wait any more."""
    if not settle(WaitingEntry.objects.filter(pk=entry.pk), State.DECLINED, by, reason=reason):
        return False
    place = entry.cohort.place
    AuditEntry.write(by, Verb.WAITING_DECLINED, entry.user, place, name=entry.cohort.name, reason=reason)
    notices.write_declined(entry)
    return True


@transaction.atomic
def lift(by: User, entry: WaitingEntry) -> bool:
    """Let somebody whom the class did not take try its code again; False if it did not decline them, or no longer."""
    declined = WaitingEntry.objects.filter(pk=entry.pk)
    if not settle(declined, State.LEFT, by, leaves=(State.DECLINED,), reason=""):
        return False
    place = entry.cohort.place
    AuditEntry.write(by, Verb.WAITING_LIFTED, entry.user, place, name=entry.cohort.name)
    notices.write_lifted(entry)
    return True


@transaction.atomic
def set_seats(by: User, cohort: Cohort, number: int | None) -> int:
    """Set how many people the class takes, None for any number; return how many of the list got in by that.

    Nobody leaves because of a smaller number.
    """
    seats.lock_course(cohort.course_id)
    row = Cohort.objects.select_related("place").get(pk=cohort.pk)
    if row.most_people != number:
        before, row.most_people = row.most_people, number
        row.save(update_fields=["most_people"])
        AuditEntry.write(
            by,
            Verb.SEATS_SET,
            row,
            row.place,
            name=row.name,
            changed={"seats": [str(before or ""), str(number or "")]},
        )
    return fill_seats(row.pk)
