"""How often anybody may try: counted in a table of its own, from which only time takes rows away.

Rates stand in settings.ACCOUNT_RATE_LIMITS, for our own pages and for allauth's ("5/5m/key": five tries in five minutes for
each key). A row is one window of one key, named by a keyed hash, so that the table holds no phone number and no address and
nobody can choose where a key lies. A window begins with its first try. A try is one conditional UPDATE, by which of two
requests at once only one gets the last place; a key that is new costs an INSERT more. The work of a try does not grow
with the number of rows.

allauth itself counts in Django's cache, which throws rows away when it is full; `count_in_table` puts this table in its place.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.limit import DIGITS, Limit

APP = "allauth.account"
SWEPT_AT_ONCE = 2000
# The worker's other frequent rounds wait in the same thread: a sweep ends in time and goes on at the next round.
SWEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Usage:
    """Tries that were counted, so that they can be given back: allauth's SingleRateLimitUsage."""

    digests: tuple[str, ...]

    def rollback(self) -> None:
        """What turned out right (a password) does not use up the tries of who guesses."""
        live = Limit.objects.filter(digest__in=self.digests, ends_at__gt=timezone.now())
        live.update(count=Greatest(F("count") - 1, 0))


# --- by the names of the settings ---


def allows(request: HttpRequest, action: str, key: str = "", *, is_dry: bool = False) -> bool:
    """Whether this try is within all rates of the action; counts it unless `is_dry`. Also for a GET."""
    return try_action(request, action, key, is_dry=is_dry) is not None


def try_action(request: HttpRequest, action: str, key: str = "", *, is_dry: bool = False) -> Usage | None:
    """What was counted, to be given back by `rollback`; None where one of the rates is used up.

    The rates are asked in their order: what the first refuses makes no rows for the others. Raises ImproperlyConfigured for
    an action without rates, which allauth would allow for ever.
    """
    if action not in settings.ACCOUNT_RATE_LIMITS:
        raise ImproperlyConfigured(
            f"Nothing limits “{action}” yet: name its rates in ACCOUNT_RATE_LIMITS (config/http/rate_limits.py)."
        )
    usage = ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True, dry_run=is_dry)
    if usage is None:
        return None
    return Usage(tuple(digest for one in usage.usage for digest in one.digests))


def address(request: HttpRequest) -> str:
    """The visitor's, behind as many proxies as the settings trust; of IPv6 the household's part."""
    return ratelimit.get_ip(request)


# --- by hand ---


def consume(name: str, most: int, until: datetime.datetime, count: int = 1) -> bool:
    """Whether `count` more fit under `most` in this name's window, and then they are counted.

    A window that is new, or whose time is over, ends at `until`.
    """
    if count > most:
        return False
    digest, now = limit_digest(name), timezone.now()
    is_over = Q(ends_at__lte=now)
    rows = Limit.objects.filter(is_over | Q(count__lte=most - count), digest=digest)
    change = {
        "count": Case(When(is_over, then=Value(count)), default=F("count") + count),
        "ends_at": Case(When(is_over, then=Value(until)), default=F("ends_at")),
    }
    with transaction.atomic(savepoint=False):
        if rows.update(**change):
            return True
        # Not there, or used up: the row is made where it is missing, then asked again.
        Limit.objects.bulk_create([Limit(digest=digest, count=0, ends_at=until)], ignore_conflicts=True)
        return bool(rows.update(**change))


def consume_events(user_pk: int, count: int) -> bool:
    """Whether so many events from this person's phones fit into their day (settings.OUTBOX_COUNTS)."""
    return consume(f"events {user_pk}", settings.EVENTS_A_DAY, midnight(), count)


def used(name: str) -> int:
    """How many were counted in the window of now. One query."""
    live = Limit.objects.filter(digest=limit_digest(name), ends_at__gt=timezone.now())
    return live.values_list("count", flat=True).first() or 0


def give_back(name: str) -> None:
    Usage((limit_digest(name),)).rollback()


def midnight() -> datetime.datetime:
    """The end of today where the site stands."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + datetime.timedelta(days=1)


def limit_digest(name: str) -> str:
    return salted_hmac("accounts.limits", name, algorithm="sha256").hexdigest()[:DIGITS]


def sweep(seconds: float = SWEEP_SECONDS) -> int:
    """Deletes windows whose time is over, in small transactions, and says how many."""
    ends, swept = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        over = Limit.objects.filter(ends_at__lte=timezone.now()).order_by("ends_at").values("pk")
        # Asked again with its end: a window may have begun anew in between.
        gone, _kinds = Limit.objects.filter(
            pk__in=list(over[:SWEPT_AT_ONCE].values_list("pk", flat=True)), ends_at__lte=timezone.now()
        ).delete()
        swept += gone
        if gone < SWEPT_AT_ONCE:
            break
    return swept


# --- allauth's ---


def count_in_table() -> None:
    """allauth offers no setting for where it counts, and its one cache is Django's default: the two functions that
    touch it are replaced. A test holds that every try of its pages comes here."""
    ratelimit._consume_single_rate = consume_single_rate
    ratelimit.clear = clear


def consume_single_rate(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    rate: ratelimit.Rate,
    key: str | None = None,
    user=None,
    dry_run: bool = False,
    raise_exception: bool = False,
) -> Usage | None:
    name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
    if dry_run:
        is_within = used(name) < rate.amount
    else:
        is_within = consume(name, rate.amount, timezone.now() + datetime.timedelta(seconds=rate.duration))
    if is_within:
        return Usage(() if dry_run else (limit_digest(name),))
    if raise_exception:
        raise RateLimited
    return None


def clear(
    request: HttpRequest, *, app: str, action: str, config: dict[str, str] | None = None, key=None, user=None
) -> None:
    rates = ratelimit.get_rates(app=app, action=action, config=config)
    names = [
        ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
        for rate in rates
    ]
    Limit.objects.filter(digest__in=[limit_digest(name) for name in names]).delete()
