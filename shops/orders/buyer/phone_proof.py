"""Whoever has an order's link and has once given the phone's last four digits sees the address and may act.

The proof is a signed cookie that is sent to this order's pages only. A second one, sent to 查我的订单 only, lets this phone find
the order again when its link is lost.
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

COOKIE = "order"
LASTS = 60 * 60 * 24 * 90
KEPT, KEPT_SALT = "mine-", "shops.order.mine"
MOST_KEPT = 30


def grant(response: HttpResponse, order: Order) -> HttpResponse:
    keep(response, COOKIE, str(order.pk), salt(order), order.get_absolute_url())
    keep(response, f"{KEPT}{order.number}", order.token, KEPT_SALT, reverse("shops:order_lost"))
    return response


def keep(response: HttpResponse, name: str, value: str, salt: str, path: str) -> None:
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


def kept(request: HttpRequest) -> QuerySet[Order]:
    """The orders that were placed or opened on this phone, the newest first; nothing that it did not prove."""
    names = (name for name in request.COOKIES if name.startswith(KEPT))
    tokens = [
        request.get_signed_cookie(name, default="", salt=KEPT_SALT, max_age=LASTS)
        for name in islice(names, MOST_KEPT)
    ]
    rows = Order.objects.filter(token__in=[token for token in tokens if token])
    return rows.select_related("shop").prefetch_related("lines").order_by("-placed_at", "-id")


def forget(response: HttpResponse, orders: QuerySet[Order]) -> HttpResponse:
    """On a phone that others use too: neither found any more nor open without the tail."""
    for order in orders:
        response.delete_cookie(COOKIE, path=order.get_absolute_url())
        response.delete_cookie(f"{KEPT}{order.number}", path=reverse("shops:order_lost"))
    return response


def is_proven(request: HttpRequest, order: Order) -> bool:
    """By the cookie, or by a code that was sent to the phone just now."""
    if settings.PROVES_PHONES and phone_verification.proven_phone(request.session) == str(order.phone):
        return True
    said = request.get_signed_cookie(COOKIE, default="", salt=salt(order), max_age=LASTS)
    return said == str(order.pk)


def salt(order: Order) -> str:
    return f"shops.order.{order.token}"


def try_tail(request: HttpRequest, order: Order, typed: str) -> bool | None:
    """Whether these are the last four digits; None when there were too many tries."""
    if not limits.allows(request, "order_tail", order.token):
        return None
    return constant_time_compare(typed, str(order.phone)[-4:])
