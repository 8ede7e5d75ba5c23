"""Which stretches of the takes make up the film: all of them, less what was done again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# A stretch shorter than this is a slip of the finger, and too short to be made a film of.
SHORTEST_MS = 500


@dataclass
class Stretch:
    """Of the take with this index, from its beginning until `until_ms`; None: to its end."""

    take: int
    until_ms: int | None = None


def stretches(marks_of_takes: Iterable[list[dict]]) -> list[Stretch]:
    """In order. "again" takes back everything since its item began last, in whichever take that was; the take in which it
    stands ends there."""
    kept: list[Stretch] = []
    began: dict[int, tuple[int, int]] = {}
    for number, marks in enumerate(marks_of_takes):
        kept.append(Stretch(number))
        for mark in marks:
            if mark["kind"] == "item" and not mark.get("goes_on"):
                began[mark.get("item", 0)] = (number, mark["at_ms"])
            elif mark["kind"] == "again" and (start := began.pop(mark.get("item", 0), None)):
                cut(kept, *start)
                began = {item: at for item, at in began.items() if at < start}
                break
    return [one for one in kept if one.until_ms is None or one.until_ms >= SHORTEST_MS]


def cut(kept: list[Stretch], take: int, at_ms: int) -> None:
    while kept and kept[-1].take > take:
        kept.pop()
    if kept and kept[-1].take == take:
        before = kept[-1].until_ms
        kept[-1].until_ms = at_ms if before is None else min(before, at_ms)
