"""The storefront's pages: products, one product, one shop, villages and the feed."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from shops import identity, site_mode
from shops.catalogue import filters, queries, seo
from shops.catalogue.product_card import get_cover_url, pack, render_cards
from shops.catalogue.product_context import Season, load_product_context
from shops.catalogue.queries import NEWEST, Cursor, ProductQuery, ProductRow
from shops.labels import choose_name, format_place
from shops.models import Presale, Product, ProductPhoto, Shop, Village
from shops.orders import obstacles, reservations
from shops.orders.obstacles import Obstacle
from shops.orders.request import read_source
from shops.permissions import can_edit
from shops.shortcuts import get_reader, make_picture_preview
from shops.texts import evidence
from shops.traceability import certificates
from ui import formats, pagination
from ui.database.orm import TODAY, PreparedQuery
from ui.responses.page_cache import stamped


@require_safe
@stamped("shops")
def products(request: HttpRequest) -> HttpResponse:
    asked = filters.read(request.GET)
    found = queries.fetch_page(asked.product_query)
    context = {
        "filters": asked,
        "goods": render_cards(found.rows),
        "page": found,
        "next_url": asked.url(after=found.next) if found.next else "",
    }
    return render(request, "shops/catalogue/product_list.html", context)


@require_safe
@stamped("shops")
def shop(request: HttpRequest, slug: str) -> HttpResponse:
    shops = Shop.objects.visible_to(get_reader(request)).select_related(
        "place__village", "place__parent__parent__parent", "cover"
    )
    shop = get_object_or_404(shops.annotate(contact_agreed=identity.annotate_agreed("owner")), slug=slug)
    found = queries.fetch_page(
        ProductQuery(shop=shop.pk, after=Cursor.read(NEWEST, request.GET.get("after", "")))
    )
    context = {
        "shop": shop,
        "contact": shop.contact if shop.contact_agreed else "",
        "why_no_licence": identity.explain_no_licence(shop),
        "whereabouts": format_place(shop.place),
        "goods": render_cards(found.rows, level=3),
        "page": found,
        "next_url": f"{request.path}?after={found.next}" if found.next else "",
        "is_later_page": "after" in request.GET,
        "url": request.build_absolute_uri(request.path),
        "picture": make_picture_preview(request, shop.cover),
    }
    return render(request, "shops/catalogue/shop_show.html", context)


def find_products(user: User | AnonymousUser, day: datetime.date) -> QuerySet:
    """Return the products this reader may see, with what their page shows of their shops and places."""
    rows = (
        Product.objects.visible_to(user)
        .defer("search_text")
        .select_related("shop", "place__village", "place__parent__parent__parent", "category", "batch")
    )
    return rows.annotate(
        contact_agreed=identity.annotate_agreed("shop__owner"),
        has_marks=certificates.has_certificates("shop", day),
    )


FOR_VISITORS = PreparedQuery(lambda pk: find_products(AnonymousUser(), TODAY).filter(pk=pk), 1)


def get_product_or_404(user: User | AnonymousUser, pk: int) -> Any:
    if user.is_authenticated:
        return get_object_or_404(find_products(user, timezone.localdate()), pk=pk)
    for product in FOR_VISITORS.instances(pk, now=timezone.now()):
        return product
    raise Http404


# Facts that the page shows in other places: at the top, next to the name, and in the presale's own card.
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
    """Show a product; while it is not on sale, only to its sellers and its organiser, else 404."""
    user = get_reader(request)
    product = get_product_or_404(user, pk)
    is_public = product.is_published and product.shop.is_open
    product.stock = reservations.count_units_on(product)  # includes units of expired holds; never saved here
    photos, papers = (
        list_ready_photos(product),
        certificates.find_papers(product) if product.has_marks else [],
    )
    batch, extra = product.batch, load_product_context(product)
    obstacle = obstacles.decide(
        product,
        is_open=product.shop.is_open,
        can_reach=extra.ways.can_reach(product),
        left=count_left(product, extra.presale),
        in_presale=extra.presale is not None,
    )
    why_not = obstacle.for_buyer if obstacle and obstacle not in SAID_ELSEWHERE else ""
    context = {
        "text": certificates.filter_description(product, papers=papers),
        "marks": papers,
        "proofs": evidence.list_proofs_to_show(product),
        "batch": batch if batch and batch.is_public else None,
        "why_no_licence": identity.explain_no_licence(product.shop),
        "platform_url": product.shop.platform_url if site_mode.points_elsewhere() else "",
        "product": product,
        "contact": product.shop.contact if product.contact_agreed else "",
        "pack": pack(product),
        "extra": extra,
        "offer": None if why_not else seo.describe_offer(product, extra.presale),
        "whereabouts": format_place(product.place),
        "photos": photos,
        "others": [(photo, photo.url_at(photo.widths()[-1])) for photo in photos[1:]],
        "season": Season(product.harvest_from, product.harvest_until, timezone.localdate()),
        "is_public": is_public,
        "obstacle": obstacle,
        "orderable": obstacle is None,
        "why_not": why_not,
        "came_from": read_source(request.GET.get("from", "")),
        "can_edit": user.is_authenticated and not is_public and can_edit(user, product),
        "url": request.build_absolute_uri(request.path),
        "picture": make_picture_preview(request, photos[0] if photos else None),
    }
    return render(request, "shops/catalogue/product_show.html", context)


def count_left(product: Product, presale: Presale | None) -> int:
    """Return the units a buyer can order now; `product.stock` is already as of now.

    One query if a presale has nothing left, for the units of expired holds.
    """
    if presale is None:
        return product.stock
    return presale.left or reservations.count_units_left(product)


def find_photos(product: int) -> QuerySet[ProductPhoto]:
    return ProductPhoto.objects.filter(product=product).select_related("photo").order_by("position", "id")


PHOTOS = PreparedQuery(find_photos, 1)


def list_ready_photos(product: Product) -> list:
    """Return the product's ready photos in the seller's order; the first is the large one."""
    return [row.photo for row in PHOTOS.instances(product.pk) if row.photo.is_ready]


MOST_SHOPS = 60


@require_safe
@stamped("shops")
def villages(request: HttpRequest) -> HttpResponse:
    rows = Village.objects.select_related("place__parent", "cover")
    page = pagination.fetch_page(rows, ("slug",), request.GET.get("after", ""))
    return render(request, "shops/catalogue/village_list.html", {"page": page})


@require_safe
@stamped("shops")
def village(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Village.objects.select_related("place__parent__parent__parent", "cover")
    village = get_object_or_404(rows, slug=slug)
    shops = list(Shop.objects.open().filter(place=village.place_id)[: MOST_SHOPS + 1])
    found = queries.fetch_page(
        ProductQuery(place=village.place_id, after=Cursor.read(NEWEST, request.GET.get("after", "")))
    )
    context = {
        "village": village,
        "whereabouts": format_place(village.place),
        "shops": shops[:MOST_SHOPS],
        "more_shops": len(shops) > MOST_SHOPS,
        "goods": render_cards(found.rows, level=3),
        "page": found,
        "next_url": f"{request.path}?after={found.next}" if found.next else "",
        "is_later_page": "after" in request.GET,
        "url": request.build_absolute_uri(request.path),
        "picture": make_picture_preview(request, village.cover),
    }
    return render(request, "shops/catalogue/village_show.html", context)


RSS = Rss201rev2Feed.content_type
MOST_IN_FEED = 50


@require_safe
@stamped("shops", content_type=RSS)
def feed(request: HttpRequest) -> HttpResponse:
    """Write the feed of new products; two queries, however many are on sale."""
    about = _("村里人自己种、自己卖，现在正在采的。")
    channel = Rss201rev2Feed(
        title=_("正在采的·新农活"),
        link=request.build_absolute_uri(reverse("shops:products")),
        description=" ".join(filter(None, (about, site_mode.get_note()))),
        language=settings.LANGUAGE_CODE if request.LANGUAGE_CODE == "zh-hans" else request.LANGUAGE_CODE,
        feed_url=request.build_absolute_uri(request.path),
    )
    for row in queries.fetch_page(ProductQuery(in_season=True), size=MOST_IN_FEED).rows:
        url = request.build_absolute_uri(reverse("shops:product", args=[row.id]))
        channel.add_item(
            title=row.name,
            link=url,
            unique_id=url,
            description=describe_entry(request, row),
            pubdate=row.listed_at,
        )
    return HttpResponse(channel.writeString("utf-8"), content_type=RSS)


def describe_entry(request: HttpRequest, row: ProductRow) -> SafeString:
    """Return an entry's HTML: picture, price per 斤 and per unit, village."""
    picture = ""
    if row.photo_key:
        src = request.build_absolute_uri(get_cover_url(row, -1))
        picture = format_html('<p><img src="{}" alt="{}"></p>', src, row.name)
    price = _("每斤 ¥%(price)s（%(pack)s）") % {
        "price": formats.per_jin(row.price_fen, row.net_grams),
        "pack": pack(row),
    }
    return format_html("{}<p>{}<br>{}</p>", picture, price, choose_name(row.place_name, row.place_name_en))
