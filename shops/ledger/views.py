"""Pages of the ledger (收支), the entries written by hand, and what farmers delivered and are due (收果结算)."""

from __future__ import annotations

import datetime
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators
from accounts.backoffice.export import send_csv
from accounts.decorators import login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from shops.exceptions import ActionNotAllowed, IdempotencyConflict
from shops.forms import AGAIN
from shops.ledger import deliveries, entries, export, reports
from shops.ledger.forms import ONE_MORE, CorrectForm, EntryForm, ReasonForm, SupplyForm
from shops.models import Batch, LedgerEntry, Shop, Supply
from shops.shortcuts import find_my_shops, get_my_shop_url, pick_or_404
from ui.pagination import fetch_page
from ui.parameters import read_id

ROWS, FIRST_ROWS, SUPPLY_ROWS = 50, 8, 24
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_my_books(request: SignedInRequest) -> tuple[Shop, User | None, datetime.date]:
    """Return the shop, the villager (None for all) and the month that the URL asks for; 404 for another's shop."""
    shops = find_my_shops(request.user)
    if not shops:
        raise Http404
    shop = pick_or_404(shops, request.GET["shop"]) if "shop" in request.GET else shops[0]
    asked = read_id(request.GET.get("villager"))
    villager = get_object_or_404(reports.find_villagers(shop), pk=asked) if asked else None
    return shop, villager, reports.read_month(request.GET.get("month", ""))


def make_ledger_url(shop: Shop, month: datetime.date | None = None) -> str:
    wanted = f"&month={month:%Y-%m}" if month else ""
    return f"{reverse('shops:ledger')}?shop={shop.pk}{wanted}"


@require_safe
@login_required_keeping_post
def ledger(request: SignedInRequest) -> HttpResponse:
    """Show one month of the shop's ledger, with the chart of the last six."""
    shop, villager, first = list_my_books(request)
    months = reports.list_months(shop, first, villager)
    people = list(reports.find_villagers(shop).order_by("name", "pk"))
    rows = reports.list_entries(shop, first, villager=villager).order_by("-on", "-id")
    this = reports.read_month("")
    context = {
        "shop": shop,
        "back_url": get_my_shop_url(shop),
        "month": months[-1],
        "months": months,
        "bars": draw_bars(months),
        "before": reports.find_month(first, 1),
        "after": reports.find_month(first, -1) if first < this else None,
        "villager": villager,
        "people": people if len(people) > 1 else [],
        "rows": rows[:FIRST_ROWS],
        "parts": [(name, months[-1].part(name)) for name in reports.PARTS],
        "unsettled": reports.count_unsettled(shop) if first == this else 0,
        "whole": reports.compute_totals(shop),
        "target": reports.TARGET_FEN,
        "query": build_query(shop, villager),
    }
    return render(request, "shops/ledger/ledger_show.html", context)


def build_query(shop: Shop, villager: User | None) -> str:
    return f"shop={shop.pk}" + (f"&villager={villager.pk}" if villager else "")


def draw_bars(months: list[reports.Month]) -> dict:
    """Compute the chart of 296 × 190 units: a bar for each month (of height 0 for a loss), and the target's line."""
    top, floor = 30, 160
    most = max(reports.TARGET_FEN, *(month.net for month in months))
    scale = (floor - top) / most
    drawn = []
    for at, month in enumerate(months):
        height = max(0, month.net) * scale
        drawn.append(
            {
                "month": month,
                "x": at * 50,
                "y": round(floor - height, 1),
                "height": round(height, 1),
                "mid": at * 50 + 22,
            }
        )
    return {"bars": drawn, "goal": round(floor - reports.TARGET_FEN * scale, 1)}


