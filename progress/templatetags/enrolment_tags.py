from django import template

from accounts.models import User
from courses.models import Course
from progress.models import Enrolment

register = template.Library()


@register.simple_tag
def is_enrolled(user: User, course: Course) -> bool:
    return Enrolment.objects.active().filter(user=user, course=course).exists()


@register.filter
def at(done: dict[int, object], key: int) -> object:
    """Look up a key in a dict: {{ done|at:lesson.pk }}; None if it is missing."""
    return done.get(key)
