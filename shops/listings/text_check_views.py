"""Check texts while they are typed, and take a seller's appeal against a finding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators, limits
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from media.documents.services import send_document
from shops.exceptions import ActionNotAllowed
from shops.listings import waiting_text
from shops.listings.forms import ProductForm
from shops.models import Product, Proof, Shop
from shops.pricing import prices
from shops.products.public_words import describe_rest
from shops.shortcuts import my_product_or_404, staff_first
from shops.texts import evidence, text_check
from shops.texts.changes import make_text_checker
from shops.texts.findings import (
    FindingWidget,
    Slot,
    build_widgets,
    choose_shown,
    describe_length,
    has_own_proof,
)
from shops.texts.forms import AppealForm
from shops.texts.proof_form import ProofForm
from ui.parameters import read_id, read_number

BOXES = (*text_check.FIELDS, "story")
UNREAD: dict[str, Any] = {"stock": None, "net_grams": None, "price_fen": None, "unit": "", "grower": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def wording(request: SignedInRequest) -> HttpResponse:
    """Return the findings of one field, or 204 while they are unchanged; writes nothing.

    A GET comes after signing in again, when the session was lost.
    """
    if request.method != "POST":
        return redirect("shops:mine")
    name, typed = request.POST.get("field", ""), request.POST
    if name not in BOXES:
        return HttpResponse(status=422)
    if not limits.allows(request, "wording", str(request.user.pk)):
        return HttpResponse(status=204)
    product, text = build_typed(request), text_check.normalize_text(typed.get(name))
    note = describe_length(typed.get(name, ""), text_check.LONGEST)
    checked = text_check.check_product(product, {name: text}) if text and not note else None
    found = [one for one in checked.found if one.claim not in checked.asked] if checked else []
    look = make_text_checker(name, checked.facts if checked else None)
    shown = [FindingWidget.of(one, text, look, make_proof_form(request, one)) for one in choose_shown(found)]
    url, query = reverse("shops:wording"), request.GET.urlencode()
    slot = Slot.of(name, shown, url, query, product.shop_id, note, len(found) - len(shown))
    if slot.seen == typed.get("seen"):
        return HttpResponse(status=204)
    return render(request, "shops/listings/_findings.html", {"slot": slot, "said": slot.said})


def make_proof_form(request: SignedInRequest, found: text_check.Found) -> ProofForm | None:
    """Return the listing form's form of evidence; None for a shop's own text, which has no product to store evidence with."""
    return (
        ProofForm(found=found, user=request.user)
        if has_own_proof(found) and "page" not in request.GET
        else None
    )


def build_typed(request: SignedInRequest) -> Product:
    """Build an unsaved product from the posted fields, as far as they are valid."""
    if "page" in request.GET:
        return Product(**UNREAD)
    if pk := request.GET.get("product"):
        product = my_product_or_404(request, read_id(pk))
    else:
        shop = Shop.objects.of(request.user).filter(pk=read_id(request.GET.get("shop"))).first()
        product = Product(shop=shop, **UNREAD)
    typed = request.POST
    for name in ("name", "variety", "origin"):
        if name in typed:
            setattr(product, name, text_check.normalize_text(typed[name]))
    if typed.get("unit") in Product.Unit.values:
        product.unit = typed["unit"]
        product.net_grams = prices.get_grams(product.unit, read("box_grams", typed)) or product.net_grams
    product.grower = typed["grower"] if typed.get("grower") in Product.Grower.values else product.grower
    product.price_fen = read("price_fen", typed) or product.price_fen
    if (stock := read_number(typed.get("stock"))) is not None:
        product.stock = stock
    return product


def read(name: str, typed) -> int | None:
    try:
        return ProductForm.base_fields[name].clean(typed.get(name, ""))
    except ValidationError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def appeal(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    form = AppealForm(decorators.get_posted_or_kept(request))
    back = reverse("shops:my_product", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            waiting_text.file_appeal(product, form.cleaned_data["why"], request.user)
            messages.success(request, _("收到了，管理员看过会答复你。"), extra_tags=f"done:appeal-{pk}")
        except ActionNotAllowed as problem:
            messages.warning(request, problem.sentence)
        return redirect("shops:appeal", pk)
    waiting, last = waiting_text.describe_waiting(product), evidence.find_last_appeal(product)
    checked = waiting.checked if waiting else text_check.check_product(product)
    found = checked.blocking or [one for one in checked.found if one.blocks]
    shown = build_widgets(checked, found)
    context = {
        "product": product,
        "form": form,
        "findings": shown,
        "more": describe_rest(len(found) - len(shown)),
        "blocked": bool(checked.blocking),
        "last": last,
        "waiting": waiting,
        "is_same": evidence.is_about(last, checked.texts),
        "draft_name": f"appeal-{pk}",
        "back_url": back,
    }
    return render(request, "shops/listings/appeal_write.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def take_back_appeal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back the appeal about the text of a listing on sale; the text is kept. A GET comes after signing in again."""
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        try:
            waiting_text.take_back(product, request.user)
            messages.success(request, _("申诉收回了，卖的还是原来的。这段话还存着。"))
        except ActionNotAllowed as problem:
            messages.warning(request, problem.sentence)
    return redirect("shops:my_product", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def put_in_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put in the text that was passed, now that nothing is in the way. A GET comes after signing in again."""
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        try:
            waiting_text.put_in_passed(product, request.user)
            messages.success(request, _("换上了。"))
        except ActionNotAllowed as problem:
            messages.warning(request, " ".join(problem.reasons))
    return redirect("shops:my_product", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def drop_waiting_text(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    back = reverse("shops:my_product", args=[pk])
    if request.method == "POST":
        waiting_text.drop_text(product, request.user)
        messages.success(request, _("删掉了，卖的还是原来的。"), extra_tags=f"done:waiting-{pk}")
        return redirect(back)
    context = {
        "title": _("删掉新写的这段话？"),
        "text": _("卖的还是原来的文字。在等管理员看的申诉，也一起收回。"),
        "cancel_url": back,
        "confirm": _("删掉"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@require_safe
@login_required_keeping_post
def proof_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send the file of evidence; only to the shop's sellers and its organiser."""
    mine = Q(product__in=Product.objects.sold_by(request.user))
    held = Q(product__in=Product.objects.manageable_by(request.user))
    rows = Proof.objects.filter(mine | held, file__isnull=False)
    proof = get_object_or_404(rows.select_related("file", "product__shop"), pk=pk)
    if demanded := staff_first(request, proof.product.shop):
        return demanded
    assert proof.file is not None  # filtered above
    return send_document(request, proof.file, f"{_('依据')} {proof.report_no or proof.pk}")
