"""The page on which a person chooses which of their phones show notices."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import Membership
from accounts.notifications import push
from accounts.requests import SignedInRequest
from ui.parameters import read_id

Role = Membership.Role


@login_required_keeping_post
@require_safe
def notifications(request: SignedInRequest) -> HttpResponse:
    """List the person's phones that show notices; a script switches them on, because only the browser can ask its owner."""
    page = {"phones": request.user.push_subscriptions.all(), "public_key": push.get_public_key()}
    return render(request, "accounts/notifications/notification_list.html", page)


@login_required_keeping_post
@require_POST
def notifications_on(request: SignedInRequest) -> HttpResponse:
    """Store what the browser's push service gave it; the same browser again is the same phone."""
    given = {name: request.POST.get(name, "")[:600] for name in ("endpoint", "p256dh", "auth")}
    agent = request.headers.get("User-Agent", "")
    try:
        push.subscribe(request.user, **given, user_agent=agent, language=get_language())
    except push.BadSubscription:
        return HttpResponseBadRequest(_("这个浏览器的通知服务，我们发不到。"))
    return HttpResponse(status=204)


@login_required_keeping_post
@require_POST
def notifications_off(request: SignedInRequest) -> HttpResponse:
    """End notices on one phone: by its row in the list, or by the URL that the browser itself knows."""
    if endpoint := request.POST.get("endpoint", "")[:600]:
        with suppress(push.BadSubscription):  # a subscription that was never stored need not be ended
            push.check_endpoint(endpoint)
            push.unsubscribe(request.user, endpoint=endpoint)
        return HttpResponse(status=204)
    phone = get_object_or_404(request.user.push_subscriptions, pk=read_id(request.POST.get("phone")))
    push.unsubscribe(request.user, pk=phone.pk)
    messages.success(request, _("关了，“%(phone)s”不再收通知。") % {"phone": phone.label})
    return redirect("accounts:notifications")
