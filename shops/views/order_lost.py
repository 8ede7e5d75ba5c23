"""Where the link to an order has got lost; and the frozen page for those who sell and who answer complaints."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from shops import guarding
from shops.models import Order
from shops.order_forms import LostForm
from shops.ordering import finding
from shops.views.fetching import staff_first
from shops.views.order_page import frozen_page
from shops.views.private import name_or_404, private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def order_lost(request: HttpRequest) -> HttpResponse:
    """The same answer for every number: only its owner learns whether it has orders."""
    form = LostForm(request.POST or None)
    sent = False
    if settings.PROVES_PHONES and form.is_valid():
        phone = form.cleaned_data["phone"]
        if guarding.may(request, "order_lost", phone):
            finding.send_links(phone)
            sent = True
        else:
            form.add_error("phone", _("要得太勤了，过一个小时再试。"))
    context = {"form": form, "sent": sent, "sends": settings.PROVES_PHONES}
    return render(request, "shops/order_lost.html", context)


@private
@require_safe
@signed_in
def order_frozen_mine(request: HttpRequest, number: str) -> HttpResponse:
    rows = Order.objects.visible_to(request.user).select_related("shop")
    found = get_object_or_404(rows, number=name_or_404(number))
    if demanded := staff_first(request, found.shop):
        return demanded
    return frozen_page(request, found, reverse("shops:mine"))
