"""The calendars themselves, which need no sign-in, and the page on which one's own address is opened, changed and closed."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Cohort
from programme.attendance.views import of_session
from programme.calendar import addresses, ics
from programme.models import TrainingSession
from progress.permissions import is_in_class

ICS = "text/calendar; charset=utf-8"
ACTIONS = {
    "open": addresses.open_address,
    "change": addresses.change_address,
    "close": addresses.close_address,
}


@require_safe
def calendar(request: HttpRequest, pk: int, seal: str) -> HttpResponseBase:
    """Answer a calendar program, which has no cookies: the sessions behind the address, 304 if they are as it knows them."""
    address = addresses.find_address(pk, seal)
    if address is None:
        raise Http404
    sessions = ics.list_shown(addresses.find_sessions(address.user))
    with translation.override("zh-hans"):
        note = "" if sessions else _("现在没有培训课：还没排，或者你不在哪个班里了。")
        made = ics.write_calendar(sessions, _("新农活培训课"), note)
    response = HttpResponse(made, content_type=ICS)
    response["ETag"] = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@login_required_keeping_post
@require_safe
def session_ics(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponseBase:
    """Send one session to whoever is in its class, and to those who guide it."""
    session = get_object_or_404(TrainingSession.objects.select_related("cohort"), pk=session_pk, cohort=pk)
    if is_in_class(request.user, session.cohort):
        return send_session(session)
    return session_ics_of_guide(request, pk=pk, session_pk=session_pk)


@of_session
@require_safe
def session_ics_of_guide(_request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    return send_session(session)


def send_session(session: TrainingSession) -> HttpResponse:
    response = HttpResponse(ics.write_calendar([session]), content_type=ICS)
    response["Content-Disposition"] = content_disposition_header(True, f"session-{session.pk}.ics") or ""
    return response


# --- addresses ---


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: SignedInRequest) -> HttpResponse:
    """Show the address of one's own sessions; POST opens, changes or closes it."""
    if request.method == "POST":
        change(request)
        return redirect("programme:my_calendar")
    address = addresses.find_own(request.user)
    context = {
        "address": address,
        "url": request.build_absolute_uri(addresses.get_path(address)) if address else "",
        "page_url": request.build_absolute_uri(request.path),
        "guides": Cohort.objects.taught_by(request.user).exists()
        or Cohort.objects.mentored_by(request.user).exists(),
    }
    return render(request, "programme/calendar/calendar_show.html", context)


def change(request: SignedInRequest) -> None:
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        return
    action(request.user)
    said = {
        "open": _("开好了，把地址加进手机的日历。"),
        "change": _("换了新地址，旧的马上不能用了。"),
        "close": _("停了，加过这个地址的日历不再更新。"),
    }
    messages.success(request, said[request.POST["action"]])
