"""Read numbers, keys and return URLs from URLs, hidden fields and headers within limits.

Any invalid value (letters, full-width digits, a number too large for a column) is read as one that names no row.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

# Below 2**63, which the largest column holds.
MOST_DIGITS = 18
# The parameter with the page to return to, and its longest value.
NEXT = "next"
LONGEST_NEXT = 500
LONGEST_KEY = 45  # "urn:uuid:" and 36 characters


def read_number(text: object, most: int = 10**MOST_DIGITS - 1) -> int | None:
    """Return a whole number from 0 to `most` in ASCII digits, or None."""
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= most else None


def read_id(text: object) -> int:
    """Return a row's number; 0, which no row has, for what is none."""
    return read_number(text) or 0


def read_key(text: object) -> UUID | None:
    """Return a key made on a phone, or None."""
    if not isinstance(text, str) or len(text) > LONGEST_KEY:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def get_return_url(request: HttpRequest, usual: str) -> str:
    """Return the `next` parameter if it is a page of this site, else `usual`.

    A URL of another site, one without an absolute path, or one that is too long is ignored.
    """
    asked = request.GET.get(NEXT, "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, request.is_secure()
    )
    return asked if is_ours and len(asked) <= LONGEST_NEXT else usual


def add_return_url(url: str, back: str) -> str:
    """Return the URL of a page that leads back to `back`."""
    page, _mark, part = url.partition("#")
    joined = f"{page}{'&' if '?' in page else '?'}{urlencode({NEXT: back})}"
    return f"{joined}#{part}" if part else joined
