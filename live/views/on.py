"""What viewers see of a running live: the one thing on the table, its price, how many are left. Real numbers only.

Open to who was given its address; it knows no visitor, so that it carries no token and is answered by 304.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from live import now
from live.models import Livestream
from live.now import Screen
from live.views.air import head, polled, told_of
from shops import site_role
from shops.models import Shop
from shops.views.private import name_or_404
from ui.stamps import is_plain_visit

CACHING = "public, max-age=0, must-revalidate"
FOR_VIEWERS = ("id", "name", "price_fen", "usual_fen", "flash_until", "left", "stock")


def screen_or_404(token: str) -> Screen:
    """Of a real live; a training ground shows nobody anything for sale."""
    if site_role.is_practice():
        raise Http404
    real = Livestream.objects.not_removed().filter(token=name_or_404(token), kind=Livestream.Kind.REAL)
    screen = now.read(real)
    if screen is None:
        raise Http404
    return screen


@require_safe
def on(request: HttpRequest, token: str) -> HttpResponse:
    screen = screen_or_404(token)
    for_all = is_plain_visit(request)  # who is signed in has tabs of their own
    if for_all and screen.etag in parse_etags(request.headers.get("If-None-Match", "").replace("W/", "")):
        return dressed(HttpResponseNotModified(), screen)
    shop = Shop.objects.get(livestreams=screen.pk)
    context = {"screen": now.filled(screen) if screen.is_on else screen, "token": token, "shop": shop}
    page = render(request, "live/on_show.html", context)
    return dressed(page, screen) if for_all else page


def dressed(answer: HttpResponse, screen: Screen) -> HttpResponse:
    answer["ETag"], answer["Cache-Control"] = screen.etag, CACHING
    patch_vary_headers(answer, ("Cookie", "Accept-Language"))
    return answer


@require_safe
def on_now(request: HttpRequest, token: str) -> HttpResponse:
    return polled(request, screen_or_404(token), CACHING, told)


def told(screen: Screen) -> dict:
    """Only what is on the table, and only while it is on."""
    running = screen.running if screen.is_on else None
    facts = running and {name: value for name, value in told_of(running).items() if name in FOR_VIEWERS}
    return head(screen) | {"item": facts and facts["id"], "items": [facts] if facts else []}
