"""Pages of a running live: the seller's second phone, beginning and ending, the viewers' page, the teleprompter.

The seller's and the viewers' page poll one small document under Screen.etag; most answers are 304.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from live.exceptions import ActionNotAllowed, NotReady
from live.models import LiveSale, Livestream
from live.on_air import lifecycle
from live.on_air.forms import SlipForm
from live.on_air.screen import Item, Screen, build_prompter_context, fill_screen, load_screen, read_screen
from live.scripts import crops
from live.shortcuts import my_live_or_404
from shops import site_mode
from shops.models import Shop
from shops.shortcuts import name_or_404, private_page
from ui.responses.page_cache import is_plain_visit

# Number of newest entries on the page.
LAST = 12
# The viewers' page is the same for everybody.
CACHING = "public, max-age=0, must-revalidate"
FOR_VIEWERS = ("id", "name", "price_fen", "usual_fen", "flash_until", "left", "stock")


@private_page
@require_safe
@login_required_keeping_post
def air(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show items and newest entries; ?part=last answers with the entries alone, for the script."""
    live = my_live_or_404(request, pk)
    if live.started_at is None:
        return redirect("live:start", pk)
    if request.GET.get("part") == "last":
        return render(
            request, "live/on_air/_air_last.html", {"live": live, "entries": list_newest(live), "runs": True}
        )
    if live.is_over:
        return redirect("live:sales", pk)
    screen = load_screen(live)
    running = screen.running
    slip = SlipForm(live=live, auto_id="slip_%s", initial={"item": screen.item})
    context = {
        "live": live,
        "runs": True,
        "screen": screen,
        "items": sorted(screen.items, key=lambda item: item is not running),
        "entries": list_newest(live),
        "slip": slip,
        "slip_draft": f"slip-{pk}",
        "back_url": live.get_absolute_url(),
    }
    return render(request, "live/on_air/air_show.html", context)


def list_newest(live: Livestream) -> list[LiveSale]:
    rows = live.livesales.select_related("by", "item__product", "undone_by__by", "undoes")
    return list(rows.order_by("-happened_at", "-id")[:LAST])


@private_page
@require_safe
@login_required_keeping_post
def now_json(request: SignedInRequest, pk: int) -> HttpResponse:
    screen = read_screen(Livestream.objects.of(request.user).filter(pk=pk))
    if screen is None:
        raise Http404
    return make_poll_response(request, screen, "private, no-cache", build_seller_state)


def make_poll_response(request: HttpRequest, screen: Screen, caching: str, state_of) -> HttpResponse:
    """Answer a poll: 304 if nothing has changed, after one query."""
    known = parse_etags(request.headers.get("If-None-Match", "").replace("W/", ""))
    if screen.etag in known:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse(state_of(fill_screen(screen)))
    answer["ETag"], answer["Cache-Control"] = screen.etag, caching
    return answer


def build_seller_state(screen: Screen) -> dict:
    """Return the JSON document for those who key in sales."""
    return build_screen_state(screen) | {"items": [build_item_state(item) for item in screen.items]}


def build_screen_state(screen: Screen) -> dict:
    return {
        "version": screen.version,
        "server_now": timezone.now().isoformat(),
        "state": screen.state,
        "item": screen.item,
    }


def build_item_state(item: Item) -> dict:
    names = ("id", "name", "price_fen", "usual_fen", "left", "stock", "oversold", "sold")
    until = item.flash_until and item.flash_until.isoformat()
    return {name: getattr(item, name) for name in names} | {"flash_until": until}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what is still missing, or the button that begins the live."""
    live = my_live_or_404(request, pk)
    missing, problem = [], ""
    if request.method == "POST":
        try:
            lifecycle.start_live(live, request.user)
        except NotReady as refused:
            missing = refused.missing
        except ActionNotAllowed as refused:
            problem = refused.sentence
    elif not live.started_at:
        missing = lifecycle.list_missing_requirements(live)
    if live.started_at:
        return redirect("live:air", pk)
    context = {"live": live, "missing": missing, "problem": problem, "back_url": live.get_absolute_url()}
    return render(request, "live/on_air/air_start.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End the live after a confirmation, since it cannot be undone."""
    live = my_live_or_404(request, pk)
    if live.started_at is None:
        return redirect("live:start", pk)
    if request.method == "POST" and live.ended_at is None:
        lifecycle.end_live(live, request.user)
        sentence = (
            _("下播了。卖了的都进了账，没卖完的还回了库存。")
            if live.is_real
            else _("下播了。这是模拟，不进账。")
        )
        messages.success(request, sentence)
    if live.is_over:
        return redirect("live:sales", pk)
    screen = load_screen(live)
    return render(request, "live/on_air/air_end.html", {"live": live, "screen": screen})


def screen_or_404(token: str) -> Screen:
    """Return the screen of a real live; a practice site sells nothing."""
    if site_mode.is_practice():
        raise Http404
    real = Livestream.objects.not_removed().filter(token=name_or_404(token), kind=Livestream.Kind.REAL)
    screen = read_screen(real)
    if screen is None:
        raise Http404
    return screen


@require_safe
def viewers_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the featured item with real numbers, to everybody who was given the URL; 304 while unchanged."""
    screen = screen_or_404(token)
    for_all = is_plain_visit(
        request
    )  # signed-in people have tabs of their own on it, so their page is not cached
    if for_all and screen.etag in parse_etags(request.headers.get("If-None-Match", "").replace("W/", "")):
        return make_cached_response(HttpResponseNotModified(), screen)
    shop = Shop.objects.get(livestreams=screen.pk)
    context = {"screen": fill_screen(screen) if screen.is_on else screen, "token": token, "shop": shop}
    page = render(request, "live/on_air/viewers_show.html", context)
    return make_cached_response(page, screen) if for_all else page


def make_cached_response(answer: HttpResponse, screen: Screen) -> HttpResponse:
    answer["ETag"], answer["Cache-Control"] = screen.etag, CACHING
    patch_vary_headers(answer, ("Cookie", "Accept-Language"))
    return answer


@require_safe
def on_now(request: HttpRequest, token: str) -> HttpResponse:
    return make_poll_response(request, screen_or_404(token), CACHING, build_viewer_state)


def build_viewer_state(screen: Screen) -> dict:
    """Return the JSON document for viewers: the featured item, and only while the live is on."""
    running = screen.running if screen.is_on else None
    facts = running and {
        name: value for name, value in build_item_state(running).items() if name in FOR_VIEWERS
    }
    return build_screen_state(screen) | {"item": facts and facts["id"], "items": [facts] if facts else []}


@private_page
@require_safe
@login_required_keeping_post
def prompter(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the whole script, so that it stays without a network; prices and stock are fetched afterwards."""
    live = my_live_or_404(request, pk)
    screen = load_screen(live)
    text = build_prompter_context(live, screen)
    items = [part.item for part, _figures in text["prompter_items"]]
    context = text | {
        "live": live,
        "screen": screen,
        "back_url": reverse("live:air", args=[pk]) if screen.is_on else live.get_absolute_url(),
        "answers": crops.list_answers(items),
    }
    return render(request, "live/on_air/prompter_show.html", context)
