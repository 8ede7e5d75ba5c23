"""Decide what a user may do with one course or lesson; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from courses.models import Cohort, Course, Lesson


def can_edit(user: User, course: Course) -> bool:
    return user.is_authenticated and can_act_on(user, course.place, *Membership.STAFF_ROLES)


def can_teach(user: User, course: Course) -> bool:
    """Allow those who may edit the course, and the trainers, organisers and mentor of a class that follows it.

    Costs nobody else a query.
    """
    if can_edit(user, course):
        return True
    if not user.is_authenticated or not user.places_with_role(
        *Membership.STAFF_ROLES, Membership.Role.MENTOR
    ):
        return False
    return Cohort.objects.guided_by(user).filter(course=course).exists()


def can_see(user: User, course: Course) -> bool:
    return course.is_published or can_edit(user, course)


def can_read(user: User, lesson: Lesson) -> bool:
    """Allow a published lesson of a published course, or a draft that the user may edit."""
    return lesson.is_out or can_edit(user, lesson.module.course)
