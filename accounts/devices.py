"""Remember who has signed in on a device, in a signed cookie that names nobody to its reader."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac

from accounts.models import User

COOKIE = "known_phone"
SALT = "accounts.sign_in_tries"  # of cookies that phones store for a year: it must not change
LASTS_SECONDS = 365 * 24 * 60 * 60
# A family shares a phone, a village office a computer: so many people are known to a device.
MOST_PEOPLE = 8


def find_device(request: HttpRequest, phone: str) -> str:
    """Return the name of the requesting device if the owner of this number has signed in on it; else empty."""
    known = read(request)
    return known["device"] if hash_phone(phone) in known["people"] else ""


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember, after a sign-in, that this device belongs to this person; the number that signed in last comes first."""
    known = read(request)
    number = hash_phone(str(user.phone))
    write(
        response,
        {
            "device": known["device"] or secrets.token_hex(8),
            "people": [number, *(one for one in known["people"] if one != number)][:MOST_PEOPLE],
            "session_of": hash_person(user),
        },
    )


def mark_signed_out(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember that the session on this device did not end by itself: what is typed from now on may be anybody's."""
    if (known := read(request))["device"]:
        write(response, {**known, "session_of": ""})


def write(response: HttpResponseBase, known: dict) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def find_session_owner(request: HttpRequest) -> str:
    """Return the name of the person whose session on this device has not been ended by signing out; else empty."""
    known = read(request)
    # A cookie of before names numbers only.
    return known.get("session_of", next(iter(known["people"]), ""))


def is_owner(user: User, name: str) -> bool:
    return name in (hash_person(user), hash_phone(str(user.phone)))


def hash_person(user: User) -> str:
    """Return a name that stays the person's when their number changes."""
    return hash_identity(f"person {user.pk}")


def read(request: HttpRequest) -> dict:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return {"device": "", "people": []}


def hash_phone(phone: str) -> str:
    """Return a name for the number that reveals nothing to a reader of the cookie on a borrowed phone."""
    return hash_identity(phone)


def hash_identity(identity: str) -> str:
    return salted_hmac(SALT, identity, algorithm="sha256").hexdigest()[:20]
