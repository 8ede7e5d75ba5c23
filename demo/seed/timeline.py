"""Run the steps of the demo in order, each at its own time.

Services write the time of the clock. For an order of three weeks ago, the real services take its steps while the clock is
set to three weeks ago: nothing is dated afterwards, and all rows are consistent.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone


class _AnyDatetime(type):
    """Let any datetime pass as an instance of the fixed clock's class."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime.datetime)


# The time at which the clock stands; the innermost last.
_standing: list[datetime.datetime] = []


class _StandingDatetime(datetime.datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz=None) -> Any:
        return _standing[-1].astimezone(tz)


@contextmanager
def clock_at(moment: datetime.datetime) -> Iterator[None]:
    """Let django.utils.timezone.now() return this time, also for defaults of fields. For one thread: only for seeding."""
    clock: Any = timezone
    before, clock.datetime = clock.datetime, _StandingDatetime
    _standing.append(moment)
    try:
        yield
    finally:
        _standing.pop()
        clock.datetime = before


class Timeline:
    """Steps by time, to be run in order; none is after the time of seeding. Those of one time run in the order they were
    added.
    """

    def __init__(self) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self._steps: list[tuple[datetime.datetime, int, Callable[[], object]]] = []

    def ago(self, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime.datetime:
        return self.now - datetime.timedelta(days=days, hours=hours, minutes=minutes)

    def day(self, days_ago: int) -> datetime.date:
        return self.today - datetime.timedelta(days=days_ago)

    def at(self, days_ago: int, clock: str) -> datetime.datetime:
        """Return a time of an earlier day: at(3, "20:15") is three days ago at a quarter past eight in the evening."""
        hour, minute = clock.split(":")
        time = datetime.time(int(hour), int(minute))
        return timezone.make_aware(datetime.datetime.combine(self.day(days_ago), time))

    def add(self, moment: datetime.datetime, step: Callable[..., object], *args, **kwargs) -> None:
        if moment > self.now:
            raise ValueError(f"{step} lies ahead, at {moment}")
        self._steps.append((moment, len(self._steps), lambda: step(*args, **kwargs)))

    def run(self) -> None:
        """Run all steps in one transaction."""
        with transaction.atomic():
            for moment, _number, step in sorted(self._steps, key=lambda one: one[:2]):
                with clock_at(moment):
                    step()
        self._steps.clear()
