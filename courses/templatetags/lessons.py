"""Draw a lesson's title and the lessons of a module; name a course's language."""

from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.models import Course, Lesson
from courses.outline import Unit
from ui.pages import build_url
from ui.text import HAN

register = template.Library()
ROW = """<li><a class="grow" href="{url}" lang="{lang}">{title}</a>{open}<span class="soft num">{minutes}</span></li>"""
OPEN = '<span class="chip chip--zest">{}</span>'


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


@register.simple_tag
def lesson_rows(course: Course, unit: Unit, is_known: bool, first: Lesson | None) -> SafeString:
    """Draw a module's lessons for a list, the one that visitors may read marked for them: {% lesson_rows course unit … %}.

    By format_html, because a course has fifty: in a template's loop they took half of the page's time.
    """
    language, minutes = lang(course), _("%(n)s 分钟")
    rows = (
        {
            "url": lesson.get_absolute_url()
            if is_known
            else build_url("courses:lesson", course.slug, lesson.pk),
            "lang": language,
            "title": phrased(lesson),
            "open": format_html(OPEN, _("试读")) if lesson == first and not is_known else "",
            "minutes": minutes % {"n": lesson.minutes},
        }
        for lesson in unit.lessons
    )
    return format_html_join("", ROW, rows)
