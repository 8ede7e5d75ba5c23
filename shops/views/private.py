"""Pages that are somebody's: kept nowhere on the way and found by no search engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache


class RoleEnded(Exception):
    """The page is of a shop of one's own in which one sells no more: `private` leads to the page that says so."""


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except RoleEnded:
            messages.warning(request, _("您在这家店的卖家身份结束了，这一步没有办。"))
            response = redirect("shops:mine")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def name_or_404(said: str) -> str:
    """A token, key, slug or number out of an address; what no such thing looks like does not come near the database."""
    if not re.fullmatch("[A-Za-z0-9_-]{1,40}", said):
        raise Http404
    return said
