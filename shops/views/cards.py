"""Shelf cards: A6 across, four to a sheet of A4, for the stall, the station and the box."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from shops import qr, scanned, site_mode
from shops.catalogue.product_card import pack
from shops.labels import whereabouts
from shops.models import Order, Product
from shops.posters.said import rows
from shops.views.fetching import my_ground
from shops.views.posters import scanned_at

MOST = 24  # six sheets


@require_safe
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
        "note": site_mode.note(),
        "today": timezone.localdate(),
        "is_cut": len(on_sale) > MOST,
        "brought": scanned.orders(Order.Source.CARD, ground.shop),
        "back_url": ground.url,
    }
    return render(request, "shops/shelf_cards.html", context)


def card(request: HttpRequest, product: Product) -> dict:
    """No query, so that a sheet of twenty-four costs what one does."""
    return {
        "product": product,
        "pack": pack(product),
        "whereabouts": whereabouts(product.place),
        "is_full": len(product.name) > 12 or len(product.origin) > 16 or len(product.shop.name) > 12,
        "qr": qr.svg(scanned_at(request, product, "card"), _("扫码看这一款")),
    }
