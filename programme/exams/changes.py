"""Change a booked examination: take one person off the list, and put somebody in the place of an examiner.

Only what nobody has signed changes. Who leads the class and has a seat of their own changes nothing of that examination.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from programme import notices
from programme.audit import Verb
from programme.exams import bookings, examiners
from programme.models import ExamScore, ExamSeat, PracticalExam

Part = ExamScore.Part


def find_unsigned(seats: QuerySet[ExamSeat]) -> QuerySet[ExamSeat]:
    """Return those that still stand and for which nobody has signed a score."""
    signed = ExamScore.objects.filter(seat=OuterRef("pk"), signed_at__isnull=False)
    return seats.filter(~Exists(signed), withdrawn_at__isnull=True)


@transaction.atomic
def withdraw_seat(actor: User, seat: ExamSeat) -> bool:
    """Take the person off the list: no try, and they can be booked again. Return False where that was done before.

    Raises HasScores, OwnSeat.
    """
    locked = ExamSeat.objects.select_for_update().get(pk=seat.pk)
    if locked.withdrawn_at:
        return False
    if locked.user_id == actor.pk:
        raise bookings.OwnSeat
    if locked.scores.filter(signed_at__isnull=False).exists():
        raise bookings.HasScores
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    exam = seat.exam
    AuditEntry.write(actor, Verb.EXAM_SEAT_WITHDRAWN, seat.user, exam.cohort.place, name=exam.title)
    notices.write_seat_withdrawn(seat)
    return True


def withdraw_of_person(user: User) -> None:
    """Take the person off all lists on which nobody has signed, when the account closes (the setting ERASERS)."""
    mine = list(
        ExamSeat.objects.select_for_update().filter(user=user, withdrawn_at__isnull=True).order_by("pk")
    )
    open_ones = find_unsigned(
        ExamSeat.objects.filter(pk__in=[seat.pk for seat in mine], settled_at__isnull=True)
    )
    open_ones.update(withdrawn_at=timezone.now())


# --- examiners ---


def list_replaceable(exam: PracticalExam) -> list[User]:
    """Return the examiners who still have something to sign. One query."""
    rows = find_open_scores(exam).select_related("examiner").order_by("part", "pk")
    return list({row.examiner_id: row.examiner for row in rows}.values())


def find_open_scores(exam: PracticalExam) -> QuerySet[ExamScore]:
    return ExamScore.objects.filter(
        seat__exam=exam,
        seat__withdrawn_at__isnull=True,
        seat__settled_at__isnull=True,
        signed_at__isnull=True,
    )


@transaction.atomic
def replace_examiner(actor: User, exam: PracticalExam, examiner: User, other: User) -> int:
    """Let `other` score what `examiner` has not signed; return for how many seats. The draft of who leaves is dropped.

    The checks are those of a booking. Raises OwnSeat, NotBookable.
    """
    seats = {seat.pk: seat for seat in bookings.lock_seats(exam)}
    if bookings.has_own_seat(actor, seats.values()):
        raise bookings.OwnSeat
    theirs = list(find_open_scores(exam).filter(examiner=examiner).order_by("pk"))
    if reasons := list_reasons(exam, seats, theirs, other):
        raise bookings.NotBookable(*reasons)
    ExamScore.objects.filter(pk__in=[row.pk for row in theirs]).delete()
    ExamScore.objects.bulk_create(
        ExamScore(seat_id=row.seat_id, examiner=other, part=row.part) for row in theirs
    )
    if theirs:
        place, facts = exam.cohort.place, {"name": other.name, "count": len(theirs)}
        AuditEntry.write(actor, Verb.EXAM_EXAMINER_REPLACED, exam.cohort, place, **facts)
        notices.write_examiner_notice(exam, other)
    return len(theirs)


def list_reasons(
    exam: PracticalExam, seats: Mapping[int, ExamSeat], rows: Sequence[ExamScore], other: User
) -> list[str]:
    """List what speaks against this person in the place of who was to give these scores; `seats` are all that still stand."""
    cohort = exam.cohort
    found = []
    if not examiners.find_examined(other, [cohort]):
        found.append(_("%(name)s不是这个县的老师或组织者。") % {"name": other.name})
    if any(row.examiner_id == other.pk for row in rows):
        found.append(_("选的是同一个人，换成别人。"))
    teaching = examiners.list_teaching(cohort)
    parts = {row.seat_id: row.part for row in rows}
    beside = ExamScore.objects.filter(seat__in=list(parts)).exclude(pk__in=[row.pk for row in rows])
    for score in beside.select_related("examiner"):
        is_pair = Part.THIRD not in (score.part, parts[score.seat_id])
        if is_pair:
            found += examiners.list_pair_conflicts(teaching, [score.examiner, other])
        elif score.examiner_id == other.pk:
            found.append(_("考官要是两个人，不能是同一个。"))
    people = {seats[seat].user_id for seat in parts} | {
        seat.user_id for seat in seats.values() if seat.user_id == other.pk
    }
    found += examiners.list_own_conflicts(cohort, teaching, [other], people)
    return list(dict.fromkeys(found))
