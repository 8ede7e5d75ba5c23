"""Where a page leads back to: the `next` of its address, if that is a page of this site, else its own usual place."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

NEXT = "next"
LONGEST = 500


def way_back(request: HttpRequest, usual: str) -> str:
    """A foreign address, one without a path from the top, or one that is too long counts as none."""
    asked = request.GET.get(NEXT, "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, request.is_secure()
    )
    return asked if is_ours and len(asked) <= LONGEST else usual


def going_back(url: str, back: str) -> str:
    """The address of a page that is to lead back to `back`."""
    page, _mark, part = url.partition("#")
    joined = f"{page}{'&' if '?' in page else '?'}{urlencode({NEXT: back})}"
    return f"{joined}#{part}" if part else joined
