"""A person's own plans by what the address says; another's are not there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts import kept, second_factor
from live import rules
from live.models import Livestream, RundownItem

WITH = ("shop__owner", "shop__place", "place", "host", "drill", "mentor")


def my_live_or_404(request: HttpRequest, pk: int) -> Livestream:
    """One that this person plans and runs."""
    return get_object_or_404(Livestream.objects.of(request.user).select_related(*WITH), pk=pk)


def seen_live_or_404(request: HttpRequest, pk: int) -> Livestream:
    """One that this person may look at."""
    return get_object_or_404(Livestream.objects.visible_to(request.user).select_related(*WITH), pk=pk)


def my_item_or_404(live: Livestream, pk: int) -> RundownItem:
    rows = live.items.select_related("product__cover", "product__batch", "product__category")
    item = get_object_or_404(rows, pk=pk)
    item.livestream = live
    if item.product_id and item.product.shop_id == live.shop_id:
        item.product.shop = live.shop
    return item


def item_or_404(live: Livestream, pk: int) -> RundownItem:
    """As a helper taps it on air."""
    return get_object_or_404(live.items.select_related("product__shop__owner", "livestream"), pk=pk)


def staff_first(request: HttpRequest, live: Livestream) -> HttpResponse | None:
    """Who looks at another's as trainer or organiser shows the second factor first."""
    if rules.can_run(request.user, live) or not second_factor.is_due(request):
        return None
    return second_factor.demand(request, kept.page_of(request))
