"""The second phone beside the platform's app: what runs, what is left, one tap a sale; and when it begins and ends."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from live import ending, now, starting
from live.air_forms import SlipForm
from live.exceptions import ActionNotAllowed, NotReady
from live.models import LiveSale, Livestream
from live.now import Item, Screen
from live.shortcuts import my_live_or_404
from shops.views.private import private

LAST = 12


@private
@require_safe
@signed_in
def air(request: HttpRequest, pk: int) -> HttpResponse:
    """With ?part=last only the newest entries: what a script fetches when they have changed."""
    live = my_live_or_404(request, pk)
    if live.started_at is None:
        return redirect("live:start", pk)
    if request.GET.get("part") == "last":
        return render(request, "live/_air_last.html", {"live": live, "entries": newest(live), "runs": True})
    if live.is_over:
        return redirect("live:sales", pk)
    screen = now.filled(now.read(Livestream.objects.filter(pk=pk)))
    running = screen.running
    slip = SlipForm(live=live, auto_id="slip_%s", initial={"item": screen.item})
    context = {
        "live": live,
        "runs": True,
        "screen": screen,
        "items": sorted(screen.items, key=lambda item: item is not running),
        "entries": newest(live),
        "slip": slip,
        "slip_draft": f"slip-{pk}",
        "back_url": live.get_absolute_url(),
    }
    return render(request, "live/air_show.html", context)


def newest(live: Livestream) -> list[LiveSale]:
    rows = live.livesales.select_related("by", "item__product", "undone_by__by", "undoes")
    return list(rows.order_by("-happened_at", "-id")[:LAST])


@private
@require_safe
@signed_in
def now_json(request: HttpRequest, pk: int) -> HttpResponse:
    screen = now.read(Livestream.objects.of(request.user).filter(pk=pk))
    if screen is None:
        my_live_or_404(request, pk)
    return polled(request, screen, "private, no-cache", told)


def polled(request: HttpRequest, screen: Screen, caching: str, tell) -> HttpResponse:
    """304 to who has it already, after the one query that found it out."""
    known = parse_etags(request.headers.get("If-None-Match", "").replace("W/", ""))
    if screen.etag in known:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse(tell(now.filled(screen)))
    answer["ETag"], answer["Cache-Control"] = screen.etag, caching
    return answer


def told(screen: Screen) -> dict:
    """For who keys in sales."""
    return head(screen) | {"items": [told_of(item) for item in screen.items]}


def head(screen: Screen) -> dict:
    return {
        "version": screen.version,
        "server_now": timezone.now().isoformat(),
        "state": screen.state,
        "item": screen.item,
    }


def told_of(item: Item) -> dict:
    names = ("id", "name", "price_fen", "usual_fen", "left", "stock", "oversold", "sold")
    until = item.flash_until and item.flash_until.isoformat()
    return {name: getattr(item, name) for name in names} | {"flash_until": until}


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing, or the button that begins it."""
    live = my_live_or_404(request, pk)
    missing, problem = [], ""
    if request.method == "POST":
        try:
            starting.start(live, request.user)
        except NotReady as refused:
            missing = refused.missing
        except ActionNotAllowed as refused:
            problem = refused.sentence
    elif not live.started_at:
        missing = starting.lacking(live)
    if live.started_at:
        return redirect("live:air", pk)
    context = {"live": live, "missing": missing, "problem": problem, "back_url": live.get_absolute_url()}
    return render(request, "live/air_start.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more, because it cannot be taken back; tapped twice it is one end."""
    live = my_live_or_404(request, pk)
    if live.started_at is None:
        return redirect("live:start", pk)
    if request.method == "POST" and live.ended_at is None:
        ending.end(live, request.user)
        said = (
            _("下播了。卖了的都进了账，没卖完的还回了库存。")
            if live.is_real
            else _("下播了。这是模拟，不进账。")
        )
        messages.success(request, said)
    if live.is_over:
        return redirect("live:sales", pk)
    screen = now.filled(now.read(Livestream.objects.filter(pk=pk)))
    return render(request, "live/air_end.html", {"live": live, "screen": screen})
