"""Complaints (投诉): written by anybody, followed by a link of their own, answered by the organiser of the place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from shops.complaints import services
from shops.complaints.forms import AnswerForm, ComplaintForm
from shops.exceptions import ActionNotAllowed
from shops.models import Complaint, Order, Product, Shop
from shops.shortcuts import get_reader, name_or_404, organiser_or_404, private_page
from ui.parameters import read_id


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a complaint about a product, a shop or an order (found by its secret link); one of them must be given."""
    about = find_subject(request)
    if about is None:
        return render(request, "shops/complaints/complaint_where.html")
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # filled in by a program; people do not see this field
            return redirect("shops:products")
        if not limits.allows(request, "complaint", form.cleaned_data["phone"]):
            form.add_error(None, _("交得太多了，过一会儿再来，或者直接打 12315。"))
        elif made := take(form, about):
            return redirect("shops:complaint", made.token)
    context = {"form": form, "about": about, "days": services.DAYS, "query": request.GET.urlencode()}
    return render(request, "shops/complaints/complaint_new.html", context, status=200)


def take(form: ComplaintForm, about: dict) -> Complaint | None:
    given = {name: form.cleaned_data[name] for name in ("text", "name", "phone")}
    try:
        return services.create_complaint(**given, **about)
    except ActionNotAllowed as problem:
        form.add_error(None, problem.sentence)
        return None


def find_subject(request: HttpRequest) -> dict | None:
    """Find what the linking page was about; an order is found only by its own secret link."""
    asked, user = request.GET, get_reader(request)
    if token := asked.get("order"):
        order = get_object_or_404(Order.objects.select_related("shop__place"), token=name_or_404(token))
        return {"shop": order.shop, "place": order.shop.place, "order": order}
    if pk := read_id(asked.get("product")):
        rows = Product.objects.visible_to(user).select_related("shop__place")
        product = get_object_or_404(rows, pk=pk)
        return {"shop": product.shop, "place": product.shop.place, "product": product}
    if slug := asked.get("shop"):
        shop = get_object_or_404(
            Shop.objects.visible_to(user).select_related("place"), slug=name_or_404(slug)
        )
        return {"shop": shop, "place": shop.place}
    return None


@private_page
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    rows = Complaint.objects.select_related("shop", "product", "order")
    complaint = get_object_or_404(rows, token=name_or_404(token))
    context = {
        "complaint": complaint,
        "overdue": services.is_overdue(complaint),
        "url": request.build_absolute_uri(),
    }
    return render(request, "shops/complaints/complaint_show.html", context)


@login_required_keeping_post
@staff_page
@require_safe
def waiting(request: SignedInRequest) -> HttpResponse:
    organiser_or_404(request)
    rows: list[Any] = list(services.list_unanswered(request.user)[:100])
    for row in rows:
        row.overdue = services.is_overdue(row)
    return render(
        request, "shops/complaints/complaint_list.html", {"rows": rows, "back_url": reverse("shops:queue")}
    )


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    organiser_or_404(request)
    complaint = get_object_or_404(services.find_manageable(request.user), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_complaint(complaint, form.cleaned_data["answer"], request.user)
            messages.success(request, _("答复发出去了。"))
        except ActionNotAllowed as problem:
            messages.warning(request, problem.sentence)
        return redirect("shops:complaints_waiting")
    overdue = services.is_overdue(complaint)
    context = {
        "form": form,
        "complaint": complaint,
        "overdue": overdue,
        "back_url": reverse("shops:complaints_waiting"),
    }
    return render(request, "shops/complaints/complaint_answer.html", context)
