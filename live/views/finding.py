"""A live by what the address says: one that this person runs, or may look at; another's is not there."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from live.models import Livestream, RundownItem


def my_live_or_404(request: HttpRequest, pk: int) -> Livestream:
    """Of those this person plans and runs."""
    rows = Livestream.objects.of(request.user).select_related("shop__owner", "host", "place")
    return get_object_or_404(rows, pk=pk)


def seen_live_or_404(request: HttpRequest, pk: int) -> Livestream:
    """Also of their trainees, and of the places they hold."""
    rows = Livestream.objects.visible_to(request.user).select_related("shop__owner", "host", "place")
    return get_object_or_404(rows, pk=pk)


def item_or_404(live: Livestream, pk: int) -> RundownItem:
    return get_object_or_404(live.items.select_related("product__shop__owner", "livestream"), pk=pk)
