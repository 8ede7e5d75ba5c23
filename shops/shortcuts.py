"""Fetch a seller's own rows as the URL asks, or raise 404; keep private pages out of caches and search engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import second_factor
from accounts.models import Membership, Place, User
from accounts.requests import SignedInRequest
from media.models import Photo
from shops import site_mode
from shops.models import Product, Shop
from ui.database.orm import PreparedQuery


@dataclass(frozen=True)
class SellerContext:
    """Where a person sells: one of their shops, or a village in which they may open one."""

    shop: Shop | None
    place: Place
    shops: list[Shop]

    @property
    def query(self) -> str:
        return f"shop={self.shop.pk}" if self.shop else f"place={self.place.pk}"

    @property
    def url(self) -> str:
        return f"{reverse('shops:mine')}?{self.query}"


SHOPS_OF = PreparedQuery(lambda user: Shop.objects.of(User(pk=user)).select_related("place"), 1)


def find_my_shops(user: User) -> list[Shop]:
    """Return the shops in which this person sells, with their places, and with the owner where that is this person."""
    shops = SHOPS_OF.instances(user.pk)
    for shop in shops:
        if shop.owner_id == user.pk:
            shop.owner = user
    return shops


def find_places_to_open(user: User, shops: list[Shop]) -> list[Place]:
    """Return the villages where this person may open a shop; none on the site of a single seller."""
    if not site_mode.can_open_another():
        return []
    owned = {shop.place_id for shop in shops if shop.owner_id == user.pk}
    return [place for place in user.places_with_role(Membership.Role.SELLER) if place.pk not in owned]


def find_seller_context(request: SignedInRequest) -> SellerContext | None:
    """Return the shop of ?shop= or the place of ?place=, else the user's first one; None if the user is no seller."""
    shops, asked = find_my_shops(request.user), request.GET
    if "place" in asked:
        return SellerContext(
            None, pick_or_404(find_places_to_open(request.user, shops), asked["place"]), shops
        )
    if "shop" in asked:
        shop = pick_or_404(shops, asked["shop"])
        return SellerContext(shop, shop.place, shops)
    if shops:
        return SellerContext(shops[0], shops[0].place, shops)
    free = find_places_to_open(request.user, shops)
    return SellerContext(None, free[0], shops) if free else None


def get_my_shop_url(shop: Shop) -> str:
    return f"{reverse('shops:mine')}?shop={shop.pk}"


def pick_or_404(rows: list, pk: str):
    for row in rows:
        if str(row.pk) == pk:
            return row
    raise Http404


def my_product_or_404(request: SignedInRequest, pk: int) -> Product:
    rows = Product.objects.sold_by(request.user)
    return get_object_or_404(rows.select_related("shop__owner", "place", "category", "cover", "batch"), pk=pk)


def my_own_shop_or_404(request: SignedInRequest, pk: int) -> Shop:
    """Fetch a shop in order to change it; 404 for everybody but its owner, also for helpers."""
    rows = Shop.objects.owned_by(request.user)
    return get_object_or_404(rows.select_related("place__parent", "owner", "cover"), pk=pk)


def organiser_or_404(request: SignedInRequest) -> None:
    """Raise 404 unless the user is an organiser of some place."""
    if not request.user.is_superuser and not request.user.places_with_role(Membership.Role.ORGANISER):
        raise Http404


def staff_first(request: SignedInRequest, shop: Shop) -> HttpResponse | None:
    """Return a redirect to the second factor if an organiser must show it before reading the shop's data, else None."""
    if Shop.objects.of(request.user).filter(pk=shop.pk).exists() or not second_factor.is_due(request):
        return None
    return second_factor.redirect_to_second_factor(request, request.get_full_path())


class RoleEnded(Exception):
    """Raised for a page of an own shop after the seller's role has ended; `private_page` redirects and says so."""


def private_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view whose pages must be neither cached nor indexed, and handle RoleEnded."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except RoleEnded:
            messages.warning(request, _("你在这家店的卖家身份结束了，这一步没有办。"))
            response = redirect("shops:mine")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def name_or_404(name: str) -> str:
    """Return a token, key, slug or number from a URL; 404 for one with other characters, before any query."""
    if not re.fullmatch("[A-Za-z0-9_-]{1,40}", name):
        raise Http404
    return name


def get_reader(request: HttpRequest) -> User | AnonymousUser:
    """Return the user who is reading, without creating a session for a visitor who has none."""
    return request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else AnonymousUser()


class Picture(NamedTuple):
    url: str
    width: int
    height: int


def make_picture_preview(request: HttpRequest, photo: Photo | None) -> Picture | None:
    """Return a photo's absolute URL and size, for previews of a link; None while it is not ready."""
    if photo is None or not photo.is_ready:
        return None
    width = photo.widths()[-1]
    height = round(photo.height * width / photo.width) if photo.width else width
    return Picture(request.build_absolute_uri(photo.url_at(width)), width, height)
