"""Show notices on a person's own phones by Web Push (RFC 8030), encrypted for one browser (RFC 8291).

A browser subscribes at its maker's push service and gives the site the URL; the site sends there, signed with its key
(VAPID, RFC 8292). It is optional: without it a notice waits on the screen, and goes by SMS if there is a gateway.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import time
import urllib.error
import urllib.request
from functools import cache
from http.client import HTTPException
from urllib.parse import urlsplit

import http_ece
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from py_vapid import Vapid02, VapidException

from accounts import consents
from accounts.models import Consent, Notice, PushSubscription, User

log = logging.getLogger(__name__)

# The order n of the group P-256 (FIPS 186-5); a private key is between 1 and n - 1.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PHONES_A_PERSON = 5
LIFETIME_SECONDS = 48 * 60 * 60  # how long the push service stores a message for a phone that is off
TOKEN_SECONDS = 12 * 60 * 60  # RFC 8292 allows at most 24 hours
TIMEOUT_SECONDS = 5
LOOPBACK = {"127.0.0.1", "localhost"}
ENDPOINT = re.compile(r"[!-~]{1,500}")
# base64url of 65 and of 16 bytes, with or without its padding (RFC 4648 §5).
P256DH, AUTH = re.compile(r"[\w-]{87}=?", re.ASCII), re.compile(r"[\w-]{22}(==)?", re.ASCII)


class BadSubscription(Exception):
    """Raised when the browser's data is no URL of a known push service, or has no valid keys."""


class Gone(Exception):
    """Raised when the push service no longer knows this browser: its owner withdrew, or changed the phone."""


class PushNotSent(Exception):
    """Raised when the push service could not be reached, or did not take the message now."""


def subscribe(
    user: User, *, endpoint: str, p256dh: str, auth: str, user_agent: str, language: str
) -> PushSubscription:
    """Send this person's notices to this browser from now on; the same browser again is the same row.

    A browser has one subscription: a person who signs in on a shared phone and asks for notices takes it over. Of more than
    five phones the oldest is removed. Raises BadSubscription.
    """
    check_endpoint(endpoint)
    if not P256DH.fullmatch(p256dh) or not AUTH.fullmatch(auth):
        raise BadSubscription
    fields = {
        "user": user,
        "p256dh": p256dh,
        "auth": auth,
        "label": describe_phone(user_agent),
        "language": language,
        "made_at": timezone.now(),
    }
    with transaction.atomic():
        if earlier := PushSubscription.objects.filter(endpoint=endpoint).exclude(user=user).first():
            unsubscribe(earlier.user, pk=earlier.pk)
        consents.give(user, Consent.Kind.PUSH)
        row, _is_new = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=fields)
        kept = list(user.push_subscriptions.values_list("pk", flat=True)[:PHONES_A_PERSON])
        user.push_subscriptions.exclude(pk__in=kept).delete()
    return row


@transaction.atomic
def unsubscribe(user: User, **which) -> None:
    """End it for the phones that match (`pk` or `endpoint`); with the last one the consent ends too."""
    user.push_subscriptions.filter(**which).delete()
    if not user.push_subscriptions.exists():
        consents.withdraw(user, Consent.Kind.PUSH)


def check_endpoint(endpoint: str) -> None:
    """Raise BadSubscription unless the URL is at a known push service: a browser must not make this site call any other
    machine.
    """
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        known = any(host == name or host.endswith(f".{name}") for name in settings.PUSH_HOSTS)
        encrypted = parts.scheme == "https" and parts.port in (None, 443)
    except ValueError:
        raise BadSubscription from None
    local = parts.scheme == "http" and host in LOOPBACK  # a push service on this machine
    if not ENDPOINT.fullmatch(endpoint) or "@" in parts.netloc or not known or not (encrypted or local):
        raise BadSubscription


