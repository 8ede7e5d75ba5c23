"""The organiser's queue: one listing at a time, with the evidence next to the text."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from shops.complaints import services
from shops.exceptions import ActionNotAllowed
from shops.listings import review, waiting_text
from shops.listings import review as waits
from shops.listings.review import ReviewContext
from shops.models import Product
from shops.shortcuts import organiser_or_404
from shops.texts import evidence
from ui.pagination import fetch_page
from ui.text import tidy

HANDLED = gettext_lazy("这一款已经有人处理过了。")
ROWS = 24
RELATED = ("shop__owner", "shop__place", "place__parent__parent", "category", "cover", "batch")


def list_quick_reasons() -> list[str]:
    return [
        _("照片看不清，重拍一张"),
        _("名称写清楚是什么、哪里产的"),
        _("净重和价钱对一下"),
        _("把标出来的话改掉"),
        _("依据看不清，重新拍报告"),
    ]


def get_product_or_404(request: SignedInRequest, pk: int) -> Product:
    organiser_or_404(request)
    rows = Product.objects.manageable_by(request.user).select_related(*RELATED)
    return get_object_or_404(rows.prefetch_related("photos__photo"), pk=pk)


@login_required_keeping_post
@staff_page
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    organiser_or_404(request)
    return show(request, waits.find_waiting_products(request.user).select_related(*RELATED).first())


@login_required_keeping_post
@staff_page
@require_safe
def queue_list(request: SignedInRequest) -> HttpResponse:
    """List all that wait, the longest first, to choose from."""
    organiser_or_404(request)
    rows = (
        waits.find_waiting_products(request.user)
        .select_related("shop", "place", "cover")
        .defer("search_text", "description")
    )
    context = {
        "page": fetch_page(rows, waits.ORDER, request.GET.get("after", ""), ROWS),
        "back_url": reverse("shops:queue"),
    }
    return render(request, "shops/listings/queue_list.html", context)


@login_required_keeping_post
@staff_page
@require_safe
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one listing; if it was decided meanwhile, redirect to the next."""
    organiser_or_404(request)
    found = waits.find_waiting_products(request.user).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        get_product_or_404(request, pk)
        messages.info(request, HANDLED)
        return redirect("shops:queue")
    return show(request, found)


def show(request: SignedInRequest, product: Product | None) -> HttpResponse:
    rows = waits.find_waiting_products(request.user)
    context = {
        "count": rows.count() if product else 0,
        "complaints": services.list_unanswered(request.user).count(),
        "reasons": list_quick_reasons(),
        "back_url": reverse("accounts:me"),
    }
    if product:
        before, after = waits.find_neighbours(rows, product)
        shown = ReviewContext.of(product).context()
        context |= shown | {"before": before, "after": after}
        waiting = waiting_text.describe_waiting(product) if shown["appeal"] else None
        if waiting and waiting.row.appealed == shown["appeal"]:
            context["waiting"] = waiting
    return render(request, "shops/listings/queue_show.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Publish the listing as it was shown. If there are findings, ask for a confirmation first."""
    product = get_product_or_404(request, pk)
    if request.method != "POST":
        return redirect("shops:queue_one", pk)
    seen, review_context = request.POST.get("seen", ""), ReviewContext.of(product)
    if review_context.checked.found and "sure" not in request.POST:
        return ask_to_confirm(request, review_context, seen)
    try:
        review.require_seen(product, {str(pk): seen})
        review.publish(product, request.user)
    except ActionNotAllowed as problem:
        for reason in problem.reasons:
            messages.warning(request, reason)
        return redirect("shops:queue_one", pk)
    messages.success(request, _("“%(name)s”上架了。") % {"name": product.name})
    return redirect("shops:queue")


def ask_to_confirm(request: HttpRequest, review_context: ReviewContext, seen: str) -> HttpResponse:
    findings = [
        _("“%(words)s”：%(reason)s") % {"words": one.finding.words, "reason": one.finding.reason}
        for one in review_context.checked.found
    ]
    context = {
        "title": _("还有提示，确定发布“%(name)s”？") % {"name": review_context.product.name},
        "lines": findings,
        "fields": {"seen": seen, "sure": "1"},
        "confirm": _("看过了，发布"),
        "cancel_url": reverse("shops:queue_one", args=[review_context.product.pk]),
    }
    return render(request, "ui/confirm.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    product = get_product_or_404(request, pk)
    if request.method != "POST":
        return redirect("shops:queue_one", pk)
    if product.status != Product.Status.SUBMITTED:
        messages.info(request, HANDLED)
        return redirect("shops:queue")
    typed = (tidy(request.POST.get(name, ""), lines=True) for name in ("reason", "quick"))
    try:
        review.return_to_seller(product, " ".join(filter(None, typed)), request.user)
    except ActionNotAllowed as problem:
        messages.warning(request, problem.reasons[0])
        return redirect("shops:queue_one", pk)
    messages.success(request, _("“%(name)s”退回给卖家了。") % {"name": product.name})
    return redirect("shops:queue")


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide the appeal that waits for this listing."""
    product = get_product_or_404(request, pk)
    check = evidence.find_last_appeal(product)
    if request.method != "POST" or check is None:
        return redirect("shops:queue_one", pk)
    passes = request.POST.get("do") == "pass"
    try:
        if request.POST.get("check") != str(check.pk):
            raise ActionNotAllowed(_("卖家又写了一次，再看一遍"))
        reason = tidy(request.POST.get("reason", ""), lines=True)[:500]
        obstacles = waiting_text.decide_appeal(product, check, passes, reason, request.user)
    except ActionNotAllowed as problem:
        messages.warning(request, problem.sentence)
        return redirect("shops:queue_one", pk)
    if not passes:
        messages.success(request, _("申诉驳回了，卖家看得到原因。"))
    elif obstacles is None:
        messages.success(request, _("申诉通过了，这段话可以发。"))
    elif obstacles:
        why = {"why": " ".join(obstacles)}
        messages.warning(request, _("申诉通过了，可是没有换上，卖家看得到，由他改：%(why)s") % why)
    else:
        messages.success(request, _("申诉通过了，新的文字已经换上。"))
    return (
        redirect("shops:queue_one", pk)
        if product.status == Product.Status.SUBMITTED
        else redirect("shops:queue")
    )
