"""Shelf cards: A6 across, four to a sheet of A4, for the stall, the station and the box."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.kept import signed_in
from shops import qr
from shops.posters.said import rows, said
from shops.views.fetching import my_ground
from shops.views.posters import scanned_at

MOST = 24  # six sheets


@require_GET
@signed_in
def shelf_cards(request: HttpRequest) -> HttpResponse:
    """?product= as often as wanted; without it all that the shop sells, newest first."""
    ground = my_ground(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    on_sale = list(rows().filter(shop=ground.shop).order_by("-listed_at", "-id")[: MOST + 1])
    wanted = set(request.GET.getlist("product"))
    chosen = [product for product in on_sale if not wanted or str(product.pk) in wanted][:MOST]
    context = {
        "shop": ground.shop,
        "ground": ground,
        "on_sale": [(product, product in chosen) for product in on_sale[:MOST]],
        "cards": [card(request, product) for product in chosen],
        "is_cut": len(on_sale) > MOST,
        "back_url": ground.url,
    }
    return render(request, "shops/shelf_cards.html", context)


def card(request: HttpRequest, product) -> dict:
    url = scanned_at(request, product, "card")
    return {"product": product, "said": said(product, url), "qr": qr.svg(url, _("扫码看这一款"))}
