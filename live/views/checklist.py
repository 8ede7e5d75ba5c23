"""开播前核对: what a program sees for itself, what people tick, and who ticked it when."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.kept import is_partial, signed_in
from live import checklist as ticking
from live import readiness
from live.exceptions import IdempotencyConflict, LiveStarted
from live.models import Livestream
from live.readiness import Standing
from live.shortcuts import my_live_or_404, parse_uuid, refuse_change
from ui.paging import page
from ui.returning import way_back

HISTORY = 40


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST ticks one line (code, is_done=1 or 0) under an id of its own; htmx gets that line alone."""
    live = my_live_or_404(request, pk)
    if request.method == "POST":
        return tick(request, live)
    standing = Standing.of(live)
    context = {
        "live": live,
        "standing": standing,
        "rows": standing.ticks,
        "gates": standing.gates,
        "lacks": readiness.lacks(live, standing),
        "page": page(live.ticks.select_related("by"), ("-id",), request.GET.get("after", ""), HISTORY),
        "is_turned": "after" in request.GET,
        "may_edit": live.started_at is None,
        "event": uuid.uuid4(),
        "back_url": way_back(request, live.get_absolute_url()),
    }
    return render(request, "live/checklist.html", with_events(context))


def with_events(context: dict) -> dict:
    """Each line's button carries an id of its own, so that a tap sent twice is one row."""
    return context | {"rows": [(row, uuid.uuid4()) for row in context["rows"]]}


def tick(request: HttpRequest, live: Livestream) -> HttpResponse:
    code, event = request.POST.get("code", ""), parse_uuid(request.POST, "event_id")
    try:
        ticking.tick(live, code, request.POST.get("is_done") == "1", request.user, event)
    except (ValueError, IdempotencyConflict):
        messages.warning(request, _("没看懂，再点一次"))
        return redirect("live:checklist", live.pk)
    except LiveStarted:
        return refuse_change(request, live)
    if not is_partial(request):
        return redirect("live:checklist", live.pk)
    rows = ticking.rows(live)
    row = next(row for row in rows if row.code == code)
    left = sum(not one.is_done for one in rows)
    context = {
        "live": live,
        "row": row,
        "event": uuid.uuid4(),
        "may_edit": True,
        "left": left,
        "swapped": True,
    }
    return render(request, "live/_tick.html", context)
