"""Show and change a shop's freight table (运费表), province by province, as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from shops.models import Shop
from shops.shipping import rates
from shops.shipping.forms import FreightForm
from shops.shipping.rates import Group
from shops.shortcuts import SellerContext, find_seller_context, pick_or_404
from ui.parameters import add_return_url, get_return_url


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def freight(request: SignedInRequest) -> HttpResponse:
    ground = find_seller_context(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    if request.method == "POST":
        form = FreightForm(request.POST, shop=ground.shop)
        if form.is_valid():
            changed = rates.replace_rates(ground.shop, form.groups(), request.user)
            messages.success(request, _("运费表存好了，买家马上看到。") if changed else _("运费没有变。"))
            return redirect(get_return_url(request, ground.url))
    else:
        typed = decorators.kept_post(request)
        form = FreightForm(
            typed or None, shop=ground.shop, table=() if typed else offered(request, ground, ground.shop)
        )
    return render(request, "shops/shipping/rates_edit.html", page_of(request, ground, ground.shop, form))


def offered(request: HttpRequest, ground: SellerContext, shop: Shop) -> list[Group]:
    """Return the groups that the empty form shows: the usual split or another shop's table on request, else the shop's own."""
    if "start" in request.GET:
        return list(rates.START)
    if "from" in request.GET:
        return rates.groups_of(pick_or_404(ground.shops, request.GET["from"]))
    return rates.groups_of(shop)


def page_of(request: HttpRequest, ground: SellerContext, shop: Shop, form: FreightForm) -> dict:
    back_url = get_return_url(request, ground.url)
    has_table = rates.has_table(shop)
    return {
        "form": form,
        "shop": shop,
        "ground": ground,
        "back_url": back_url,
        "form_url": add_return_url(f"?{ground.query}", back_url),
        "has_table": has_table,
        "is_offer": request.method != "POST" and ("start" in request.GET or "from" in request.GET),
        "others": others(ground, shop),
        "not_sent": has_table and rates.list_unserved(sent_to(shop)),
    }


def sent_to(shop: Shop) -> list[str]:
    return list(shop.freight.filter(ships=True).values_list("province", flat=True))


def others(ground: SellerContext, shop: Shop) -> list[Shop]:
    """Return the person's other shops that have a table to copy."""
    here = [one.pk for one in ground.shops if one != shop]
    return list(Shop.objects.filter(pk__in=here, freight__isnull=False).distinct()) if here else []
