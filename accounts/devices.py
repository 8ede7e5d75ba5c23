"""Remember who has signed in on a device, in a signed cookie that names nobody to its reader."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known_phone"
SALT = "accounts.sign_in_tries"  # of cookies that phones store for a year: it must not change
LASTS_SECONDS = 365 * 24 * 60 * 60
# A family shares a phone, a village office a computer: so many people are known to a device.
MOST_PEOPLE = 8


def find_device(request: HttpRequest, phone: str) -> str:
    """Return the name of the requesting device if the owner of this number has signed in on it; else empty."""
    known = read(request)
    return known["device"] if hash_phone(phone) in known["people"] else ""


def remember_device(request: HttpRequest, response: HttpResponse, phone: str) -> None:
    """Remember, after a sign-in, that this device belongs to the owner of the number; the newest person comes first."""
    known = read(request)
    people = [hash_phone(phone), *(one for one in known["people"] if one != hash_phone(phone))][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps({"device": known["device"] or secrets.token_hex(8), "people": people}, salt=SALT),
        max_age=LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def find_newest_name(request: HttpRequest) -> str:
    """Return the name of whoever signed in last on the requesting device; empty if nobody is known."""
    return next(iter(read(request)["people"]), "")


def read(request: HttpRequest) -> dict:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return {"device": "", "people": []}


def hash_phone(phone: str) -> str:
    """Return a name for the number that reveals nothing to a reader of the cookie on a borrowed phone."""
    return salted_hmac(SALT, phone, algorithm="sha256").hexdigest()[:20]
