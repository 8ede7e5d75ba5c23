"""A seller's own rows by what the address says; another's are not there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts import second_factor
from accounts.models import Membership, User
from accounts.places import Place
from shops import site_mode
from shops.models import Product, Shop


@dataclass(frozen=True)
class Ground:
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


def my_shops(user: User) -> list[Shop]:
    return list(Shop.objects.of(user).select_related("place", "owner"))


def places_to_open(user: User, shops: list[Shop]) -> list[Place]:
    """Villages where this person may sell and has no shop yet; none on a site that is one shop's own."""
    if not site_mode.may_open_another():
        return []
    owned = {shop.place_id for shop in shops if shop.owner_id == user.pk}
    return [place for place in user.holds(Membership.Role.SELLER) if place.pk not in owned]


def my_ground(request: HttpRequest) -> Ground | None:
    """The shop asked for by ?shop= or the place by ?place=, or else the first there is; None for no seller."""
    shops, asked = my_shops(request.user), request.GET
    free = places_to_open(request.user, shops)
    if "place" in asked:
        return Ground(None, pick(free, asked["place"]), shops)
    if "shop" in asked:
        shop = pick(shops, asked["shop"])
        return Ground(shop, shop.place, shops)
    if shops:
        return Ground(shops[0], shops[0].place, shops)
    return Ground(None, free[0], shops) if free else None


def shelf_url(shop: Shop) -> str:
    return f"{reverse('shops:mine')}?shop={shop.pk}"


def pick(rows: list, pk: str):
    for row in rows:
        if str(row.pk) == pk:
            return row
    raise Http404


def my_product_or_404(request: HttpRequest, pk: int) -> Product:
    rows = Product.objects.sold_by(request.user)
    return get_object_or_404(rows.select_related("shop__owner", "place", "category", "cover", "batch"), pk=pk)


def my_own_shop_or_404(request: HttpRequest, pk: int) -> Shop:
    """The shop itself is its owner's affair; a helper sells in it and no more."""
    rows = Shop.objects.kept_by(request.user)
    return get_object_or_404(rows.select_related("place__parent", "owner", "cover"), pk=pk)


def staff_first(request: HttpRequest, shop: Shop) -> HttpResponse | None:
    """Who reads what is a shop's own as its organiser shows the second factor first; its sellers need none."""
    if Shop.objects.of(request.user).filter(pk=shop.pk).exists() or not second_factor.is_due(request):
        return None
    return second_factor.demand(request, request.get_full_path())
