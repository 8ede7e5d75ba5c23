"""预售: one product's presale, its quota and its moves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import kept
from accounts.kept import signed_in
from shops import presales
from shops import stock as stocks
from shops.models import Presale, Product
from shops.sending_forms import PresaleForm, QuotaForm
from shops.views.fetching import my_product_or_404
from shops.views.mine import LOG_ROWS, signed
from ui.returning import way_back


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def presale(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that opens one, or the one that runs with the form of its quota."""
    product = my_product_or_404(request, pk)
    running = presales.current(product)
    form = form_of(request, product, running)
    if request.method == "POST" and form.is_valid():
        done = change(request, form, running) if running else start(request, form, product)
        if done:
            return redirect(way_back(request, reverse("shops:presale", args=[pk])))
    return render(request, "shops/mine_presale.html", page_of(request, product, running, form))


def form_of(request: HttpRequest, product: Product, running: Presale | None):
    data = request.POST if request.method == "POST" else None
    typed = {} if data else kept.take(request) or {}
    initial = {name: typed[name] for name in PresaleForm.base_fields if name in typed and name != "key"}
    if running:
        return QuotaForm(data, presale=running, initial={k: v for k, v in initial.items() if k == "quota"})
    return PresaleForm(data, product=product, initial=initial)


def start(request: HttpRequest, form: PresaleForm, product: Product) -> bool:
    try:
        presales.open_presale(product, request.user, **form.cleaned_data)
    except presales.AlreadyOpen:
        messages.warning(request, _("这一款已经有一个预售了，看一看再改。"))
        return True
    except stocks.EventTaken:
        form.add_error(None, stale())
        return False
    messages.success(request, _("预售开了，买家能订了。"))
    return True


def change(request: HttpRequest, form: QuotaForm, running: Presale) -> bool:
    quota, key = form.cleaned_data["quota"], form.cleaned_data["key"]
    try:
        presales.change_quota(running, quota, request.user, key)
    except presales.Over:
        messages.warning(request, _("这个预售已经停了，名额改不了。"))
        return True
    except stocks.EventTaken:
        form.add_error(None, stale())
        return False
    except stocks.NotEnough as problem:
        least = {"count": running.quota - problem.stock}
        form.add_error("quota", _("已经订出去 %(count)s，不能比它少") % least)
        return False
    messages.success(request, _("名额改好了。"))
    return True


def stale() -> str:
    return _("没看懂，再点一次")


def page_of(request: HttpRequest, product: Product, running: Presale | None, form) -> dict:
    unit = Product.Unit(product.unit)
    rows = (
        product.moves.filter(presale__isnull=False).select_related("actor").order_by("-at", "-id")[:LOG_ROWS]
    )
    return {
        "product": product,
        "presale": running,
        "form": form,
        "terms": presales.TERMS,
        "moves": [(row, signed(row.delta), unit.after(row.delta)) for row in rows],
        "earlier_ones": product.presales.exclude(pk=running.pk if running else None)[:LOG_ROWS],
        "back_url": way_back(request, reverse("shops:my_product", args=[product.pk])),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def presale_end(request: HttpRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    running = presales.not_ended(product)
    if running is None:
        return redirect("shops:presale", pk)
    if request.method == "POST":
        presales.end(running, request.user)
        messages.success(request, _("预售停了，不再接新的。订了的照样要发。"))
        return redirect("shops:presale", pk)
    context = {
        "title": _("停掉“%(name)s”的预售？") % {"name": product.name},
        "text": _("不再接新的订单。已经订了的，照说好的日子发。"),
        "cancel_url": reverse("shops:presale", args=[pk]),
        "confirm": _("停预售"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)
