"""What is keyed in while a live is on: each a form that works without a script, and again under the same id is one row."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from accounts.kept import signed_in
from live import flashing, pinning, selling, slips
from live.air_forms import AGAIN, FlashForm, SaleForm, SlipForm
from live.exceptions import ActionNotAllowed, IdempotencyConflict
from live.labels import count_units
from live.models import LiveSale, Livestream
from live.shortcuts import my_item_or_404, my_live_or_404, parse_uuid
from shops.views.private import private


def back_to(live: Livestream) -> str:
    return reverse("live:sales" if live.is_over else "live:air", args=[live.pk])


def typed(request: HttpRequest, form_class, **initial) -> dict:
    """What was written before the session was lost; never the id of then."""
    found = kept.take(request) if request.method != "POST" else None
    names = set(form_class.base_fields) - {"event_id"}
    return initial | {name: found[name] for name in names if found and name in found}


def tried(request: HttpRequest, work) -> object | None:
    """The row, or None with what stood in the way said on the next page."""
    try:
        return work()
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except IdempotencyConflict:
        messages.warning(request, AGAIN)
    return None


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sale(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """One tap on the row of an item, or by itself with another price than the one of now."""
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    if request.method == "POST":
        form = SaleForm(request.POST)
        if form.is_valid() and sold(request, form, item):
            return redirect(back_to(live))
    else:
        form = SaleForm(initial=typed(request, SaleForm, quantity=1, price_fen=flashing.price_of(item)))
    context = {"live": live, "item": item, "form": form, "back_url": back_to(live)}
    return render(request, "live/sale_new.html", context)


def sold(request: HttpRequest, form: SaleForm, item) -> bool:
    facts = form.cleaned_data
    price = facts["price_fen"]
    try:
        row = selling.sell(item, facts["quantity"], request.user, facts["event_id"], price_fen=price)
    except ActionNotAllowed as problem:
        form.add_error("price_fen" if price is None else "quantity", problem.sentence)
        return False
    except IdempotencyConflict:
        form.add_error(None, AGAIN)
        return False
    said = _("记下了：%(name)s %(count)s。") % {"name": item, "count": count_units(item, row.quantity)}
    if row.entry_id:
        said = _("补记好了，已经进账：%(name)s %(count)s。") % {
            "name": item,
            "count": count_units(item, row.quantity),
        }
    if row.oversold:
        over = count_units(item, row.oversold)
        messages.warning(request, said + _("超卖 %(count)s，下播后要处理。") % {"count": over})
    else:
        messages.success(request, said)
    return True


@private
@require_POST
@signed_in
def undo(request: HttpRequest, pk: int, sale_id: uuid.UUID) -> HttpResponse:
    live = my_live_or_404(request, pk)
    row = get_object_or_404(LiveSale.objects.select_related("item"), livestream=live, event_id=sale_id)
    event = parse_uuid(request.POST, "event_id")
    if event is None:
        messages.warning(request, AGAIN)
    elif tried(request, lambda: selling.undo(row, request.user, event)):
        messages.success(request, _("撤回了，货放回去了。"))
    return redirect(back_to(live))


@private
@require_POST
@signed_in
def pin(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    event = parse_uuid(request.POST, "event_id")
    if event is None:
        messages.warning(request, AGAIN)
    else:
        tried(request, lambda: pinning.pin(item, request.user, event))
    return redirect(back_to(live))


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """直播电商监督管理办法 §31: what was said wrongly, and what is right."""
    live = my_live_or_404(request, pk)
    if request.method == "POST":
        form = SlipForm(request.POST, live=live)
        if form.is_valid() and noted(request, form, live):
            return redirect(back_to(live))
    else:
        form = SlipForm(live=live, initial=typed(request, SlipForm))
    return render(request, "live/slip_new.html", {"live": live, "form": form, "back_url": back_to(live)})


def noted(request: HttpRequest, form: SlipForm, live: Livestream) -> bool:
    facts = form.cleaned_data
    words = (facts["said"], facts["right"])
    work = lambda: slips.note(live, *words, request.user, facts["event_id"], item=facts["item"])  # noqa: E731
    if tried(request, work) is None:
        return False
    messages.success(request, _("更正记下了，几点几分都在。"), extra_tags=f"done:slip-{live.pk}")
    return True


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def flash(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """A price for some minutes; its time is the server's."""
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    if not live.is_on:
        return redirect(back_to(live))
    if request.method == "POST":
        form = FlashForm(request.POST)
        if form.is_valid() and flashed(request, form, item):
            return redirect(back_to(live))
    else:
        form = FlashForm(initial=typed(request, FlashForm))
    context = {"live": live, "item": item, "form": form, "back_url": back_to(live)}
    return render(request, "live/flash_new.html", context | {"price_fen": item.unit_price_fen})


def flashed(request: HttpRequest, form: FlashForm, item) -> bool:
    facts = form.cleaned_data
    try:
        flashing.flash(item, facts["price_fen"], facts["minutes"], request.user, facts["event_id"])
    except ActionNotAllowed as problem:
        form.add_error("price_fen", problem.sentence)
        return False
    except IdempotencyConflict:
        form.add_error(None, AGAIN)
        return False
    messages.success(request, _("限时价开了，到点自己停。"))
    return True


@private
@require_POST
@signed_in
def flash_stop(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if flashing.stop(my_item_or_404(live, item_pk)):
        messages.success(request, _("限时价停了，回到原来的价。"))
    return redirect(back_to(live))
