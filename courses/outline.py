"""A course as visitors and learners see it: its modules with the published lessons."""

from __future__ import annotations

from dataclasses import dataclass, field

from courses.models import Course, Lesson, Module, State
from ui.orm import PreparedQuery


@dataclass
class Unit:
    module: Module
    lessons: list[Lesson] = field(default_factory=list)


def published_lessons(course: Course | int):
    """Return the published lessons in order, without their texts; the caller has checked that the course is visible."""
    rows = Lesson.objects.filter(module__course=course, state=State.PUBLISHED)
    return rows.in_order().defer("body", "html", "do_now")


OUTLINE = PreparedQuery(lambda course: published_lessons(course).defer("captions"), 1)
MODULES = PreparedQuery(lambda course: Module.objects.filter(course=course), 1)


def build_outline(course: Course) -> list[Unit]:
    """Build the outline in two queries; a module without a published lesson is not shown."""
    modules = {module.pk: module for module in MODULES.instances(course.pk)}
    units: list[Unit] = []
    for lesson in OUTLINE.instances(course.pk):
        if lesson.module_id not in modules:
            continue  # written since the modules were read
        lesson.module = modules[lesson.module_id]
        if not units or units[-1].module is not lesson.module:
            units.append(Unit(lesson.module))
        units[-1].lessons.append(lesson)
    return units


def first_lesson_id(course: Course) -> int | None:
    """Return the one lesson that is open to visitors."""
    return published_lessons(course).values_list("pk", flat=True).first()


@dataclass(frozen=True)
class Neighbour:
    pk: int
    module_id: int
    title: str


@dataclass(frozen=True)
class LessonPosition:
    """The position of a lesson: the n-th of its module, and its neighbours in the course."""

    nth: int
    total: int
    previous: Neighbour | None
    next: Neighbour | None


STEPS = PreparedQuery(lambda course: published_lessons(course).values_list("pk", "module_id", "title"), 1)


def locate_lesson(lesson: Lesson) -> LessonPosition | None:
    """Return the lesson's position; one query, whatever the length. None for an unpublished lesson."""
    steps = [Neighbour(*row) for row in STEPS.rows(lesson.module.course_id)]
    here = next((n for n, step in enumerate(steps) if step.pk == lesson.pk), None)
    if here is None:
        return None
    in_module = [n for n, step in enumerate(steps) if step.module_id == lesson.module_id]
    return LessonPosition(
        nth=in_module.index(here) + 1,
        total=len(in_module),
        previous=steps[here - 1] if here else None,
        next=steps[here + 1] if here + 1 < len(steps) else None,
    )
