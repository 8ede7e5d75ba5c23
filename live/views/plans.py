"""直播: what is planned, what runs, what is over; a plan made, looked at, changed, taken away, and made again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept, second_factor, waiting
from accounts.kept import signed_in
from courses.models import Drill
from live import permissions, planning, readiness, schedule
from live.exceptions import ActionNotAllowed, LiveStarted
from live.models import Livestream
from live.plan_forms import Kind, PlanForm, blank, drills_for
from live.readiness import Standing
from live.shortcuts import my_live_or_404, parse_uuid, refuse_change, require_second_factor, seen_live_or_404
from shops import site_role
from ui.returning import way_back

# Drills that are offered at once; the rest is folded.
DRILLS = 4


@require_safe
@signed_in
def lives(request: HttpRequest) -> HttpResponse:
    """What runs, what comes, what is over, real lives before rehearsals; and the drills, each one tap. With ?of= one list
    alone, from ?after= on."""
    only, after = request.GET.get("of", ""), request.GET.get("after", "")
    is_locked = second_factor.is_due(request)
    if is_locked and only == schedule.OTHERS:
        return second_factor.demand(request, request.get_full_path())
    lists = {one.name: one for one in schedule.lists(request.user, only, after, with_others=not is_locked)}
    is_first = len(lists) > 1
    running = list(schedule.running(request.user)) if is_first else []
    drills = list(drills_for(request.user, Kind.REHEARSAL)) if is_first else []
    context = {
        "waits": waiting.block(request, "lives") if is_first else None,
        "running": running,
        "lists": lists,
        "is_first": is_first,
        "is_locked": is_locked,
        "is_empty": is_first and not running and not any(one.page.items for one in lists.values()),
        "drills": drills[:DRILLS],
        "more_drills": drills[DRILLS:],
        "sells": not site_role.is_practice(),
        "key": uuid.uuid4(),
        "now": timezone.now(),
    }
    return render(request, "live/live_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_plan(request: HttpRequest) -> HttpResponse:
    """The form, filled as the last time; with do=drill a plan is made of a drill without asking anything."""
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", "") if asked.get("kind") in Kind.values else Kind.REHEARSAL
    try:
        if request.POST.get("do") == "drill":
            return made(
                request,
                planning.create(request.user, key=parse_uuid(asked, "key"), drill=asked_drill(asked, kind)),
            )
        live = blank(request.user, kind, asked_drill(request.GET, kind))
        form = PlanForm(kept.typed(request), live=live, user=request.user, initial={"key": uuid.uuid4()})
        if request.method == "POST" and form.is_valid():
            live = planning.create(request.user, key=form.key_or_new, kind=kind, **given(form, live))
            return made(request, live)
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
        return redirect("live:lives")
    context = {"form": form, "live": live, "kind": kind, "sells": not site_role.is_practice(), "new": True,
               "draft_name": f"live-{kind}", "back_url": reverse("live:lives")}  # fmt: skip
    return render(request, "live/plan_form.html", context)


def given(form: PlanForm, live: Livestream) -> dict:
    """What create takes: what was not asked is as the blank plan has it. A rehearsal may leave the shop out."""
    facts = form.facts()
    if "shop" not in facts:
        facts["shop"] = live.shop
    facts.setdefault("place", (facts["shop"] or live).place if facts["shop"] else live.place)
    return facts


def asked_drill(asked, kind: str) -> Drill | None:
    pk = asked.get("drill", "")
    return (
        Drill.objects.filter(pk=pk, course__state="published", is_real=kind == Kind.REAL).first()
        if pk.isascii() and pk.isdecimal() and len(pk) < 18
        else None
    )


def made(request: HttpRequest, live: Livestream) -> HttpResponse:
    messages.success(request, _("排好了，货和脚本再看一遍。"), extra_tags=f"done:live-{live.kind}")
    return redirect("live:plan" if live.items.exists() else "live:add_item", live.pk)


@require_safe
@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The rundown with everything that hangs on it; who does not run it reads."""
    live = seen_live_or_404(request, pk)
    if demanded := require_second_factor(request, live):
        return demanded
    standing = Standing.of(live)
    runs = permissions.can_run(request.user, live)
    lacks = readiness.lacks(live, standing) if live.started_at is None else []
    context = {
        "live": live,
        "standing": standing,
        "rows": [row_of(standing, item) for item in standing.items],
        "may_edit": runs and live.started_at is None,
        "runs": runs,
        "lacks": lacks,
        "missing": sum(lack.names for lack in lacks),
        "hints": readiness.hints(live, standing) if live.started_at is None else [],
        "ticked": sum(row.is_done for row in standing.ticks),
        "key": uuid.uuid4(),
    }
    return render(request, "live/plan_show.html", context)


def row_of(standing: Standing, item) -> dict:
    found = standing.found(item)
    return {
        "item": item,
        "seconds": standing.seconds(item),
        "over": standing.seconds(item) > item.minutes * 72,  # a fifth more than planned
        "blocked": sum(one.blocks for one in found),
        "written": standing.seconds(item) > 0,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if live.started_at:
        return refuse_change(request, live)
    back_url = way_back(request, live.get_absolute_url())
    form = PlanForm(kept.typed(request), live=live, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            planning.change(live, form.facts() | title_or_day(form, live), request.user)
            messages.success(request, _("改好了。"), extra_tags=f"done:edit-live-{pk}")
            return redirect(back_url)
        except ActionNotAllowed as problem:
            form.add_error(None, problem.sentence)
        except LiveStarted:
            return refuse_change(request, live)
    context = {"form": form, "live": live, "kind": live.kind, "draft_name": f"edit-live-{pk}",
               "back_url": back_url}  # fmt: skip
    return render(request, "live/plan_form.html", context)


def title_or_day(form: PlanForm, live: Livestream) -> dict:
    live.drill = form.cleaned_data.get("drill", live.drill)
    live.starts_at = form.cleaned_data["starts_at"]
    return {"title": form.cleaned_data["title"] or planning.title_of(live)}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def again(request: HttpRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if request.method != "POST":
        return redirect("live:plan", pk)
    try:
        fresh = planning.again(live, request.user, parse_uuid(request.POST, "key"))
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
        return redirect("live:plan", pk)
    messages.success(request, _("照原样排了一场，时间改一下就行。"))
    return redirect("live:plan", fresh.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove_plan(request: HttpRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if live.started_at:
        return refuse_change(request, live)
    if request.method == "POST":
        if planning.remove(live):
            messages.success(request, _("撤掉了。"))
            return redirect("live:lives")
        return refuse_change(request, live)
    context = {
        "title": _("撤掉“%(title)s”？") % {"title": live.title},
        "text": _("排品表和脚本都不见了。录过的彩排还在。"),
        "cancel_url": live.get_absolute_url(),
        "confirm": _("撤掉"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)
