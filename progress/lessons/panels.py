"""Parts of a lesson's page that upper apps add; each registers a function when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from courses.models import Lesson


@dataclass(frozen=True)
class Panel:
    """A part of a lesson's page: a template, which gets this as `panel`."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)


_builders: list[Callable[[Lesson], Panel | None]] = []


def register_lesson_panel(build: Callable[[Lesson], Panel | None]) -> Callable[[Lesson], Panel | None]:
    """Decorate a function that builds a panel for a lesson, or None where there is nothing; it should not query."""
    _builders.append(build)
    return build


def build_lesson_panels(lesson: Lesson) -> list[Panel]:
    return [panel for build in _builders if (panel := build(lesson))]
