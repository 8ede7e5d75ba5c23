"""Pages that show posters and print shelf cards: A6 landscape, four to a sheet of A4."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from shops import site_mode
from shops.catalogue.product_card import pack
from shops.labels import format_place
from shops.models import Order, Product
from shops.printables import posters
from shops.printables.content import describe_product, find_products, write_share_text
from shops.shortcuts import find_seller_context, my_product_or_404
from ui import svg
from ui.responses.page_cache import stamped


@require_safe
@stamped("shops", content_type="image/png", keep=False, same_for_all=True)
def poster(request: HttpRequest, pk: int, layout: str) -> HttpResponse:
    """Send a poster; 404 for a product not on sale, for its sellers too, because its QR code would lead nowhere."""
    if layout not in posters.LAYOUTS:
        raise Http404
    product = get_object_or_404(find_products(), pk=pk)
    facts = describe_product(product, make_scan_url(request, product, "poster"))
    if not posters.is_for(facts, layout):
        raise Http404
    return HttpResponse(posters.render_png(facts, layout), content_type="image/png")


@require_safe
@login_required_keeping_post
def my_poster(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one of the layouts, to be saved by holding it, and the text to send with it."""
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
        "text": write_share_text(product, url),
        "brought": Order.objects.brought_by(Order.Source.POSTER)
        .filter(shop=product.shop, lines__product=product)
        .count(),
        "back_url": reverse("shops:my_product", args=[pk]),
    }
    return render(request, "shops/printables/poster_choose.html", context)


def make_scan_url(request: HttpRequest, product: Product, source: str) -> str:
    """Return the URL of a printed code: the product's page, with the kind of print in `from`."""
    return request.build_absolute_uri(f"{product.get_absolute_url()}?from={source}")


MOST = 24  # fills six sheets


@require_safe
@login_required_keeping_post
def shelf_cards(request: SignedInRequest) -> HttpResponse:
    """Print shelf cards of the products in ?product= (repeatable), else of all that the shop sells, newest first."""
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    on_sale = list(find_products().filter(shop=seller_context.shop).order_by("-listed_at", "-id")[: MOST + 1])
    wanted = set(request.GET.getlist("product"))
    chosen = [product for product in on_sale if not wanted or str(product.pk) in wanted][:MOST]
    context = {
        "shop": seller_context.shop,
        "seller_context": seller_context,
        "on_sale": [(product, product in chosen) for product in on_sale[:MOST]],
        "cards": [build_card(request, product) for product in chosen],
        "note": site_mode.get_note(),
        "today": timezone.localdate(),
        "is_cut": len(on_sale) > MOST,
        "brought": Order.objects.brought_by(Order.Source.CARD).filter(shop=seller_context.shop).count(),
        "back_url": seller_context.url,
    }
    return render(request, "shops/printables/shelf_cards.html", context)


def build_card(request: HttpRequest, product: Product) -> dict:
    """Return the content of one card; runs no query, so that twenty-four cards cost what one does."""
    return {
        "product": product,
        "pack": pack(product),
        "whereabouts": format_place(product.place),
        "is_full": len(product.name) > 12 or len(product.origin) > 16 or len(product.shop.name) > 12,
        "qr": svg.draw_code(make_scan_url(request, product, "card")),
    }
