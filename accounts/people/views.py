"""The person's own page: name, consents, closing the account; and the privacy notice."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consents, decorators, devices
from accounts.decorators import login_required_keeping_post
from accounts.models import Consent, Membership
from accounts.notifications import push
from accounts.people import closure, panels
from accounts.people.forms import CloseForm, NameForm
from accounts.requests import SignedInRequest
from accounts.worklist import items
from ui.responses.page_cache import stamped

Role = Membership.Role


@require_safe
@stamped()
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice, the same for everybody, so that it can be cached; its version is on the page and in each
    consent.
    """
    groups = import_string(settings.TERM_GROUPS)()
    return render(request, "accounts/people/privacy.html", {"settings": settings, "groups": groups})


@login_required_keeping_post
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    user = request.user
    decides = user.is_superuser or bool(user.places_with_role(Role.ORGANISER))
    return render(
        request,
        "accounts/people/me.html",
        {
            "memberships": user.memberships.exclude(status=Membership.Status.ENDED).select_related("place"),
            "ended": user.memberships.filter(status=Membership.Status.ENDED),
            "consents": consents.find_active_consents(user).exclude(kind=Consent.Kind.PRIVACY),
            "notice_is_due": consents.is_due(user),
            "decides": decides,
            "waits": items.make_block(request, "me"),
            "panels": panels.build_panels(user),
            "by_code": settings.PROVES_PHONES,
            "can_close": closure.can_close(user),
        },
    )


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: SignedInRequest) -> HttpResponse:
    form = NameForm(decorators.get_posted_or_kept(request), initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
        messages.success(request, _("姓名改好了。"))
        return redirect("accounts:me")
    return render(request, "accounts/people/name_edit.html", {"form": form})


@login_required_keeping_post
@require_POST
def agree(request: SignedInRequest) -> HttpResponse:
    consents.give(request.user, Consent.Kind.PRIVACY)
    messages.success(request, _("记下了，谢谢。"))
    return redirect("accounts:me")


@login_required_keeping_post
@require_POST
def withdraw(request: SignedInRequest) -> HttpResponse:
    """Withdraw a consent. The one to the privacy notice can only be withdrawn by closing the account."""
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
    if kind == Consent.Kind.ID_NUMBER:
        messages.success(request, _("撤回了，身份证号删了。"))
    else:
        messages.success(request, _("撤回了，网页上已经看不到。"))
    return redirect("accounts:me")


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest) -> HttpResponse:
    if not closure.can_close(request.user):
        raise Http404
    form = CloseForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            closure.close_account(request.user)
        except closure.StillOpen as open_still:
            page = {"form": form, "unfinished": open_still.rows}
            return render(request, "accounts/people/account_close.html", page, status=409)
        decorators.sign_out(request)
        messages.success(request, _("账号注销了。"))
        response = redirect("home")
        devices.mark_signed_out(request, response)
        return response
    terms = import_string(settings.ERASE_TERMS)(request.user)
    page = {"form": form, "unfinished": closure.list_unfinished(request.user), "terms": terms}
    return render(request, "accounts/people/account_close.html", page)
