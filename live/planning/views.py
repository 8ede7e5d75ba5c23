"""Pages of plans: the list of lives, one plan, its form, repeating and removing it, and the printed sheet."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators, second_factor
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.worklist import items
from courses.models import Drill
from live import permissions
from live.exceptions import ActionNotAllowed, LiveStarted
from live.models import Livestream, RundownItem
from live.planning import plans, rundown, schedule
from live.planning.forms import Kind, PlanForm, find_drills
from live.readiness import checks
from live.readiness.checks import Readiness
from live.scripts import crops, placeholders, services
from live.shortcuts import (
    my_live_or_404,
    parse_uuid,
    refuse_change,
    require_second_factor,
    visible_live_or_404,
)
from shops import site_mode
from shops.models import Product
from ui.formats import day as spoken_day
from ui.parameters import get_return_url, read_id

# Number of drills shown; the others are folded.
DRILLS = 4


@require_safe
@login_required_keeping_post
def lives(request: SignedInRequest) -> HttpResponse:
    """List what runs, comes and is over, real lives before rehearsals, and the drills. ?of= shows one list from ?after= on."""
    only, after = request.GET.get("of", ""), request.GET.get("after", "")
    is_locked = second_factor.is_due(request)
    if is_locked and only == schedule.OTHERS:
        return second_factor.redirect_to_second_factor(request, request.get_full_path())
    lists = {
        one.name: one for one in schedule.list_lives(request.user, only, after, with_others=not is_locked)
    }
    is_first = len(lists) > 1
    running = list(schedule.find_running(request.user)) if is_first else []
    drills = list(find_drills(request.user, Kind.REHEARSAL)) if is_first else []
    context = {
        "waits": items.make_block(request, "lives") if is_first else None,
        "running": running,
        "lists": lists,
        "is_first": is_first,
        "is_locked": is_locked,
        "is_empty": is_first and not running and not any(one.page.items for one in lists.values()),
        "drills": drills[:DRILLS],
        "more_drills": drills[DRILLS:],
        "sells": not site_mode.is_practice(),
        "key": uuid.uuid4(),
        "now": timezone.now(),
    }
    return render(request, "live/planning/live_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def new_plan(request: SignedInRequest) -> HttpResponse:
    """Make a plan with the form, filled like the last one; do=drill makes it from a drill without asking anything.

    do=crop:3 makes a rehearsal of one product with the script of its goods' pack.
    """
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", "") if asked.get("kind") in Kind.values else Kind.REHEARSAL
    try:
        if request.POST.get("do") == "drill":
            return redirect_to_new(
                request,
                plans.create_plan(request.user, key=parse_uuid(asked, "key"), drill=find_drill(asked, kind)),
            )
        if request.POST.get("do", "").startswith(crops.ACT):
            return plan_with_pack(request, request.POST["do"])
        live = plans.make_blank_plan(request.user, kind, find_drill(request.GET, kind))
        form = PlanForm(
            decorators.get_posted_or_kept(request),
            live=live,
            user=request.user,
            initial={"key": uuid.uuid4()},
        )
        if request.method == "POST" and form.is_valid():
            live = plans.create_plan(request.user, key=form.key_or_new, kind=kind, **plan_facts(form, live))
            return redirect_to_new(request, live)
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
        return redirect("live:lives")
    context = {"form": form, "live": live, "kind": kind, "sells": not site_mode.is_practice(), "new": True,
               "draft_name": f"live-{kind}", "back_url": reverse("live:lives")}  # fmt: skip
    return render(request, "live/planning/plan_form.html", context)


def plan_with_pack(request: SignedInRequest, act: str) -> HttpResponse:
    """Plan a rehearsal of a product with the pack's script, and open it; one with the same key is made once.

    Raises ActionNotAllowed where no such script is offered for the product.
    """
    rows = Product.objects.sold_by(request.user).exclude(status=Product.Status.WITHDRAWN)
    product = get_object_or_404(rows.select_related("shop__place"), pk=read_id(request.POST.get("product")))
    pattern = crops.find_product_pattern(product)
    minutes = (
        {act: minutes for minutes, act in pattern.start.acts}.get(act) if pattern and pattern.start else None
    )
    if minutes is None:
        raise ActionNotAllowed(_("没看懂，再点一次"))
    key = parse_uuid(request.POST, "key")
    if key and (known := plans.find_by_key(key, request.user)):
        return redirect(known)
    with transaction.atomic():
        live = plans.create_plan(
            request.user, key=key, shop=product.shop, products=[product], planned_minutes=minutes
        )
        item = live.items.get(product=product)
        item.livestream = live
        rundown.change_item(item, {"minutes": minutes})
        crops.replace_script(item, None, crops.find_parts(item, act) or {}, request.user)
    messages.success(
        request, _("排了一场彩排，讲法放进来了。一句一句看，跟你家不一样的改成真的；没填的空填好才能开播。")
    )
    return redirect(crops.script_url(item))


def plan_facts(form: PlanForm, live: Livestream) -> dict:
    """Return the arguments of create_plan: what was not asked comes from the blank plan. A rehearsal may have no shop."""
    facts = form.facts()
    if "shop" not in facts:
        facts["shop"] = live.shop
    facts.setdefault("place", (facts["shop"] or live).place if facts["shop"] else live.place)
    return facts


def find_drill(asked, kind: str) -> Drill | None:
    drills = Drill.objects.filter(course__state="published", is_real=kind == Kind.REAL)
    pk = read_id(asked.get("drill"))
    return drills.filter(pk=pk).first() if pk else None


def redirect_to_new(request: HttpRequest, live: Livestream) -> HttpResponse:
    messages.success(request, _("排好了，货和脚本再看一遍。"), extra_tags=f"done:live-{live.kind}")
    return redirect("live:plan" if live.items.exists() else "live:add_item", live.pk)


@require_safe
@login_required_keeping_post
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the rundown and what is missing; who does not run it may only read."""
    live = visible_live_or_404(request, pk)
    if demanded := require_second_factor(request, live):
        return demanded
    readiness = Readiness.load(live)
    runs = permissions.can_run(request.user, live)
    missing = checks.list_missing_requirements(live, readiness) if live.started_at is None else []
    context = {
        "live": live,
        "readiness": readiness,
        "rows": [make_row(readiness, item) for item in readiness.items],
        "can_edit": runs and live.started_at is None,
        "runs": runs,
        "missing": missing,
        "missing_count": sum(one.names for one in missing),
        "hints": checks.list_hints(live, readiness) if live.started_at is None else [],
        "ticked": sum(row.is_done for row in readiness.ticks),
        "key": uuid.uuid4(),
    }
    return render(request, "live/planning/plan_show.html", context)


