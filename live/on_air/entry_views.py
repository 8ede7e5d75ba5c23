"""Pages that record what happens in a live, and the list of its sales with settlements and refunds.

Every form works without JavaScript and carries an event id: sent twice it is one row.
"""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import decorators
from accounts.backoffice.export import send_csv
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from live import tables
from live.exceptions import ActionNotAllowed
from live.labels import count_units
from live.models import LiveSale, Livestream, RundownItem
from live.on_air import host_actions, ledger
from live.on_air.forms import AGAIN, FlashForm, RefundForm, SaleForm, SettleForm, SlipForm
from live.on_air.sales import record_refund, record_sale, settle_oversold, undo_sale
from live.permissions import can_run
from live.shortcuts import (
    my_item_or_404,
    my_live_or_404,
    parse_uuid,
    require_second_factor,
    visible_live_or_404,
)
from shops.exceptions import IdempotencyConflict
from shops.shortcuts import private_page
from ui.pagination import fetch_page

# Number of sales on a page.
ROWS = 50


def get_return_page(live: Livestream) -> str:
    return reverse("live:sales" if live.is_over else "live:air", args=[live.pk])


def make_initial(request: HttpRequest, form_class, **initial) -> dict:
    """Return initial values, with what was typed before the session was lost; never the old event id."""
    found = decorators.get_kept_post(request) if request.method != "POST" else None
    names = set(form_class.base_fields) - {"event_id"}
    return initial | {name: found[name] for name in names if found and name in found}


