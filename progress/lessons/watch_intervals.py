"""Calculate with intervals [from, to] of whole milliseconds, of a video or of the clock.

Pure functions. Returned lists are sorted and their intervals do not touch; lists passed in may be in any state.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TypeGuard

Stretch = list[int]
MOST = 500
# Nobody watches for a shorter time; the limit keeps a manipulated phone from storing a video in tiny pieces.
SHORTEST_MS = 250
LONGEST_MS = 24 * 60 * 60 * 1000


class UnreadableInterval(ValueError):
    """Raised when the value is no list of pairs of numbers."""


def unite(stretches: Iterable[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        elif start < end:
            found.append([start, end])
    return found


def sum_lengths(stretches: Iterable[Stretch]) -> int:
    return sum([end - start for start, end in stretches])


def subtract(stretches: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """Return what of `stretches` is not in `taken`; both sorted and apart."""
    if not taken or not stretches or taken[-1][1] <= stretches[0][0]:
        return stretches  # the usual case: the new interval comes last
    found = []
    for start, end in stretches:
        at = max(bisect_right(taken, [start, LONGEST_MS**3]) - 1, 0)
        while start < end and at < len(taken) and taken[at][0] < end:
            if taken[at][0] > start:
                found.append([start, taken[at][0]])
            start = max(start, taken[at][1])
            at += 1
        if start < end:
            found.append([start, end])
    return found


def cut_first(stretches: list[Stretch], most: int) -> list[Stretch]:
    """Return the earliest of them, `most` milliseconds in all."""
    found = []
    for start, end in stretches:
        if most <= 0:
            break
        found.append([start, min(end, start + most)])
        most -= end - start
    return found


def cut_last(stretches: list[Stretch], most: int) -> list[Stretch]:
    """Return the latest of them, `most` milliseconds in all."""
    found: list[Stretch] = []
    for start, end in reversed(stretches):
        if most <= 0:
            break
        found.insert(0, [max(start, end - most), end])
        most -= end - start
    return found


def parse_played(value: object, duration_ms: int | None) -> list[Stretch]:
    """Read what a phone reports as played, limited to the video's length, forwards, without tiny pieces.

    Raises UnreadableInterval for anything but a list of at most 500 pairs of finite numbers.
    """
    if not isinstance(value, list) or len(value) > MOST:
        raise UnreadableInterval
    end_ms = min(duration_ms or LONGEST_MS, LONGEST_MS)
    pairs = [[clamp(start, end_ms), clamp(end, end_ms)] for start, end in map(check_pair, value)]
    return [each for each in unite(pairs) if each[1] - each[0] >= SHORTEST_MS]


def check_pair(value: object) -> list:
    if not (isinstance(value, list) and len(value) == 2 and is_number(value[0]) and is_number(value[1])):
        raise UnreadableInterval
    return value


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether the value is a finite number: NaN differs from itself, and infinity minus itself is NaN."""
    return type(value) is int or (type(value) is float and value - value == 0)


def clamp(value: float, end_ms: int) -> int:
    return int(min(max(value, 0), end_ms))
