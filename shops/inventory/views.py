"""The seller's pages of a product's stock and of its presale (预售)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from shops.exceptions import IdempotencyConflict
from shops.forms import AGAIN
from shops.inventory import presales
from shops.inventory import stock as stocks
from shops.inventory.forms import GOES, PresaleForm, QuotaForm, StockForm
from shops.labels import format_change
from shops.models import Presale, Product, StockMove
from shops.shortcuts import my_product_or_404
from ui.parameters import get_return_url

Reason = StockMove.Reason
LOG_ROWS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def stock(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show and apply the form that counts, adds or takes stock.

    shops.listings.views.stock calls it, because the list's plus and minus buttons post to the same URL.
    """
    product = my_product_or_404(request, pk)
    if request.method != "POST":
        typed = decorators.get_kept_post(request) or QueryDict()
        form = StockForm(
            product=product,
            initial={name: typed[name] for name in ("way", "number", "note") if name in typed},
        )
        return render_stock_page(request, product, form)
    form = StockForm(request.POST, product=product)
    if form.is_valid() and write(form, product, request):
        return redirect("shops:my_product", pk)
    return render_stock_page(request, product, form)


def render_stock_page(request: HttpRequest, product: Product, form: StockForm) -> HttpResponse:
    context = {"product": product, "form": form, "back_url": reverse("shops:my_product", args=[product.pk])}
    return render(request, "shops/inventory/stock_change.html", context)


def write(form: StockForm, product: Product, request: SignedInRequest) -> bool:
    """Apply the form and show a message with the new stock; return False, with the error on the field, if it was refused."""
    way, number, event, note = (form.cleaned_data[name] for name in ("way", "number", "event_id", "note"))
    try:
        if way == Reason.COUNT:
            row, meant = stocks.recount_stock(product, number, request.user, event, note), None
        else:
            meant = -number if way in GOES else number
            row = stocks.change_stock(product, meant, way, request.user, event, note)
    except stocks.OutOfRange as problem:
        form.add_error("number", describe_out_of_range(problem, product))
        return False
    except IdempotencyConflict:
        form.add_error("number", AGAIN)
        return False
    now = {"count": product.stock, "unit": product.stock_unit}
    if meant is not None and row.delta != meant:
        messages.warning(request, _("刚才那一笔已经记过，这次没有再记。现在有 %(count)s %(unit)s。") % now)
    else:
        messages.success(request, _("记下了，现在有 %(count)s %(unit)s。") % now)
    return True


def describe_out_of_range(problem: stocks.OutOfRange, product: Product) -> str:
    left = {"count": problem.stock, "unit": Product.Unit(product.unit).after(problem.stock)}
    if isinstance(problem, stocks.NotEnough):
        return _("只有 %(count)s %(unit)s，减不了这么多") % left
    return _("太多了，加上现有的 %(count)s %(unit)s超过了一百万") % left


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def presale(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the form that opens a presale, or the running presale with the form of its quota."""
    product = my_product_or_404(request, pk)
    running = presales.find_current(product)
    form = make_form(request, product, running)
    if request.method == "POST" and form.is_valid():
        done = change(request, form, running) if running else start(request, form, product)
        if done:
            return redirect(get_return_url(request, reverse("shops:presale", args=[pk])))
    return render(request, "shops/inventory/presale_edit.html", build_page(request, product, running, form))


def make_form(request: HttpRequest, product: Product, running: Presale | None):
    data = request.POST if request.method == "POST" else None
    typed = {} if data else decorators.get_kept_post(request) or QueryDict()
    initial = {name: typed[name] for name in PresaleForm.base_fields if name in typed and name != "key"}
    if running:
        return QuotaForm(data, presale=running, initial={k: v for k, v in initial.items() if k == "quota"})
    return PresaleForm(data, product=product, initial=initial)


def start(request: SignedInRequest, form: PresaleForm, product: Product) -> bool:
    try:
        presales.open_presale(product, request.user, **form.cleaned_data)
    except presales.AlreadyOpen:
        messages.warning(request, _("这一款已经有一个预售了，看一看再改。"))
        return True
    except IdempotencyConflict:
        form.add_error(None, describe_stale())
        return False
    messages.success(request, _("预售开了，买家能订了。"))
    return True


def change(request: SignedInRequest, form: QuotaForm, running: Presale) -> bool:
    quota, key = form.cleaned_data["quota"], form.cleaned_data["key"]
    try:
        presales.change_quota(running, quota, request.user, key)
    except presales.AlreadyEnded:
        messages.warning(request, _("这个预售已经停了，名额改不了。"))
        return True
    except IdempotencyConflict:
        form.add_error(None, describe_stale())
        return False
    except stocks.NotEnough as problem:
        least = {"count": running.quota - problem.stock}
        form.add_error("quota", _("已经订出去 %(count)s，不能比它少") % least)
        return False
    messages.success(request, _("名额改好了。"))
    return True


def describe_stale() -> str:
    return _("没看懂，再点一次")


def build_page(request: HttpRequest, product: Product, running: Presale | None, form) -> dict:
    unit = Product.Unit(product.unit)
    rows = (
        product.moves.filter(presale__isnull=False).select_related("actor").order_by("-at", "-id")[:LOG_ROWS]
    )
    return {
        "product": product,
        "presale": running,
        "form": form,
        "terms": presales.TERMS,
        "moves": [(row, format_change(row.delta), unit.after(row.delta)) for row in rows],
        "earlier_ones": product.presales.exclude(pk__in=[running.pk] if running else [])[:LOG_ROWS],
        "back_url": get_return_url(request, reverse("shops:my_product", args=[product.pk])),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def presale_end(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    running = presales.find_not_ended(product)
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
