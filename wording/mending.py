"""What one tap does to a text with a finding: it says the same with less, or takes the words out so that a sentence remains.

What is offered holds no other forbidden words: those that stand near are taken out with it, or nothing is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from wording.checking import Finding
from wording.deleting import span_to_delete

AROUND = 14
HALF = re.compile(r"[0-9A-Za-z.]{2}")
# Offences that are taken out by one tap; where more stand so near to each other, a person writes it anew.
MOST = 8


@dataclass(frozen=True)
class Change:
    """text[start:end] gives way to `put`; indices of the text as given."""

    start: int
    end: int
    put: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.put + text[self.end :]


class Placed(Protocol):
    """A finding with its place in one box, as shops.listings.text_check.Found."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def finding(self) -> Finding: ...
    @property
    def blocks(self) -> bool: ...


def mend(text: str, found: Placed, look: Callable[[str], Iterable[Placed]]) -> Change | None:
    """`look` gives the findings of a text in the same box. None where only a person can say it better, of this finding or
    of a forbidden one that would be shown beside what is left."""
    change = change_of(text, found)
    for _offence in range(MOST):
        if change is None:
            return None
        whole = change.applied(text)
        first, last = bounds(whole, change.start, change.start + len(change.put))
        near = next((one for one in look(whole) if one.blocks and one.start < last and one.end > first), None)
        if near is None:
            return change
        change = joined(whole, change, change_of(whole, near))
    return None


def change_of(text: str, found: Placed) -> Change | None:
    """Of this finding alone."""
    finding = found.finding
    if finding.rewrite:
        return Change(found.start, found.end, finding.rewrite)
    cut = span_to_delete(text, found.start, found.end) if finding.deletes else None
    return Change(*cut, "") if cut else None


def joined(whole: str, first: Change, second: Change | None) -> Change | None:
    """Both as one change of the text before `first`; `second` is one of `whole`, the text after it."""
    if second is None:
        return None
    start = min(first.start, second.start)
    end = max(first.start + len(first.put), second.end)
    put = whole[start : second.start] + second.put + whole[second.end : end]
    return Change(start, end - len(first.put) + first.end - first.start, put)


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """From where to where a text is shown around a place; a number or a word of letters is not cut."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    while first > max(0, start - 2 * AROUND) and HALF.fullmatch(text[first - 1 : first + 1]):
        first -= 1
    while last < min(len(text), end + 2 * AROUND) and HALF.fullmatch(text[last - 1 : last + 1]):
        last += 1
    return first, last


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What is shown before and after; dots say that there is more."""
    first, last = bounds(text, start, end)
    before, after = text[first:start].replace("\n", " "), text[end:last].replace("\n", " ")
    return ("…" if first else "") + before, after + ("…" if last < len(text) else "")
