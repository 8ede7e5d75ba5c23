"""Taking up a course, alone or with a class, and leaving it. What was learnt stays."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Course
from progress.models import Enrolment


@transaction.atomic
def enrol(user: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """Enrols, or comes back after leaving, or moves into the class; may be repeated and sent twice at once.

    Who comes back alone is in no class any more: its trainers see nothing of them until a code is given again.
    """
    new = Enrolment(user=user, course=course, cohort=cohort, course_version=course.version)
    Enrolment.objects.bulk_create([new], ignore_conflicts=True)
    mine = Enrolment.objects.filter(user=user, course=course)
    mine.filter(left_at__isnull=False).update(left_at=None, cohort=cohort)
    if cohort:
        mine.update(cohort=cohort)
    return mine.get()


def leave(user: User, course: Course) -> bool:
    """Whether there was anything to leave."""
    return bool(Enrolment.objects.active().filter(user=user, course=course).update(left_at=timezone.now()))
