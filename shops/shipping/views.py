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
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    if request.method == "POST":
        form = FreightForm(request.POST, shop=seller_context.shop)
        if form.is_valid():
            changed = rates.replace_rates(seller_context.shop, form.groups(), request.user)
            messages.success(request, _("运费表存好了，买家马上看到。") if changed else _("运费没有变。"))
            return redirect(get_return_url(request, seller_context.url))
    else:
        typed = decorators.get_kept_post(request)
        form = FreightForm(
            typed or None,
            shop=seller_context.shop,
            table=() if typed else list_offered_groups(request, seller_context, seller_context.shop),
        )
    return render(
        request,
        "shops/shipping/rates_edit.html",
        build_page(request, seller_context, seller_context.shop, form),
    )


def list_offered_groups(request: HttpRequest, seller_context: SellerContext, shop: Shop) -> list[Group]:
    """Return the groups that the empty form shows: the usual split or another shop's table on request, else the shop's own."""
    if "start" in request.GET:
        return list(rates.START)
    if "from" in request.GET:
        return rates.list_rate_groups(pick_or_404(seller_context.shops, request.GET["from"]))
    return rates.list_rate_groups(shop)


def build_page(request: HttpRequest, seller_context: SellerContext, shop: Shop, form: FreightForm) -> dict:
    back_url = get_return_url(request, seller_context.url)
    has_table = rates.has_table(shop)
    return {
        "form": form,
        "shop": shop,
        "seller_context": seller_context,
        "back_url": back_url,
        "form_url": add_return_url(f"?{seller_context.query}", back_url),
        "has_table": has_table,
        "is_offer": request.method != "POST" and ("start" in request.GET or "from" in request.GET),
        "others": list_others(seller_context, shop),
        "not_sent": has_table and rates.list_unserved(list_provinces(shop)),
    }


def list_provinces(shop: Shop) -> list[str]:
    return list(shop.freight.filter(ships=True).values_list("province", flat=True))


def list_others(seller_context: SellerContext, shop: Shop) -> list[Shop]:
    """Return the person's other shops that have a table to copy."""
    here = [one.pk for one in seller_context.shops if one != shop]
    return list(Shop.objects.filter(pk__in=here, freight__isnull=False).distinct()) if here else []
