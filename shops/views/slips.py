"""Packing slips for a printer: one a page, or several on a sheet of A4."""

from __future__ import annotations

import io

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from shops.models import Order, Shop
from shops.shortcuts import find_seller_context, private_page

Status = Order.Status
# Money is there and the box is not gone: nothing else is packed.
PACKING = (Status.PAID, Status.PACKED)
MOST = 60


@private_page
@require_safe
@signed_in
def slips(request: HttpRequest) -> HttpResponse:
    """Which orders, and how; the sheet itself with ?order=…&order=…"""
    ground = find_seller_context(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    asked = request.GET.getlist("order")
    rows = to_pack(ground.shop)
    context = {"ground": ground, "shop": ground.shop, "most": MOST}
    if not asked:
        return render(request, "shops/mine_slips.html", context | {"orders": rows[:MOST]})
    numbers = [number for number in asked[:MOST] if number.isascii() and number.isdigit()]
    orders = list(rows.filter(number__in=numbers))
    for order in orders:
        order.qr = qr(order.number)
    context |= {
        "orders": orders,
        "with_prices": request.GET.get("prices") == "1",
        "one_a_page": request.GET.get("each") == "1",
    }
    return render(request, "shops/slips_print.html", context)


def to_pack(shop: Shop):
    rows = Order.objects.filter(shop=shop, status__in=PACKING).select_related("point")
    return rows.prefetch_related("lines").order_by("placed_at", "id")


def qr(number: str) -> SafeString:
    """An inline SVG of one path; without a style of its own, as the CSP wants it."""
    drawn = io.BytesIO()
    code = segno.make(number, error="m", micro=False)
    code.save(drawn, kind="svg", border=2, omitsize=True, svgclass=None, lineclass=None, xmldecl=False)
    return mark_safe(drawn.getvalue().decode())
