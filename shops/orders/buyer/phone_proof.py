"""Remember which browsers have proven the buyer's phone of an order; they see its address and may act on it.

A browser proves it with the order's secret link and the phone's last four digits. The proof is a signed cookie whose path
is this order's pages. A second cookie, for the page 查我的订单, finds the order again if its link is lost.
"""

from __future__ import annotations

from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts import limits
from accounts.auth import phone_verification
from shops.models import Order

COOKIE = "order"  # proves the phone of one order
MINE, MINE_SALT = "mine-", "shops.order.mine"  # lists the order on 查我的订单
MOST_LISTED = 30
LASTS = 60 * 60 * 24 * 90  # seconds


def grant_proof(response: HttpResponse, order: Order) -> HttpResponse:
    """Set both cookies of the order on the response."""
    set_proof_cookie(response, COOKIE, str(order.pk), get_salt(order), order.get_absolute_url())
    set_proof_cookie(response, f"{MINE}{order.number}", order.token, MINE_SALT, reverse("shops:order_lost"))
    return response


def set_proof_cookie(response: HttpResponse, name: str, value: str, salt: str, path: str) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=salt,
        max_age=LASTS,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def list_proven_orders(request: HttpRequest) -> QuerySet[Order]:
    """Return the orders that this browser placed or has proven, the newest first."""
    names = (name for name in request.COOKIES if name.startswith(MINE))
    tokens = [
        request.get_signed_cookie(name, default="", salt=MINE_SALT, max_age=LASTS)
        for name in islice(names, MOST_LISTED)
    ]
    rows = Order.objects.filter(token__in=[token for token in tokens if token])
    return rows.select_related("shop").prefetch_related("lines").order_by("-placed_at", "-id")


def forget(response: HttpResponse, orders: QuerySet[Order]) -> HttpResponse:
    """Delete both cookies of these orders, for a phone that other people use too."""
    for order in orders:
        response.delete_cookie(COOKIE, path=order.get_absolute_url())
        response.delete_cookie(f"{MINE}{order.number}", path=reverse("shops:order_lost"))
    return response


def is_proven(request: HttpRequest, order: Order) -> bool:
    """Return whether this browser has proven the order's phone, by its cookie or by a code sent to the phone."""
    if settings.PROVES_PHONES and phone_verification.get_verified_phone(request.session) == str(order.phone):
        return True
    value = request.get_signed_cookie(COOKIE, default="", salt=get_salt(order), max_age=LASTS)
    return value == str(order.pk)


def get_salt(order: Order) -> str:
    return f"shops.order.{order.token}"


def try_tail(request: HttpRequest, order: Order, typed: str) -> bool | None:
    """Return whether `typed` is the phone's last four digits; None after too many tries."""
    if not limits.allows(request, "order_tail", order.token):
        return None
    return constant_time_compare(typed, str(order.phone)[-4:])
