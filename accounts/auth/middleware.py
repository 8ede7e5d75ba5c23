import secrets
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse

from accounts import second_factor
from accounts.decorators import redirect_window
from accounts.worklist.items import ACTED

ALLOWED = {"account_change_password", "account_set_password", "account_logout", "set_language", "privacy"}


class PasswordChangeDue:
    """Show a person whose password was set by somebody else only the page to choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        user = request.user if known and request.user.is_authenticated else None
        due = user is not None and user.password_change_due
        if user and due and user.given_password_is_over and not has_come_by_code(request):
            logout(request)
            return redirect_window(request, reverse("account_login"))
        if due and resolve(request.path_info).url_name not in ALLOWED:
            return redirect_window(request, reverse("account_change_password"))
        return self.get_response(request)


def has_come_by_code(request: HttpRequest) -> bool:
    """Return whether this session began with a code to the phone, so that no printed password opened it."""
    records = get_authentication_records(request, request.user)
    return bool(records) and records[0]["method"] == "code"


class StaffAtWork:
    """Keep the session of staff who have shown the second factor alive while they open pages (accounts.second_factor)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_staff_at_work", False):
            second_factor.mark_seen(request, response)
        return response


class Acted:
    """Set a cookie after a person's own POST, so that numbers counted before it are not shown (accounts.worklist.items).

    It is a cookie because the next page may come from another process; it lasts as long as the numbers are cached.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                ACTED,
                secrets.token_hex(4),
                max_age=settings.COUNTS_KEPT_SECONDS + 5,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class OwnPages:
    """Keep pages of signed-in people in their own browser only, and do not show them there after signing out.

    Signing out empties the browser's cache (Clear-Site-Data), so that "back" works offline until then. Browsers obey that
    only in a secure context: over TLS, or on this machine. Elsewhere such pages are not stored at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = request.__dict__.get("_cached_user")
        if user and user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache" if is_trusted(request) else "private, no-store"
        return response


def is_trusted(request: HttpRequest) -> bool:
    """Return whether browsers treat this site's pages as a secure context."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return request.is_secure() or host == "localhost" or host.startswith("127.") or host == "[::1]"
