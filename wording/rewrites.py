"""Compute what one tap does to a text with a finding: replace the words, or delete them so that a sentence remains.

Nothing is added that the seller has not stated. An offered change leaves no other forbidden words near it: those are deleted
with it, or nothing is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

COMMAS = "，、,；;：:"
ENDS = "。！？!?…\n"
# A point or comma between two digits is part of the number.
BREAK = re.compile(
    rf"(?<!\d)[{COMMAS}]|[{COMMAS}](?!\d)|[{ENDS}]|\.(?=\s|$)|(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])"
)
NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百]+(?=[元块斤箱])")
WORD = re.compile(r"\w")
# Words that cannot be the end, or the beginning, of what remains of a clause: 还能(降血压), 增强免疫(力), 有(养胃)的作用.
OPEN_LEFT = re.compile(
    r"(?:能够?|会|可以?|还|也|都|更|又|对|有|是|为|让|使|帮助?|助于?|于|吃|喝|泡|来|和|与|及|或|并|且|用|含|具|着?重|增强|提高|"
    r"了|在|就|才|不|没|很|最|真|专|主|防|治)$|\b(?:is|are|and|or|to|with|for|helps?|can|may|be|of|the|an?|your)\s*$",
    re.IGNORECASE,
)
OPEN_RIGHT = re.compile(
    r"^(?:力|性|了|着|过|得|之|又|也|还|和|与|及|或|作用|功效|功能|效果|能力|专用|首选|佳品|圣品|神器)|^\s*(?:and|or|of|for|your)\b",
    re.IGNORECASE,
)


def find_span_to_delete(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return what to cut so that text[start:end] is deleted.

    Only the words if the rest of their clause is complete without them, else the whole clause with its comma. None if
    nothing sensible remains, or if a price or weight would be deleted too.
    """
    first, last = find_clause(text, start, end)
    left, right = text[first:start], text[end:last]
    if right.startswith("的") and not WORD.search(left):
        end, right = end + 1, right[1:]
    if (
        not WORD.search(left + right)
        or OPEN_LEFT.search(left)
        or OPEN_RIGHT.search(right)
        or right.startswith("的")
    ):
        cut = include_comma(text, first, last)
    elif left.endswith(" ") and right.startswith(" ") or not left and right.startswith(" "):
        cut = start, end + 1
    else:
        cut = start, end
    gone = text[cut[0] : cut[1]]
    if not WORD.search(text[: cut[0]] + text[cut[1] :]) or len(NUMBER.findall(gone)) > 1:
        return None
    return None if NUMBER.search(text[cut[0] : start] + text[end : cut[1]]) else cut


def find_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around the words, which may contain punctuation themselves."""
    first = max((one.end() for one in BREAK.finditer(text, 0, start) if one.end() <= start), default=0)
    last = next((one.start() for one in BREAK.finditer(text, end)), len(text))
    return first, last


def include_comma(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the clause with the comma that joined it; a whole sentence with its end mark."""
    before = text[:first].rstrip(" ")
    if before and before[-1] in COMMAS:
        return len(before) - 1, last
    if before != text[:first] and text[first - 1] == " ":
        return len(before), last
    mark = re.compile(rf"[{COMMAS}{ENDS}.]? *").match(text, last)
    return first, mark.end() if mark else last


AROUND = 14
HALF = re.compile(r"[0-9A-Za-z.]{2}")
# The most findings that one tap deletes; with more so close together, a person must rewrite the text.
MOST = 8


@dataclass(frozen=True)
class Change:
    """Replace text[start:end] by `put`; indices of the text as given."""

    start: int
    end: int
    put: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.put + text[self.end :]


class Finding(Protocol):
    """The attributes of a `wording.checker.Finding` that a change needs."""

    @property
    def rewrite(self) -> str | None: ...
    @property
    def deletes(self) -> bool: ...


class LocatedFinding(Protocol):
    """A finding with its place in one field, such as shops.texts.text_check.Found."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def finding(self) -> Finding: ...
    @property
    def blocks(self) -> bool: ...


def propose_change(
    text: str, found: LocatedFinding, look: Callable[[str], Iterable[LocatedFinding]]
) -> Change | None:
    """Return the change for a finding; None if only a person can rewrite it, or if it would leave a forbidden finding.

    `look` returns the findings of a text in the same field.
    """
    change = build_change(text, found)
    for _offence in range(MOST):
        if change is None:
            return None
        whole = change.apply(text)
        first, last = find_bounds(whole, change.start, change.start + len(change.put))
        near = next((one for one in look(whole) if one.blocks and one.start < last and one.end > first), None)
        if near is None:
            return change
        change = join_changes(whole, change, build_change(whole, near))
    return None


def build_change(text: str, found: LocatedFinding) -> Change | None:
    """Return the change for this finding alone."""
    finding = found.finding
    if finding.rewrite:
        return Change(found.start, found.end, finding.rewrite)
    cut = find_span_to_delete(text, found.start, found.end) if finding.deletes else None
    return Change(*cut, "") if cut else None


def join_changes(whole: str, first: Change, second: Change | None) -> Change | None:
    """Return both as one change of the text before `first`; `second` is one of `whole`, the text after it."""
    if second is None:
        return None
    start = min(first.start, second.start)
    end = max(first.start + len(first.put), second.end)
    put = whole[start : second.start] + second.put + whole[second.end : end]
    return Change(start, end - len(first.put) + first.end - first.start, put)


def find_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a text to show around a place; a number or a word of letters is not cut."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    while first > max(0, start - 2 * AROUND) and HALF.fullmatch(text[first - 1 : first + 1]):
        first -= 1
    while last < min(len(text), end + 2 * AROUND) and HALF.fullmatch(text[last - 1 : last + 1]):
        last += 1
    return first, last


def cut_excerpt(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text shown before and after; an ellipsis shows that there is more."""
    first, last = find_bounds(text, start, end)
    before, after = text[first:start].replace("\n", " "), text[end:last].replace("\n", " ")
    return ("…" if first else "") + before, after + ("…" if last < len(text) else "")
