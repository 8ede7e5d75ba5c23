"""The seller's pages of a product's price (改价) and of its log of prices and deals (价格和成交)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from shops.models import Product
from shops.pricing import prices
from shops.pricing.forms import PriceForm
from shops.pricing.reference_price import find_reference_price
from shops.products.public_words import shorten_sentences
from shops.shortcuts import my_product_or_404
from shops.texts import text_check
from ui.pagination import fetch_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def price(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    form = PriceForm.of(product, request.POST) if request.method == "POST" else PriceForm.of(product)
    typed = decorators.get_kept_post(request) if request.method != "POST" else None
    if typed:
        form.initial.update({name: typed[name] for name in form.fields if name in typed})
    if form.is_valid() and set_price(request, form, product):
        return redirect("shops:my_product", pk)
    back_url = reverse("shops:my_product", args=[pk])
    context = {
        "product": product,
        "form": form,
        "back_url": back_url,
        "earlier": find_reference_price(product),
    }
    return render(request, "shops/pricing/price_change.html", context)


def describe_conflict(found: text_check.Found) -> str:
    """Return the sentence that names a wording which the new price would make false."""
    params = {"words": found.finding.words, "reason": found.finding.reason}
    return _("商品页上写着“%(words)s”，和新的数对不上：%(reason)s先改文字。") % params


def set_price(request: SignedInRequest, form: PriceForm, product: Product) -> bool:
    """Change the price as the form says; False with an error on the form."""
    facts = form.cleaned_data
    price = {name: facts[name] for name in prices.FIELDS}
    if conflicts := text_check.find_conflicts(product, price):
        form.add_error(None, shorten_sentences([describe_conflict(one) for one in conflicts]))
        return False
    try:
        changed = prices.set_price(product, **price, actor=request.user, stock=facts.get("stock"))
        switched = prices.show_earlier(product, facts["shows_earlier"])
    except prices.CountNeeded:  # the unit was changed elsewhere in the meantime
        form.add_error("unit", _("单位刚刚改过，看一看再改。"))
        return False
    except prices.PresaleRuns as problem:
        form.add_error("unit", str(problem.sentence))
        return False
    sentence = _("价钱改好了，买家马上看到。") if changed else _("价钱没有变。")
    messages.success(request, _("改好了。") if switched and not changed else sentence)
    return True


ROWS = 24


@require_safe
@login_required_keeping_post
def price_log(request: SignedInRequest, pk: int) -> HttpResponse:
    product, shows_deals = my_product_or_404(request, pk), request.GET.get("what") == "deals"
    deals, changes = (
        product.deals.select_related("line__order"),
        product.price_changes.select_related("actor"),
    )
    context = {
        "product": product,
        "shows_deals": shows_deals,
        "page": fetch_page(
            deals if shows_deals else changes, ("-at", "-id"), request.GET.get("after", ""), ROWS
        ),
        "earlier": find_reference_price(product),
        "back_url": reverse("shops:my_product", args=[pk]),
    }
    return render(request, "shops/pricing/price_log.html", context)
