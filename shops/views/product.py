"""One product as buyers see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shops import cards, contact, marks, proofs, scanned, schema, site_role
from shops.beside import beside
from shops.goods import pack
from shops.models import Presale, Product
from shops.naming import whereabouts
from shops.ordering import availability, obstacles
from shops.ordering.obstacles import Obstacle
from shops.rules import can_edit
from shops.season import Season
from shops.views import picture, reader
from ui.stamps import stamped

# What the page says elsewhere: above all, beside the name and in the presale's own card.
SAID_ELSEWHERE = (
    Obstacle.SITE,
    Obstacle.NOT_ON_SALE,
    Obstacle.SHOP_CLOSED,
    Obstacle.PRESALE_SOLD_OUT,
    Obstacle.SOLD_OUT,
)


@require_safe
@stamped("shops")
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """Not yet on sale: 404, but for its sellers and its organiser."""
    user = reader(request)
    rows = Product.objects.visible_to(user).defer("search_text")
    rows = rows.select_related(
        "shop", "place__village", "place__parent__parent__parent", "category", "cover", "batch"
    )
    product = get_object_or_404(
        rows.annotate(
            contact_agreed=contact.agreed("shop__owner"),
            has_marks=marks.any_of("shop"),
            has_proofs=proofs.any_of(),
        ),
        pk=pk,
    )
    is_public = product.is_published and product.shop.is_open
    product.stock = availability.on(product)  # with holds that are over; never saved here
    photos, papers = ready_photos(product), marks.papers_of(product) if product.has_marks else []
    batch, extra = product.batch, beside(product)
    obstacle = obstacles.decide(
        product,
        is_open=product.shop.is_open,
        can_reach=extra.ways.can_reach(product),
        left=left_now(product, extra.presale),
        in_presale=extra.presale is not None,
    )
    why_not = obstacle.for_buyer if obstacle and obstacle not in SAID_ELSEWHERE else ""
    context = {
        "text": marks.said(product, papers=papers),
        "marks": papers,
        "proofs": proofs.shown(product) if product.has_proofs else [],
        "batch": batch if batch and batch.is_public else None,
        "why_no_licence": cards.why_no_licence(product.shop),
        "platform_url": product.shop.platform_url if site_role.points_elsewhere() else "",
        "product": product,
        "contact": product.shop.contact if product.contact_agreed else "",
        "pack": pack(product),
        "beside": extra,
        "offer": None if why_not else schema.offer(product, extra.presale),
        "whereabouts": whereabouts(product.place),
        "photos": photos,
        "others": [(photo, photo.url_at(photo.widths()[-1])) for photo in photos[1:]],
        "season": Season(product.harvest_from, product.harvest_until, timezone.localdate()),
        "is_public": is_public,
        "obstacle": obstacle,
        "orderable": obstacle is None,
        "why_not": why_not,
        "came_from": scanned.source_of(request.GET.get("from", "")),
        "may_edit": not is_public and can_edit(user, product),
        "url": request.build_absolute_uri(request.path),
        "picture": picture(request, photos[0] if photos else None),
    }
    return render(request, "shops/product_show.html", context)


def left_now(product: Product, presale: Presale | None) -> int:
    """What a buyer can have of the product, its stock already as of now; a query where a presale has nothing left but what
    holds that are over may give back."""
    if presale is None:
        return product.stock
    return presale.left or availability.left(product)


def ready_photos(product: Product) -> list:
    """In the seller's order; the first is the hero."""
    rows = product.photos.select_related("photo").order_by("position", "id")
    return [row.photo for row in rows if row.photo.is_ready]
