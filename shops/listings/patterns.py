"""Patterns: how goods like these are written and spoken about, as an app above knows it.

That app registers a function that finds the pattern of a product, by its name or its kind, when it is loaded.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from shops.models import Product


@dataclass(frozen=True)
class ScriptPlace:
    """A planned live into whose script the text of so many minutes can be put: by a POST of do=`acts` to `url`."""

    title: str
    url: str
    acts: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Pattern:
    """What is known of goods like these. `title` names them, `url` is the page about them.

    `text`: a description to fill in, with a gap for each fact that is not recorded. `start`: where a rehearsal of the product
    begins with such a script, by a POST that also has `product` and a new `key`. `needs`: which papers such goods must
    have, in words, if the shop lacks them: then there is neither text nor place. `paper_url`: where one is handed in.
    """

    title: str
    url: str
    text: str = ""
    places: tuple[ScriptPlace, ...] = ()
    start: ScriptPlace | None = None
    needs: tuple[str, ...] = ()
    paper_url: str = ""
    key: uuid.UUID = field(default_factory=uuid.uuid4)


Find = Callable[[Product], Pattern | None]
_finders: list[Find] = []


def register_patterns(find: Find) -> Find:
    """Ask this function for the pattern of a product; None: it knows none."""
    _finders.append(find)
    return find


def find_pattern(product: Product) -> Pattern | None:
    """Return the pattern of a product, which need not be stored yet."""
    return next((found for find in _finders if (found := find(product))), None)


def insert_text(typed: str, text: str, most: int) -> str | None:
    """Return what was typed with the pattern's text after it; None if both do not fit into `most` characters."""
    joined = f"{typed.rstrip()}\n\n{text}" if typed.strip() else text
    return joined if len(joined) <= most else None


def take_back(typed: str, text: str) -> str | None:
    """Return what was typed without the inserted text; None if that has been changed meanwhile."""
    if not text or text not in typed:
        return None
    before, _text, after = typed.rpartition(text)
    return before.rstrip() + after
