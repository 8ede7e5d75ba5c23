"""Move a person from one class to another of the same course, and take it back within a day.

Only the enrolment changes. What was learnt, attended and rehearsed names its own class and stays there; hours and certificates
count by course, so that nothing has to be carried over (programme.attendance.hours, programme.certificates.requirements).
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Cohort
from progress.audit import Verb
from progress.enrolment import notices, seats
from progress.enrolment.services import enrol, let_in
from progress.models import Enrolment, Transfer


class NotThere(Exception):
    """Raised when the person is not in the class from which they are to be moved."""


class TooLate(Exception):
    """Raised when a move can no longer be undone."""


def find_targets(by: User, cohort: Cohort) -> QuerySet[Cohort]:
    """Return the classes to which somebody of this class may be moved: of its course, not over, led by the same person."""
    running = Cohort.objects.manageable_by(by).filter(
        course=cohort.course_id, ends_on__gte=timezone.localdate()
    )
    return running.exclude(pk=cohort.pk).select_related("course", "place", "mentor")


@transaction.atomic
def transfer(by: User, user: User, cohort: Cohort, target: Cohort) -> Transfer:
    """Move the person; the trainer's word stands in place of the class's criteria, its number of seats stays a limit.

    Raises NotThere, seats.ClassFull, seats.NotAdmitted, and NoLonger for whose role as a trainee there was declined or has
    ended.
    """
    seats.lock_course(cohort.course_id)
    if not Enrolment.objects.active().filter(user=user, cohort=cohort).exists():
        raise NotThere
    let_in(user, target)
    made = Transfer.objects.create(user=user, from_cohort=cohort, to_cohort=target, made_by=by)
    facts = {"from": cohort.name, "to": target.name}
    AuditEntry.write(by, Verb.TRANSFERRED, user, target.place, **facts)
    notices.write_transferred(made)
    return made


@transaction.atomic
def undo_transfer(by: User, made: Transfer) -> None:
    """Move the person back. Raises TooLate, NotThere, and seats.ClassFull where the old seat went to somebody else."""
    seats.lock_course(made.from_cohort.course_id)
    row = Transfer.objects.select_related("user", "from_cohort__course", "to_cohort__place").get(pk=made.pk)
    if not row.can_be_undone:
        raise TooLate
    if not Enrolment.objects.active().filter(user=row.user, cohort=row.to_cohort).exists():
        raise NotThere
    enrol(row.user, row.from_cohort.course, row.from_cohort)
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    facts = {"from": row.to_cohort.name, "to": row.from_cohort.name}
    AuditEntry.write(by, Verb.TRANSFER_UNDONE, row.user, row.to_cohort.place, **facts)


def find_undoable(cohort: Cohort, user: User) -> Transfer | None:
    """Return the move by which the person came into this class, while it can be undone."""
    rows = Transfer.objects.filter(to_cohort=cohort, user=user, undone_at=None).select_related("from_cohort")
    newest = rows.order_by("-made_at", "-pk").first()
    return newest if newest and newest.can_be_undone else None
