"""证书和资料: handed in by the seller; the file itself is for the shop's sellers and its organiser alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.kept import signed_in
from media import documents
from shops import papers
from shops.models import Paper, Shop
from shops.paper_form import PaperForm
from shops.views.fetching import my_ground, shelf_url, staff_first
from ui.paging import page

ROWS = 24


@require_safe
@signed_in
def paper_list(request: HttpRequest) -> HttpResponse:
    ground = my_ground(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    rows = ground.shop.papers.select_related("file", "shop").prefetch_related("products")
    found = page(rows, ("-created_at", "-id"), request.GET.get("after", ""), ROWS)
    context = {
        "shop": ground.shop,
        "page": found,
        "note_days": papers.NOTE_DAYS,
        "new_url": f"{reverse('shops:new_paper')}?shop={ground.shop.pk}",
        "back_url": shelf_url(ground.shop),
    }
    return render(request, "shops/paper_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_paper(request: HttpRequest) -> HttpResponse:
    ground = my_ground(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    shop = ground.shop
    initial = {"holder": shop.legal_name, "kind": request.GET.get("kind", "")} | typed_before(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PaperForm(*given, shop=shop, user=request.user, initial=initial)
    if form.is_valid():
        [file], products = form.cleaned_data["file"], list(form.cleaned_data["products"])
        paper = papers.hand_in(shop, form.facts(), file, products, request.user)
        messages.success(request, _("收到了，管理员核对过就算数。"), extra_tags=f"done:paper-{shop.pk}")
        if paper.holder_differs:
            messages.warning(request, _("持证人和卖家全称不一样：管理员看到授权才会收下。"))
        return redirect(f"{reverse('shops:papers')}?shop={shop.pk}")
    url = f"{reverse('shops:papers')}?shop={shop.pk}"
    context = {"form": form, "shop": shop, "draft_name": f"paper-{shop.pk}", "back_url": url}
    return render(request, "shops/paper_form.html", context)


@require_safe
@signed_in
def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Paper.objects.visible_to(request.user).select_related("file", "shop")
    paper = get_object_or_404(rows, pk=pk)
    if demanded := staff_first(request, paper.shop):
        return demanded
    return documents.send(request, paper.file, f"{paper.get_kind_display()} {paper.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def drop_paper(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Paper.objects.filter(shop__in=Shop.objects.of(request.user))
    paper = get_object_or_404(mine.select_related("shop__place"), pk=pk)
    back = f"{reverse('shops:papers')}?shop={paper.shop_id}"
    if request.method == "POST":
        try:
            papers.drop(paper, request.user)
            messages.success(request, _("撤回来了。"))
        except papers.NotPossible as problem:
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


def typed_before(request: HttpRequest) -> dict:
    """What was typed before the session was lost."""
    typed = kept.take(request) if request.method != "POST" else None
    return {name: typed[name] for name in PaperForm.NAMES if name in typed} if typed else {}
