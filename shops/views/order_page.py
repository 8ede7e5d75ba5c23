"""An order as its buyer follows it, by a link that nobody guesses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shops.models import Order


@require_safe
@never_cache
def order(request: HttpRequest, token: str) -> HttpResponse:
    found = get_object_or_404(Order.objects.select_related("shop"), token=token)
    context = {"order": found, "events": found.events.all(), "lines": found.lines.all()}
    return render(request, "shops/order_show.html", context)
