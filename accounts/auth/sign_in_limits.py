"""Wrong passwords: who guesses is stopped, and whose account it is still gets in.

Tries for a number are counted by the address they come from, and over all addresses together. A phone on which this person
has signed in before carries a signed cookie; its tries are counted apart, so that what strangers do with the number, from
wherever, does not shut its owner out. A number without an account is counted the same way.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts import limits

COOKIE = "known_phone"
SALT = "accounts.sign_in_tries"  # of cookies that phones keep for a year: it stays
LASTS_SECONDS = 365 * 24 * 60 * 60
# A family shares a phone, a village office a computer.
MOST_PEOPLE = 8


class TooManyTries(Exception):
    """`is_elsewhere`: of all addresses together, where this one alone would still have had tries."""

    def __init__(self, is_elsewhere: bool) -> None:
        super().__init__(is_elsewhere)
        self.is_elsewhere = is_elsewhere


def count_try(request: HttpRequest, phone: str) -> limits.Usage:
    """To be rolled back once the password is right. Raises TooMany."""
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
    """The name of the device that the request comes from, where the owner of this number has signed in; else empty."""
    known = read(request)
    return known["device"] if name_of(phone) in known["people"] else ""


def remember_device(request: HttpRequest, response: HttpResponse, phone: str) -> None:
    """After a sign-in: this device is known to belong to who has this number. The newest person stands first."""
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
    """Says nothing to who reads the cookie of a borrowed phone."""
    return salted_hmac(SALT, phone, algorithm="sha256").hexdigest()[:20]
