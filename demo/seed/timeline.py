"""Runs the steps of the demo in order, each as of its own moment.

Services write the time of the clock. So that an order of three weeks ago reads as one, its steps are taken by the real
services while the clock stands three weeks ago: nothing is dated afterwards, and every row hangs together.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone


class _AnyDatetime(type(datetime.datetime)):
    """Any datetime is one of the standing clock's too."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime.datetime)


@contextmanager
def clock_at(moment: datetime.datetime) -> Iterator[None]:
    """Inside, django.utils.timezone.now() is this moment, for defaults of fields too. For one thread: only for seeding."""

    class Standing(datetime.datetime, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz=None) -> datetime.datetime:
            return moment.astimezone(tz)

    before, timezone.datetime = timezone.datetime, Standing
    try:
        yield
    finally:
        timezone.datetime = before


class Timeline:
    """Steps by moment, to be run in order; none lies ahead of the day of seeding. Those of one moment run as added."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self._steps: list[tuple[datetime.datetime, int, Callable[[], object]]] = []

    def ago(self, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime.datetime:
        return self.now - datetime.timedelta(days=days, hours=hours, minutes=minutes)

    def day(self, days_ago: int) -> datetime.date:
        return self.today - datetime.timedelta(days=days_ago)

    def at(self, days_ago: int, clock: str) -> datetime.datetime:
        """at(3, "20:15"): three days ago at a quarter past eight in the evening."""
        hour, minute = clock.split(":")
        time = datetime.time(int(hour), int(minute))
        return timezone.make_aware(datetime.datetime.combine(self.day(days_ago), time))

    def add(self, moment: datetime.datetime, step: Callable[..., object], *args, **kwargs) -> None:
        if moment > self.now:
            raise ValueError(f"{step} lies ahead, at {moment}")
        self._steps.append((moment, len(self._steps), lambda: step(*args, **kwargs)))

    def run(self) -> None:
        """All of it is there in the end, or nothing."""
        with transaction.atomic():
            for moment, _number, step in sorted(self._steps, key=lambda one: one[:2]):
                with clock_at(moment):
                    step()
        self._steps.clear()
