"""A product's poster: the picture, open to all, and the page where its seller chooses one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from shops import posters, scanned
from shops.models import Order, Product
from shops.posters.said import rows, said, share_text
from shops.views.fetching import my_product_or_404
from ui.stamps import stamped


@require_safe
@stamped("shops", content_type="image/png", keep=False, same_for_all=True)
def poster(request: HttpRequest, pk: int, layout: str) -> HttpResponse:
    """Not found for what is not on sale, its sellers included: the code on it would lead them nowhere."""
    if layout not in posters.LAYOUTS:
        raise Http404
    product = get_object_or_404(rows(), pk=pk)
    facts = said(product, scanned_at(request, product, "poster"))
    if not posters.is_for(facts, layout):
        raise Http404
    return HttpResponse(posters.png(facts, layout), content_type="image/png")


@require_safe
@signed_in
def my_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the layouts, to be held and saved, and the words to send along."""
    product = my_product_or_404(request, pk)
    is_public = product.is_published and product.shop.is_open
    has_batch = bool(product.batch and product.batch.is_public)
    offered = [layout for layout in posters.LAYOUTS if layout != "fresh" or has_batch]
    chosen = request.GET.get("layout", offered[0])
    if chosen not in offered:
        chosen = offered[0]
    url = request.build_absolute_uri(product.get_absolute_url())
    context = {
        "product": product,
        "is_public": is_public,
        "has_batch": has_batch,
        "layouts": [(layout, posters.NAMES[layout], layout == chosen) for layout in offered],
        "picture": reverse("shops:poster", args=[pk, chosen]),
        "name": f"{product.name}.png",
        "text": share_text(product, url),
        "brought": scanned.orders(Order.Source.POSTER, product.shop, product),
        "back_url": reverse("shops:my_product", args=[pk]),
    }
    return render(request, "shops/poster_choose.html", context)


def scanned_at(request: HttpRequest, product: Product, source: str) -> str:
    """Where a printed code leads, with where it was printed."""
    return request.build_absolute_uri(f"{product.get_absolute_url()}?from={source}")
