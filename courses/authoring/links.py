"""Find links and pictures in lessons' texts, and check whether their targets exist."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from courses.models import Course, Lesson, State
from ui.pages import get_url_name

PICTURE = re.compile(r"!\[([^\]\n]*)\]\(picture:([^)\s\"]*)")
HREF = re.compile(r'<a href="([^"]*)"')
LESSONS = {"courses:lesson", "courses:preview"}
COURSES = {"courses:course"}


def find_pictures(body: str) -> list[tuple[str, str]]:
    """Return [(name, alt)] in the order of the text."""
    return [(name, alt.strip()) for alt, name in PICTURE.findall(body)]


@dataclass(frozen=True)
class Target:
    """The target of a link on this site: no page, a lesson, a course, or another page."""

    link: str
    is_page: bool = True
    lesson: int | None = None
    course: str = ""


def resolve_link(lesson: Lesson, link: str) -> Target | None:
    """Return the link's target; None for a link to another site, or to a place on the same page."""
    try:
        parts = urlsplit(urljoin(lesson.get_absolute_url(), link))
        is_ours = not parts.scheme and not parts.netloc or parts.hostname in list_own_hosts()
    except ValueError:
        return Target(link, is_page=False)
    if not is_ours or link.startswith("#"):
        return None
    try:
        match = resolve(unquote(parts.path) or "/")
    except Resolver404:
        return Target(link, is_page=False)
    if match.view_name in {*LESSONS, get_url_name("courses.lesson")}:
        return Target(link, lesson=match.kwargs.get("pk"))
    is_course = match.view_name in {*COURSES, get_url_name("courses.course")}
    return Target(link, course=match.kwargs.get("slug", "") if is_course else "")


def list_own_hosts() -> set[str]:
    return {host for host in settings.ALLOWED_HOSTS if "*" not in host}


class Links:
    """The links of some lessons, looked up together: two queries, none if they name no lesson and no course.

    They are read from the stored HTML, which has links as they are followed.
    """

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        self.of: dict[int, list[Target]] = {}
        for lesson in lessons:
            found = (
                resolve_link(lesson, unescape(link)) for link in dict.fromkeys(HREF.findall(lesson.html))
            )
            self.of[lesson.pk] = [one for one in found if one]
        every = [one for targets in self.of.values() for one in targets]
        pks, slugs = {one.lesson for one in every if one.lesson}, {one.course for one in every if one.course}
        self.lessons: dict[int | None, bool] = {}
        if pks:
            rows = Lesson.objects.filter(pk__in=pks).values_list("pk", "state")
            self.lessons = {pk: lesson == State.PUBLISHED for pk, lesson in rows}
        self.courses = (
            set(Course.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
        )

    def dead(self, lesson: Lesson) -> list[str]:
        return [one.link for one in self.of[lesson.pk] if not self.is_there(one)]

    def drafts(self, lesson: Lesson) -> list[str]:
        return [one.link for one in self.of[lesson.pk] if self.lessons.get(one.lesson) is False]

    def is_there(self, one: Target) -> bool:
        if not one.is_page or (one.lesson and one.lesson not in self.lessons):
            return False
        return not one.course or one.course in self.courses
