"""What a text must contain for a regular expression to match: read from the expression itself, so that it always agrees.

Most of a rule's patterns cannot match most sentences with one of their `needs`, because another word is missing. To look
for one or two characters in a set is a hundred times faster than to try a pattern at each character of a sentence.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

Grams = frozenset[str]  # characters and pairs of characters
Alternative = tuple[Grams, ...]  # a match contains one of each
COMMON = frozenset("的不一了都是有我你个,也就在这来到没好上大家")
MOST = 80  # pairs that are made of two lists of characters
WIDEST = 200  # characters of a range; most characters of a text are in a wider one
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def list_requirements(written: str) -> tuple[Alternative, ...]:
    """Return the alternatives of which a match fulfils one, each with the rarest first; an empty one is always fulfilled."""
    parsed = parser.parse(written)
    if parsed.state.flags & sre.SRE_FLAG_IGNORECASE:
        return ((),)
    found = {tuple(sorted(dict.fromkeys(one), key=weigh)[:4]) for one in list_alternatives(list(parsed))}
    return ((),) if () in found else tuple(sorted(found, key=len))


def is_possible(alternatives: Iterable[Alternative], grams: set[str]) -> bool:
    """Return whether a text of these characters and pairs of neighbours may fulfil an alternative."""
    for one in alternatives:
        for required in one:
            if grams.isdisjoint(required):
                break
        else:
            return True
    return False


def list_grams(text: str) -> set[str]:
    return {*text, *[text[place : place + 2] for place in range(len(text) - 1)]}


def list_alternatives(items: list[Any]) -> list[list[Grams]]:
    if len(items) == 1:
        kind, value = items[0]
        if kind is sre.SUBPATTERN and not value[1] and not value[2]:
            return list_alternatives(list(value[3]))
        if kind is sre.BRANCH:
            return [other for one in value[1] for other in list_alternatives(list(one))]
    return [list_required(items)]


def list_required(items: list[Any]) -> list[Grams]:
    """Return the sets of characters and pairs of which each match of the sequence contains one."""
    required = []
    singles = [list_characters(*item) for item in items]
    for one, other in pairwise(singles):
        if one and other and len(one) * len(other) <= MOST:
            required.append(frozenset(a + b for a in one for b in other))
    required += [one for one in singles if one]
    for kind, value in items:
        if kind is sre.SUBPATTERN and not value[1] and not value[2]:
            required += list_required(list(value[3]))
        elif kind in REPEATS and value[0] >= 1:
            required += list_required(list(value[2]))
        elif kind is sre.ATOMIC_GROUP:
            required += list_required(list(value))
        elif kind is sre.BRANCH:
            each = [min(list_required(list(one)), key=weigh, default=None) for one in value[1]]
            if all(each):
                required.append(frozenset(gram for one in each if one for gram in one))
    return required


def list_characters(kind: Any, value: Any) -> Grams | None:
    """Return the characters that one item matches, if it is a character or a short list of them."""
    if kind is sre.LITERAL:
        return frozenset(chr(value))
    if kind is sre.IN and all(one is sre.LITERAL for one, _value in value):
        return frozenset(chr(code) for _kind, code in value)
    return None


def list_first(written: str) -> str:
    """Return a character class, without its brackets, of the characters with which each match begins; "" if that is unknown.

    A regular expression tries each of its alternatives at each character of a text. With `(?=[class])` before it, it does so
    only where one of them can begin: most of the time that a text takes is saved.
    """
    parsed = parser.parse(written)
    if parsed.state.flags & sre.SRE_FLAG_IGNORECASE:
        return ""
    pieces, is_empty = list_beginnings(list(parsed))
    return "" if is_empty or pieces is None else "".join(sorted(pieces))


def list_beginnings(items: Iterable[Any]) -> tuple[set[str] | None, bool]:
    """Return the pieces of the class, None if any character may be the first, and whether the sequence may match nothing."""
    pieces: set[str] = set()
    for kind, value in items:
        more, is_empty = list_beginnings_of(kind, value)
        if more is None:
            return None, False
        pieces |= more
        if not is_empty:
            return pieces, False
    return pieces, True


def list_beginnings_of(kind: Any, value: Any) -> tuple[set[str] | None, bool]:
    if kind is sre.LITERAL:
        return {spell_code(value)}, False
    if kind is sre.IN:
        return list_class(value), False
    if kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return set(), True
    if kind is sre.SUBPATTERN and not value[1] and not value[2]:
        return list_beginnings(value[3])
    if kind is sre.ATOMIC_GROUP:
        return list_beginnings(value)
    if kind in REPEATS:
        pieces, is_empty = list_beginnings(value[2])
        return pieces, is_empty or value[0] == 0
    if kind is sre.BRANCH:
        each = [list_beginnings(one) for one in value[1]]
        if any(pieces is None for pieces, _is_empty in each):
            return None, False
        return {piece for pieces, _ in each for piece in pieces or ()}, any(is_empty for _, is_empty in each)
    return None, False


def list_class(items: Iterable[Any]) -> set[str] | None:
    pieces = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            pieces.add(spell_code(value))
        elif kind is sre.RANGE and value[1] - value[0] < WIDEST:
            pieces.add(f"{spell_code(value[0])}-{spell_code(value[1])}")
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            pieces.add(r"\d")
        else:
            return None
    return pieces


def spell_code(code: int) -> str:
    return re.escape(chr(code))


def weigh(required: Grams) -> int:
    """Return how likely it is, in some unit, that an ordinary sentence contains one of them."""
    return sum(1 if len(gram) > 1 else 60 if gram in COMMON else 12 for gram in required)
