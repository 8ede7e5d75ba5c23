"""Verify a phone number by a code before an account is created for it.

Everything is stored in the visitor's session, and for a minute it is known for which form a code was sent. No account
exists before the number is verified, so nobody can register somebody else's number, and only its owner learns whether it
has an account.
"""

from __future__ import annotations

import datetime
import secrets
import time

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import limits
from accounts.notifications import sms

CODE_LASTS = 10 * 60
VERIFICATION_LASTS = 30 * 60
TRIES = 5
# For so long a form that asks again for a code gets no second one.
RESEND_SECONDS = 60
# In so many further sessions may a code be typed that a form was sent.
SESSIONS_A_CODE = 2
ASKED, VERIFIED = "proving_phone", "proven_phone"


def hash_code(phone: str, code: str) -> str:
    return salted_hmac("accounts.auth.phone_verification", f"{phone}:{code}").hexdigest()


def send_code(request: HttpRequest, phone: str, *, for_account: bool = False) -> None:
    """Send a new code; `for_account` as of sms.count_code. Raises sms.SmsNotSent."""
    code = f"{secrets.randbelow(10**6):06d}"
    sms.send_code(phone, code, limits.get_ip(request), for_account=for_account)
    expect_code(request.session, phone, hash_code(phone, code), time.time())


def expect_code(session: SessionBase, phone: str, code_hash: str, at: float) -> None:
    session.pop(VERIFIED, None)
    session[ASKED] = {"phone": phone, "code": code_hash, "at": at, "tries": 0}


# --- once for a form ---


def send_code_for_form(request: HttpRequest, phone: str, form_key: str) -> None:
    """Send a new code, unless the same form has asked for one in the last RESEND_SECONDS. Raises sms.SmsNotSent."""
    code, name = f"{secrets.randbelow(10**6):06d}", name_form(form_key, phone)
    code_hash, at = hash_code(phone, code), time.time()
    # Before it is sent, so that of two requests at the same moment one sends it.
    if not cache.add(name, {"code": code_hash, "at": at}, RESEND_SECONDS):
        expect_sent_code(request, phone, form_key)
        return
    try:
        sms.send_code(phone, code, limits.get_ip(request))
    except sms.SmsNotSent:
        cache.delete(name)
        raise
    expect_code(request.session, phone, code_hash, at)


def expect_sent_code(request: HttpRequest, phone: str, form_key: str) -> bool:
    """Return whether this form has asked for a code in the last RESEND_SECONDS; the visitor may then type that one.

    A form comes twice where its answer was lost, then without the session that the answer began; or where somebody presses
    twice. Each new session has TRIES of its own, so that few may begin.
    """
    name = name_form(form_key, phone)
    sent = cache.get(name)
    if sent is None:
        return False
    until = timezone.now() + datetime.timedelta(seconds=RESEND_SECONDS)
    asked = request.session.get(ASKED)
    is_known = asked is not None and asked["code"] == sent["code"]
    if not is_known and limits.consume(name, SESSIONS_A_CODE, until):
        expect_code(request.session, phone, sent["code"], sent["at"])
    return True


def name_form(form_key: str, phone: str) -> str:
    """Return the key of a form and a number in the shared cache, which tells neither."""
    return salted_hmac("accounts.auth.phone_verification.form", f"{form_key}:{phone}").hexdigest()


# --- the code that is typed ---


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
