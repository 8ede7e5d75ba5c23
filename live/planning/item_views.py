"""Pages of the rundown's items: adding by picking or typing, changing, ordering, removing."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from live.exceptions import LiveStarted, RundownFull
from live.models import ChecklistTick, Livestream
from live.planning import plans, rundown
from live.planning.forms import ItemForm, PickForm, TypedItemForm
from live.shortcuts import my_item_or_404, my_live_or_404, refuse_change
from shops.products import search
from ui.parameters import add_return_url, get_return_url, read_id

# Number of products on the page; with more than MANY it offers a search.
OFFERED, MANY = 60, 12


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def add_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add several of the shop's products; without a shop redirect to typing an item.

    `find` searches (q) and adds nothing: what was ticked stays ticked, whatever is found.
    """
    live = my_live_or_404(request, pk)
    if live.started_at:
        return refuse_change(request, live)
    if not live.shop_id:
        typed, back = reverse("live:add_typed", args=[pk]), get_return_url(request, "")
        return redirect(add_return_url(typed, back) if back else typed)
    is_sent = request.method == "POST" and "find" not in request.POST
    form = PickForm(request.POST if is_sent else None, live=live)
    if form.is_valid():
        try:
            made = rundown.add_products(live, list_picked(form), request.user)
        except LiveStarted:
            return refuse_change(request, live)
        except RundownFull:
            form.add_error(None, make_full_message())
        else:
            messages.success(request, make_added_message(live, len(made)))
            return redirect(get_return_url(request, live.get_absolute_url()))
    return render(request, "live/planning/item_pick.html", build_picker(live, form, request))


def list_picked(form: PickForm) -> list:
    """Return the products in the order of the page."""
    chosen = {str(product.pk): product for product in form.cleaned_data["products"]}
    return [chosen[pk] for pk in form.data.getlist("products") if pk in chosen]


def make_added_message(live: Livestream, n: int) -> str:
    text = ngettext("加了 %(n)d 款。", "加了 %(n)d 款。", n) % {"n": n}
    if n and live.ticks.filter(code=ChecklistTick.Code.PAPERS).exists():
        text += " " + _("新加的货，证件要再看一遍。")
    return text


def build_picker(live: Livestream, form: PickForm, request: HttpRequest) -> dict:
    """Return the context of the page: products that were ticked come first, then those found."""
    rows = plans.find_offered_products(live).select_related("cover")
    picked = [read_id(word) for word in request.POST.getlist("products")]
    typed = request.POST.get("q", "").strip()[:40]
    chosen = list(rows.filter(pk__in=picked))
    found = list(search.filter_by_words(rows.exclude(pk__in=picked), typed)[: OFFERED + 1])
    is_cut, found = len(found) > OFFERED, found[:OFFERED]
    there = set(live.items.values_list("product", flat=True))
    return {
        "live": live,
        "form": form,
        "goods": [(product, product.pk in there) for product in chosen + found],
        "picked": picked,
        "typed": typed,
        "is_cut": is_cut,
        "offered": OFFERED,
        "missed": bool(typed) and not found,
        "many": bool(typed) or len(found) > MANY,
        "back_url": get_return_url(request, live.get_absolute_url()),
        "new_url": f"{reverse('shops:new_product')}?shop={live.shop_id}",
    }


def make_full_message() -> str:
    return _("一张排品表最多 %(most)s 款") % {"most": rundown.MAX_ITEMS}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def add_typed(request: SignedInRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if live.started_at:
        return refuse_change(request, live)
    if live.is_real:
        return redirect("live:add_item", pk)
    back_url = get_return_url(request, live.get_absolute_url())
    initial = {"key": uuid.uuid4(), "minutes": live.drill.minutes if live.drill else 5, "role": "earner"}
    form = TypedItemForm(decorators.get_posted_or_kept(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rundown.add_typed(live, form.facts(), request.user, form.key_or_new)
        except LiveStarted:
            return refuse_change(request, live)
        except RundownFull:
            form.add_error(None, make_full_message())
        else:
            messages.success(request, _("加好了。"), extra_tags=f"done:typed-{pk}")
            return redirect(back_url)
    context = {"live": live, "form": form, "draft_name": f"typed-{pk}", "back_url": back_url}
    return render(request, "live/planning/item_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def item(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    if live.started_at:
        return refuse_change(request, live)
    back_url = get_return_url(request, live.get_absolute_url())
    form = (ItemForm if row.product_id else TypedItemForm)(decorators.get_posted_or_kept(request), item=row)
    if request.method == "POST" and form.is_valid():
        try:
            rundown.change_item(row, form.facts())
        except LiveStarted:
            return refuse_change(request, live)
        messages.success(request, _("改好了。"), extra_tags=f"done:item-{item}")
        return redirect(back_url)
    context = {"live": live, "item": row, "form": form, "draft_name": f"item-{item}", "back_url": back_url}
    return render(request, "live/planning/item_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def remove_item(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    if request.method == "POST":
        try:
            rundown.remove_item(row)
        except LiveStarted:
            return refuse_change(request, live)
        messages.success(request, _("拿掉了。"))
        return redirect("live:plan", pk)
    context = {
        "title": _("把“%(name)s”从排品表拿掉？") % {"name": row},
        "text": _("这一款的脚本也不要了。商品还在小店里。"),
        "cancel_url": reverse("live:item", args=[pk, item]),
        "confirm": _("拿掉"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def order_items(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move an item one step by a button (move=12:up), or set the whole order after dragging (order=3 1 2).

    Dragging is answered by 204, or by 409 if somebody has changed the rundown meanwhile.
    """
    live = my_live_or_404(request, pk)
    if request.method != "POST":
        return redirect("live:plan", pk)
    try:
        if "order" in request.POST:
            pks = [read_id(word) for word in request.POST["order"].split()[: rundown.MAX_ITEMS + 1]]
            return HttpResponse(status=204 if rundown.reorder(live, pks) else 409)
        text, _colon, way = request.POST.get("move", "").partition(":")
        number = read_id(text)
        rundown.move_item(my_item_or_404(live, number), way == "up")
    except LiveStarted:
        return HttpResponse(status=409) if "order" in request.POST else refuse_change(request, live)
    return redirect(f"{live.get_absolute_url()}#item-{number}")
