"""Limit wrong passwords, so that guessing is stopped and the account's owner can still sign in.

Tries for a number are counted by the address they come from, and over all addresses together. A phone on which this person
has signed in before carries a signed cookie; its tries are counted separately, so that a stranger's tries, from any address,
do not lock the owner out. A number without an account is counted in the same way.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts import limits

COOKIE = "known_phone"
SALT = "accounts.sign_in_tries"  # of cookies that phones store for a year: it must not change
LASTS_SECONDS = 365 * 24 * 60 * 60
# A family shares a phone, a village office a computer: so many people are known to a device.
MOST_PEOPLE = 8


class TooManyTries(Exception):
    """Raised when a limit is reached; `is_elsewhere` if it is that of all addresses together, not of this one."""

    def __init__(self, is_elsewhere: bool) -> None:
        super().__init__(is_elsewhere)
        self.is_elsewhere = is_elsewhere


def count_try(request: HttpRequest, phone: str) -> limits.Usage:
    """Count a try, to be given back by `rollback` once the password is right. Raises TooManyTries."""
    if device := device_knowing(request, phone):
        asked = [("sign_in", ""), ("sign_in_known", f"{phone} {device}")]
    else:
        here = f"{phone} {limits.address(request)}"
        asked = [("sign_in", ""), ("sign_in_here", here), ("sign_in_number", phone)]
    digests: tuple[str, ...] = ()
    for action, key in asked:
        usage = limits.try_action(request, action, key)
        if usage is None:
            raise TooManyTries(is_elsewhere=action == "sign_in_number")
        digests += usage.digests
    return limits.Usage(digests)


def device_knowing(request: HttpRequest, phone: str) -> str:
    """Return the name of the requesting device if the owner of this number has signed in on it; else empty."""
    known = read(request)
    return known["device"] if name_of(phone) in known["people"] else ""


def remember_device(request: HttpRequest, response: HttpResponse, phone: str) -> None:
    """Remember, after a sign-in, that this device belongs to the owner of the number; the newest person comes first."""
    known = read(request)
    people = [name_of(phone), *(one for one in known["people"] if one != name_of(phone))][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps({"device": known["device"] or secrets.token_hex(8), "people": people}, salt=SALT),
        max_age=LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def read(request: HttpRequest) -> dict:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return {"device": "", "people": []}


def name_of(phone: str) -> str:
    """Return a name for the number that reveals nothing to a reader of the cookie on a borrowed phone."""
    return salted_hmac(SALT, phone, algorithm="sha256").hexdigest()[:20]
