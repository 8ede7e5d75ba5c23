"""Rows of the list on a class's page that upper apps add; each registers a function when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from courses.models import Cohort


@dataclass(frozen=True)
class Panel:
    """A row that leads to a page of the class: a template, which gets the class as `cohort` and this as `panel`."""

    template: str
    count: int


_builders: list[Callable[[Cohort], Panel]] = []


def register_panel(build: Callable[[Cohort], Panel]) -> Callable[[Cohort], Panel]:
    """Decorate a function that builds a panel for a class."""
    _builders.append(build)
    return build


def build_panels(cohort: Cohort) -> list[Panel]:
    return [build(cohort) for build in _builders]