@require_safe
@login_required_keeping_post
def ledger_rows(request: SignedInRequest) -> HttpResponse:
    """List the entries behind one figure, page by page."""
    shop, villager, month = list_my_books(request)
    part = request.GET.get("part", "")
    whole = "month" not in request.GET
    rows = reports.list_entries(shop, None if whole else month, part, villager)
    found = fetch_page(rows, ("-on", "-id"), request.GET.get("after", ""), ROWS)
    context = {
        "shop": shop,
        "month": None if whole else month,
        "part": part,
        "villager": villager,
        "page": found,
        "back_url": make_ledger_url(shop, month),
    }
    return render(request, "shops/ledger/ledger_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def ledger_new(request: SignedInRequest) -> HttpResponse:
    """Write an entry by hand."""
    shop, _villager, _month = list_my_books(request)
    if request.method == "POST":
        form = EntryForm(request.POST, shop=shop)
        if form.is_valid() and (entry := save_entry(request, form, shop)):
            messages.success(request, _("记下了。"), extra_tags=f"done:entry-{shop.pk}")
            return redirect(make_ledger_url(shop, entry.on))
    else:
        typed = decorators.get_kept_post(request) or QueryDict()
        form = EntryForm(
            shop=shop, initial={name: typed[name] for name in EntryForm.base_fields if name in typed}
        )
    context = {
        "shop": shop,
        "form": form,
        "back_url": make_ledger_url(shop),
        "draft_name": f"entry-{shop.pk}",
    }
    return render(request, "shops/ledger/ledger_form.html", context)


def save_entry(request: SignedInRequest, form: EntryForm, shop: Shop) -> LedgerEntry | None:
    """Write the form's entry; None, with an error on the form, if its key was used for another entry."""
    facts = form.entry()
    try:
        entry = entries.write(shop, actor=request.user, key=form.cleaned_data["key"], **facts)
    except IdempotencyConflict:
        form.come_back(AGAIN)
        return None
    if entries.has_facts(entry, facts):
        return entry
    form.come_back(ONE_MORE)
    return None


def my_entry_or_404(request: SignedInRequest, pk: int) -> LedgerEntry:
    rows = LedgerEntry.objects.filter(shop__in=Shop.objects.of(request.user))
    return get_object_or_404(
        rows.select_related("shop__owner", "villager", "order", "corrects", "made_by", "supply"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def ledger_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one entry, what it comes from, and the form that corrects it."""
    entry = my_entry_or_404(request, pk)
    form = CorrectForm.of(entry, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and save_correction(request, form, entry):
        return redirect(make_ledger_url(entry.shop, entry.on))
    context = {
        "entry": entry,
        "form": form if entries.can_be_corrected(entry) else None,
        "counter": LedgerEntry.objects.filter(corrects=entry).first(),
        "order_url": reverse("shops:my_order", args=[entry.order.number]) if entry.order else "",
        "back_url": make_ledger_url(entry.shop, entry.on),
    }
    return render(request, "shops/ledger/ledger_entry.html", context)


def save_correction(request: SignedInRequest, form: CorrectForm, entry: LedgerEntry) -> bool:
    """Correct the entry as the form asks; return whether to leave the page."""
    only_back = request.POST.get("do") == "back"
    whole, facts = form.is_valid(), form.cleaned_data
    if not (whole or only_back and facts.get("why") and facts.get("key")):
        return False
    try:
        entries.correct(entry, request.user, facts["key"], facts["why"], None if only_back else form.entry())
    except ActionNotAllowed as problem:
        messages.warning(request, str(problem))
        return True
    except IdempotencyConflict:
        form.come_back(AGAIN)
        return False
    messages.success(request, _("更正好了，原来那笔还在，旁边多了一笔冲销的。"))
    return True


@require_safe
@login_required_keeping_post
def ledger_export(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """Export all entries, or those of one month, as CSV or XLSX."""
    shop, villager, month = list_my_books(request)
    whole = "month" not in request.GET
    rows = reports.list_entries(shop, None if whole else month, villager=villager).order_by("on", "id")
    name = f"ledger-{slugify(shop.slug)}" + ("" if whole else f"-{month:%Y-%m}")
    if kind == "csv":
        return send_csv(name, export.make_header(), export.make_rows(rows))
    answer = HttpResponse(export.write_xlsx(rows[: export.MOST_ROWS], shop.name), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


@require_safe
@login_required_keeping_post
def supplies(request: SignedInRequest) -> HttpResponse:
    """Show what each farmer is due, and the batches to record deliveries for."""
    shop, _villager, _month = list_my_books(request)
    found = fetch_page(
        Batch.objects.filter(shop=shop), ("-harvested_on", "-id"), request.GET.get("after", ""), SUPPLY_ROWS
    )
    context = {
        "shop": shop,
        "dues": deliveries.list_dues(shop),
        "page": found,
        "back_url": make_ledger_url(shop),
    }
    return render(request, "shops/ledger/supply_list.html", context)


def my_batch_or_404(request: SignedInRequest, pk: int) -> Batch:
    rows = Batch.objects.filter(shop__in=Shop.objects.of(request.user)).select_related("shop__owner")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def supply_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the deliveries of one batch, and record another."""
    batch = my_batch_or_404(request, pk)
    form = (
        SupplyForm(request.POST)
        if request.method == "POST"
        else SupplyForm(initial={"on": batch.harvested_on})
    )
    if request.method == "POST" and form.is_valid():
        try:
            deliveries.record_delivery(batch, request.user, form.cleaned_data["key"], **form.facts())
            messages.success(request, _("记下了。"), extra_tags=f"done:supply-{pk}")
            return redirect("shops:supply_batch", pk)
        except ActionNotAllowed as problem:
            form.add_error("grams", str(problem))
        except IdempotencyConflict:
            form.come_back(ONE_MORE)
    rows = batch.supplies.select_related("villager").prefetch_related("entries")
    context = {
        "batch": batch,
        "form": form,
        "rows": [(row, uuid.uuid4(), next(iter(row.entries.all()), None)) for row in rows],
        "dues": deliveries.list_dues(batch.shop, batch),
        "back_url": f"{reverse('shops:supplies')}?shop={batch.shop_id}",
        "draft_name": f"supply-{pk}",
    }
    return render(request, "shops/ledger/supply_batch.html", context)


def my_supply_or_404(request: SignedInRequest, pk: int) -> Supply:
    rows = Supply.objects.filter(batch__shop__in=Shop.objects.of(request.user)).select_related(
        "batch__shop__owner"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def supply_pay(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, since a payment cannot be undone, and pay the delivery."""
    supply = my_supply_or_404(request, pk)
    if request.method == "POST":
        try:
            deliveries.pay_delivery(supply, request.user, uuid.uuid5(supply.key, "paid"))
            messages.success(request, _("记成付了，收支里多了一笔。"))
        except ActionNotAllowed as problem:
            messages.warning(request, str(problem))
        return redirect("shops:supply_batch", supply.batch_id)
    context = {"supply": supply, "back_url": reverse("shops:supply_batch", args=[supply.batch_id])}
    return render(request, "shops/ledger/supply_pay.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def supply_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    supply = my_supply_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deliveries.cancel_delivery(supply, form.cleaned_data["reason"])
            messages.success(request, _("作废了。"))
        except ActionNotAllowed as problem:
            messages.warning(request, str(problem))
        return redirect("shops:supply_batch", supply.batch_id)
    context = {
        "supply": supply,
        "form": form,
        "back_url": reverse("shops:supply_batch", args=[supply.batch_id]),
    }
    return render(request, "shops/ledger/supply_cancel.html", context)
