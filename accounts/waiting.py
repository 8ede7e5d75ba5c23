"""What waits for a person in the admin: each area says it with a count and the list that holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Wait:
    count: int
    label: str  # what the number counts: “款商品等审核”
    url: str
    icon: str = ""


Finder = Callable[[HttpRequest], Iterable[Wait]]
finders: list[Finder] = []


def waits(finder: Finder) -> Finder:
    """Decorator for a function that lists what waits in its area, in a fixed number of queries."""
    finders.append(finder)
    return finder


def all_waits(request: HttpRequest) -> list[Wait]:
    return [wait for finder in finders for wait in finder(request) if wait.count]
