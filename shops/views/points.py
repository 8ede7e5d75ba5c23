"""自提点: where buyers fetch what they ordered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import kept
from accounts.kept import signed_in
from shops import points as pick_up
from shops.models import PickUpPoint, Shop
from shops.sellers.shop_forms import PointForm
from shops.views.fetching import my_ground
from ui.returning import going_back, way_back


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def points(request: HttpRequest) -> HttpResponse:
    """All of a shop's, with the form for one more."""
    ground = my_ground(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    form = PointForm(request.POST) if request.method == "POST" else PointForm(initial=typed(request))
    back_url = way_back(request, ground.url)
    here = going_back(f"{reverse('shops:points')}?{ground.query}", back_url)
    if form.is_valid():
        try:
            pick_up.add(ground.shop, form.facts(), request.user)
        except pick_up.TooMany:
            form.add_error(None, _("自提点太多了，先改用不着的那个。"))
        else:
            messages.success(request, _("自提点加好了。"))
            return redirect(here)
    rows = ground.shop.points.all()
    context = {
        "shop": ground.shop,
        "points": rows,
        "form": form,
        "back_url": back_url,
        "here": here,
    }
    return render(request, "shops/mine_points.html", context)


def typed(request: HttpRequest) -> dict:
    found = kept.take(request) or {}
    return {"is_open": True} | {name: found[name] for name in PointForm.FACTS if name in found}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def point(request: HttpRequest, pk: int) -> HttpResponse:
    rows = PickUpPoint.objects.filter(shop__in=Shop.objects.of(request.user))
    found = get_object_or_404(rows.select_related("shop__place"), pk=pk)
    form = PointForm.of(found, request.POST) if request.method == "POST" else PointForm.of(found)
    back_url = f"{reverse('shops:points')}?shop={found.shop_id}"
    if form.is_valid():
        pick_up.change(found, form.facts(), request.user)
        messages.success(request, _("改好了。"))
        return redirect(back_url)
    context = {"point": found, "form": form, "back_url": back_url}
    return render(request, "shops/mine_point.html", context)
