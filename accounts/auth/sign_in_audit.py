"""Audit trail of access: sign-ins and failed ones, second factors, passwords and numbers (网络安全法 §21, §26).

Rows are written on the signals of allauth and Django. None contains a password, code or secret; numbers are masked.
"""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import limits, phones
from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Place, User

log = logging.getLogger(__name__)

STOPPED_ONCE_IN = timedelta(hours=1)


def connect_signals() -> None:
    """Connect the signals; called once, when the app is ready."""
    account.user_logged_in.connect(record_sign_in)
    user_login_failed.connect(sign_in_failed)
    account.password_changed.connect(record_password_change)
    account.password_set.connect(record_password_change)
    mfa.authenticator_added.connect(record_authenticator_added)
    mfa.authenticator_removed.connect(record_authenticator_removed)
    mfa.authenticator_reset.connect(record_authenticator_reset)
    mfa.authentication_failed.connect(record_wrong_code)


def find_place(user: User) -> Place | None:
    """Return the place whose organisers may read the row: the first one in which the person has a role."""
    return user.granted[0].place if user.granted else None


def write(verb: AuditVerb, user: User, **detail) -> None:
    AuditEntry.write(user, verb, user, find_place(user), **detail)


def record_sign_in(sender, request: HttpRequest, user: User, **kwargs) -> None:
    ways = [record["method"] for record in get_authentication_records(request, user)]
    write(AuditVerb.SIGNED_IN, user, ways=list(dict.fromkeys(ways)))


def sign_in_failed(sender, credentials: dict, request: HttpRequest | None = None, **kwargs) -> None:
    """Record a failed sign-in; an unknown number is stored as a keyed hash, so that its tries can be counted.

    Above a number of rows a day from one IP only the log records them, so that an attack on many numbers does not fill
    the table.
    """
    number = normalise_phone(str(credentials.get("phone") or credentials.get("username") or ""))
    log.info("sign-in failed", extra={"fields": {"phone": phones.mask(number)}})
    if request and number and limits.allows(request, "sign_in_trail"):
        write_of_number(AuditVerb.SIGN_IN_FAILED, number)


def sign_in_stopped(request: HttpRequest, phone: str) -> None:
    """Record a try that the limits refused before the password was checked.

    The first of an hour for each number has a row; the log has all.
    """
    number = normalise_phone(phone)
    log.warning("sign-in stopped", extra={"fields": {"phone": phones.mask(number)}})
    is_first = number and limits.consume(f"sign-in stopped {number}", 1, timezone.now() + STOPPED_ONCE_IN)
    if is_first and limits.allows(request, "sign_in_trail"):
        write_of_number(AuditVerb.SIGN_IN_STOPPED, number)


def normalise_phone(typed: str) -> str:
    """Empty where it is no number."""
    with contextlib.suppress(ValidationError):
        return phones.normalise(typed)
    return ""


def write_of_number(verb: AuditVerb, number: str) -> None:
    user = User.objects.filter(phone=number).first()
    if user:
        AuditEntry.write(None, verb, user, find_place(user), phone=phones.mask(number))
        return
    digest = salted_hmac("accounts.access_trail", number).hexdigest()[:12]
    AuditEntry.write_about(None, verb, f"phone {digest}", phone=phones.mask(number))


def record_password_change(sender, request: HttpRequest, user: User, **kwargs) -> None:
    write(AuditVerb.PASSWORD_CHANGED, user)


def record_authenticator_added(
    sender, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs
) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        write(AuditVerb.SECOND_FACTOR_SET_UP, user)


def record_authenticator_removed(
    sender, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs
) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        write(AuditVerb.SECOND_FACTOR_ENDED, user)


def record_authenticator_reset(sender, request: HttpRequest, user: User, **kwargs) -> None:
    write(AuditVerb.RECOVERY_CODES_RENEWED, user)


def record_wrong_code(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Record a wrong code; allauth stops guessing after five codes in five minutes."""
    AuditEntry.write(None, AuditVerb.SECOND_FACTOR_FAILED, user, find_place(user))
