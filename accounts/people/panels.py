"""Parts of a person's own page that upper apps add; each registers a function when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class Panel:
    """A part of the page /me/: a template, which gets this as `panel`."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)


_builders: list[Callable[[User], Panel | None]] = []


def register_panel(build: Callable[[User], Panel | None]) -> Callable[[User], Panel | None]:
    """Decorate a function that builds a panel for a person, or None where there is nothing for them."""
    _builders.append(build)
    return build


def build_panels(user: User) -> list[Panel]:
    return [panel for build in _builders if (panel := build(user))]
