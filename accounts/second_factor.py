"""The second factor of staff: a code from an authenticator app, with recovery codes on paper."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import encryption, phones, setup_codes
from accounts.decorators import page_of
from accounts.models import User

SEEN = "staff_seen"
signer = TimestampSigner(salt="accounts.second_factor")
View = Callable[..., HttpResponse]


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("现在不能关掉两步登录。"),
        "cannot_generate_recovery_codes": _("先开通两步登录，才有恢复码。"),
        "incorrect_code": _("验证码不对，再看一眼。每 30 秒换一次。"),
    }

    def get_totp_label(self, user: User) -> str:
        return f"{user.name} {phones.local(user.phone)}"

    def encrypt(self, text: str) -> str:
        return encryption.encrypt_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Under another SECRET_KEY than it was made with no code is right: who runs the site takes it away and it is set up
        anew."""
        return encryption.decrypt_secret(encrypted_text) or base64.b32encode(secrets.token_bytes(20)).decode()


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user=user.pk).exists()


def is_shown(request: HttpRequest) -> bool:
    """Whether this very session has shown it today and has been used since (STAFF_SESSION_SECONDS, STAFF_IDLE_SECONDS).

    One that began before it was set up has not, and what was shown of an authenticator that is gone (with a lost phone)
    counts no more.
    """
    since = time.time() - settings.STAFF_SESSION_SECONDS
    records = get_authentication_records(request, request.user)
    shown = [record for record in records if record["method"] == "mfa" and record["at"] > since]
    if not shown or is_idle(request, shown[-1]["at"]):
        return False
    found = Authenticator.objects.filter(
        user=request.user.pk, pk__in=[one.get("id") for one in shown]
    ).exists()
    request.is_staff_at_work = found
    return found


def is_idle(request: HttpRequest, shown_at: float) -> bool:
    """Whether nothing of staff's was opened for a while. A cookie says when it last was, bound to the session: a GET changes
    no row."""
    if time.time() - shown_at <= settings.STAFF_IDLE_SECONDS:
        return False
    try:
        seen = signer.unsign(request.COOKIES.get(SEEN, ""), max_age=settings.STAFF_IDLE_SECONDS)
    except BadSignature:
        return True
    return not constant_time_compare(seen, session_mark(request))


def session_mark(request: HttpRequest) -> str:
    return salted_hmac(SEEN, request.session.session_key or "").hexdigest()


def mark_seen(request: HttpRequest, response: HttpResponse) -> None:
    """Starts the idle time anew, after an answer to staff who have shown the second factor."""
    response.set_cookie(
        SEEN,
        signer.sign(session_mark(request)),
        max_age=settings.STAFF_IDLE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def shorten_session(request: HttpRequest) -> None:
    """Staff are signed out after STAFF_SESSION_SECONDS, whatever they do; called where somebody has just signed in."""
    user = request.user
    if user.is_authenticated and user.works_in_the_admin and not settings.DEMO:
        request.session.set_expiry(settings.STAFF_SESSION_SECONDS)


def is_due(request: HttpRequest) -> bool:
    """Whether this person works for others here and has not shown it in this session; outside DEMO staff must."""
    user = request.user
    staff = user.is_authenticated and user.works_in_the_admin
    return staff and not settings.DEMO and not is_shown(request)


def redirect_to_second_factor(request: HttpRequest, target: str) -> HttpResponse:
    """To where it is shown, or first set up; afterwards to the target."""
    return redirect_to_reauthenticate(target) if is_set_up(request.user) else redirect("mfa_activate_totp")


def staff_page(view: View) -> View:
    """For pages outside the admin on which staff see and decide about others: they ask for it as the admin does.

    To everybody else the view itself says what is not there.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_due(request):
            return redirect_to_second_factor(request, page_of(request))
        return view(request, *args, **kwargs)

    return answer


def second_factor_required(view: View) -> View:
    """Before pages that give it away or switch it off: who has one shows it, a password does not do."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and is_set_up(request.user) and not is_shown(request):
            return redirect_to_reauthenticate(request.get_full_path())
        return view(request, *args, **kwargs)

    return answer


def redirect_to_reauthenticate(target: str) -> HttpResponse:
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: target})}")


def records_setup(view: View) -> View:
    """Who sets it up has just typed a code: this session has shown it, all others have not."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        fresh = request.method == "POST" and user.is_authenticated and not is_set_up(user)
        response = view(request, *args, **kwargs)
        if fresh and is_set_up(user):
            setup_codes.delete_setup_code(user)
        if fresh and (new := Authenticator.objects.filter(user=user.pk, type="totp").first()):
            record_authentication(request, user, "mfa", id=new.pk, type=new.type)
        return response

    return answer
