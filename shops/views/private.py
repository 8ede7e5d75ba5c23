"""Pages that are somebody's: kept nowhere on the way and found by no search engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def name_or_404(said: str) -> str:
    """A token, key, slug or number out of an address; what no such thing looks like does not come near the database."""
    if not re.fullmatch("[A-Za-z0-9_-]{1,40}", said):
        raise Http404
    return said
