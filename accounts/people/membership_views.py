"""Roles: asked for and ended by their owner, answered by an organiser."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits, permissions
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import Membership, User
from accounts.models.membership import MembershipQuerySet
from accounts.people import closure
from accounts.people import memberships as services
from accounts.people.forms import AskRoleForm, DeclineForm
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from ui import pagination

Role = Membership.Role


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: SignedInRequest) -> HttpResponse:
    """Show the person's roles and the form that asks for one; ?role=seller preselects a role."""
    form = AskRoleForm(get_posted_or_kept(request), initial={"role": request.GET.get("role")})
    if request.method == "POST" and form.is_valid() and can_ask(request, form):
        asked = form.cleaned_data
        membership = services.ask_for_role(request.user, asked["role"], asked["village"], asked["note"])
        if membership.status == Membership.Status.GRANTED:
            messages.info(request, _("这个身份你已经有了。"))
        else:
            messages.success(request, _("申请交上去了，等管理员同意。"))
        return redirect("accounts:roles")
    memberships = request.user.memberships.select_related("place__parent__parent__parent")
    return render(request, "accounts/people/role_list.html", {"form": form, "memberships": memberships})


def can_ask(request: HttpRequest, form: AskRoleForm) -> bool:
    """Return whether the person may ask for another role now: each request waits in an organiser's list."""
    if limits.allows(request, "role_asked", str(request.user.pk)):
        return True
    form.add_error(None, _("今天申请得太多了，明天再来。"))
    return False


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: SignedInRequest, pk: int) -> HttpResponse:
    mine = request.user.memberships.filter(status__in=services.OPEN).select_related("place")
    membership = get_object_or_404(mine, pk=pk)
    is_selling = (membership.role, membership.status) == (Role.SELLER, Membership.Status.GRANTED)
    if is_selling and (rows := closure.list_unfinished(request.user, membership.place)):
        page = {"membership": membership, "unfinished": rows}
        return render(
            request, "accounts/people/role_open.html", page, status=409 if request.method == "POST" else 200
        )
    if request.method == "POST":
        services.end_role(request.user, membership)
        messages.success(request, _("身份结束了。"))
        return redirect("accounts:roles")
    names = {"role": membership.get_role_display(), "place": membership.place}
    page = {"danger": True, "cancel_url": reverse("accounts:roles")}
    if membership.status == Membership.Status.ASKED:
        page |= {"title": _("收回做%(place)s的%(role)s的申请？") % names, "confirm": _("收回")}
    else:
        page |= {"title": _("不再做%(place)s的%(role)s？") % names, "confirm": _("不做了")}
        page["text"] = _("学过的课、卖货的记录都还在。想再做，重新申请就行。")
        if is_selling:
            page["text"] = _("在这里的小店马上关，订单和账本也看不到了。想再做，重新申请就行。")
    return render(request, "ui/confirm.html", page)


# --- answering ---


def find_requests(user: User) -> MembershipQuerySet:
    """Return the requests that this organiser may answer; 404 for other people."""
    if not user.is_superuser and not user.places_with_role(Role.ORGANISER):
        raise Http404
    return Membership.objects.manageable_by(user).select_related("user", "place__parent__parent__parent")


def get_request_or_404(user: User, pk: int) -> Membership:
    membership = get_object_or_404(find_requests(user), pk=pk)
    if not permissions.can_decide(user, membership):
        raise Http404
    return membership


@login_required_keeping_post
@staff_page
@require_safe
def requests(request: SignedInRequest) -> HttpResponse:
    rows = find_requests(request.user).asked().exclude(user=request.user)
    page = pagination.fetch_page(rows, ("-asked_at", "-id"), request.GET.get("after", ""))
    return render(request, "accounts/people/request_list.html", {"page": page})


@login_required_keeping_post
@staff_page
@require_POST
def grant(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = get_request_or_404(request.user, pk)
    names = {"name": membership.user.name, "role": membership.get_role_display()}
    try:
        services.grant_role(request.user, membership)
        messages.success(request, _("%(name)s现在是%(role)s了。") % names)
    except services.AlreadyDecided:
        messages.info(request, _("这个申请已经有人办过了。"))
    return redirect("accounts:requests")


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = get_request_or_404(request.user, pk)
    form = DeclineForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.decline_role(request.user, membership, form.cleaned_data["reason"])
            messages.success(request, _("没同意%(name)s的申请。") % {"name": membership.user.name})
        except services.AlreadyDecided:
            messages.info(request, _("这个申请已经有人办过了。"))
        return redirect("accounts:requests")
    return render(request, "accounts/people/request_decline.html", {"form": form, "membership": membership})
