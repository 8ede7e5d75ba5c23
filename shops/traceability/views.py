"""Pages of a shop's batches, their 承诺达标合格证 and its certificates.

A certificate's file is shown to the shop's sellers and its organiser only.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from media.documents.services import send_document
from shops.exceptions import ActionNotAllowed
from shops.models import Batch, Paper, Pledge, Product, Shop, Spray
from shops.shortcuts import find_seller_context, get_my_shop_url, my_product_or_404, staff_first
from shops.traceability import batches, certificates
from shops.traceability.forms import (
    BatchForm,
    ChooseForm,
    NoteForm,
    PaperForm,
    PledgeForm,
    SprayForm,
    WithdrawForm,
    list_initial_values,
)
from ui import svg
from ui.pagination import fetch_page
from ui.parameters import get_return_url, read_id

LOCKED = gettext_lazy("这一批已经卖过或开过合格证，记下的事不能再改。写错了，下面加一条更正。")
ROWS = 24


@require_safe
@login_required_keeping_post
def batch_list(request: SignedInRequest) -> HttpResponse:
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    rows = seller_context.shop.batches.prefetch_related("pledges", "products")
    found = fetch_page(rows, ("-harvested_on", "-id"), request.GET.get("after", ""), ROWS)
    for batch in found.items:
        batch.pledge = batches.find_pledge(batch)
    context = {
        "shop": seller_context.shop,
        "page": found,
        "new_url": f"{reverse('shops:new_batch')}?shop={seller_context.shop.pk}",
        "back_url": get_my_shop_url(seller_context.shop),
    }
    return render(request, "shops/traceability/batch_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def new_batch(request: SignedInRequest) -> HttpResponse:
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    product = get_asked_product(request, seller_context.shop)
    if request.method == "POST":
        form = BatchForm(request.POST, request.FILES, user=request.user)
        if form.is_valid():
            batch = batches.record_batch(
                seller_context.shop, form.facts(), form.cleaned_data["photos"], request.user
            )
            if product:
                batches.choose_batch(product, batch, request.user)
            messages.success(request, _("这一批记下了。"), extra_tags=f"done:batch-{seller_context.shop.pk}")
            return redirect(get_return_url(request, reverse("shops:my_batch", args=[batch.pk])))
    else:
        initial = list_initial_values(seller_context.shop, product) | get_typed_before(request)
        form = BatchForm(initial=initial, user=request.user)
    url = get_return_url(request, f"{reverse('shops:batches')}?shop={seller_context.shop.pk}")
    context = {"form": form, "draft_name": f"batch-{seller_context.shop.pk}", "back_url": url}
    return render(request, "shops/traceability/batch_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def my_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a batch with its sprays, notes and pledge; a POST sets which products are sold from it."""
    batch = my_batch_or_404(request, pk)
    form = ChooseForm(request.POST if request.method == "POST" else None, batch=batch)
    if form.is_valid():
        choose_products(batch, list(form.cleaned_data["products"]), request)
        messages.success(request, _("选好了。"))
        return redirect("shops:my_batch", pk)
    context = {
        "batch": batch,
        "shop": batch.shop,
        "form": form,
        "pledge": batches.find_pledge(batch),
        "pledges": batch.pledges.all(),
        "pledge_form": PledgeForm(),
        "cannot_pledge": batches.find_missing(batch.shop),
        "locked": batches.is_locked(batch),
        "sprays": list(batch.sprays.all()),
        "back_url": f"{reverse('shops:batches')}?shop={batch.shop_id}",
    }
    return render(request, "shops/traceability/batch_mine.html", context)


