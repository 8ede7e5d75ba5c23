"""Filters of a lesson's title and a course's language."""

from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from courses.models import Course, Lesson
from ui.text import HAN

register = template.Library()


@register.filter
def phrased(lesson: Lesson) -> SafeString:
    """Return a Chinese title in phrases that do not break inside; other languages break between words."""
    return (
        mark_phrases(*lesson.title_phrases) if HAN.search(lesson.title) else conditional_escape(lesson.title)
    )


@lru_cache(maxsize=2000)
def mark_phrases(*phrases: str) -> SafeString:
    return format_html_join("", '<span class="nb">{}</span>', ((phrase.strip(),) for phrase in phrases))


@register.filter
def lang(course: Course) -> str:
    """Return the course's language as a value of the attribute lang: zh-Hans, en."""
    first, _dash, rest = course.language.partition("-")
    return f"{first}-{rest.title()}" if rest else first
