"""Filters of a lesson's title and a course's language."""

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from courses.models import Course, Lesson
from ui.text import HAN

register = template.Library()


@register.filter
def phrased(lesson: Lesson) -> SafeString:
    """Return a Chinese title in phrases that do not break inside; other languages break between words."""
    if not HAN.search(lesson.title):
        return conditional_escape(lesson.title)
    return format_html_join(
        "", '<span class="nb">{}</span>', ((part.strip(),) for part in lesson.title_phrases)
    )


@register.filter
def lang(course: Course) -> str:
    """Return the course's language as a value of the attribute lang: zh-Hans, en."""
    first, _dash, rest = course.language.partition("-")
    return f"{first}-{rest.title()}" if rest else first
