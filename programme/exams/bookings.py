"""Book a practical examination for a class: who may examine whom, who sits when, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from courses.models import Cohort, Course, Drill, Rubric
from courses.models.twins import pair_courses
from programme import notices
from programme.audit import Verb
from programme.exams import examiners
from programme.models import ExamScore, ExamSeat, PracticalExam
from programme.models.exams import MOST_TRIES
from progress.classes.board import find_members
from rehearsals.scoring import hash_rubric

Part = ExamScore.Part


class NotBookable(Exception):
    """Raised with sentences that say why an examination cannot be booked like this."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


class HasScores(Exception):
    """Raised when a score was signed, so that nothing can be taken back."""


class OwnSeat(Exception):
    """Raised when somebody who leads the class would change an examination in which they have a seat."""


def find_drills(course: Course | int) -> QuerySet[Drill]:
    """Return the course's drills that are an examination and are not a real live session of their own kind."""
    return Drill.objects.filter(course=course, is_exam=True).order_by("position", "pk")


def find_rubric(course: Course | int) -> Rubric | None:
    """Return the course's newest rubric."""
    return Rubric.objects.filter(course=course).order_by("-pk").first()


# --- seats ---


@dataclass(frozen=True)
class Candidate:
    """Somebody of the class who may get a seat; `number` is the try it would be, `last` the total of the one before."""

    pk: int
    name: str
    number: int
    last: int | None = None


def find_seats(course: Course | int) -> QuerySet[ExamSeat]:
    """Return the seats of the course, in both its languages, that count as tries."""
    return ExamSeat.objects.filter(course__in=find_both(course).values("pk"), withdrawn_at__isnull=True)


def find_both(course: Course | int) -> QuerySet[Course]:
    """Return the course and its twin in the other language."""
    key = course if isinstance(course, int) else course.pk
    return Course.objects.filter(Q(pk=key) | pair_courses("", key)).order_by()


def list_candidates(cohort: Cohort) -> list[Candidate]:
    """List who of the class may be booked: no open seat, not passed, fewer than two tries. Two queries."""
    members = dict(find_members(cohort).order_by("user__name", "user").values_list("user", "user__name"))
    tries: dict[int, list[ExamSeat]] = {pk: [] for pk in members}
    for seat in find_seats(cohort.course_id).filter(user__in=list(members)).order_by("number", "pk"):
        tries[seat.user_id].append(seat)
    return [
        Candidate(pk, name, len(tries[pk]) + 1, tries[pk][-1].total if tries[pk] else None)
        for pk, name in members.items()
        if len(tries[pk]) < MOST_TRIES and all(seat.settled_at and not seat.passed for seat in tries[pk])
    ]


@dataclass(frozen=True)
class Booking:
    """What a form says of a new examination."""

    drill: Drill
    starts_at: datetime
    slot_minutes: int
    place: str
    pass_points: int
    examiners: tuple[User, User]
    people: list[int]


@transaction.atomic
def book_exam(actor: User, cohort: Cohort, booking: Booking) -> PracticalExam:
    """Book it, give everybody a turn in the order given, and tell them. Raises NotBookable."""
    # Tries are counted over all classes of the course and its twin.
    list(find_both(cohort.course_id).select_for_update(of=("self",)).order_by("pk"))
    rubric = find_rubric(cohort.course_id)
    candidates = {one.pk: one for one in list_candidates(cohort)}
    reasons = examiners.find_conflicts(cohort, booking.examiners, booking.people)
    if actor.pk in booking.people:
        reasons.append(_("自己的考试，请班里另一位老师或者组织者来排。"))
    if rubric is None:
        reasons.append(_("这门课还没有评分表，先在后台建一张。"))
    if strangers := [pk for pk in booking.people if pk not in candidates]:
        names = User.objects.filter(pk__in=strangers).values_list("name", flat=True)
        reasons.append(_("这几位不能再排：%(names)s。") % {"names": _("、").join(names)})
    if reasons or rubric is None:
        raise NotBookable(*reasons)
    exam = PracticalExam.objects.create(
        cohort=cohort,
        drill=booking.drill,
        title=booking.drill.title,
        rubric_content=rubric.content,
        rubric_hash=hash_rubric(rubric.content),
        starts_at=booking.starts_at,
        minutes=booking.drill.minutes,
        slot_minutes=booking.slot_minutes,
        place=booking.place,
        pass_points=booking.pass_points,
        created_by=actor,
    )
    seats = [
        ExamSeat(
            exam=exam, user_id=pk, course_id=cohort.course_id, position=place, number=candidates[pk].number
        )
        for place, pk in enumerate(booking.people, 1)
    ]
    ExamSeat.objects.bulk_create(seats)
    parts = (Part.FIRST, Part.SECOND)
    ExamScore.objects.bulk_create(
        ExamScore(seat=seat, examiner=examiner, part=part)
        for seat in seats
        for part, examiner in zip(parts, booking.examiners, strict=True)
    )
    AuditEntry.write(actor, Verb.EXAM_BOOKED, cohort, cohort.place, name=cohort.name, count=len(seats))
    notices.write_exam_notices(exam, seats)
    for examiner in booking.examiners:
        notices.write_examiner_notice(exam, examiner)
    return exam


@transaction.atomic
def cancel_exam(actor: User, exam: PracticalExam, reason: str) -> bool:
    """Cancel it with a reason; return False where it was cancelled before. Raises OwnSeat, HasScores.

    The seats are locked before the scores are read, as `scores.save_score` locks them: whichever comes second sees the other.
    """
    locked = PracticalExam.objects.select_for_update().get(pk=exam.pk)
    if locked.is_cancelled:
        return False
    seats = list(lock_seats(locked))
    if has_own_seat(actor, seats):
        raise OwnSeat
    if ExamScore.objects.filter(seat__exam=locked, signed_at__isnull=False).exists():
        raise HasScores
    now = timezone.now()
    locked.cancelled_at, locked.cancelled_by, locked.cancel_reason = now, actor, reason
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    locked.seats.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    AuditEntry.write(actor, Verb.EXAM_CANCELLED, exam.cohort, exam.cohort.place, name=exam.cohort.name)
    notices.write_exam_notices(locked, seats)
    return True


def lock_seats(exam: PracticalExam) -> QuerySet[ExamSeat]:
    """Return the seats that still stand, locked until the transaction ends."""
    rows = exam.seats.select_for_update(of=("self",)).filter(withdrawn_at__isnull=True)
    return rows.select_related("user").order_by("pk")


def has_own_seat(actor: User, seats: Iterable[ExamSeat]) -> bool:
    return any(seat.user_id == actor.pk and seat.withdrawn_at is None for seat in seats)


def list_examiners(exam: PracticalExam) -> list[User]:
    """Return the examiners in their order, each once. One query."""
    rows = ExamScore.objects.filter(seat__exam=exam).select_related("examiner").order_by("part", "pk")
    return list({row.examiner_id: row.examiner for row in rows}.values())


def find_of_class(cohort: Cohort) -> QuerySet[PracticalExam]:
    """Return the class's examinations with the number of seats and of those with a total."""
    there = Q(seats__withdrawn_at__isnull=True)
    return PracticalExam.objects.filter(cohort=cohort).annotate(
        people=Count("seats", there), settled=Count("seats", there & Q(seats__settled_at__isnull=False))
    )
