"""The words of a course's twin at the addresses of the course itself: `?in=en` shows a trainer's page in the other language.

Whoever may open a page of the course may read it in the words of its published twin. Links stay in the course that the class
follows, so that nothing of the class is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest

from courses.models import Course, Lesson, State

PARAMETER = "in"


@dataclass(frozen=True)
class Switch:
    """The link of a page to the same page in another language: `language` and `url` are those to which it leads.

    `is_on`: the page itself is in the other language now; `query` is what its links to further pages carry.
    """

    language: str
    url: str
    is_on: bool
    query: str

    @property
    def name(self) -> str:
        """Return what the language calls itself."""
        return dict(settings.LANGUAGES)[self.language]


def find_twin(course: Course) -> Course | None:
    """Return the published course of the same content in another language, which either of the two may name. One query."""
    twins = Course.objects.published().filter(Q(pk=course.twin_id or 0) | Q(twin=course))
    return twins.exclude(language=course.language).select_related("place").order_by("pk").first()


def find_twin_in(course: Course, language: str) -> Course | None:
    """Return the twin if it is the one of this language; None for the course's own language, without a query."""
    twin = find_twin(course) if course.language != language else None
    return twin if twin and twin.language == language else None


def find_same_lessons(twin: Course, pks: Collection[int]) -> dict[int, Lesson]:
    """Return by these lessons' ids the published ones of the twin: with the same code, in the module of the same number.

    One query; with their modules and plans, without their texts.
    """
    own = Lesson.objects.filter(
        pk__in=pks, code=OuterRef("code"), module__number=OuterRef("module__number")
    ).order_by("pk")
    rows: Any = Lesson.objects.filter(module__course=twin, state=State.PUBLISHED).exclude(code="")
    rows = rows.annotate(same=Subquery(own.values("pk")[:1])).filter(same__isnull=False)
    rows = rows.select_related("module__course__place", "plan").defer("body", "html").in_order()
    return {lesson.same: lesson for lesson in rows}


def make_switch(request: HttpRequest, own: str, others: Iterable[str]) -> Switch | None:
    """Return the link from a page that is written in the language `own` to the first of `others`, or back; None without any."""
    other = next((language for language in others if language != own), None)
    if other is None:
        return None
    is_on = request.GET.get(PARAMETER) == other
    parameters = request.GET.copy()
    parameters.pop(PARAMETER, None)
    if not is_on:
        parameters[PARAMETER] = other
    url = f"{request.path}?{parameters.urlencode()}" if parameters else request.path
    return Switch(own if is_on else other, url, is_on, f"?{PARAMETER}={other}" if is_on else "")
