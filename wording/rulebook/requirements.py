"""What a text must contain for a regular expression to match: read from the expression itself, so that it always agrees.

Most of a rule's patterns cannot match most sentences with one of their `needs`, because another word is missing. To look
for one or two characters in a set is a hundred times faster than to try a pattern at each character of a sentence.
"""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

Grams = frozenset[str]  # characters and pairs of characters
Alternative = tuple[Grams, ...]  # a match contains one of each
COMMON = frozenset("的不一了都是有我你个,也就在这来到没好上大家")
MOST = 80  # pairs that are made of two lists of characters
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def list_requirements(written: str) -> tuple[Alternative, ...]:
    """Return the alternatives of which a match fulfils one, each with the rarest first; an empty one is always fulfilled."""
    parsed = parser.parse(written)
    if parsed.state.flags & sre.SRE_FLAG_IGNORECASE:
        return ((),)
    found = {tuple(sorted(dict.fromkeys(one), key=weigh)[:4]) for one in list_alternatives(list(parsed))}
    return ((),) if () in found else tuple(sorted(found, key=len))


def list_possible(alternatives: Iterable[Alternative], grams: set[str]) -> list[Alternative]:
    """Return the alternatives that a text of these characters and pairs of neighbours may fulfil."""
    return [one for one in alternatives if not any(map(grams.isdisjoint, one))]


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
    return {*text, *map(str.__add__, text, text[1:])}


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


def weigh(required: Grams) -> int:
    """Return how likely it is, in some unit, that an ordinary sentence contains one of them."""
    return sum(1 if len(gram) > 1 else 60 if gram in COMMON else 12 for gram in required)
