"""Draw a lesson's title and the lessons of a module; name a course's language."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.hours import format_minutes
from courses.models import Course, Lesson
from courses.outline import LessonRow, Unit
from ui.pages import build_url_prefix, get_url_name
from ui.text import HAN, join_escaped

register = template.Library()


@register.filter
def phrased(lesson: Lesson | LessonRow) -> SafeString:
    """Return a Chinese title in phrases that do not break inside; other languages break between words."""
    title = escape(lesson.title)
    if not HAN.search(title):
        return title
    phrases = [phrase for phrase in escape(lesson.phrases).split("|") if phrase] or [title]
    return join_escaped(f'<span class="nb">{phrase.strip()}</span>' for phrase in phrases)


@register.filter
def lang(course: Course) -> str:
    """Return the course's language as a value of the attribute lang: zh-Hans, en."""
    first, _dash, rest = course.language.partition("-")
    return f"{first}-{rest.title()}" if rest else first


@register.filter
def unit_label(number: int) -> str:
    return _("第%(number)s单元") % {"number": number}


register.filter("duration", format_minutes)


def lesson_url_prefix(course: Course, is_known: bool) -> str:
    """Return the start of the URLs of the course's lessons, for a person who is known or for a visitor."""
    if is_known:
        return build_url_prefix(get_url_name("courses.lesson"))
    return build_url_prefix("courses:lesson", course.slug)


@register.simple_tag
def unit_sections(
    course: Course, units: Sequence[Unit], is_known: bool, to_try: LessonRow | None
) -> SafeString:
    """Draw a course's modules with their lessons: {% unit_sections course units user.is_authenticated first %}.

    As one string, because a course has fifty lessons: in a template's loops they took half of the page's time. `to_try` is
    the lesson that visitors may read.
    """
    language, prefix = lang(course), lesson_url_prefix(course, is_known)
    sections = (
        f'<section class="stack"><h3><span class="peel">{escape(unit_label(unit.module.number))}</span>'
        f' <span lang="{language}">{escape(unit.module.title)}</span></h3>'
        f"{draw_summary(language, unit.module.summary)}"
        f'<ol class="card card--flush list list--tight">{lesson_rows(course, unit, prefix, to_try)}</ol></section>'
        for unit in units
    )
    return join_escaped(sections)


def draw_summary(language: str, summary: str) -> str:
    return f'<p lang="{language}">{escape(summary)}</p>' if summary else ""


def lesson_rows(course: Course, unit: Unit, prefix: str, to_try: LessonRow | None) -> SafeString:
    """Draw a module's lessons for a list, the one that visitors may read marked."""
    language, minutes = lang(course), _("%(n)s 分钟")
    mark = f'<span class="chip chip--zest">{escape(_("试读"))}</span>'
    rows = (
        f'<li><a class="grow" href="{prefix}{lesson.pk}/" lang="{language}">{phrased(lesson)}</a>'
        f"{mark if lesson == to_try else ''}"
        f'<span class="soft num">{escape(minutes % {"n": lesson.minutes})}</span></li>'
        for lesson in unit.lessons
    )
    return join_escaped(rows)
