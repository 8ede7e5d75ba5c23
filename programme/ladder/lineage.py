"""Record who taught whom. Over these rows nobody is the teacher of their own teacher, however far removed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Membership, Place, User
from courses.models import Cohort
from programme.audit import Verb
from programme.models import Teaching
from progress.models import Enrolment

Pupils = dict[int, set[int]]


class CycleRefused(Exception):
    """Raised when the pupil has taught the teacher, directly or through others, or is the same person."""

    def __str__(self) -> str:
        return _("这样记就成了一圈：徒弟反过来是师傅的师傅。")


def read_pupils() -> Pupils:
    """Return all pupils of each teacher, of rows that count. One query."""
    found: Pupils = defaultdict(set)
    for teacher, pupil in Teaching.objects.counting().order_by().values_list("teacher", "pupil"):
        found[teacher].add(pupil)
    return found


def has_taught(pupils: Pupils, teacher: int, pupil: int) -> bool:
    """Return whether the pupil is the teacher's, directly or through others; everybody counts as their own."""
    seen, left = {teacher}, [teacher]
    while left:
        if pupil in seen:
            return True
        new = pupils.get(left.pop(), set()) - seen
        seen |= new
        left += new
    return pupil in seen


@transaction.atomic
def record_teaching(
    teacher: User, pupil: User, since: datetime.date, by: User | None = None, cohort: Cohort | None = None
) -> Teaching:
    """Record that somebody taught somebody; recorded again it is the same row. Raises CycleRefused.

    A row that was withdrawn counts again. The lock is one for all, so that two halves of a cycle are never recorded at once.
    """
    lock_lineage()
    if has_taught(read_pupils(), pupil.pk, teacher.pk):
        raise CycleRefused
    facts = {"since": since, "cohort": cohort, "made_by": by}
    row, new = Teaching.objects.get_or_create(teacher=teacher, pupil=pupil, defaults=facts)
    if not new and row.withdrawn_at:
        row.withdrawn_at, row.withdrawn_by, row.why_withdrawn = None, None, ""
        row.since, row.made_by, row.made_at = since, by, timezone.now()
        row.save()
    return row


def lock_lineage() -> None:
    """Let one transaction at a time add to the lineage: lock the first place, the province, which nobody else locks."""
    Place.objects.select_for_update().order_by("pk").first()


@transaction.atomic
def withdraw_teaching(row: Teaching, by: User, why: str) -> None:
    """Withdraw a row that was wrong; what rested on it is taken back when the steps are counted again."""
    place = next(iter(by.places_with_role(*Membership.STAFF_ROLES)), None)
    if (
        Teaching.objects.counting()
        .filter(pk=row.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, why_withdrawn=why)
    ):
        AuditEntry.write(by, Verb.TEACHING_WITHDRAWN, row, place, reason=why)


@transaction.atomic
def restore_teaching(row: Teaching, by: User) -> None:
    """Let a withdrawn row count again, from the day that it names. Raises CycleRefused."""
    lock_lineage()
    if has_taught(read_pupils(), row.pupil_id, row.teacher_id):
        raise CycleRefused
    place = next(iter(by.places_with_role(*Membership.STAFF_ROLES)), None)
    withdrawn = Teaching.objects.filter(pk=row.pk, withdrawn_at__isnull=False)
    if withdrawn.update(withdrawn_at=None, withdrawn_by=None, why_withdrawn=""):
        AuditEntry.write(by, Verb.TEACHING_RESTORED, row, place)


@transaction.atomic
def record_classes() -> int:
    """Record the trainers of each class as the teachers of those enrolled in it; return how many rows are new.

    From the day of enrolling, or of the class's beginning if that is later. A pair once recorded, or withdrawn, stays as it
    is; one that would close a cycle is left out. Three queries where nothing is new.
    """
    lock_lineage()
    known = set(Teaching.objects.order_by().values_list("teacher", "pupil"))
    new = [one for one in list_class_pairs() if (one.teacher_id, one.pupil_id) not in known]
    pupils, kept = read_pupils() if new else {}, []
    for one in new:
        if (one.teacher_id, one.pupil_id) in known or has_taught(pupils, one.pupil_id, one.teacher_id):
            continue
        known.add((one.teacher_id, one.pupil_id))
        pupils.setdefault(one.teacher_id, set()).add(one.pupil_id)
        kept.append(one)
    Teaching.objects.bulk_create(kept)
    return len(kept)


def list_class_pairs() -> Iterable[Teaching]:
    """Return unsaved rows of all classes, in the order of enrolling. Two queries."""
    trainers: dict[int, list[int]] = defaultdict(list)
    for cohort, trainer in Cohort.trainers.through.objects.order_by("pk").values_list("cohort", "user"):
        trainers[cohort].append(trainer)
    rows = Enrolment.objects.active().filter(cohort__in=trainers).order_by("enrolled_at", "pk")
    for pupil, cohort, at, starts in rows.values_list("user", "cohort", "enrolled_at", "cohort__starts_on"):
        for teacher in trainers[cohort]:
            since = max(timezone.localdate(at), starts)
            yield Teaching(teacher_id=teacher, pupil_id=pupil, cohort_id=cohort, since=since)
