"""List a shop's orders for its seller: those that wait for the seller come first."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.worklist.items import describe_time_left
from shops.models import Claim, Order, OrderLine, Shop
from shops.models.order import describe_line
from ui.database.orm import PRESENT, PreparedQuery
from ui.fields import to_ascii
from ui.pagination import Page, cut_page
from ui.text import tidy

Status = Order.Status
# The order of the queue: a request would expire, damage waits for an answer, and paid orders wait to be packed, then sent.
REQUEST, DAMAGE, TO_PACK, TO_SHIP = range(4)
WAITING = "waiting"
ROWS = 24
# Of the orders that nobody waits for the first page shows the newest: they are looked up seldom, and mostly by a search.
FIRST_OTHERS = 12
QUEUE, NEWEST = ("turn", "placed_at", "id"), ("-placed_at", "-id")
# Filters within what waits: orders with open damage claims, and orders paid but not sent.
CLAIMED, OWED = "claimed", "owed"
LONGEST_SEARCH = 40
# The fields that a row of the list shows; not the stored page and the phone, which take long to read.
SHOWN = ("number", "status", "buyer", "total_fen", "placed_at", "expires_at")


@dataclass(frozen=True)
class Counts:
    """Count the orders that wait for the seller, by what they wait for."""

    requests: int
    damage: int
    to_pack: int
    to_ship: int

    @property
    def all(self) -> int:
        return self.requests + self.damage + self.to_pack + self.to_ship


def open_claims(shop: Shop | int) -> QuerySet:
    return Claim.objects.filter(status=Claim.Status.OPEN, order__shop=shop)


def is_waiting_request(now: datetime.datetime) -> Q:
    return Q(status=Status.REQUESTED, expires_at__gt=now)


def is_owed() -> Q:
    return Q(status__in=(Status.PAID, Status.PACKED))


def is_waiting(shop: Shop | int, now: datetime.datetime) -> Q:
    return is_waiting_request(now) | is_owed() | Q(pk__in=open_claims(shop).values("order"))


def list_waiting(shop: Shop | int, now: datetime.datetime) -> QuerySet:
    """Return the orders that wait for the seller, annotated with `turn`, their place in the queue."""
    turn = Case(
        When(is_waiting_request(now), then=Value(REQUEST)),
        When(claimed=True, then=Value(DAMAGE)),
        When(status=Status.PAID, then=Value(TO_PACK)),
        default=Value(TO_SHIP),
        output_field=IntegerField(),
    )
    return list_orders(shop).filter(is_waiting(shop, now)).annotate(turn=turn)


def list_others(shop: Shop | int, now: datetime.datetime) -> QuerySet:
    """Return the orders that do not wait; it looks at no more of them than are read."""
    rows = Order.objects.filter(~is_claimed(), shop=shop).exclude(is_waiting_request(now) | is_owed())
    return rows.annotate(claimed=Value(False)).only(*SHOWN)


def list_orders(shop: Shop | int) -> QuerySet:
    return Order.objects.filter(shop=shop).annotate(claimed=is_claimed()).only(*SHOWN)


def is_claimed() -> Exists:
    return Exists(Claim.objects.filter(order=OuterRef("pk"), status=Claim.Status.OPEN))


FIRST_WAITING = PreparedQuery(lambda shop: list_waiting(shop, PRESENT).order_by(*QUEUE)[: ROWS + 1], 1)
NEWEST_OTHERS = PreparedQuery(
    lambda shop: list_others(shop, PRESENT).order_by(*NEWEST)[: FIRST_OTHERS + 1], 1
)


def load_front_pages(shop: Shop, now: datetime.datetime) -> tuple[Page, Page]:
    """Return the first page of what waits and that of the other orders. Two queries.

    The other orders are read first: one that moves to what waits in this moment is found twice and shown there, not missed.
    """
    others, waiting = (query.instances(shop.pk, now=now) for query in (NEWEST_OTHERS, FIRST_WAITING))
    listed = {order.pk for order in waiting}
    page = cut_page(others, NEWEST, FIRST_OTHERS)
    shown = [order for order in page.items if order.pk not in listed]
    return cut_page(waiting, QUEUE, ROWS), Page(shown, page.after)


def filter_by_state(shop: Shop, state: str, now: datetime.datetime) -> QuerySet:
    """Return the orders in this state (or CLAIMED, OWED) at `now`; an overdue request counts as expired."""
    rows = list_orders(shop)
    if state == CLAIMED:
        return rows.filter(pk__in=open_claims(shop).values("order"))
    if state == OWED:
        return rows.filter(is_owed())
    if state == Status.REQUESTED:
        return rows.filter(is_waiting_request(now))
    if state == Status.EXPIRED:
        return rows.filter(Q(status=state) | Q(status=Status.REQUESTED, expires_at__lte=now))
    return rows.filter(status=state)


def search_orders(shop: Shop, typed: str) -> QuerySet:
    """Search by the beginning or end of the order's number, the end of a phone, or a part of the buyer's name."""
    text = tidy(typed)[:LONGEST_SEARCH].strip()
    digits = re.sub(r"[\s-]", "", to_ascii(text)).removeprefix("+86")
    if digits.isascii() and digits.isdigit() and len(digits) >= 4:
        begins, ends = Q(number__startswith=digits), Q(number__endswith=digits)
        return list_orders(shop).filter(begins | ends | Q(phone__endswith=digits))
    return list_orders(shop).filter(buyer__icontains=text) if text else Order.objects.none()


def count_waiting(shop: Shop, now: datetime.datetime | None = None) -> Counts:
    """Count the orders that wait for the seller; two queries, which read open orders only."""
    rows = Order.objects.filter(shop=shop, status__in=(Status.REQUESTED, Status.PAID, Status.PACKED))
    now = now or timezone.now()
    counts = rows.aggregate(
        requests=Count("pk", is_waiting_request(now)),
        to_pack=Count("pk", Q(status=Status.PAID)),
        to_ship=Count("pk", Q(status=Status.PACKED)),
    )
    return Counts(damage=open_claims(shop).count(), **counts)


def count_listed(waiting: list[Any]) -> Counts:
    """Count as `count_waiting` does, where all orders that wait are listed; an order has at most one open claim."""
    by_status = Counter(order.status for order in waiting)
    return Counts(
        requests=by_status[Status.REQUESTED],
        damage=sum(order.claimed for order in waiting),
        to_pack=by_status[Status.PAID],
        to_ship=by_status[Status.PACKED],
    )


def describe_wait(order: Order, now: datetime.datetime) -> str:
    """Return how long the request still waits, as text; empty for an order that is no waiting request."""
    if order.state != Status.REQUESTED:
        return ""
    return describe_time_left(order.expires_at, now)


GOODS = PreparedQuery(
    lambda *orders: (
        OrderLine.objects.filter(order__in=orders).order_by("id").values_list("order", "name", "quantity")
    ),
    2 * ROWS,
)


def describe_goods(orders: list[Order]) -> dict[int, str]:
    """Return the goods of at most 2 * ROWS orders as text by the order's id: 冰糖橙 × 2、沙田柚 × 1. One query."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    no_orders = [0] * (2 * ROWS - len(orders))
    for order, name, quantity in GOODS.rows(*(order.pk for order in orders), *no_orders):
        lines[order].append(describe_line(name, quantity))
    comma = _("、")
    return {order: comma.join(names) for order, names in lines.items()}
