"""The second factor of staff: a code from an authenticator app, with recovery codes on paper.

Secrets are encrypted under a key that the database does not contain, so that they cannot be read from a copy of it. A
password alone cannot set it up: the person who grants a staff role hands over a setup code, face to face or by phone; it is
shown once.
"""

from __future__ import annotations

import base64
import datetime
import logging
import secrets
import time
from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.audit import AuditVerb
from accounts.decorators import find_form_page, redirect_window
from accounts.models import AuditEntry, SetupCode, User
from accounts.requests import get_person

log = logging.getLogger(__name__)

SEEN = "staff_seen"
ENCRYPTED_MARK = "v1:"
# Without letters and digits that look alike on paper or sound alike.
SETUP_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SETUP_CODE_LENGTH = 8
SETUP_CODE_LASTS = datetime.timedelta(days=7)
signer = TimestampSigner(salt="accounts.second_factor")
View = Callable[..., HttpResponseBase]


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("现在不能关掉两步登录。"),
        "cannot_generate_recovery_codes": _("先开通两步登录，才有恢复码。"),
        "incorrect_code": _("验证码不对，再看一眼。每 30 秒换一次。"),
    }

    def get_totp_label(self, user: User) -> str:
        return f"{user.name} {phones.format_local(user.phone)}"

    def encrypt(self, text: str) -> str:
        return encrypt_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret; under another SECRET_KEY no code is right, so the administrator removes it and it is set up
        again.
        """
        return decrypt_secret(encrypted_text) or base64.b32encode(secrets.token_bytes(20)).decode()


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user=user.pk).exists()


def is_shown(request: HttpRequest) -> bool:
    """Return whether this session has shown it today and was used since (STAFF_SESSION_SECONDS, STAFF_IDLE_SECONDS).

    Not for a session that began before it was set up, nor for an authenticator that was removed since (with a lost phone).
    """
    since = time.time() - settings.STAFF_SESSION_SECONDS
    records = get_authentication_records(request, request.user)
    shown = [record for record in records if record["method"] == "mfa" and record["at"] > since]
    if not shown or is_idle(request, shown[-1]["at"]):
        return False
    found = Authenticator.objects.filter(
        user=request.user.pk, pk__in=[one.get("id") for one in shown]
    ).exists()
    request.__dict__["is_staff_at_work"] = found
    return found


def is_idle(request: HttpRequest, shown_at: float) -> bool:
    """Return whether no staff page was opened for a while. A cookie bound to the session stores the time, because a GET
    writes no row.
    """
    if time.time() - shown_at <= settings.STAFF_IDLE_SECONDS:
        return False
    try:
        seen = signer.unsign(request.COOKIES.get(SEEN, ""), max_age=settings.STAFF_IDLE_SECONDS)
    except BadSignature:
        return True
    return not constant_time_compare(seen, get_session_mark(request))


def get_session_mark(request: HttpRequest) -> str:
    return salted_hmac(SEEN, request.session.session_key or "").hexdigest()


def mark_seen(request: HttpRequest, response: HttpResponse) -> None:
    """Start the idle time anew after an answer to staff who have shown the second factor."""
    response.set_cookie(
        SEEN,
        signer.sign(get_session_mark(request)),
        max_age=settings.STAFF_IDLE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def shorten_session(request: HttpRequest) -> None:
    """End the session of staff after STAFF_SESSION_SECONDS, whatever they do; called at sign-in."""
    user = request.user
    if user.is_authenticated and user.works_in_the_admin and not settings.DEMO:
        request.session.set_expiry(settings.STAFF_SESSION_SECONDS)


def is_due(request: HttpRequest) -> bool:
    """Return whether this person is staff and has not shown it in this session; outside DEMO staff must."""
    user = request.user
    staff = user.is_authenticated and user.works_in_the_admin
    return staff and not settings.DEMO and not is_shown(request)


def redirect_to_second_factor(request: HttpRequest, target: str) -> HttpResponse:
    """Redirect to where it is shown or first set up, and then to the target."""
    if is_set_up(get_person(request)):
        return redirect_to_reauthenticate(request, target)
    return redirect_window(request, reverse("mfa_activate_totp"))


def staff_page(view: View) -> View:
    """Decorate pages outside the admin on which staff see and decide about others: they require it as the admin does.

    For other people the view itself answers 404.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if is_due(request):
            return redirect_to_second_factor(request, find_form_page(request))
        return view(request, *args, **kwargs)

    return answer


