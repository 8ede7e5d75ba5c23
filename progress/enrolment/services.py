"""Enrol a person in a course, alone or with a class, and let them leave. What they have learnt stays stored."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Membership, Place, User
from accounts.people.memberships import NoLonger, grant_role_by_code
from courses.models import Cohort, Course
from progress.enrolment import notices, seats
from progress.models import Enrolment, WaitingEntry
from ui.database.inserts import insert_rows

Status = Membership.Status
# Of a person whom a trainer adds to a class after all.
NOT_IN = (WaitingEntry.State.WAITING, WaitingEntry.State.DECLINED)
NEAREST: list[str] = [Status.GRANTED, Status.ASKED, Status.ENDED, Status.DECLINED]


class NotEnrolled(Exception):
    """Raised when the person is not enrolled in the course, so that nothing can be recorded for them."""


@transaction.atomic
def enrol(user: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """Enrol the person, re-enrol them after leaving, or move them into the class; safe to repeat, also at the same time.

    A person who comes back without a class is in none: its trainers see nothing of them until they enter a code again.
    Raises seats.ClassFull. A seat that becomes free in the class they were in goes to the first who waits for it, and they
    wait for no other class of the course any more.
    """
    if cohort:
        seats.lock_course(course)
    mine = Enrolment.objects.filter(user=user, course=course)
    before = mine.active().values_list("cohort", flat=True).first()
    if cohort and before != cohort.pk:
        seats.require_seat(cohort)
    new = Enrolment(user=user, course=course, cohort=cohort, course_version=course.version)
    Enrolment.objects.bulk_create([new], ignore_conflicts=True)
    mine.filter(left_at__isnull=False).update(left_at=None, cohort=cohort)
    if cohort:
        mine.update(cohort=cohort)
        waits = WaitingEntry.objects.filter(cohort__course=course, user=user)
        settle(waits.filter(cohort=cohort), WaitingEntry.State.ADMITTED, leaves=NOT_IN)
        settle(waits, WaitingEntry.State.LEFT)
        if before and before != cohort.pk:
            fill_seats(before)
    return mine.get()


@transaction.atomic
def enrol_many(users: Collection[int], cohort: Cohort) -> None:
    """Enrol many people, by their numbers, who are in no class of the course, as `enrol` does one; eight statements at most.

    The caller holds the course's lock, has counted the seats and done what CLASS_ADMITS asks. Raises IntegrityError.
    """
    course = cohort.course
    mine = Enrolment.objects.filter(user__in=users, course=course)
    there = set(mine.order_by().values_list("user", flat=True))
    facts = {"course": course, "cohort": cohort, "course_version": course.version}
    insert_rows(Enrolment, ("user",), [(user,) for user in users if user not in there], **facts)
    if there:
        mine.filter(left_at__isnull=False).update(left_at=None, cohort=cohort)
        mine.filter(cohort=None).update(cohort=cohort)
    waits = WaitingEntry.objects.filter(cohort__course=course)
    if waits.filter(state__in=NOT_IN).exists():
        settle(waits.filter(cohort=cohort, user__in=users), WaitingEntry.State.ADMITTED, leaves=NOT_IN)
        settle(waits.filter(user__in=users), WaitingEntry.State.LEFT)


@transaction.atomic
def leave(user: User, course: Course) -> bool:
    """Leave the course; return whether the person was enrolled. Their seat goes to the first who waits for it."""
    seats.lock_course(course)
    mine = Enrolment.objects.active().filter(user=user, course=course)
    cohort = mine.values_list("cohort", flat=True).first()
    has_left = bool(mine.update(left_at=timezone.now()))
    if cohort:
        fill_seats(cohort)
    return has_left


def let_in(user: User, cohort: Cohort) -> Enrolment:
    """Make the person a trainee at the class's place and enrol them in it, inside a transaction.

    The setting CLASS_ADMITS names what upper apps do then, or why they do not want it. Raises seats.ClassFull,
    seats.NotAdmitted, and NoLonger for a person whose role as a trainee there was declined or has ended.
    """
    if not Enrolment.objects.active().filter(user=user, cohort=cohort).exists():
        for name in settings.CLASS_ADMITS:
            import_string(name)(user, cohort)
    grant_role_by_code(user, find_place(user, cohort.place), Membership.Role.TRAINEE)
    return enrol(user, cohort.course, cohort)


def find_place(user: User, place: Place) -> Place:
    """Return the place in which a class makes the person a trainee: their own village below its place, or its place.

    A village whose membership was declined or has ended is returned too: a class of the township must not bring somebody back
    into the village. A village that they have only asked for is not used, as its organisers decide about it, nor is one
    outside the class's place.
    """
    mine = user.memberships.filter(role=Membership.Role.TRAINEE, place__path__startswith=place.path)
    mine = mine.exclude(~Q(place=place), status=Status.ASKED, decided_at=None)
    found = sorted(mine.select_related("place"), key=lambda held: NEAREST.index(held.status))
    return found[0].place if found else place


@transaction.atomic
def fill_seats(cohort: int) -> int:
    """Move the first who wait into the free seats of a class that takes people, with a notice each; return how many.

    Who needs the trainer's consent is passed over, and so is who may not become a trainee there any more or whom an upper
    app does not admit.
    """
    if not WaitingEntry.objects.in_line().filter(cohort=cohort).exists():
        return 0
    row = Cohort.objects.select_related("course", "place", "mentor").get(pk=cohort)
    seats.lock_course(row.course_id)
    moved = 0
    for entry in WaitingEntry.objects.in_line().filter(cohort=cohort).select_related("user"):
        if not (row.takes_people and seats.has_free_seat(row)):
            break
        if not WaitingEntry.objects.waiting().filter(pk=entry.pk).exists():
            continue  # got into another class of the course by the seat that somebody left just now
        try:
            with transaction.atomic():
                let_in(entry.user, row)
        except (NoLonger, seats.NotAdmitted):
            continue
        notices.write_admitted(entry)
        moved += 1
    return moved


def fill_all_seats() -> None:
    """Fill seats that were added in the admin, or became free without anybody's leaving: a round of the worker."""
    for cohort in (
        WaitingEntry.objects.in_line().order_by("cohort").values_list("cohort", flat=True).distinct()
    ):
        fill_seats(cohort)


def settle(
    entries: QuerySet[WaitingEntry],
    state: str,
    by: User | None = None,
    leaves: Collection[str] = (WaitingEntry.State.WAITING,),
    **fields: str,
) -> int:
    """Give people who wait (or are in another of the states `leaves`) this state; return how many."""
    waiting = entries.filter(state__in=leaves)
    return waiting.update(state=state, decided_at=timezone.now(), decided_by=by, **fields)


def find_taught(trainer: User) -> QuerySet[User]:
    """Return the people who are in a class of this trainer's own now (the setting TAUGHT_BY)."""
    here = Enrolment.objects.active().filter(cohort__in=Cohort.objects.taught_by(trainer))
    return User.objects.filter(pk__in=here.values("user"))


def leave_all_classes(user: User) -> None:
    """Leave all classes, as trainee, trainer and mentor, when an account closes (the setting ERASERS).

    What was learnt stays in the figures without a name. Seats that become free are filled by the worker's round.
    """
    Enrolment.objects.active().filter(user=user).update(left_at=timezone.now())
    settle(WaitingEntry.objects.filter(user=user), WaitingEntry.State.LEFT)
    Cohort.trainers.through.objects.filter(user=user).delete()
    Cohort.objects.filter(mentor=user).update(mentor=None)
