"""What a live sold: every total opens to its rows; what was oversold and what went back; taken away as a table."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.exporting import csv_answer
from accounts.kept import signed_in
from live import settling, tables, tally
from live.air_forms import AGAIN, RefundForm, SettleForm
from live.exceptions import ActionNotAllowed, IdempotencyConflict
from live.models import Livestream, RundownItem
from live.permissions import can_run
from live.shortcuts import my_item_or_404, my_live_or_404, require_second_factor, seen_live_or_404
from live.views.entries import typed
from shops.views.private import private
from ui.paging import page

ROWS = 50


@private
@require_safe
@signed_in
def sales(request: HttpRequest, pk: int) -> HttpResponse:
    """?item= shows the rows of one, ?over= those that were oversold."""
    live = seen_live_or_404(request, pk)
    if demand := require_second_factor(request, live):
        return demand
    sums = tally.of(live)
    asked = request.GET.get("item", "")
    item = next((line.item for line in sums.lines if str(line.item.pk) == asked), None)
    rows = rows_of(live, item, "over" in request.GET)
    context = {
        "live": live,
        "runs": can_run(request.user, live),
        "sums": sums,
        "item": item,
        "is_over_only": "over" in request.GET,
        "page": page(rows, ("-happened_at", "-id"), request.GET.get("after", ""), ROWS),
        "slips": live.slips.select_related("by", "item__product"),
        "pins": live.pins.select_related("by", "item__product"),
        "refunds": live.liverefunds.select_related("by", "item__product"),
        "settlements": live.settlements.select_related("by", "item__product"),
        "back_url": live.get_absolute_url(),
    }
    return render(request, "live/sales_show.html", context)


def rows_of(live: Livestream, item: RundownItem | None = None, over: bool = False):
    rows = live.livesales.select_related("by", "item__product", "undone_by", "undoes")
    if item:
        rows = rows.filter(item=item)
    return rows.exclude(oversold=0) if over else rows


@private
@require_safe
@signed_in
def sales_csv(request: HttpRequest, pk: int) -> HttpResponse:
    live = seen_live_or_404(request, pk)
    if demand := require_second_factor(request, live):
        return demand
    rows = rows_of(live).order_by("happened_at", "id").iterator(chunk_size=500)
    return csv_answer(f"live-{live.pk}", tables.sale_titles(), tables.sale_rows(rows))


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settle(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    item = my_item_or_404(live, item_pk)
    owed = tally.left_over(item)["owed"]
    if request.method == "POST":
        form = SettleForm(request.POST)
        if form.is_valid() and taken(
            request, form, lambda facts: settling.settle(item, by=request.user, **facts)
        ):
            return redirect("live:sales", pk)
    else:
        form = SettleForm(initial=typed(request, SettleForm, quantity=max(owed, 1)))
    back_url = reverse("live:sales", args=[pk])
    context = {"live": live, "item": item, "owed": owed, "form": form, "back_url": back_url}
    return render(request, "live/settle_new.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    if request.method == "POST":
        form = RefundForm(request.POST, live=live)
        if form.is_valid() and taken(
            request, form, lambda facts: settling.refund(live, by=request.user, **facts)
        ):
            return redirect("live:sales", pk)
    else:
        form = RefundForm(live=live, initial=typed(request, RefundForm))
    context = {"live": live, "form": form, "back_url": reverse("live:sales", args=[pk])}
    return render(request, "live/refund_new.html", context)


def taken(request: HttpRequest, form, work) -> bool:
    """Writes it and says so; False with the reason beside the field."""
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
