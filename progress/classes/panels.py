"""Panels of a class's page that upper apps add; each registers a function when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from courses.models import Cohort


@dataclass(frozen=True)
class Panel:
    """A template that is included in the page of a class, with `panel` as its context."""

    template: str
    rows: list[Any]


_builders: list[Callable[[Cohort], Panel]] = []


def register_panel(build: Callable[[Cohort], Panel]) -> Callable[[Cohort], Panel]:
    """Decorate a function that builds a panel for a class."""
    _builders.append(build)
    return build


def build_panels(cohort: Cohort) -> list[Panel]:
    return [build(cohort) for build in _builders]
