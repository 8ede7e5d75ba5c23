"""Enrol a person in a course, alone or with a class, and let them leave. What they have learnt stays stored."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Course
from progress.models import Enrolment


@transaction.atomic
def enrol(user: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """Enrol the person, re-enrol them after leaving, or move them into the class; safe to repeat, also at the same time.

    A person who comes back without a class is in none: its trainers see nothing of them until they enter a code again.
    """
    new = Enrolment(user=user, course=course, cohort=cohort, course_version=course.version)
    Enrolment.objects.bulk_create([new], ignore_conflicts=True)
    mine = Enrolment.objects.filter(user=user, course=course)
    mine.filter(left_at__isnull=False).update(left_at=None, cohort=cohort)
    if cohort:
        mine.update(cohort=cohort)
    return mine.get()


def leave(user: User, course: Course) -> bool:
    """Leave the course; return whether the person was enrolled."""
    return bool(Enrolment.objects.active().filter(user=user, course=course).update(left_at=timezone.now()))


def find_taught(trainer: User) -> QuerySet[User]:
    """Return the people who are in a class of this trainer's own now (the setting TAUGHT_BY)."""
    here = Enrolment.objects.active().filter(cohort__in=Cohort.objects.taught_by(trainer))
    return User.objects.filter(pk__in=here.values("user"))


def leave_all_classes(user: User) -> None:
    """Leave all classes, as trainee, trainer and mentor, when an account closes (the setting ERASERS).

    What was learnt stays in the figures without a name.
    """
    Enrolment.objects.active().filter(user=user).update(left_at=timezone.now())
    Cohort.trainers.through.objects.filter(user=user).delete()
    Cohort.objects.filter(mentor=user).update(mentor=None)
