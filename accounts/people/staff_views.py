"""For who answers for others: requests for a role, and new passwords for the forgetful."""

from __future__ import annotations

import time

import segno
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import permissions
from accounts.auth import password_reset
from accounts.decorators import login_required_keeping_post, posted_or_kept
from accounts.models import Membership, User
from accounts.people import memberships
from accounts.people.forms import DeclineForm
from accounts.second_factor import staff_page
from ui import paging
from ui.inputs import plain

Role = Membership.Role
CARD, CARD_LASTS = "signin_card", 10 * 60


def requests_for(user: User) -> QuerySet[Membership]:
    """What this organiser may answer; to anybody else the page is not there."""
    if not user.is_superuser and not user.places_with_role(Role.ORGANISER):
        raise Http404
    return Membership.objects.manageable_by(user).select_related("user", "place__parent__parent__parent")


def request_of(user: User, pk: int) -> Membership:
    membership = get_object_or_404(requests_for(user), pk=pk)
    if not permissions.can_decide(user, membership):
        raise Http404
    return membership


@login_required_keeping_post
@staff_page
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    rows = requests_for(request.user).asked().exclude(user=request.user)
    page = paging.page(rows, ("-asked_at", "-id"), request.GET.get("after", ""))
    return render(request, "accounts/request_list.html", {"page": page})


@login_required_keeping_post
@staff_page
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    membership = request_of(request.user, pk)
    told = {"name": membership.user.name, "role": membership.get_role_display()}
    try:
        memberships.grant_role(request.user, membership)
        messages.success(request, _("%(name)s现在是%(role)s了。") % told)
    except memberships.AlreadyDecided:
        messages.info(request, _("这个申请已经有人办过了。"))
    return redirect("accounts:requests")


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    membership = request_of(request.user, pk)
    form = DeclineForm(posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            memberships.decline_role(request.user, membership, form.cleaned_data["reason"])
            messages.success(request, _("没同意%(name)s的申请。") % {"name": membership.user.name})
        except memberships.AlreadyDecided:
            messages.info(request, _("这个申请已经有人办过了。"))
        return redirect("accounts:requests")
    return render(request, "accounts/request_decline.html", {"form": form, "membership": membership})


@login_required_keeping_post
@staff_page
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those to whom this trainer or organiser may give a new password, found by name or end of number."""
    if not request.user.works_in_the_admin:
        raise Http404
    words = request.GET.get("q", "").strip()[:40]
    rows = password_reset.resettable_by(request.user)
    if words:
        digits = plain(words).replace("-", "")
        rows = rows.filter(Q(phone__endswith=digits) if digits.isdecimal() else Q(name__icontains=words))
    page = paging.page(rows, ("name", "id"), request.GET.get("after", ""))
    return render(request, "accounts/people_list.html", {"page": page, "words": words})


@login_required_keeping_post
@staff_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(password_reset.resettable_by(request.user), pk=pk)
    if request.method == "POST":
        nonce = password_reset.new_nonce()
        password_reset.reset_password(request.user, person, nonce)
        request.session[CARD] = {"person": pk, "nonce": nonce, "at": time.time()}
        return redirect("accounts:card", pk)
    return render(
        request,
        "ui/confirm.html",
        {
            "title": _("给%(name)s一个新密码？") % {"name": person.name},
            "text": _(
                "旧密码马上作废，别处的登录也会退出。新密码只显示 10 分钟，印出来交给本人，一天内登录改掉，过了就作废。"
            ),
            "lines": [
                _("本人会收到消息，以后七天每次登录也看得到：是您换的。"),
                _("卖家的话，3 天内换收款码要另一位管理员同意。"),
            ],
            "confirm": _("给新密码"),
            "cancel_url": reverse("accounts:people"),
        },
    )


@login_required_keeping_post
@staff_page
@never_cache
@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in card to print and hand over: for ten minutes, in this session, as long as its password holds."""
    person = get_object_or_404(password_reset.resettable_by(request.user), pk=pk)
    given = request.session.get(CARD) or {}
    fresh = given.get("person") == pk and time.time() - given["at"] < CARD_LASTS
    parts = password_reset.password_of(given["nonce"]) if fresh else []
    if not parts or not person.check_password("".join(parts)):
        messages.info(request, _("登录卡已经收起来了。本人没拿到，就再给一个新密码。"))
        return redirect("accounts:reset", pk)
    sign_in = request.build_absolute_uri(reverse("account_login"))
    qr = segno.make(sign_in, error="m").svg_data_uri(scale=4, border=2)
    told = {"person": person, "parts": parts, "address": request.get_host(), "qr": qr}
    return render(request, "accounts/signin_card.html", told)
