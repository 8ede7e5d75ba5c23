"""价格和成交: every price a product had and every deal, from which an earlier price may be struck through."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from shops.earlier import earlier
from shops.views.fetching import my_product_or_404
from ui.paging import page

ROWS = 24


@require_safe
@signed_in
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    product, shows_deals = my_product_or_404(request, pk), request.GET.get("what") == "deals"
    deals, changes = (
        product.deals.select_related("line__order"),
        product.price_changes.select_related("actor"),
    )
    context = {
        "product": product,
        "shows_deals": shows_deals,
        "page": page(deals if shows_deals else changes, ("-at", "-id"), request.GET.get("after", ""), ROWS),
        "earlier": earlier(product),
        "back_url": reverse("shops:my_product", args=[pk]),
    }
    return render(request, "shops/mine_prices.html", context)
