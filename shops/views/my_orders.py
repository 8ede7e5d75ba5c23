"""订单: a shop's orders, what wants doing first."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from shops import order_desk
from shops.models import Order
from shops.orders.seller import notifications
from shops.shortcuts import find_seller_context, private_page
from ui.paging import Page, page
from ui.parameters import read_id

ROWS = 24
Status = Order.Status
# The order in which an order goes, for the pills above the list.
STATES = (
    Status.REQUESTED,
    Status.ACCEPTED,
    Status.PAID,
    Status.PACKED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.DECLINED,
    Status.CANCELLED,
    Status.EXPIRED,
    Status.REFUNDED,
)
LISTS = (*Status.values, order_desk.CLAIMED, order_desk.OWED)


@private_page
@require_safe
@signed_in
def my_orders(request: HttpRequest) -> HttpResponse:
    ground = find_seller_context(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    shop, now = ground.shop, timezone.now()
    state, typed = request.GET.get("state", ""), request.GET.get("q", "").strip()
    after = request.GET.get("after", "")
    is_front = not (state in LISTS or state == order_desk.WAITING or typed or after)
    first = waiting_page(shop, "", now) if is_front else None
    rest = listed(shop, state, typed, after, now)
    context = {
        "ground": ground,
        "shop": shop,
        "state": state,
        "typed": typed,
        "counts": order_desk.counts(shop, now),
        "states": pills(state),
        "first": with_words(first, now) if first else None,
        "page": with_words(rest, now),
        "is_front": is_front,
        "sends": settings.SMS_SENDER != "none",
    }
    return render(request, "shops/mine_orders.html", context)


def pills(state: str) -> list[tuple[str, str, bool]]:
    """Value, words and whether it is chosen; a list that a row of what waits has opened has its pill in front."""
    opened = {order_desk.CLAIMED: _("报坏果"), order_desk.OWED: _("等您发货")}
    found = [(value, words, True) for value, words in opened.items() if value == state]
    return [*found, *((value.value, value.for_seller, value == state) for value in STATES)]


def listed(shop, state: str, typed: str, after: str, now) -> Page:
    newest = ("-placed_at", "-id")
    if typed:
        return page(order_desk.found(shop, typed), newest, after, ROWS)
    if state == order_desk.WAITING:
        return waiting_page(shop, after, now)
    if state in LISTS:
        return page(order_desk.in_state(shop, state, now), newest, after, ROWS)
    return page(order_desk.others(shop, now), newest, after, ROWS)


def waiting_page(shop, after: str, now) -> Page:
    return page(order_desk.waiting(shop, now), ("turn", "placed_at", "id"), after, ROWS)


def with_words(found: Page, now) -> Page:
    for order in found.items:
        order.goods, order.left = order_desk.goods(order), order_desk.time_left(order, now)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def put_away(request: HttpRequest) -> HttpResponse:
    """The seller has read what stands at the top of the shop. A GET comes from a session lost on the way."""
    if request.method != "POST":
        return redirect("shops:mine")
    read = [read_id(pk) for pk in request.POST.getlist("read")]
    notifications.put_away(request.user, read[: notifications.MOST])
    messages.success(request, _("收好了。"))
    return redirect("shops:mine")
