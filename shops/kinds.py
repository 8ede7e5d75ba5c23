"""Which kind of produce a name means, guessed from the words that the kinds are known by."""

from __future__ import annotations

from collections.abc import Iterable

from shops.models import Category


def guess(name: str, kinds: Iterable[Category]) -> Category | None:
    """The kind with the longest word in the name; of equals the last one, where Chinese puts the noun (茶叶蛋)."""
    best, found = (0, -1), None
    for kind in kinds:
        for word in kind.hints.split():
            at = name.rfind(word)
            if at >= 0 and (len(word), at) > best:
                best, found = (len(word), at), kind
    return found