def make_row(readiness: Readiness, item) -> dict:
    found = readiness.found(item)
    return {
        "item": item,
        "seconds": readiness.seconds(item),
        "over": readiness.seconds(item) > item.minutes * 72,  # a fifth more than planned
        "blocked": sum(one.blocks for one in found),
        "written": readiness.seconds(item) > 0,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def edit_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if live.started_at:
        return refuse_change(request, live)
    back_url = get_return_url(request, live.get_absolute_url())
    form = PlanForm(decorators.get_posted_or_kept(request), live=live, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            plans.change_plan(live, form.facts() | choose_title(form, live), request.user)
            messages.success(request, _("改好了。"), extra_tags=f"done:edit-live-{pk}")
            return redirect(back_url)
        except ActionNotAllowed as problem:
            form.add_error(None, problem.sentence)
        except LiveStarted:
            return refuse_change(request, live)
    context = {"form": form, "live": live, "kind": live.kind, "draft_name": f"edit-live-{pk}",
               "back_url": back_url}  # fmt: skip
    return render(request, "live/planning/plan_form.html", context)


def choose_title(form: PlanForm, live: Livestream) -> dict:
    live.drill = form.cleaned_data.get("drill", live.drill)
    live.starts_at = form.cleaned_data["starts_at"]
    return {"title": form.cleaned_data["title"] or plans.make_default_title(live)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if request.method != "POST":
        return redirect("live:plan", pk)
    try:
        fresh = plans.repeat_plan(live, request.user, parse_uuid(request.POST, "key"))
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
        return redirect("live:plan", pk)
    messages.success(request, _("照原样排了一场，时间改一下就行。"))
    return redirect("live:plan", fresh.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def remove_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if live.started_at:
        return refuse_change(request, live)
    if request.method == "POST":
        if plans.remove_plan(live):
            messages.success(request, _("取消了。"))
            return redirect("live:lives")
        return refuse_change(request, live)
    context = {
        "title": _("取消“%(title)s”？") % {"title": live.title},
        "text": _("排品表和脚本都不见了。录过的彩排还在。"),
        "cancel_url": live.get_absolute_url(),
        "confirm": _("取消这一场"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@require_safe
@login_required_keeping_post
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    live = visible_live_or_404(request, pk)
    if demanded := require_second_factor(request, live):
        return demanded
    readiness, rows, at = Readiness.load(live), [], 0
    for item in readiness.items:
        lines = services.list_readable_parts(readiness.versions.get(item.pk), item)
        rows.append(
            {"item": item, "at": f"{at // 60}:{at % 60:02d}", "lines": lines, "price": get_item_price(item)}
        )
        at += item.minutes
    context = {
        "live": live,
        "rows": rows,
        "minutes": readiness.minutes,
        "with_scripts": request.GET.get("scripts") != "0",
        "words": build_rundown_text(live, rows),
        "runs": permissions.can_run(request.user, live),
        "back_url": live.get_absolute_url(),
    }
    return render(request, "live/planning/sheet_show.html", context)


def get_item_price(item: RundownItem) -> str:
    price = placeholders.format_spoken_price(item.unit_price_fen)
    return (
        _("%(price)s一%(unit)s") % {"price": price, "unit": placeholders.get_unit(item).label}
        if price
        else ""
    )


def build_rundown_text(live: Livestream, rows: list[dict]) -> str:
    """Return the rundown without scripts as text to send to helpers, a line for each item."""
    start = timezone.localtime(live.starts_at)
    head = [live.title, f"{spoken_day(live.starts_at)} {start:%H:%M} · {live.get_platform_display()}"]
    if live.platform_url:
        head.append(live.platform_url)
    lines = []
    for number, row in enumerate(rows, 1):
        item = row["item"]
        words = [str(item), row["price"], item.get_role_display(), _("%(n)s 分钟") % {"n": item.minutes}]
        if item.quota:
            words.append(_("留 %(quota)s") % {"quota": placeholders.format_units(item, item.quota)})
        lines.append(f"{number}. {row['at']} " + " · ".join(part for part in words if part))
        lines += [f"   {point}" for point in item.talking_points.splitlines() if point.strip()]
    return "\n".join([*head, "", *lines])
