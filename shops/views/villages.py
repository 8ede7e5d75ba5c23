"""The villages that sell here, and one village: its story, its growers, its fruit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shops import listing
from shops.goods import goods
from shops.models import Shop, Village
from shops.naming import whereabouts
from shops.views import picture
from shops.wish import Spot, Wish
from ui import paging
from ui.stamps import stamped

MOST_SHOPS = 60


@require_safe
@stamped("shops")
def villages(request: HttpRequest) -> HttpResponse:
    rows = Village.objects.select_related("place__parent", "cover")
    page = paging.page(rows, ("slug",), request.GET.get("after", ""))
    return render(request, "shops/village_list.html", {"page": page})


@require_safe
@stamped("shops")
def village(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Village.objects.select_related("place__parent__parent__parent", "cover")
    village = get_object_or_404(rows, slug=slug)
    shops = list(Shop.objects.open().filter(place=village.place_id)[: MOST_SHOPS + 1])
    found = listing.page(Wish(place=village.place_id, after=Spot.read(request.GET.get("after", ""))))
    context = {
        "village": village,
        "whereabouts": whereabouts(village.place),
        "shops": shops[:MOST_SHOPS],
        "more_shops": len(shops) > MOST_SHOPS,
        "goods": goods(found.rows, level=3),
        "page": found,
        "next_url": f"{request.path}?after={found.next}" if found.next else "",
        "is_later_page": "after" in request.GET,
        "url": request.build_absolute_uri(request.path),
        "picture": picture(request, village.cover),
    }
    return render(request, "shops/village_show.html", context)
