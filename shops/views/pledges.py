"""承诺达标合格证: one tap from its batch, a page to print, and its withdrawal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from shops import pledges, qr
from shops.batch_form import WithdrawForm
from shops.models import Pledge, Shop
from shops.views.batches import my_batch_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET comes from a session lost on the way: the batch's page has the button."""
    batch = my_batch_or_404(request, pk)
    if request.method != "POST":
        return redirect("shops:my_batch", pk)
    try:
        pledge = pledges.issue(batch, request.POST.get("basis", Pledge.Basis.CONTROL), request.user)
    except pledges.NotPossible as problem:
        messages.warning(request, problem.sentence)
        return redirect("shops:my_batch", pk)
    messages.success(request, _("合格证开好了，打印出来贴在箱子上。"))
    return redirect("shops:pledge", pledge.pk)


@require_safe
@signed_in
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What is printed and stuck on the box."""
    pledge = my_pledge_or_404(request, pk)
    url = request.build_absolute_uri(pledge.batch.get_absolute_url())
    context = {
        "pledge": pledge,
        "batch": pledge.batch,
        "url": url,
        # The paper is Chinese, whoever prints it, and names the year.
        "issued_on": f"{pledge.issued_on:%Y-%m-%d}",
        "qr": qr.svg(url, _("承诺达标合格证，扫码看这一批")),
        "back_url": reverse("shops:my_batch", args=[pledge.batch_id]),
    }
    return render(request, "shops/pledge_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    pledge = my_pledge_or_404(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            pledges.withdraw(pledge, form.cleaned_data["reason"], request.user)
            messages.success(request, _("作废了，追溯页上写着已作废。"))
        except pledges.NotPossible as problem:
            messages.warning(request, problem.sentence)
        return redirect("shops:my_batch", pledge.batch_id)
    context = {"pledge": pledge, "form": form, "back_url": reverse("shops:pledge", args=[pk])}
    return render(request, "shops/pledge_withdraw.html", context)


def my_pledge_or_404(request: HttpRequest, pk: int) -> Pledge:
    rows = Pledge.objects.filter(batch__shop__in=Shop.objects.of(request.user))
    return get_object_or_404(rows.select_related("batch__shop__place"), pk=pk)
