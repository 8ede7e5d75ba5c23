"""收果结算: who brought which kilograms of a batch, and what each is due."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from shops import supplying
from shops.ledger_forms import ONE_MORE, ReasonForm, SupplyForm
from shops.models import Batch, Shop, Supply
from shops.views.money import ledger_url, my_books
from ui.paging import page

ROWS = 24


@require_safe
@signed_in
def supplies(request: HttpRequest) -> HttpResponse:
    """Each farmer's sum, and the batches into which deliveries are written."""
    shop, _villager, _month = my_books(request)
    found = page(
        Batch.objects.filter(shop=shop), ("-harvested_on", "-id"), request.GET.get("after", ""), ROWS
    )
    context = {"shop": shop, "dues": supplying.dues(shop), "page": found, "back_url": ledger_url(shop)}
    return render(request, "shops/supply_list.html", context)


def my_batch_or_404(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.filter(shop__in=Shop.objects.of(request.user)).select_related("shop__owner")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def supply_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The deliveries of one batch, and the form for another one."""
    batch = my_batch_or_404(request, pk)
    form = (
        SupplyForm(request.POST)
        if request.method == "POST"
        else SupplyForm(initial={"on": batch.harvested_on})
    )
    if request.method == "POST" and form.is_valid():
        try:
            supplying.bring(batch, request.user, form.cleaned_data["key"], **form.facts())
            messages.success(request, _("记下了。"), extra_tags=f"done:supply-{pk}")
            return redirect("shops:supply_batch", pk)
        except supplying.NotPossible as problem:
            form.add_error("grams", str(problem))
        except supplying.KeyTaken:
            form.come_back(ONE_MORE)
    rows = batch.supplies.select_related("villager").prefetch_related("entries")
    context = {
        "batch": batch,
        "form": form,
        "rows": [(row, uuid.uuid4(), next(iter(row.entries.all()), None)) for row in rows],
        "dues": supplying.dues(batch.shop, batch),
        "back_url": f"{reverse('shops:supplies')}?shop={batch.shop_id}",
        "draft_name": f"supply-{pk}",
    }
    return render(request, "shops/supply_batch.html", context)


def my_supply_or_404(request: HttpRequest, pk: int) -> Supply:
    rows = Supply.objects.filter(batch__shop__in=Shop.objects.of(request.user)).select_related(
        "batch__shop__owner"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def supply_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, since money that was paid is not unpaid."""
    supply = my_supply_or_404(request, pk)
    if request.method == "POST":
        try:
            supplying.pay(supply, request.user, uuid.uuid5(supply.key, "paid"))
            messages.success(request, _("记成付了，收支里多了一笔。"))
        except supplying.NotPossible as problem:
            messages.warning(request, str(problem))
        return redirect("shops:supply_batch", supply.batch_id)
    context = {"supply": supply, "back_url": reverse("shops:supply_batch", args=[supply.batch_id])}
    return render(request, "shops/supply_pay.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def supply_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    supply = my_supply_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            supplying.cancel(supply, form.cleaned_data["reason"])
            messages.success(request, _("作废了。"))
        except supplying.NotPossible as problem:
            messages.warning(request, str(problem))
        return redirect("shops:supply_batch", supply.batch_id)
    context = {
        "supply": supply,
        "form": form,
        "back_url": reverse("shops:supply_batch", args=[supply.batch_id]),
    }
    return render(request, "shops/supply_cancel.html", context)
