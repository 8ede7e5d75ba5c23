"""Show all that waits for a person and the numbers on the tabs, and open news."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.notifications import delivery
from accounts.requests import SignedInRequest
from accounts.worklist import items
from ui.parameters import read_number


@login_required_keeping_post
@require_safe
def waits(request: SignedInRequest) -> HttpResponse:
    """Show the whole list; ?part=learn returns the block of one tab, which replaces an outdated one."""
    if tab := request.GET.get("part", ""):
        block = items.make_block(request, "" if tab == "all" else tab)
        return render(request, "accounts/worklist/_waits.html", {"waits": block})
    return render(request, "accounts/worklist/waiting_list.html", {"rows": items.list_items(request.user)})


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Return {"mine": {"n": "2", "words": "，2 件要办"}, ...}; 304 while the page shows the same, 401 without a session."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    shown, etag = items.format_numbers(items.count_waiting(request))
    same = request.headers.get("If-None-Match", "").removeprefix("W/") == etag
    response = HttpResponseNotModified() if same else JsonResponse(shown)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def open_news(request: SignedInRequest) -> HttpResponse:
    """Open a piece of the person's news and take it off the list; with do=read only the latter.

    A missing one redirects to the list. A GET comes after signing in again, when the session was lost.
    """
    if request.method != "POST":
        return redirect("accounts:waits")
    asked = request.POST.get("kind", ""), read_number(request.POST.get("number"))
    found = next((wait for wait in items.list_items(request.user) if wait.news and wait.news == asked), None)
    if found and found.news:
        items.mark_read(request.user, *found.news)
        if found.notice:  # no message is sent about what was read here
            same = Q(key=found.notice) | Q(key__startswith=f"{found.notice}-")
            delivery.mark_seen(delivery.find_unseen_notices(request.user.phone).filter(same))
    if request.POST.get("do") == "read":  # the page itself is open already
        return HttpResponse(status=204)
    return redirect(found.url if found else "accounts:waits")
