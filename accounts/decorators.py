"""Decorators of views that need a signed-in person: what was posted after the session was lost is stored until its owner has
signed in again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts import devices, limits
from accounts.requests import SignedInRequest

# Ten thousand Chinese characters; the site's longest form has a third of that.
MOST_BYTES = 32 * 1024
LASTS = 2 * 60 * 60
KEPT = "kept_form"
Args = ParamSpec("Args")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def login_required_keeping_post(
    view: Callable[Concatenate[SignedInRequest, Args], Answer],
) -> Callable[Concatenate[HttpRequest, Args], Answer | HttpResponse]:
    """Decorate a view that needs a person: a visitor signs in first and comes back to the same page.

    What a visitor posted (not files) is kept in the session; the view shows it again with `get_posted_or_kept`.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Args.args, **kwargs: Args.kwargs) -> Answer | HttpResponse:
        if request.user.is_authenticated:
            if request.method == "POST":
                drop_kept_post(request)
            return view(cast(SignedInRequest, request), *args, **kwargs)
        if request.method == "POST":
            keep_post(request)
        return to_sign_in(request)

    return answer


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page."""
    return redirect_window(
        request, f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: find_form_page(request)})}"
    )


def redirect_window(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect; of a request by htmx the whole window goes there, so that no page is drawn inside a page."""
    return HttpResponseClientRedirect(url) if is_partial(request) else HttpResponseRedirect(url)


def is_partial(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def find_form_page(request: HttpRequest) -> str:
    """Return the page on which the form is: many buttons post to a URL that cannot be opened itself."""
    page = request.headers.get("Referer", "") if request.method == "POST" or is_partial(request) else ""
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        parts = urlsplit(page)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def keep_post(request: HttpRequest) -> None:
    typed = request.POST.copy()
    for name in list(typed):
        if name == "csrfmiddlewaretoken" or "password" in name or "id_number" in name:
            del typed[name]
    size = sum(len(f"{name}{value}".encode()) for name, values in typed.lists() for value in values)
    if size > MOST_BYTES:
        messages.warning(request, _("登录断了，刚才写得太长，没能留住。"))
        return
    if not limits.allows(request, "kept_form"):
        messages.warning(request, _("登录断了，刚才写的没能留住。"))
        return
    path = urlsplit(find_form_page(request)).path
    # A visitor's session exists only for the form and ends soon; signing in gives it its full time.
    request.session.set_expiry(LASTS)
    owner = devices.find_session_owner(request)
    request.session[KEPT] = {"path": path, "body": typed.urlencode(), "at": time.time(), "owner": owner}
    # Another person who signs in here is not shown it, and is not promised it.
    promise = (
        _("登录断了。还用刚才的账号登录，刚才写的还在。")
        if owner
        else _("登录断了。重新登录，刚才写的还在。")
    )
    messages.info(request, promise)


def get_kept_post(request: HttpRequest) -> QueryDict | None:
    """Return what was typed on this page before the session was lost, or None.

    It is stored for two hours or until this person posts a form: until then the page may be loaded again (a phone short of
    memory does so by itself) without losing what was typed. It belongs to the person whose session ended on this device:
    another person who signs in there neither sees nor deletes it. After signing out it belongs to whoever signs in.
    """
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path or time.time() - kept["at"] > LASTS:
        return None
    return None if is_of_another(request, kept) else QueryDict(kept["body"])


def is_of_another(request: HttpRequest, kept: dict) -> bool:
    """Return whether it belongs to a person who is not the one signed in."""
    user, owner = request.user, kept.get("owner", "")
    return bool(owner) and not (user.is_authenticated and devices.is_owner(user, owner))


def get_posted_or_kept(request: HttpRequest) -> QueryDict | None:
    """Return what a form on this page is filled from: `form = SomeForm(get_posted_or_kept(request))`."""
    return request.POST if request.method == "POST" else get_kept_post(request)


def drop_kept_post(request: HttpRequest) -> None:
    kept = request.session.get(KEPT)
    here = (request.path, urlsplit(find_form_page(request)).path)
    if kept and kept["path"] in here and not is_of_another(request, kept):
        del request.session[KEPT]


def sign_out(request: HttpRequest) -> None:
    """End the session; what another person had typed before it began waits on for them."""
    kept = request.session.get(KEPT)
    waits_on = kept is not None and is_of_another(request, kept)
    logout(request)
    if waits_on:
        request.session.set_expiry(LASTS)
        request.session[KEPT] = kept
