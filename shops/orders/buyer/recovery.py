"""Find orders whose link is lost, and show the frozen order page to sellers and to staff who answer complaints.

An order is found by a proven phone, or by the order's number and the phone's last four digits.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.auth import phone_verification
from accounts.decorators import login_required_keeping_post
from accounts.notifications import sms
from accounts.requests import SignedInRequest
from shops.models import Order
from shops.orders.buyer import phone_proof
from shops.orders.buyer.forms import CodeForm, LostForm, NumberForm
from shops.orders.buyer.views import render_frozen_page
from shops.shortcuts import name_or_404, private_page, staff_first
from ui.forms import FarmForm

BACK = datetime.timedelta(days=400)  # last season's order is looked up to order again
MOST_FOUND = 50


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_lost(request: HttpRequest) -> HttpResponse:
    """Find orders: those this browser has proven, those of a phone proven by a code, or one by its number and phone tail.

    The answer does not reveal whether a phone has orders or whether a number exists.
    """
    phone = phone_verification.get_verified_phone(request.session) if settings.PROVES_PHONES else ""
    forms: dict[str, FarmForm] = {"code": LostForm(), "prove": CodeForm(), "number": NumberForm()}
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do == "forget":
        phone_verification.forget_verification(request.session)
        return redirect("shops:order_lost")
    mine = phone_proof.list_proven_orders(request)
    if do == "forget_phone":
        return phone_proof.forget(redirect("shops:order_lost"), mine)
    if do in forms:
        forms[do] = type(forms[do])(request.POST)
        if forms[do].is_valid() and (answer := ANSWERS[do](request, forms[do])):
            return answer
    context = {
        "phone": phone,
        "mine": [] if phone else mine,
        "orders": list_orders_of_phone(phone) if phone else [],
        "asked": phone_verification.get_asked_phone(request.session) if settings.PROVES_PHONES else "",
        "sends": settings.PROVES_PHONES,
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "shops/orders/buyer/order_lost.html", context)


def send_code(request: HttpRequest, form: LostForm) -> HttpResponse | None:
    """Send a code to the phone, whether or not it has orders; None, with the reason on the form, if it was not sent."""
    phone = form.cleaned_data["phone"]
    if not settings.PROVES_PHONES:
        return None
    if not limits.allows(request, "order_lost", phone):
        form.add_error("phone", _("要得太勤了，过一个小时再试。"))
        return None
    try:
        phone_verification.send_code(request, phone)
    except sms.SmsUsedUp as problem:
        form.add_error("phone", problem.sentence)
        return None
    except sms.SmsNotSent:
        form.add_error("phone", _("短信没发出去，过一会儿再试，或者用下面的订单号找。"))
        return None
    return redirect("shops:order_lost")


def check_code(request: HttpRequest, form: CodeForm) -> HttpResponse | None:
    """Check the code that was sent to the phone; None, with the error on the form, if it is wrong."""
    if settings.PROVES_PHONES and phone_verification.check_code(request.session, form.cleaned_data["code"]):
        return redirect("shops:order_lost")
    form.add_error("code", _("验证码不对，再看一眼短信。"))
    return None


def open_by_number(request: HttpRequest, form: NumberForm) -> HttpResponse | None:
    """Open the order of this number and phone tail; None, with the error on the form, if there is none."""
    number = form.cleaned_data["number"]
    if not limits.allows(request, "order_find", number):
        form.add_error("number", _("试得太多了，过十分钟再试。"))
        return None
    found = find_by_number(number, form.cleaned_data["tail"])
    if found is None:
        form.add_error("number", _("没找到：订单号和手机号后四位，总有一样不对，再看一眼。"))
        return None
    return phone_proof.grant_proof(redirect(found), found)


def list_orders_of_phone(phone: str) -> QuerySet[Order]:
    """Return the orders of the last BACK of this phone, the newest first. The caller must have proven the phone."""
    rows = Order.objects.filter(phone=phone, placed_at__gte=timezone.now() - BACK)
    return rows.select_related("shop").prefetch_related("lines").order_by("-placed_at", "-id")[:MOST_FOUND]


def find_by_number(number: str, tail: str) -> Order | None:
    """Return the order of this number if its phone ends in `tail`; None whichever of the two is wrong."""
    order = Order.objects.filter(number=number).first()
    right = constant_time_compare(str(order.phone)[-4:] if order else "----", tail)
    return order if order and right else None


ANSWERS: dict[str, Callable[[HttpRequest, Any], HttpResponse | None]] = {
    "code": send_code,
    "prove": check_code,
    "number": open_by_number,
}


@private_page
@require_safe
@login_required_keeping_post
def order_frozen_mine(request: SignedInRequest, number: str) -> HttpResponse:
    """Show what the product pages said when the order was placed, to its seller and to staff."""
    rows = Order.objects.visible_to(request.user).select_related("shop")
    found = get_object_or_404(rows, number=name_or_404(number))
    if demanded := staff_first(request, found.shop):
        return demanded
    return render_frozen_page(request, found, reverse("shops:mine"))