def choose_products(batch: Batch, chosen: list[Product], request: SignedInRequest) -> None:
    for product in Product.objects.filter(batch=batch).exclude(pk__in=[one.pk for one in chosen]):
        batches.choose_batch(product, None, request.user)
    for product in chosen:
        batches.choose_batch(product, batch, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def edit_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = my_batch_or_404(request, pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    back_url = get_return_url(request, reverse("shops:my_batch", args=[pk]))
    form = BatchForm.of(batch, *given, user=request.user)
    if request.method != "POST":
        form.initial.update(get_typed_before(request))
    if form.is_valid():
        try:
            batches.change_batch(batch, form.facts(), form.cleaned_data["photos"], request.user)
            messages.success(request, _("改好了。"), extra_tags=f"done:edit-batch-{pk}")
            return redirect(back_url)
        except batches.Locked:
            form.add_error(None, LOCKED)
        except batches.TooEarly as problem:
            form.add_error("harvested_on", problem.sentence)
    context = {
        "form": form,
        "batch": batch,
        "locked": batches.is_locked(batch),
        "draft_name": f"edit-batch-{pk}",
        "back_url": back_url,
    }
    return render(request, "shops/traceability/batch_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def new_spray(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = my_batch_or_404(request, pk)
    form = SprayForm(
        request.POST if request.method == "POST" else None, batch=batch, initial=get_typed_before(request)
    )
    if form.is_valid():
        try:
            batches.add_spray(batch, form.cleaned_data, request.user)
            messages.success(request, _("用药记下了。"))
            return redirect("shops:my_batch", pk)
        except batches.Locked:
            form.add_error(None, LOCKED)
        except batches.TooEarly as problem:
            form.add_error("interval_days", problem.sentence)
    context = {"form": form, "batch": batch, "back_url": reverse("shops:my_batch", args=[pk])}
    return render(request, "shops/traceability/spray_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def drop_spray(request: SignedInRequest, pk: int, spray: int) -> HttpResponse:
    rows = Spray.objects.filter(batch=my_batch_or_404(request, pk)).select_related("batch__shop__place")
    row = get_object_or_404(rows, pk=spray)
    if request.method == "POST":
        try:
            batches.drop_spray(row, request.user)
            messages.success(request, _("删了这一条。"))
        except batches.Locked:
            messages.warning(request, LOCKED)
        return redirect("shops:my_batch", pk)
    context = {
        "title": _("删掉“%(what)s”这一条？") % {"what": row.what},
        "text": _("写错了才删。真用过的药要留着。"),
        "cancel_url": reverse("shops:my_batch", args=[pk]),
        "confirm": _("删掉"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def new_note(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = my_batch_or_404(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None, initial=get_typed_before(request))
    if form.is_valid():
        batches.add_note(batch, form.cleaned_data["text"], request.user)
        messages.success(request, _("更正写上了，买家也看得到。"))
        return redirect("shops:my_batch", pk)
    context = {"form": form, "batch": batch, "back_url": reverse("shops:my_batch", args=[pk])}
    return render(request, "shops/traceability/batch_note.html", context)


def my_batch_or_404(request: SignedInRequest, pk: int) -> Batch:
    rows = Batch.objects.of_seller(request.user)
    return get_object_or_404(rows.select_related("shop__owner", "shop__place", "category"), pk=pk)


def get_asked_product(request: SignedInRequest, shop: Shop) -> Product | None:
    pk = request.GET.get("product", "")
    if not pk:
        return None
    product = my_product_or_404(request, read_id(pk))
    return product if product.shop_id == shop.pk else None


def get_typed_before(request: HttpRequest) -> dict:
    """Return what was typed before the session was lost."""
    typed = decorators.get_kept_post(request) if request.method != "POST" else None
    return {name: typed[name] for name in typed if name not in ("photos", "is_public")} if typed else {}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def issue_pledge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Issue the pledge. A GET, which comes after signing in again, redirects to the batch's page with the button."""
    batch = my_batch_or_404(request, pk)
    if request.method != "POST":
        return redirect("shops:my_batch", pk)
    try:
        pledge = batches.issue_pledge(batch, request.POST.get("basis", Pledge.Basis.CONTROL), request.user)
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
        return redirect("shops:my_batch", pk)
    messages.success(request, _("合格证开好了，打印出来贴在箱子上。"))
    return redirect("shops:pledge", pledge.pk)


@require_safe
@login_required_keeping_post
def show_pledge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the pledge as it is printed and stuck on the box."""
    pledge = my_pledge_or_404(request, pk)
    url = request.build_absolute_uri(pledge.batch.get_absolute_url())
    context = {
        "pledge": pledge,
        "batch": pledge.batch,
        "url": url,
        # The printed paper is Chinese in any language of the site, and shows the year.
        "issued_on": f"{pledge.issued_on:%Y-%m-%d}",
        "qr": svg.draw_code(url),
        "back_url": reverse("shops:my_batch", args=[pledge.batch_id]),
    }
    return render(request, "shops/traceability/pledge_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def withdraw_pledge(request: SignedInRequest, pk: int) -> HttpResponse:
    pledge = my_pledge_or_404(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            batches.withdraw_pledge(pledge, form.cleaned_data["reason"], request.user)
            messages.success(request, _("作废了，追溯页上写着已作废。"))
        except ActionNotAllowed as problem:
            messages.warning(request, problem.sentence)
        return redirect("shops:my_batch", pledge.batch_id)
    context = {"pledge": pledge, "form": form, "back_url": reverse("shops:pledge", args=[pk])}
    return render(request, "shops/traceability/pledge_withdraw.html", context)


def my_pledge_or_404(request: SignedInRequest, pk: int) -> Pledge:
    rows = Pledge.objects.filter(batch__shop__in=Shop.objects.of(request.user))
    return get_object_or_404(rows.select_related("batch__shop__place"), pk=pk)


PAPER_ROWS = 24


@require_safe
@login_required_keeping_post
def paper_list(request: SignedInRequest) -> HttpResponse:
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    rows = seller_context.shop.papers.select_related("file", "shop").prefetch_related("products")
    found = fetch_page(rows, ("-created_at", "-id"), request.GET.get("after", ""), PAPER_ROWS)
    context = {
        "shop": seller_context.shop,
        "page": found,
        "note_days": certificates.NOTE_DAYS,
        "new_url": f"{reverse('shops:new_paper')}?shop={seller_context.shop.pk}",
        "back_url": get_my_shop_url(seller_context.shop),
    }
    return render(request, "shops/traceability/paper_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def new_paper(request: SignedInRequest) -> HttpResponse:
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    shop = seller_context.shop
    initial = {"holder": shop.legal_name, "kind": request.GET.get("kind", "")} | get_typed_paper(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PaperForm(*given, shop=shop, user=request.user, initial=initial)
    if form.is_valid():
        [file], products = form.cleaned_data["file"], list(form.cleaned_data["products"])
        paper = certificates.hand_in(shop, form.facts(), file, products, request.user)
        messages.success(request, _("收到了，管理员核对过就算数。"), extra_tags=f"done:paper-{shop.pk}")
        if paper.holder_differs:
            messages.warning(request, _("持证人和卖家全称不一样：管理员看到授权才会收下。"))
        return redirect(f"{reverse('shops:papers')}?shop={shop.pk}")
    url = f"{reverse('shops:papers')}?shop={shop.pk}"
    context = {"form": form, "shop": shop, "draft_name": f"paper-{shop.pk}", "back_url": url}
    return render(request, "shops/traceability/paper_form.html", context)


@require_safe
@login_required_keeping_post
def paper_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    rows = Paper.objects.visible_to(request.user).select_related("file", "shop")
    paper = get_object_or_404(rows, pk=pk)
    if demanded := staff_first(request, paper.shop):
        return demanded
    return send_document(request, paper.file, f"{paper.get_kind_display()} {paper.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def drop_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    mine = Paper.objects.filter(shop__in=Shop.objects.of(request.user))
    paper = get_object_or_404(mine.select_related("shop__place"), pk=pk)
    back = f"{reverse('shops:papers')}?shop={paper.shop_id}"
    if request.method == "POST":
        try:
            certificates.drop(paper, request.user)
            messages.success(request, _("撤回来了。"))
        except ActionNotAllowed as problem:
            messages.warning(request, problem.sentence)
        return redirect(back)
    context = {
        "title": _("撤回“%(paper)s”？") % {"paper": paper},
        "text": _("传上来的文件也会删掉。"),
        "cancel_url": back,
        "confirm": _("撤回"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


def get_typed_paper(request: HttpRequest) -> dict:
    """Return what was typed before the session was lost."""
    typed = decorators.get_kept_post(request) if request.method != "POST" else None
    return {name: typed[name] for name in PaperForm.NAMES if name in typed} if typed else {}
