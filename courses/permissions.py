"""Decide what a user may do with one course or lesson; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from courses.models import Course, Lesson


def can_edit(user: User, course: Course) -> bool:
    return user.is_authenticated and can_act_on(user, course.place, *Membership.STAFF_ROLES)


def can_see(user: User, course: Course) -> bool:
    return course.is_published or can_edit(user, course)


def can_read(user: User, lesson: Lesson) -> bool:
    """Allow a published lesson of a published course, or a draft that the user may edit."""
    return lesson.is_out or can_edit(user, lesson.module.course)
