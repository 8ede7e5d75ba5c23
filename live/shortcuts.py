"""What the views of all packages share: fetching by permission, the second factor, ids in forms, refusing changes of a final
plan.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts import decorators, second_factor
from accounts.requests import SignedInRequest
from live import permissions
from live.models import Livestream, RundownItem
from ui.parameters import read_key

RELATED = ("shop__owner", "shop__place", "place", "host", "drill", "mentor")


def my_live_or_404(request: SignedInRequest, pk: int) -> Livestream:
    """Return a live that this person plans and runs."""
    return get_object_or_404(Livestream.objects.of(request.user).select_related(*RELATED), pk=pk)


def visible_live_or_404(request: SignedInRequest, pk: int) -> Livestream:
    """Return a live that this person may look at."""
    return get_object_or_404(Livestream.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


def my_item_or_404(live: Livestream, pk: int) -> RundownItem:
    """Return an item of a live that was fetched with one of the above."""
    rows = live.items.select_related("product__cover", "product__batch", "product__category")
    item = get_object_or_404(rows, pk=pk)
    item.livestream = live
    if item.product and live.shop and item.product.shop_id == live.shop_id:
        item.product.shop = live.shop
    return item


def require_second_factor(request: SignedInRequest, live: Livestream) -> HttpResponse | None:
    """Return the page that asks for the second factor when staff look at another's live without it, else None."""
    if permissions.can_run(request.user, live) or not second_factor.is_due(request):
        return None
    return second_factor.redirect_to_second_factor(request, decorators.find_form_page(request))


def parse_uuid(values: Mapping[str, str], name: str) -> uuid.UUID | None:
    """Return the UUID that a form sent under `name`, or None."""
    return read_key(values.get(name))


def refuse_change(request: HttpRequest, live: Livestream) -> HttpResponse:
    """Redirect to a plan that is final because the live has begun, and say so."""
    messages.warning(request, _("已经开播了，排品表不能再改。"))
    return redirect("live:plan", live.pk)
