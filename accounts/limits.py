"""Limit how often something may be tried, in a table of its own whose rows are deleted only by time.

A row is one window of one key, named by a keyed hash, so that the table contains no phone number or IP and nobody can
choose a row. A window begins with its first try. A try is one conditional UPDATE, so that only one of two simultaneous
requests gets the last place; a new key needs one INSERT more. The work does not grow with the number of rows.

The rates of an action are in settings.RATE_LIMITS: "300/m/ip,5/5m/key" allows 300 tries a minute of each IP and five
tries in five minutes of each key. allauth would count in Django's cache, which drops rows when it is full; its own limits
are off (ACCOUNT_RATE_LIMITS), and accounts.auth counts for its pages here.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.limit import DIGITS, Limit

SWEPT_AT_ONCE = 2000
# The worker's other frequent jobs wait in the same thread: a sweep stops in time and continues at the next round.
SWEEP_SECONDS = 5.0
RATE = re.compile(r"(\d+)/(\d*)([smhd])/(ip|user|key)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# The part of an IPv6 address that a provider gives to one household (RFC 6177).
IPV6_PREFIX = 64


@dataclass(frozen=True)
class Usage:
    """Tries that were counted, so that they can be given back."""

    digests: tuple[str, ...]

    def rollback(self) -> None:
        """Give the tries back: what turned out right (a password) does not use up the tries of who guesses."""
        live = Limit.objects.filter(digest__in=self.digests, ends_at__gt=timezone.now())
        live.update(count=Greatest(F("count") - 1, 0))


@dataclass(frozen=True)
class Rate:
    """A number of tries in a time; `per` says of what: "ip", "user" or "key"."""

    most: int
    duration: datetime.timedelta
    per: str


# --- by the names in the settings ---


def allows(request: HttpRequest, action: str, key: str = "", *, is_dry: bool = False) -> bool:
    """Return whether this try is within all rates of the action; count it unless `is_dry`. Also for a GET."""
    return try_action(request, action, key, is_dry=is_dry) is not None


def try_action(request: HttpRequest, action: str, key: str = "", *, is_dry: bool = False) -> Usage | None:
    """Count a try and return it, to be given back by `rollback`; None if one of the rates is used up.

    The rates are checked in their order: what the first refuses creates no rows for the others. Raises ImproperlyConfigured
    for an action without rates.
    """
    digests: tuple[str, ...] = ()
    for rate in get_rates(action):
        name = name_window(request, action, rate, key)
        if is_dry:
            if count_used(name) >= rate.most:
                return None
        elif consume(name, rate.most, timezone.now() + rate.duration):
            digests += (hash_name(name),)
        else:
            return None
    return Usage(digests)


def clear(request: HttpRequest, action: str, key: str) -> None:
    """Delete the tries of this key after one that was right; those of the IP stay counted."""
    names = [name_window(request, action, rate, key) for rate in get_rates(action) if rate.per == "key"]
    Limit.objects.filter(digest__in=[hash_name(name) for name in names]).delete()


def is_per_user(action: str) -> bool:
    return any(rate.per == "user" for rate in get_rates(action))


def get_rates(action: str) -> tuple[Rate, ...]:
    if action not in settings.RATE_LIMITS:
        raise ImproperlyConfigured(
            f"Nothing limits “{action}” yet: name its rates in RATE_LIMITS (config/http/rate_limits.py)."
        )
    return read_rates(settings.RATE_LIMITS[action])


@cache
def read_rates(text: str) -> tuple[Rate, ...]:
    """Read "300/m/ip,5/5m/key". Raises ImproperlyConfigured."""
    found = []
    for part in text.split(","):
        match = RATE.fullmatch(part.strip())
        if not match:
            raise ImproperlyConfigured(
                f"“{part}” is no rate: write tries/time/ip, user or key, as 5/10m/key."
            )
        duration = datetime.timedelta(**{UNITS[match[3]]: int(match[2] or 1)})
        found.append(Rate(int(match[1]), duration, match[4]))
    return tuple(found)


def name_window(request: HttpRequest, action: str, rate: Rate, key: str) -> str:
    of = {"ip": lambda: get_ip(request), "user": lambda: str(request.user.pk), "key": lambda: key}[rate.per]()
    return f"{action} {rate.most}/{rate.duration.total_seconds():.0f}/{rate.per} {of}"


def get_ip(request: HttpRequest) -> str:
    """Return the visitor's, behind as many proxies as the settings trust; of IPv6 the household's part."""
    text = get_adapter().get_client_ip(request)
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text
    if found.version == 4:
        return text
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False).network_address)


# --- by a name that the caller chooses ---


def consume(name: str, most: int, until: datetime.datetime, count: int = 1) -> bool:
    """Count `count` more in this name's window if they fit under `most`; return whether they did.

    A new window, or one whose time is over, ends at `until`.
    """
    if count > most:
        return False
    digest, now = hash_name(name), timezone.now()
    is_over = Q(ends_at__lte=now)
    rows = Limit.objects.filter(is_over | Q(count__lte=most - count), digest=digest)
    change = {
        "count": Case(When(is_over, then=Value(count)), default=F("count") + count),
        "ends_at": Case(When(is_over, then=Value(until)), default=F("ends_at")),
    }
    with transaction.atomic(savepoint=False):
        if rows.update(**change):
            return True
        # The row is missing or used up: create it if it is missing, then try again.
        Limit.objects.bulk_create([Limit(digest=digest, count=0, ends_at=until)], ignore_conflicts=True)
        return bool(rows.update(**change))


def consume_events(user_pk: int, count: int) -> bool:
    """Return whether so many events from this person's phones fit into their day (settings.OUTBOX_COUNTS)."""
    return consume(f"events {user_pk}", settings.EVENTS_A_DAY, get_midnight(), count)


def count_used(name: str) -> int:
    """Return how many were counted in the present window. One query."""
    live = Limit.objects.filter(digest=hash_name(name), ends_at__gt=timezone.now())
    return live.values_list("count", flat=True).first() or 0


def count_used_by_name(names: Iterable[str]) -> dict[str, int]:
    """Return how many were counted of each name in its present window. One query."""
    digests = {name: hash_name(name) for name in names}
    live = Limit.objects.filter(digest__in=digests.values(), ends_at__gt=timezone.now())
    counted = dict(live.values_list("digest", "count"))
    return {name: counted.get(digest, 0) for name, digest in digests.items()}


def give_back(name: str) -> None:
    Usage((hash_name(name),)).rollback()


def get_midnight() -> datetime.datetime:
    """Return the end of today in the site's time zone."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + datetime.timedelta(days=1)


def hash_name(name: str) -> str:
    return salted_hmac("accounts.limits", name, algorithm="sha256").hexdigest()[:DIGITS]


def sweep(seconds: float = SWEEP_SECONDS) -> int:
    """Delete windows whose time is over, in small transactions, and return how many."""
    ends, swept = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        over = Limit.objects.filter(ends_at__lte=timezone.now()).order_by("ends_at").values("pk")
        # The end is checked again: a new window may have begun in between.
        gone, _kinds = Limit.objects.filter(
            pk__in=list(over[:SWEPT_AT_ONCE].values_list("pk", flat=True)), ends_at__lte=timezone.now()
        ).delete()
        swept += gone
        if gone < SWEPT_AT_ONCE:
            break
    return swept
