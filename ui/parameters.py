"""What addresses, hidden fields and headers say, read within bounds before anything is looked up by it.

Whatever is no such value (letters, full-width digits, a number past what a column holds) is read as one that names nothing.
"""

from __future__ import annotations

from uuid import UUID

# Below 2**63, which the largest column holds.
MOST_DIGITS = 18
LONGEST_KEY = 45  # "urn:uuid:" and 36 characters


def read_number(text: object, most: int = 10**MOST_DIGITS - 1) -> int | None:
    """A whole number from 0 to `most` in ASCII digits, or None."""
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= most else None


def read_id(text: object) -> int:
    """A row's number; 0, which no row has, for what is none."""
    return read_number(text) or 0


def read_key(text: object) -> UUID | None:
    """A key made on a phone, or None."""
    if not isinstance(text, str) or len(text) > LONGEST_KEY:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