def try_work(request: HttpRequest, work) -> object | None:
    """Return the row, or None after putting the reason on the next page."""
    try:
        return work()
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except IdempotencyConflict:
        messages.warning(request, AGAIN)
    return None


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def sale(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """Record a sale: one tap on an item's row, or a page of its own for another price."""
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    if request.method == "POST":
        form = SaleForm(request.POST)
        if form.is_valid() and submit_sale(request, form, item):
            return redirect(get_return_page(live))
    else:
        form = SaleForm(
            initial=make_initial(
                request, SaleForm, quantity=1, price_fen=host_actions.get_current_price(item)
            )
        )
    context = {"live": live, "item": item, "form": form, "back_url": get_return_page(live)}
    return render(request, "live/on_air/sale_new.html", context)


def submit_sale(request: SignedInRequest, form: SaleForm, item) -> bool:
    facts = form.cleaned_data
    price = facts["price_fen"]
    try:
        row = record_sale(item, facts["quantity"], request.user, facts["event_id"], price_fen=price)
    except ActionNotAllowed as problem:
        form.add_error("price_fen" if price is None else "quantity", problem.sentence)
        return False
    except IdempotencyConflict:
        form.add_error(None, AGAIN)
        return False
    text = _("记下了：%(name)s %(count)s。") % {"name": item, "count": count_units(item, row.quantity)}
    if row.entry_id:
        text = _("补记好了，已经进账：%(name)s %(count)s。") % {
            "name": item,
            "count": count_units(item, row.quantity),
        }
    if row.oversold:
        over = count_units(item, row.oversold)
        messages.warning(request, text + _("超卖 %(count)s，下播后要处理。") % {"count": over})
    else:
        messages.success(request, text)
    return True


@private_page
@require_POST
@login_required_keeping_post
def undo(request: SignedInRequest, pk: int, sale_id: uuid.UUID) -> HttpResponse:
    live = my_live_or_404(request, pk)
    row = get_object_or_404(LiveSale.objects.select_related("item"), livestream=live, event_id=sale_id)
    event = parse_uuid(request.POST, "event_id")
    if event is None:
        messages.warning(request, AGAIN)
    elif try_work(request, lambda: undo_sale(row, request.user, event)):
        messages.success(request, _("撤回了，货放回去了。"))
    return redirect(get_return_page(live))


@private_page
@require_POST
@login_required_keeping_post
def pin(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    event = parse_uuid(request.POST, "event_id")
    if event is None:
        messages.warning(request, AGAIN)
    else:
        try_work(request, lambda: host_actions.feature_item(item, request.user, event))
    return redirect(get_return_page(live))


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def slip(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record a spoken mistake and its correction (直播电商监督管理办法 §31)."""
    live = my_live_or_404(request, pk)
    if request.method == "POST":
        form = SlipForm(request.POST, live=live)
        if form.is_valid() and submit_correction(request, form, live):
            return redirect(get_return_page(live))
    else:
        form = SlipForm(live=live, initial=make_initial(request, SlipForm))
    return render(
        request,
        "live/on_air/correction_new.html",
        {"live": live, "form": form, "back_url": get_return_page(live)},
    )


def submit_correction(request: SignedInRequest, form: SlipForm, live: Livestream) -> bool:
    facts = form.cleaned_data
    texts = (facts["said"], facts["right"])
    record = partial(host_actions.record_correction, live, *texts, request.user, facts["event_id"])
    if try_work(request, lambda: record(item=facts["item"])) is None:
        return False
    messages.success(request, _("更正记下了，几点几分都在。"), extra_tags=f"done:slip-{live.pk}")
    return True


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def flash(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """Start a price for some minutes, by the server's clock."""
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    if not live.is_on:
        return redirect(get_return_page(live))
    if request.method == "POST":
        form = FlashForm(request.POST)
        if form.is_valid() and submit_flash_price(request, form, item):
            return redirect(get_return_page(live))
    else:
        form = FlashForm(initial=make_initial(request, FlashForm))
    context = {"live": live, "item": item, "form": form, "back_url": get_return_page(live)}
    return render(request, "live/on_air/flash_new.html", context | {"price_fen": item.unit_price_fen})


def submit_flash_price(request: SignedInRequest, form: FlashForm, item) -> bool:
    facts = form.cleaned_data
    try:
        host_actions.start_flash_price(
            item, facts["price_fen"], facts["minutes"], request.user, facts["event_id"]
        )
    except ActionNotAllowed as problem:
        form.add_error("price_fen", problem.sentence)
        return False
    except IdempotencyConflict:
        form.add_error(None, AGAIN)
        return False
    messages.success(request, _("限时价开了，到点自己停。"))
    return True


@private_page
@require_POST
@login_required_keeping_post
def flash_stop(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if host_actions.stop_flash_price(my_item_or_404(live, item_pk)):
        messages.success(request, _("限时价停了，回到原来的价。"))
    return redirect(get_return_page(live))


@private_page
@require_safe
@login_required_keeping_post
def sales(request: SignedInRequest, pk: int) -> HttpResponse:
    """List the sales under their totals; ?item= shows those of one item, ?over= the oversold ones."""
    live = visible_live_or_404(request, pk)
    if demand := require_second_factor(request, live):
        return demand
    sums = ledger.calculate_totals(live)
    asked = request.GET.get("item", "")
    item = next((line.item for line in sums.lines if str(line.item.pk) == asked), None)
    rows = list_sale_rows(live, item, "over" in request.GET)
    context = {
        "live": live,
        "runs": can_run(request.user, live),
        "sums": sums,
        "item": item,
        "is_over_only": "over" in request.GET,
        "page": fetch_page(rows, ("-happened_at", "-id"), request.GET.get("after", ""), ROWS),
        "slips": live.slips.select_related("by", "item__product"),
        "pins": live.pins.select_related("by", "item__product"),
        "refunds": live.liverefunds.select_related("by", "item__product"),
        "settlements": live.settlements.select_related("by", "item__product"),
        "back_url": live.get_absolute_url(),
    }
    return render(request, "live/on_air/sales_show.html", context)


def list_sale_rows(live: Livestream, item: RundownItem | None = None, over: bool = False):
    rows = live.livesales.select_related("by", "item__product", "undone_by", "undoes")
    if item:
        rows = rows.filter(item=item)
    return rows.exclude(oversold=0) if over else rows


@private_page
@require_safe
@login_required_keeping_post
def sales_csv(request: SignedInRequest, pk: int) -> HttpResponseBase:
    live = visible_live_or_404(request, pk)
    if demand := require_second_factor(request, live):
        return demand
    rows = list_sale_rows(live).order_by("happened_at", "id").iterator(chunk_size=500)
    return send_csv(f"live-{live.pk}", tables.list_sale_titles(), tables.list_sale_rows(rows))


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def settle(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    owed = ledger.count_remaining(item)["owed"]
    if request.method == "POST":
        form = SettleForm(request.POST)
        if form.is_valid() and submit_fact(
            request, form, lambda facts: settle_oversold(item, by=request.user, **facts)
        ):
            return redirect("live:sales", pk)
    else:
        form = SettleForm(initial=make_initial(request, SettleForm, quantity=max(owed, 1)))
    back_url = reverse("live:sales", args=[pk])
    context = {"live": live, "item": item, "owed": owed, "form": form, "back_url": back_url}
    return render(request, "live/on_air/settle_new.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def refund(request: SignedInRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if request.method == "POST":
        form = RefundForm(request.POST, live=live)
        if form.is_valid() and submit_fact(
            request, form, lambda facts: record_refund(live, by=request.user, **facts)
        ):
            return redirect("live:sales", pk)
    else:
        form = RefundForm(live=live, initial=make_initial(request, RefundForm))
    context = {"live": live, "form": form, "back_url": reverse("live:sales", args=[pk])}
    return render(request, "live/on_air/refund_new.html", context)


def submit_fact(request: HttpRequest, form, work) -> bool:
    """Do the work and show a message; return False, with the error on the form's field, if it was refused."""
    facts = {name: value for name, value in form.cleaned_data.items() if value is not None}
    try:
        work(facts)
    except ActionNotAllowed as problem:
        form.add_error(problem.field or None, problem.sentence)
        return False
    except IdempotencyConflict:
        form.add_error(None, AGAIN)
        return False
    messages.success(request, _("记下了。"))
    return True
