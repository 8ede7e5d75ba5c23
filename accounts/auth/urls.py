"""allauth's pages as the house serves them: only those that mean something where people have no e-mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account import views as account
from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.second_factor import records_setup, second_factor_required

View = Callable[..., HttpResponse]


def with_our_errors(view: View) -> View:
    """A limit reached deep inside allauth is a page, not an error; its `site` does not hide ours."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except RateLimited:
            return respond_429(request)
        if context := getattr(response, "context_data", None):
            context.pop("site", None)
        return response

    return answer


def only_with_sms(view: View) -> View:
    """Pages that send codes are not there where no code can be sent."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.PROVES_PHONES:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def clears_browser_cache(view: View) -> View:
    """Signing out takes the person's pages out of the browser's cache, so that "back" shows none of them.

    Not by no-store on every page: on a weak line "back" is the commonest way, and would ask the server each time.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
        return response

    return answer


def page(route: str, view: View, name: str) -> URLPattern:
    return path(f"accounts/{route}", with_our_errors(view), name=name)


urlpatterns = [
    page("login/", account.login, "account_login"),
    page("logout/", clears_browser_cache(account.logout), "account_logout"),
    page("signup/", account.signup, "account_signup"),
    page("inactive/", account.account_inactive, "account_inactive"),
    page("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    page("password/change/", account.password_change, "account_change_password"),
    page("password/set/", account.password_set, "account_set_password"),
    page("login/code/", only_with_sms(account.request_login_code), "account_request_login_code"),
    page("login/code/confirm/", only_with_sms(account.confirm_login_code), "account_confirm_login_code"),
    page("phone/verify/", only_with_sms(account.verify_phone), "account_verify_phone"),
    page("phone/change/", only_with_sms(account.change_phone), "account_change_phone"),
    page("2fa/", mfa.index, "mfa_index"),
    page("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    page("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    page("2fa/totp/activate/", records_setup(totp.activate_totp), "mfa_activate_totp"),
    page("2fa/totp/deactivate/", second_factor_required(totp.deactivate_totp), "mfa_deactivate_totp"),
    page(
        "2fa/recovery-codes/", second_factor_required(recovery.view_recovery_codes), "mfa_view_recovery_codes"
    ),
    page(
        "2fa/recovery-codes/generate/",
        second_factor_required(recovery.generate_recovery_codes),
        "mfa_generate_recovery_codes",
    ),
    page(
        "2fa/recovery-codes/download/",
        second_factor_required(recovery.download_recovery_codes),
        "mfa_download_recovery_codes",
    ),
]
