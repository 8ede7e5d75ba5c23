"""How a lesson's title and a course's language are written on a page."""

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from courses.models import Course, Lesson
from ui.text import HAN

register = template.Library()


@register.filter
def phrased(lesson: Lesson) -> SafeString:
    """A Chinese title in parts that do not break inside; other languages break between their words."""
    if not HAN.search(lesson.title):
        return conditional_escape(lesson.title)
    return format_html_join(
        "", '<span class="nb">{}</span>', ((part.strip(),) for part in lesson.title_phrases)
    )


@register.filter
def lang(course: Course) -> str:
    """The course's language as an attribute writes it: zh-Hans, en."""
    first, _dash, rest = course.language.partition("-")
    return f"{first}-{rest.title()}" if rest else first