def second_factor_required(view: View) -> View:
    """Decorate pages that show or remove it: a person who has one must show it; a password is not enough."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and is_set_up(request.user) and not is_shown(request):
            return redirect_to_reauthenticate(request, request.get_full_path())
        return view(request, *args, **kwargs)

    return answer


def redirect_to_reauthenticate(request: HttpRequest, target: str) -> HttpResponse:
    return redirect_window(
        request, f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: target})}"
    )


def records_setup(view: View) -> View:
    """Decorate the page that sets it up: this session has just shown a code, all others have not."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        user = request.user
        fresh = request.method == "POST" and user.is_authenticated and not is_set_up(user)
        response = view(request, *args, **kwargs)
        if fresh and user.is_authenticated and is_set_up(user):
            delete_setup_code(user)
        if fresh and (new := Authenticator.objects.filter(user=user.pk, type="totp").first()):
            record = {"method": "mfa", "at": time.time(), "id": new.pk, "type": new.type}
            records = [*get_authentication_records(request, user), record]
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records
        return response

    return answer


# --- setup codes ---


def give_setup_code(user: User, actor: User | None) -> str:
    """Return a new code, as ABCD-EFGH; the earlier one ends."""
    code = "".join(secrets.choice(SETUP_CODE_LETTERS) for _letter in range(SETUP_CODE_LENGTH))
    facts = {"digest": hash_setup_code(user, code), "made_by": actor, "made_at": timezone.now()}
    SetupCode.objects.update_or_create(user=user, defaults=facts)
    AuditEntry.write(actor, AuditVerb.SETUP_CODE_GIVEN, user)
    return f"{code[:4]}-{code[4:]}"


def is_setup_code_right(user: User, typed: str) -> bool:
    row = SetupCode.objects.filter(user=user, made_at__gt=timezone.now() - SETUP_CODE_LASTS).first()
    return row is not None and constant_time_compare(
        row.digest, hash_setup_code(user, read_setup_code(typed))
    )


def read_setup_code(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in SETUP_CODE_LETTERS)


def hash_setup_code(user: User, code: str) -> str:
    return salted_hmac("accounts.setup_codes", f"{user.pk}:{code}", algorithm="sha256").hexdigest()


def delete_setup_code(user: User) -> None:
    SetupCode.objects.filter(user=user).delete()


def needs_setup_code(user: User) -> bool:
    """Return whether this person sets a second factor up by code: staff do, outside DEMO."""
    return not settings.DEMO and user.works_in_the_admin


def make_setup_code_message(user: User, code: str) -> str:
    """Return the sentence in which the granter reads the code."""
    facts = {"name": user.name, "code": code, "days": SETUP_CODE_LASTS.days}
    return (
        _("%(name)s的开通码：%(code)s。当面或打电话告诉本人，%(days)s 天内开通两步登录要用，只显示这一次。")
        % facts
    )


# --- encryption ---


def get_cipher() -> MultiFernet:
    """Return the cipher of SECRET_KEY, which also reads what was encrypted under SECRET_KEY_FALLBACKS."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("accounts.encryption", "key", secret=one, algorithm="sha256") for one in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key.digest())) for key in keys])


def encrypt_secret(text: str) -> str:
    """Encrypt a text; one that is encrypted already stays as it is."""
    if text.startswith(ENCRYPTED_MARK):
        return text
    return ENCRYPTED_MARK + get_cipher().encrypt(text.encode()).decode()


def decrypt_secret(text: str) -> str | None:
    """Decrypt a text, and return one that was never encrypted as it is; None when SECRET_KEY has changed."""
    if not text.startswith(ENCRYPTED_MARK):
        return text
    try:
        return get_cipher().decrypt(text.removeprefix(ENCRYPTED_MARK)).decode()
    except InvalidToken:
        log.error("a secret was encrypted under another SECRET_KEY")
        return None
