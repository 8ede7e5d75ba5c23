"""Where a text says that the goods grew, held against their origin (rule B1). The places stand in goods.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from wording.loading import either, load

AGREED = "\u7701\u5e02\u53bf"  # may stand between two names of one address


def is_elsewhere(place: str, origin: str) -> bool:
    """Another place of a level that the origin names, or a known name that does not agree with it."""
    known = {token["level"]: token["name"] for token in tokens().finditer(origin)}
    for token in tokens().finditer(place):
        name, level = token["name"], token["level"]
        if level in known and not name.endswith(known[level]) and name not in origin:
            return True
    return leads_away(place, foreign(origin))


def leads_away(place: str, away: frozenset[str]) -> bool:
    """The first name that does not agree with the origin, after those that do."""
    while found := named().match(place):
        if found[0] in away:
            return True
        place = place[found.end() :].lstrip(AGREED)
    return False


def goods_of(plain: str, away: frozenset[str]) -> Iterator[re.Match]:
    """A place and the goods of it, or the goods and that they are of it."""
    first = [found for found in fruit_of().finditer(plain) if found["place"] in away]
    yield from first
    if "\u662f" in plain:
        for found in is_of().finditer(plain):
            if found["place"] in away:
                yield found


@cache
def foreign(origin: str) -> frozenset[str]:
    """The names that do not agree with it."""
    places = table()["places"]
    return frozenset(name for name, agrees in places.items() if not any(part in origin for part in agrees))


def table() -> dict[str, Any]:
    return load().goods["origin"]


@cache
def tokens() -> re.Pattern:
    return re.compile(table()["tokens"])


@cache
def named() -> re.Pattern:
    return re.compile(either(list(table()["places"])))


@cache
def fruit_of() -> re.Pattern:
    kinds = either([*load().goods["variety"]["known"], table()["goods"]])
    return re.compile(f"(?P<place>{named().pattern})[{AGREED}]?(?:\u7684?{kinds}|{table()['after_place']})")


@cache
def is_of() -> re.Pattern:
    return re.compile(
        f"{table()['before_place']}(?P<place>{named().pattern})[{AGREED}]?{table()['of_place']}"
    )
