"""Numbers as sellers write them: 29.9, and the same in Chinese numerals."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from wording.loading import load

ARABIC = re.compile(r"\d+(?:\.\d+)?")


def value(written: str) -> float | None:
    """None where it is no number."""
    if ARABIC.fullmatch(written):
        return float(written)
    words: dict[str, Any] = load().goods["numerals"]
    if written == words["half"]:
        return 0.5
    total = section = digit = 0
    for char in written:
        if char in words["digits"]:
            digit = words["digits"][char]
        elif (power := words["powers"].get(char)) is None:
            return None
        elif power == 10_000:
            total += (section + digit) * power
            section = digit = 0
        else:
            section += (digit or 1) * power
            digit = 0
    return float(total + section + digit) if written else None


@cache
def pattern() -> str:
    """Any such number, as a regular expression."""
    words = load().goods["numerals"]
    chinese = "".join([*words["digits"], *words["powers"], words["half"]])
    return rf"\d+(?:\.\d+)?|[{chinese}]{{1,6}}"
