"""Verify a phone number by a code before an account is created for it.

Everything is stored in the visitor's session; no account exists before the number is verified, so nobody can register
somebody else's number, and only its owner learns whether it has an account.
"""

from __future__ import annotations

import secrets
import time

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import limits
from accounts.notifications import sms

CODE_LASTS = 10 * 60
VERIFICATION_LASTS = 30 * 60
TRIES = 5
ASKED, VERIFIED = "proving_phone", "proven_phone"


def hash_code(phone: str, code: str) -> str:
    return salted_hmac("accounts.auth.phone_verification", f"{phone}:{code}").hexdigest()


def send_code(request: HttpRequest, phone: str, *, for_account: bool = False) -> None:
    """Send a new code; `for_account` as of sms.count_code. Raises sms.SmsNotSent."""
    code = f"{secrets.randbelow(10**6):06d}"
    sms.send_code(phone, code, limits.get_ip(request), for_account=for_account)
    session = request.session
    session.pop(VERIFIED, None)
    session[ASKED] = {"phone": phone, "code": hash_code(phone, code), "at": time.time(), "tries": 0}


def get_asked_phone(session: SessionBase) -> str:
    """Return the number a code was sent to, while the code can still be typed in; else an empty text."""
    asked = session.get(ASKED)
    if asked and time.time() - asked["at"] < CODE_LASTS and asked["tries"] < TRIES:
        return asked["phone"]
    return ""


def check_code(session: SessionBase, code: str) -> bool:
    """Return whether the code is right, and count each wrong one."""
    phone = get_asked_phone(session)
    if not phone:
        return False
    asked = session[ASKED]
    if not constant_time_compare(asked["code"], hash_code(phone, code)):
        session[ASKED] = {**asked, "tries": asked["tries"] + 1}
        return False
    del session[ASKED]
    session[VERIFIED] = {"phone": phone, "at": time.time()}
    return True


def get_verified_phone(session: SessionBase) -> str:
    verified = session.get(VERIFIED)
    return verified["phone"] if verified and time.time() - verified["at"] < VERIFICATION_LASTS else ""


def forget_verification(session: SessionBase) -> None:
    session.pop(ASKED, None)
    session.pop(VERIFIED, None)
