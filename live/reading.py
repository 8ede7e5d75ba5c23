"""How long a text takes to be said. The rate is the course's: about two hundred characters a minute."""

from __future__ import annotations

import math
import re

# Characters a minute, as the lesson on the five parts teaches it.
RATE = 200
SLOWEST, FASTEST = 120, 320
# An English word takes as long as about 1.6 characters (125 words a minute); a figure is said digit by digit.
WORD = 1.6
UNITS = re.compile(r"[A-Za-z][A-Za-z'’-]*|[0-9]|[^\W_]", re.UNICODE)


def characters(text: str) -> int:
    """What is said of it, in Chinese characters' worth; marks and spaces are not said."""
    return math.ceil(
        sum(WORD if unit[0].isascii() and unit[0].isalpha() else 1 for unit in UNITS.findall(text))
    )


def seconds(text: str, rate: int = RATE) -> int:
    """Rounded up to a whole second."""
    return math.ceil(characters(text) * 60 / rate)
