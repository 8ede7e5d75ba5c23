"""Panels of a course's page that upper apps add for signed-in people; each registers its template when it is loaded."""

from __future__ import annotations

_templates: list[str] = []


def register_course_panel(template: str) -> None:
    """Include this template in the page of a course, with the page's context."""
    _templates.append(template)


def list_course_panels() -> list[str]:
    return list(_templates)
