"""Yes or no about one course or lesson; tests hold these against the querysets that list many."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from courses.models import Course, Lesson


def can_edit(user: User, course: Course) -> bool:
    return user.is_authenticated and can_act_on(user, course.place, *Membership.STAFF_ROLES)


def can_see(user: User, course: Course) -> bool:
    return course.is_published or can_edit(user, course)


def can_read(user: User, lesson: Lesson) -> bool:
    """A published lesson of a published course, or one's own draft."""
    return lesson.is_out or can_edit(user, lesson.module.course)
