"""One's own things: name, roles, agreements, and closing the account."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consents, decorators, limits
from accounts.decorators import login_required_keeping_post
from accounts.models import Consent, Membership
from accounts.notifications import push
from accounts.people import closure
from accounts.people import memberships as joining
from accounts.people.forms import AskRoleForm, CloseForm, NameForm
from accounts.worklist import items
from ui.parameters import read_id

Role = Membership.Role


@login_required_keeping_post
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    user = request.user
    decides = user.is_superuser or bool(user.places_with_role(Role.ORGANISER))
    return render(
        request,
        "accounts/me.html",
        {
            "memberships": user.memberships.exclude(status=Membership.Status.ENDED).select_related("place"),
            "ended": user.memberships.filter(status=Membership.Status.ENDED),
            "consents": consents.standing(user).exclude(kind=Consent.Kind.PRIVACY),
            "notice_is_due": consents.is_due(user),
            "decides": decides,
            "waits": items.block(request, "me"),
            "by_code": settings.PROVES_PHONES,
            "can_close": closure.can_close(user),
        },
    )


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(decorators.posted_or_kept(request), initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
        messages.success(request, _("姓名改好了。"))
        return redirect("accounts:me")
    return render(request, "accounts/name_edit.html", {"form": form})


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """What one is where, and asking for more; an organiser of the place answers. `?role=seller` is chosen already."""
    form = AskRoleForm(decorators.posted_or_kept(request), initial={"role": request.GET.get("role")})
    if request.method == "POST" and form.is_valid() and may_ask(request, form):
        asked = form.cleaned_data
        membership = joining.ask_for_role(request.user, asked["role"], asked["village"], asked["note"])
        if membership.status == Membership.Status.GRANTED:
            messages.info(request, _("这个身份您已经有了。"))
        else:
            messages.success(request, _("申请交上去了，等管理员同意。"))
        return redirect("accounts:roles")
    memberships = request.user.memberships.select_related("place__parent__parent__parent")
    return render(request, "accounts/role_list.html", {"form": form, "memberships": memberships})


def may_ask(request: HttpRequest, form: AskRoleForm) -> bool:
    """Each request waits in an organiser's list, which nobody may fill."""
    if limits.allows(request, "role_asked", str(request.user.pk)):
        return True
    form.add_error(None, _("今天申请得太多了，明天再来。"))
    return False


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    mine = request.user.memberships.filter(status__in=joining.OPEN).select_related("place")
    membership = get_object_or_404(mine, pk=pk)
    is_selling = (membership.role, membership.status) == (Role.SELLER, Membership.Status.GRANTED)
    if is_selling and (rows := closure.unfinished(request.user, membership.place)):
        page = {"membership": membership, "unfinished": rows}
        return render(
            request, "accounts/role_open.html", page, status=409 if request.method == "POST" else 200
        )
    if request.method == "POST":
        joining.end_role(request.user, membership)
        messages.success(request, _("身份结束了。"))
        return redirect("accounts:roles")
    told = {"role": membership.get_role_display(), "place": membership.place}
    page = {"danger": True, "cancel_url": reverse("accounts:roles")}
    if membership.status == Membership.Status.ASKED:
        page |= {"title": _("收回做%(place)s的%(role)s的申请？") % told, "confirm": _("收回")}
    else:
        page |= {"title": _("不再做%(place)s的%(role)s？") % told, "confirm": _("不做了")}
        page["text"] = _("学过的课、卖货的记录都还在。想再做，重新申请就行。")
        if is_selling:
            page["text"] = _("在这里的小店马上关，订单和账本也看不到了。想再做，重新申请就行。")
    return render(request, "ui/confirm.html", page)


@login_required_keeping_post
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    consents.give(request.user, Consent.Kind.PRIVACY)
    messages.success(request, _("记下了，谢谢。"))
    return redirect("accounts:me")


@login_required_keeping_post
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Takes back what was made public. Without the privacy notice there is no account: that is closing it."""
    kind = request.POST.get("kind")
    if kind == Consent.Kind.PRIVACY:
        return redirect("accounts:close")
    if kind not in Consent.Kind.values:
        raise Http404
    if kind == Consent.Kind.PUSH:
        push.unsubscribe(request.user)
        messages.success(request, _("手机通知都关了。"))
        return redirect("accounts:me")
    consents.withdraw(request.user, kind)
    messages.success(request, _("撤回了，网页上已经看不到。"))
    return redirect("accounts:me")


@login_required_keeping_post
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """Which of one's phones show notices; switched on by a script, because only the browser can ask its owner."""
    page = {"phones": request.user.push_subscriptions.all(), "public_key": push.public_key()}
    return render(request, "accounts/notification_list.html", page)


@login_required_keeping_post
@require_POST
def notifications_on(request: HttpRequest) -> HttpResponse:
    """Takes what the browser's push service gave it; sent again it is the same phone."""
    given = {name: request.POST.get(name, "")[:600] for name in ("endpoint", "p256dh", "auth")}
    agent = request.headers.get("User-Agent", "")
    try:
        push.subscribe(request.user, **given, user_agent=agent, language=get_language())
    except push.BadSubscription:
        return HttpResponseBadRequest(_("这个浏览器的通知服务，我们发不到。"))
    return HttpResponse(status=204)


@login_required_keeping_post
@require_POST
def notifications_off(request: HttpRequest) -> HttpResponse:
    """Ends them for one phone: by its row in the list, or by the address that the browser itself knows."""
    if endpoint := request.POST.get("endpoint", "")[:600]:
        with suppress(push.BadSubscription):  # what was never taken need not be ended
            push.check_endpoint(endpoint)
            push.unsubscribe(request.user, endpoint=endpoint)
        return HttpResponse(status=204)
    phone = get_object_or_404(request.user.push_subscriptions, pk=read_id(request.POST.get("phone")))
    push.unsubscribe(request.user, pk=phone.pk)
    messages.success(request, _("关了，“%(phone)s”不再收通知。") % {"phone": phone.label})
    return redirect("accounts:notifications")


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    if not closure.can_close(request.user):
        raise Http404
    form = CloseForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            closure.close_account(request.user)
        except closure.StillOpen as open_still:
            page = {"form": form, "unfinished": open_still.rows}
            return render(request, "accounts/account_close.html", page, status=409)
        logout(request)
        messages.success(request, _("账号注销了。"))
        return redirect("home")
    terms = import_string(settings.ERASE_TERMS)(request.user)
    page = {"form": form, "unfinished": closure.unfinished(request.user), "terms": terms}
    return render(request, "accounts/account_close.html", page)
