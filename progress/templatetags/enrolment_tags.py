from django import template

from accounts.models import User
from courses.models import Course
from courses.permissions import can_teach
from progress.models import Enrolment

register = template.Library()


@register.simple_tag
def is_enrolled(user: User, course: Course) -> bool:
    return Enrolment.objects.active().filter(user=user, course=course).exists()


@register.simple_tag
def teaches(user: User, course: Course) -> bool:
    """Return whether the person teaches or edits the course: it is not offered to them to enrol in."""
    return can_teach(user, course)


@register.filter
def at(done: dict[int, object], key: int) -> object:
    """Look up a key in a dict: {{ done|at:lesson.pk }}; None if it is missing."""
    return done.get(key)
