"""The storefront: all products with filters and search, and one shop's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shops import cards, contact, filters, listing
from shops.goods import goods
from shops.models import Shop
from shops.naming import whereabouts
from shops.views import picture, reader
from shops.wish import Spot, Wish
from ui.stamps import stamped


@require_safe
@stamped("shops")
def products(request: HttpRequest) -> HttpResponse:
    asked = filters.read(request.GET)
    found = listing.page(asked.wish)
    context = {
        "filters": asked,
        "goods": goods(found.rows),
        "page": found,
        "next_url": asked.url(after=found.next) if found.next else "",
    }
    return render(request, "shops/product_list.html", context)


@require_safe
@stamped("shops")
def shop(request: HttpRequest, slug: str) -> HttpResponse:
    shops = Shop.objects.visible_to(reader(request)).select_related(
        "place__village", "place__parent__parent__parent", "cover"
    )
    shop = get_object_or_404(shops.annotate(contact_agreed=contact.agreed("owner")), slug=slug)
    found = listing.page(Wish(shop=shop.pk, after=Spot.read(request.GET.get("after", ""))))
    context = {
        "shop": shop,
        "contact": shop.contact if shop.contact_agreed else "",
        "why_no_licence": cards.why_no_licence(shop),
        "whereabouts": whereabouts(shop.place),
        "goods": goods(found.rows, level=3),
        "page": found,
        "next_url": f"{request.path}?after={found.next}" if found.next else "",
        "is_later_page": "after" in request.GET,
        "url": request.build_absolute_uri(request.path),
        "picture": picture(request, shop.cover),
    }
    return render(request, "shops/shop_show.html", context)
