"""The URLs of those allauth pages that are useful for people without e-mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path

from accounts.auth.views import (
    View,
    begins_again,
    clears_browser_cache,
    limited,
    only_with_sms,
    with_our_errors,
)
from accounts.second_factor import records_setup, second_factor_required


def page(route: str, view: View, name: str) -> URLPattern:
    return path(route, with_our_errors(view), name=name)


urlpatterns = [
    page("login/", limited("login", account.login), "account_login"),
    page("logout/", clears_browser_cache(account.logout), "account_logout"),
    page("signup/", limited("signup", account.signup), "account_signup"),
    page("inactive/", account.account_inactive, "account_inactive"),
    page("reauthenticate/", limited("reauthenticate", account.reauthenticate), "account_reauthenticate"),
    page("password/change/", limited("change_password", account.password_change), "account_change_password"),
    page("password/set/", limited("change_password", account.password_set), "account_set_password"),
    page(
        "login/code/", only_with_sms(begins_again(account.request_login_code)), "account_request_login_code"
    ),
    page("login/code/confirm/", only_with_sms(account.confirm_login_code), "account_confirm_login_code"),
    page("phone/verify/", only_with_sms(account.verify_phone), "account_verify_phone"),
    page(
        "phone/change/", only_with_sms(limited("change_phone", account.change_phone)), "account_change_phone"
    ),
    page("2fa/", mfa.index, "mfa_index"),
    page("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    page("2fa/reauthenticate/", limited("reauthenticate", mfa.reauthenticate), "mfa_reauthenticate"),
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
