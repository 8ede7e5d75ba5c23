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
    """{{ done|at:lesson.pk }}: when, or None."""
    return done.get(key)
