"""Limit how much video one person can have watched by the time that has passed, however many phones play.

A phone reports between which two moments it played. Each millisecond of real time is credited once, to whichever event comes
first; video may run at twice the speed, so a span credits 2.1 times its length. The time left since enrolling limits the
sum: therefore the length of a span is believed even from a phone whose clock is days off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from outbox.protocol import CLOCK_TRUSTED, parse_moment
from progress.lessons import watch_intervals
from progress.lessons.watch_intervals import Stretch

FASTEST_PERCENT = 210
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
TRUSTED_MS = CLOCK_TRUSTED // MILLISECOND
# The clock of a phone that is ahead by more than this cannot be used.
AHEAD_MS = timedelta(days=3) // MILLISECOND
# Spans older than this are deleted: no event can name them any more.
REMEMBERED_MS = TRUSTED_MS + timedelta(days=10) // MILLISECOND
# Clocks differ, and people often look at the lesson for a moment before they enrol.
SLACK_MS = 60_000


def to_ms(at: datetime) -> int:
    return (at - EPOCH) // MILLISECOND


def parse_span(body: dict, received_at: datetime) -> Stretch | None:
    """Return the span that the event names, at most a day; None if the phone's clock cannot be right at all."""
    start, end = parse_moment(body.get("from")), parse_moment(body.get("to"))
    if start is None or end is None:
        return None
    since, until, now = to_ms(start), to_ms(end), to_ms(received_at)
    if not now - TRUSTED_MS <= since < until <= now + AHEAD_MS:
        return None
    return [max(since, until - watch_intervals.LONGEST_MS), until]


@dataclass
class ClockTime:
    """Spans of real time that were credited to this person for any lesson, in `taken`; sorted, not touching."""

    taken: list[Stretch]

    def credit(
        self, new: list[Stretch], said_ms: int, claimed: Stretch | None, enrolled_at: datetime, now: datetime
    ) -> list[Stretch]:
        """Credit as much of the newly watched `new` as the clock allows, earliest first, and use up the time for it.

        `said_ms` of video were played within `claimed`: at that speed the part of the span not yet used is credited. Without
        a span the latest unused time before now is credited, at normal speed.
        """
        until = to_ms(now)
        oldest = until - REMEMBERED_MS
        self.forget(oldest)
        need = watch_intervals.sum_lengths(new)
        if not need:
            return []
        since = max(to_ms(enrolled_at) - SLACK_MS, oldest)
        room = max(0, until - since - watch_intervals.sum_lengths(self.taken))
        if claimed:
            free, length = watch_intervals.subtract([claimed], self.taken), claimed[1] - claimed[0]
        else:
            free = watch_intervals.cut_last(watch_intervals.subtract([[since, until]], self.taken), need)
            said_ms, length = 1, 1
        free = watch_intervals.cut_first(free, room)
        time = watch_intervals.sum_lengths(free)
        credited = watch_intervals.cut_first(
            new, min(time * FASTEST_PERCENT // 100, -(-time * said_ms // length))
        )
        self.taken = watch_intervals.unite(
            [*self.taken, *watch_intervals.cut_first(free, watch_intervals.sum_lengths(credited))]
        )
        return credited

    def forget(self, oldest: int) -> None:
        if self.taken and self.taken[0][0] < oldest:
            self.taken = [taken for taken in self.taken if taken[1] > oldest]
