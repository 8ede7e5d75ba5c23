"""The page to which the QR code on a box leads."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shops import identity
from shops.labels import format_place
from shops.models import Batch, Paper, Product, Shop
from shops.models.batch import LETTERS
from shops.shortcuts import get_reader, make_picture_preview
from shops.traceability import batches
from ui.responses.page_cache import stamped

MARKS = (Paper.Kind.GREEN, Paper.Kind.ORGANIC, Paper.Kind.GI, Paper.Kind.SELENIUM, Paper.Kind.REPORT)


@require_safe
@stamped("shops")
def trace(request: HttpRequest, code: str) -> HttpResponse:
    """Show a batch by its exact code; one that is not public only to its shop and to who may check it, else 404."""
    if code != code.upper() and is_code(code.upper()):
        return redirect("shops:trace", code.upper())
    if not is_code(code):
        raise Http404
    rows = Batch.objects.visible_to(get_reader(request)).annotate(
        contact_agreed=identity.annotate_agreed("shop__owner")
    )
    rows = rows.select_related("category", "shop__place__village", "shop__place__parent__parent__parent")
    batch = get_object_or_404(rows.prefetch_related("photos", "sprays", "notes", "pledges"), code=code)
    photos = [photo for photo in batch.photos.all() if photo.is_ready]
    products = list(Product.objects.published().filter(batch=batch).for_cards()[:6])
    pledge = batches.find_pledge(batch)
    context = {
        "batch": batch,
        "shop": batch.shop,
        "whereabouts": format_place(batch.shop.place),
        "contact": batch.shop.contact if batch.contact_agreed else "",
        # A villager's own name is public only while they agree that their number is.
        "shows_names": batch.contact_agreed or batch.shop.seller != Shop.Seller.PERSON,
        "why_no_licence": identity.explain_no_licence(batch.shop),
        "photos": photos,
        "sprays": list_sprays(batch),
        "pledge": pledge,
        "withdrawn": [] if pledge else [one for one in batch.pledges.all() if not one.is_in_force][:1],
        "papers": find_papers(batch, products),
        "products": products,
        "url": request.build_absolute_uri(request.path),
        "picture": make_picture_preview(request, photos[0] if photos else None),
    }
    return render(request, "shops/traceability/batch_trace.html", context)


def is_code(text: str) -> bool:
    return len(text) == 10 and all(letter in LETTERS for letter in text)


def list_sprays(batch: Batch) -> list:
    """Return the spray log, the oldest first, with `batch` set on each line so that it costs no query."""
    sprays = sorted(batch.sprays.all(), key=lambda spray: (spray.on, spray.pk))
    for spray in sprays:
        spray.batch = batch
    return sprays


def find_papers(batch: Batch, products: list[Product]) -> list[Paper]:
    """Return the certificates and reports in force today for the whole shop or for products of this batch."""
    rows = Paper.objects.in_force(timezone.localdate()).filter(shop=batch.shop_id, kind__in=MARKS)
    ours = {product.pk for product in products}
    found = []
    for paper in rows.prefetch_related("products").order_by("kind", "-expires_on"):
        alone = {product.pk for product in paper.products.all()}
        if not alone or alone & ours:
            found.append(paper)
    return found
