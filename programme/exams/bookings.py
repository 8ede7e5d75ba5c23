"""Book a practical examination for a class: who may examine whom, who sits when, and taking it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Membership, Place, User
from courses.models import Cohort, Course, Drill, Rubric
from programme import notices
from programme.audit import Verb
from programme.models import ExamScore, ExamSeat, PracticalExam, Teaching
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


def find_drills(course: Course | int) -> QuerySet[Drill]:
    """Return the course's drills that are an examination and are not a real live session of their own kind."""
    return Drill.objects.filter(course=course, is_exam=True).order_by("position", "pk")


def find_rubric(course: Course | int) -> Rubric | None:
    """Return the course's newest rubric."""
    return Rubric.objects.filter(course=course).order_by("-pk").first()


# --- examiners ---


def find_examiners(cohort: Cohort) -> QuerySet[User]:
    """Return who may examine the class: its trainers, and the trainers and organisers of its county and of what is above."""
    county = find_county(cohort.place)
    held = Membership.objects.granted().filter(role__in=Membership.STAFF_ROLES)
    near = held.filter(Q(place__path__startswith=county.path) | Q(place__path__in=county.paths_upwards()))
    teaching = cohort.trainers.order_by().values("pk")
    return User.objects.filter(Q(pk__in=near.order_by().values("user")) | Q(pk__in=teaching), is_active=True)


def find_county(place: Place) -> Place:
    """Return the county of a place, or the place itself where it is in none."""
    above = Place.objects.filter(path__in=place.paths_upwards(), kind=Place.Kind.COUNTY)
    return above.order_by("path").first() or place


def find_conflicts(cohort: Cohort, examiners: Sequence[User], people: Collection[int]) -> list[str]:
    """Return in sentences what speaks against these examiners. Three queries at most."""
    found = []
    pks = [examiner.pk for examiner in examiners]
    if len(set(pks)) < len(pks):
        found.append(_("考官要是两个人，不能是同一个。"))
    teaching = set(cohort.trainers.values_list("pk", flat=True))
    if pks and teaching.issuperset(pks):
        found.append(_("至少一位考官不是这个班的老师。"))
    mentored: dict[int, set[int]] = {}
    rows = Teaching.objects.counting().filter(teacher__in=pks, pupil__in=list(people)).order_by()
    for teacher, pupil in rows.values_list("teacher", "pupil"):
        if teacher not in teaching:
            mentored.setdefault(teacher, set()).add(pupil)
    for examiner in examiners:
        facts = {"name": examiner.name}
        if examiner.pk in people:
            found.append(_("%(name)s自己也在考，不能当考官。") % facts)
        if examiner.pk == cohort.mentor_id or examiner.pk in mentored:
            found.append(_("%(name)s是考生的师傅，要避开，换一位。") % facts)
    return list(dict.fromkeys(found))


# --- seats ---


@dataclass(frozen=True)
class Candidate:
    """Somebody of the class who may get a seat; `number` is the try it would be, `last` the total of the one before."""

    pk: int
    name: str
    number: int
    last: int | None = None


def find_seats(course: Course | int) -> QuerySet[ExamSeat]:
    """Return the seats of the course that count as tries."""
    return ExamSeat.objects.filter(course=course, withdrawn_at__isnull=True)


def list_candidates(cohort: Cohort) -> list[Candidate]:
    """List who of the class may be booked: no open seat, not passed, fewer than two tries. Two queries."""
    members = dict(find_members(cohort).order_by("user__name", "user").values_list("user", "user__name"))
    tries: dict[int, list[ExamSeat]] = {pk: [] for pk in members}
    for seat in find_seats(cohort.course_id).filter(user__in=list(members)).order_by("number"):
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
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    rubric = find_rubric(cohort.course_id)
    candidates = {one.pk: one for one in list_candidates(cohort)}
    reasons = find_conflicts(cohort, booking.examiners, booking.people)
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
    """Cancel it with a reason; return False where it was cancelled before. Raises HasScores."""
    locked = PracticalExam.objects.select_for_update().get(pk=exam.pk)
    if locked.is_cancelled:
        return False
    if ExamScore.objects.filter(seat__exam=locked, signed_at__isnull=False).exists():
        raise HasScores
    now = timezone.now()
    locked.cancelled_at, locked.cancelled_by, locked.cancel_reason = now, actor, reason
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    seats = list(locked.seats.filter(withdrawn_at__isnull=True).select_related("user"))
    locked.seats.update(withdrawn_at=now)
    AuditEntry.write(actor, Verb.EXAM_CANCELLED, exam.cohort, exam.cohort.place, name=exam.cohort.name)
    notices.write_exam_notices(locked, seats)
    return True


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


def choose_third(cohort: Cohort, seat: ExamSeat) -> Iterable[User]:
    """Return who may score as the third examiner: any examiner of the class without a conflict."""
    taken = {score.examiner_id for score in seat.scores.all()}
    rows = find_examiners(cohort).exclude(pk__in=[*taken, seat.user_id]).order_by("name", "pk")
    people = list(rows)
    mentors = set(
        Teaching.objects.counting()
        .filter(teacher__in=[one.pk for one in people], pupil=seat.user_id)
        .exclude(teacher__in=cohort.trainers.order_by().values("pk"))
        .values_list("teacher", flat=True)
    )
    return [one for one in people if one.pk not in mentors and one.pk != cohort.mentor_id]
