"""Parts of a course's page that apps above this one add for who is signed in; each registers its template when it is ready."""

from __future__ import annotations

_templates: list[str] = []


def register_course_panel(template: str) -> None:
    """Include this template in the page of a course, with the page's context."""
    _templates.append(template)


def list_course_panels() -> list[str]:
    return list(_templates)