def decode(text: str) -> bytes:
    """Decode a key that was checked when it was stored."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def describe_phone(user_agent: str) -> str:
    """Return a short name such as “安卓·Chrome”, by which the owner can tell two phones apart."""
    systems = [("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", _("鸿蒙")), ("Android", _("安卓"))]
    systems += [("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")]
    browsers = [("Edg", "Edge"), ("HuaweiBrowser", _("华为浏览器")), ("Firefox", "Firefox")]
    browsers += [("Chrome", "Chrome"), ("Safari", "Safari")]

    def first(names: list[tuple[str, str]]) -> str:
        return next((name for mark, name in names if mark in user_agent), "")

    return "·".join(filter(None, [first(systems), first(browsers)])) or _("浏览器")


def is_used() -> bool:
    return PushSubscription.objects.exists()


def send_notice(notice: Notice, unreachable: set[str]) -> int:
    """Send it to all phones of its owner and return how many took it. Not inside a transaction: it waits for other machines.

    A push service that does not answer is added to `unreachable` by its host and not tried again: some never answer from
    connections in China.
    """
    rows = PushSubscription.objects.filter(user__phone=notice.phone, user__is_active=True)
    taken = 0
    for row in rows.order_by("id"):
        with translation.override(row.language):
            message, title = read_notice(notice), str(_("新农活"))
        if not message:
            continue
        sentence, url = message
        host = urlsplit(row.endpoint).netloc
        if host in unreachable:
            continue
        try:
            send(
                row,
                {"title": title, "body": sentence, "url": url, "tag": notice.key, "user": str(row.user_id)},
            )
        except Gone:
            unsubscribe(row.user, pk=row.pk)
        except PushNotSent:
            unreachable.add(host)
        else:
            PushSubscription.objects.filter(pk=row.pk).update(used_at=timezone.now())
            taken += 1
    return taken


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the notice's sentence and page, by the app that wrote it, in the active language."""
    for reader in settings.NOTICE_READERS:
        if message := import_string(reader)(notice):
            return message
    return None


def send(row: PushSubscription, message: dict[str, str]) -> None:
    """Send one message. Raises Gone and PushNotSent."""
    try:
        check_endpoint(row.endpoint)  # the list of known services may have become shorter since
        body = encrypt(json.dumps(message, ensure_ascii=False).encode(), row)
        signed = make_vapid_headers(row.endpoint)
    except (BadSubscription, ValueError, UnsupportedAlgorithm, http_ece.ECEException, VapidException):
        raise Gone from None
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFETIME_SECONDS),
        "Urgency": "high",
    }
    request = urllib.request.Request(row.endpoint, data=body, headers=headers | signed, method="POST")
    try:
        with get_opener().open(request, timeout=TIMEOUT_SECONDS):
            return
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            raise Gone from None
        log.warning("push service refused", extra={"fields": {"status": error.code}})
        raise PushNotSent from None
    except (OSError, ValueError, HTTPException) as error:
        log.warning("push service failed", extra={"fields": {"error": type(error).__name__}})
        raise PushNotSent from None


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuse redirects: a push service answers itself, and another URL would not have been checked."""

    def redirect_request(self, *_args) -> None:
        return None


@cache
def get_opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(NoRedirect)


def encrypt(body: bytes, row: PushSubscription) -> bytes:
    return http_ece.encrypt(
        body,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decode(row.p256dh),
        auth_secret=decode(row.auth),
        version="aes128gcm",
    )


def make_vapid_headers(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    expires = int(time.time()) + TOKEN_SECONDS
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": expires, "sub": settings.PUSH_CONTACT}
    return get_vapid().sign(claims)


@cache
def get_vapid() -> Vapid02:
    """Return the site's key, derived from SECRET_KEY: all nodes have it, and it needs no file."""
    derived = HKDF(hashes.SHA256(), 48, salt=None, info=b"web push").derive(settings.SECRET_KEY.encode())
    number = int.from_bytes(derived, "big") % (P256_ORDER - 1) + 1
    return Vapid02(private_key=ec.derive_private_key(number, ec.SECP256R1()))


@cache
def get_public_key() -> str:
    """Return the key with which browsers subscribe: the point of 65 bytes in base64url."""
    form = serialization.PublicFormat.UncompressedPoint
    point = get_vapid().public_key.public_bytes(serialization.Encoding.X962, form)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
