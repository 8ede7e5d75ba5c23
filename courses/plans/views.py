"""The pages of lesson plans, for those who teach the course: how a lesson is taught, and the plans of a course by module."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.hours import Hours, with_minutes
from courses.models import Assignment, Case, Course, Lesson, LessonPlan
from courses.other_language import find_same_lessons, find_twin, make_switch
from courses.outline import LessonRow, Unit, build_outline, locate_lesson
from courses.permissions import can_edit, can_teach
from courses.plans.parts import STAGES, sum_minutes
from courses.rendering import render_markdown
from media.videos import captions


class Stage(NamedTuple):
    """A stage as the page shows it: where it begins in the bar, and its text as HTML."""

    code: str
    name: Any
    start: int
    minutes: int
    html: str
    say: str


class Shot(NamedTuple):
    """A line of the script of a lesson's video: when, what is filmed, what is said."""

    at: str
    seen: str
    said: str


class LessonLink(NamedTuple):
    """A lesson of the course (`pk`) as a list names it: `text` is the lesson, or the same one of the course's twin."""

    pk: int
    text: LessonRow | Lesson
    course: Course


class UnitRow(NamedTuple):
    """A unit with its lessons; `title` is that of the language in which the page is read."""

    unit: Unit
    title: str
    lessons: list[LessonLink]
    hours: Hours
    has_plans: bool


def list_stages(plan: LessonPlan) -> list[Stage]:
    stages, start = [], 0
    for part in plan.parts:
        html = render_markdown(part["do"], {})
        row = Stage(part["stage"], STAGES[part["stage"]], start, part["minutes"], html, part["say"])
        stages.append(row)
        start += part["minutes"]
    return stages


@login_required_keeping_post
@require_safe
def plan(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Show how to teach this lesson, with ?in= in the words of the course's twin; 404 for everybody who does not teach the
    course.
    """
    lessons = Lesson.objects.visible_to(request.user).select_related("module__course__place", "plan")
    lesson = get_object_or_404(lessons, pk=pk, module__course__slug=slug)
    course = lesson.module.course
    if not can_teach(request.user, course):
        raise Http404
    spot = locate_lesson(lesson)
    around = [row for row in (spot.previous, spot.next) if row] if spot else []
    twin = find_twin(course)
    same = find_same_lessons(twin, [lesson.pk, *(row.pk for row in around)]) if twin else {}
    other = same.get(lesson.pk)
    is_written = other is not None and hasattr(other, "plan")
    switch = make_switch(request, course.language, [twin.language] if twin and is_written else [])
    is_other = switch is not None and switch.is_on
    shown = other if other and is_other else lesson
    plan = getattr(shown, "plan", None)
    stages = list_stages(plan) if plan else []
    context = {
        "lesson": lesson,
        "course": course,
        "shown": shown,
        "written": shown.module.course,
        "switch": switch,
        "query": switch.query if switch else "",
        "plan": plan,
        "stages": stages,
        "total": sum_minutes(plan.parts) if plan else 0,
        "spot": spot,
        "previous": link_lesson(spot.previous, course, same if is_other else {}) if spot else None,
        "next": link_lesson(spot.next, course, same if is_other else {}) if spot else None,
        "cases": list_cases(shown),
        "shots": list_shots(shown),
        "edit_url": find_edit_url(shown, plan) if can_edit(request.user, shown.module.course) else "",
    }
    return render(request, "courses/plans/plan_show.html", context)


def link_lesson(row: LessonRow | None, course: Course, same: dict[int, Lesson]) -> LessonLink | None:
    """Return the link to a lesson of the course, by the title of the same lesson among `same`, if it is there."""
    if row is None:
        return None
    if other := same.get(row.pk):
        return LessonLink(row.pk, other, other.module.course)
    return LessonLink(row.pk, row, course)


def list_shots(lesson: Lesson) -> list[Shot]:
    """Return the lines by which a county films the lesson's video with its own hands."""
    return [
        Shot(f"{start // 60_000}:{start // 1000 % 60:02d}", seen, said)
        for start, seen, said in captions.list_shots(lesson.captions)
    ]


def list_cases(lesson: Lesson) -> list[Case]:
    """Return the cases of the lesson's module, without their texts. One query."""
    served = Case.modules.through.objects.filter(module__number=lesson.module.number).values("case")
    rows = Case.objects.in_course(lesson.module.course).filter(pk__in=served)
    return list(rows.select_related("course").defer("body", "ask", "source"))


def find_edit_url(lesson: Lesson, plan: LessonPlan | None) -> str:
    """Return the page of the admin on which the plan is changed, or written."""
    if plan:
        return reverse("admin:courses_lessonplan_change", args=[plan.pk])
    return f"{reverse('admin:courses_lessonplan_add')}?lesson={lesson.pk}"


@login_required_keeping_post
@require_safe
def plans(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the plans of a course by module, with the hours of its lessons, tasks and drills; the same queries for any length."""
    courses = Course.objects.visible_to(request.user).select_related("place")
    course: Any = get_object_or_404(with_minutes(courses), slug=slug)
    if not can_teach(request.user, course):
        raise Http404
    units = build_outline(course.pk)
    twin = find_twin(course)
    switch = make_switch(request, course.language, [twin.language] if twin else [])
    same, titles = {}, {}
    if twin and switch and switch.is_on:
        same = find_same_lessons(twin, [lesson.pk for unit in units for lesson in unit.lessons])
        titles = dict(twin.modules.values_list("number", "title"))
    planned = set(LessonPlan.objects.filter(lesson__module__course=course).values_list("lesson", flat=True))
    tasks: dict[int, int] = {}
    for module, minutes in Assignment.objects.filter(module__course=course).values_list("module", "minutes"):
        tasks[module] = tasks.get(module, 0) + minutes
    rows = [
        UnitRow(
            unit,
            titles.get(unit.module.number, unit.module.title),
            [link for lesson in unit.lessons if (link := link_lesson(lesson, course, same))],
            Hours(sum(lesson.minutes for lesson in unit.lessons), tasks.get(unit.module.pk, 0)),
            any(lesson.pk in planned for lesson in unit.lessons),
        )
        for unit in units
    ]
    context = {
        "course": course,
        "written": twin if switch and switch.is_on else course,
        "switch": switch,
        "query": switch.query if switch else "",
        "rows": rows,
        "planned": planned,
        "hours": Hours(sum(row.hours.lessons for row in rows), course.task_minutes, course.drill_minutes),
    }
    return render(request, "courses/plans/plan_list.html", context)
