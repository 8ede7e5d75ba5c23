"""Stock and price: each change is a row that stays."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import kept
from accounts.kept import signed_in
from shops import missing, pricing, saying
from shops import stock as stocks
from shops.earlier import earlier
from shops.forms import AGAIN, GOES, PriceForm, StockForm
from shops.models import Product, StockMove
from shops.views.fetching import my_product_or_404, shelf_url
from ui.parameters import read_key

Reason = StockMove.Reason


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stock(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and what it or the row's plus and minus send."""
    product = my_product_or_404(request, pk)
    if request.method == "POST" and "step" in request.POST:
        return one_step(request, product)
    if request.method != "POST":
        typed = kept.take(request) or {}
        form = StockForm(
            product=product,
            initial={name: typed[name] for name in ("way", "number", "note") if name in typed},
        )
        return stock_page(request, product, form)
    form = StockForm(request.POST, product=product)
    if form.is_valid() and write(form, product, request):
        return redirect("shops:my_product", pk)
    return stock_page(request, product, form)


def stock_page(request: HttpRequest, product: Product, form: StockForm) -> HttpResponse:
    context = {"product": product, "form": form, "back_url": reverse("shops:my_product", args=[product.pk])}
    return render(request, "shops/mine_stock.html", context)


def write(form: StockForm, product: Product, request: HttpRequest) -> bool:
    """Applies the form and says what is there now; False with the reason beside the field."""
    way, number, event, note = (form.cleaned_data[name] for name in ("way", "number", "event_id", "note"))
    try:
        if way == Reason.COUNT:
            row, meant = stocks.recount(product, number, request.user, event, note), None
        else:
            meant = -number if way in GOES else number
            row = stocks.move(product, meant, way, request.user, event, note)
    except stocks.OutOfRange as problem:
        form.add_error("number", out_of_range(problem, product))
        return False
    except stocks.EventTaken:
        form.add_error("number", AGAIN)
        return False
    now = {"count": product.stock, "unit": product.stock_unit}
    if meant is not None and row.delta != meant:
        messages.warning(request, _("刚才那一笔已经记过，这次没有再记。现在有 %(count)s %(unit)s。") % now)
    else:
        messages.success(request, _("记下了，现在有 %(count)s %(unit)s。") % now)
    return True


def out_of_range(problem: stocks.OutOfRange, product: Product) -> str:
    left = {"count": problem.stock, "unit": Product.Unit(product.unit).after(problem.stock)}
    if isinstance(problem, stocks.NotEnough):
        return _("只有 %(count)s %(unit)s，减不了这么多") % left
    return _("太多了，加上现有的 %(count)s %(unit)s超过了一百万") % left


def one_step(request: HttpRequest, product: Product) -> HttpResponse:
    """Plus or minus one on the shelf's row; htmx gets the row back, with a new event for the next tap."""
    told, status, delta = "", 200, 0
    try:
        delta = {"1": 1, "-1": -1}[request.POST["step"]]
        event = read_key(request.POST["event_id"])
        if event is None:
            raise KeyError
        stocks.move(product, delta, Reason.COUNT, request.user, event)
    except (KeyError, stocks.EventTaken):
        told, status = _("没看懂，再点一次"), 422
    except stocks.OutOfRange as problem:
        told, status = out_of_range(problem, product), 422
    if request.htmx:
        product.next_event = uuid.uuid4()
        product.why_not = missing.why_not_ordered(product.shop, [product]).get(product.pk)
        context = {"product": product, "told": told, "step": delta, "swapped": True}
        return render(request, "shops/_mine_row.html", context, status=status)
    if told:
        messages.warning(request, told)
    return redirect(f"{shelf_url(product.shop)}#product-{product.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def price(request: HttpRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    form = PriceForm.of(product, request.POST) if request.method == "POST" else PriceForm.of(product)
    typed = kept.take(request) if request.method != "POST" else None
    if typed:
        form.initial |= {name: typed[name] for name in form.fields if name in typed}
    if form.is_valid() and set_price(request, form, product):
        return redirect("shops:my_product", pk)
    back_url = reverse("shops:my_product", args=[pk])
    context = {"product": product, "form": form, "back_url": back_url, "earlier": earlier(product)}
    return render(request, "shops/mine_price.html", context)


def told_against(found: saying.Found) -> str:
    told = {"words": found.finding.words, "reason": found.finding.reason}
    return _("商品页上写着“%(words)s”，和新的数对不上：%(reason)s先改文字。") % told


def set_price(request: HttpRequest, form: PriceForm, product: Product) -> bool:
    """Whether to go back to the product; False with the reason beside its field."""
    facts = form.cleaned_data
    price = {name: facts[name] for name in pricing.FIELDS}
    if against := saying.against(product, price):
        form.add_error(None, [told_against(one) for one in against])
        return False
    try:
        changed = pricing.set_price(product, **price, actor=request.user, stock=facts.get("stock"))
        switched = pricing.show_earlier(product, facts["shows_earlier"])
    except pricing.CountNeeded:  # another unit was chosen elsewhere this very moment
        form.add_error("unit", _("单位刚刚改过，看一看再改。"))
        return False
    except pricing.PresaleRuns as problem:
        form.add_error("unit", str(problem.sentence))
        return False
    said = _("价钱改好了，买家马上看到。") if changed else _("价钱没有变。")
    messages.success(request, _("改好了。") if switched and not changed else said)
    return True
