"""A shop's orders as its seller works through them: what somebody waits for comes first."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.worklist.items import time_left as left_until
from shops.models import Claim, Order, Shop
from ui.fields import to_ascii
from ui.text import tidy

Status = Order.Status
# Whose clock runs: a request ends by itself, damage waits for an answer, money came in for what is not sent yet.
REQUEST, DAMAGE, TO_PACK, TO_SHIP = range(4)
WAITING = "waiting"
# Of what waits, the orders with open damage, and what is paid and not sent.
CLAIMED, OWED = "claimed", "owed"
LONGEST_SEARCH = 40


@dataclass(frozen=True)
class Counts:
    requests: int
    damage: int
    to_pack: int
    to_ship: int

    @property
    def all(self) -> int:
        return self.requests + self.damage + self.to_pack + self.to_ship


def open_claims(shop: Shop) -> QuerySet:
    return Claim.objects.filter(status=Claim.Status.OPEN, order__shop=shop)


def live(now: datetime.datetime) -> Q:
    return Q(status=Status.REQUESTED, expires_at__gt=now)


def owed() -> Q:
    return Q(status__in=(Status.PAID, Status.PACKED))


def waits(shop: Shop, now: datetime.datetime) -> Q:
    return live(now) | owed() | Q(pk__in=open_claims(shop).values("order"))


def list_waiting(shop: Shop, now: datetime.datetime) -> QuerySet:
    """By turn, and within one by who has waited longest."""
    turn = Case(
        When(live(now), then=Value(REQUEST)),
        When(claimed=True, then=Value(DAMAGE)),
        When(status=Status.PAID, then=Value(TO_PACK)),
        default=Value(TO_SHIP),
        output_field=IntegerField(),
    )
    return list_orders(shop).filter(waits(shop, now)).annotate(turn=turn)


def list_others(shop: Shop, now: datetime.datetime) -> QuerySet:
    return list_orders(shop).exclude(waits(shop, now))


def list_orders(shop: Shop) -> QuerySet:
    claimed = Exists(Claim.objects.filter(order=OuterRef("pk"), status=Claim.Status.OPEN))
    return Order.objects.filter(shop=shop).annotate(claimed=claimed).prefetch_related("lines")


def in_state(shop: Shop, state: str, now: datetime.datetime) -> QuerySet:
    """By the status as it is true now: a request whose time is over is expired."""
    rows = list_orders(shop)
    if state == CLAIMED:
        return rows.filter(pk__in=open_claims(shop).values("order"))
    if state == OWED:
        return rows.filter(owed())
    if state == Status.REQUESTED:
        return rows.filter(live(now))
    if state == Status.EXPIRED:
        return rows.filter(Q(status=state) | Q(status=Status.REQUESTED, expires_at__lte=now))
    return rows.filter(status=state)


def found(shop: Shop, typed: str) -> QuerySet:
    """By the order's number or its beginning, a phone or its tail, or a part of the buyer's name."""
    text = tidy(typed)[:LONGEST_SEARCH].strip()
    digits = re.sub(r"[\s-]", "", to_ascii(text)).removeprefix("+86")
    if digits.isascii() and digits.isdigit() and len(digits) >= 4:
        begins, ends = Q(number__startswith=digits), Q(number__endswith=digits)
        return list_orders(shop).filter(begins | ends | Q(phone__endswith=digits))
    return list_orders(shop).filter(buyer__icontains=text) if text else Order.objects.none()


def counts(shop: Shop, now: datetime.datetime | None = None) -> Counts:
    """Two queries; they walk only what is open, however much the shop has sold."""
    rows = Order.objects.filter(shop=shop, status__in=(Status.REQUESTED, Status.PAID, Status.PACKED))
    now = now or timezone.now()
    told = rows.aggregate(
        requests=Count("pk", live(now)),
        to_pack=Count("pk", Q(status=Status.PAID)),
        to_ship=Count("pk", Q(status=Status.PACKED)),
    )
    return Counts(damage=open_claims(shop).count(), **told)


def time_left(order: Order, now: datetime.datetime) -> str:
    """How long the request still waits; empty when it does not wait any more."""
    if order.state != Status.REQUESTED:
        return ""
    return left_until(order.expires_at, now)


def goods(order: Order) -> str:
    """冰糖橙 × 2、沙田柚 × 1; from the prefetched lines."""
    return _("、").join(str(line) for line in order.lines.all())
