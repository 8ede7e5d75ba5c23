"""Whoever has an order's link and has once given the phone's last four digits sees the address and may act.

The proof is a signed cookie that is sent to this order's pages only.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts import proving
from shops import guarding
from shops.models import Order

COOKIE = "order"
LASTS = 60 * 60 * 24 * 90


def grant(response: HttpResponse, order: Order) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        order.pk,
        salt=salt(order),
        max_age=LASTS,
        path=order.get_absolute_url(),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def is_proven(request: HttpRequest, order: Order) -> bool:
    """By the cookie, or by a code that was sent to the phone just now."""
    if settings.PROVES_PHONES and proving.proven_phone(request.session) == str(order.phone):
        return True
    said = request.get_signed_cookie(COOKIE, default="", salt=salt(order), max_age=LASTS)
    return said == str(order.pk)


def salt(order: Order) -> str:
    return f"shops.order.{order.token}"


def try_tail(request: HttpRequest, order: Order, typed: str) -> bool | None:
    """Whether these are the last four digits; None when there were too many tries."""
    if not guarding.may(request, "order_tail", order.token):
        return None
    return constant_time_compare(typed, str(order.phone)[-4:])
