"""/me/data/: what is stored about the person, a copy of it, and who has used it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consents
from accounts.audit import get_verb_label
from accounts.decorators import login_required_keeping_post
from accounts.models import Consent, DataExport
from accounts.people import closure
from accounts.people.forms import CloseForm
from accounts.requests import SignedInRequest
from config.personal import data_exports, overview
from config.personal.terms import Person
from media import private_files

State = DataExport.State


@login_required_keeping_post
@require_safe
def data(request: SignedInRequest) -> HttpResponse:
    return show(request, CloseForm(user=request.user))


def show(request: SignedInRequest, form: CloseForm, status: int = 200) -> HttpResponse:
    user = request.user
    copy = user.data_exports.exclude(state=State.GONE).first()
    if copy and copy.state == State.READY and copy.expires_at and copy.expires_at < timezone.now():
        copy = None
    context = {
        "person": Person.of(user),
        "sends_codes": settings.PROVES_PHONES,
        "held": overview.list_holdings(user),
        "copy": copy,
        "form": form,
        "consents": consents.find_active_consents(user).exclude(kind=Consent.Kind.PRIVACY),
        "looks": [
            {"at": one.at, "actor": one.actor, "doing": get_verb_label(one.verb)}
            for one in overview.list_looks(user)[: overview.LOOKS_SHOWN]
        ],
        "sells": user.shops_owned.exists(),
        "can_close": closure.can_close(user),
    }
    response = render(request, "own_data_show.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest) -> HttpResponse:
    """Ask for a copy, with the password, so that nobody gets everything from an unlocked phone.

    A GET shows the page again after an error, or in the other language.
    """
    if request.method != "POST":
        return redirect("own_data")
    form = CloseForm(request.POST, user=request.user)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        data_exports.ask(request.user)
    except data_exports.TooManyCopies:
        messages.warning(request, _("今天要过三回了，明天再要。"))
    else:
        messages.success(request, _("正在准备，好了就在这一页下载。"))
    return redirect("own_data")


@login_required_keeping_post
@require_safe
def file(request: SignedInRequest) -> HttpResponseBase:
    """Send the person's newest copy; there is no URL for anybody else's."""
    copy = request.user.data_exports.filter(state=State.READY, expires_at__gt=timezone.now()).first()
    if copy is None:
        raise Http404
    day = timezone.localdate(copy.made_at)
    response = private_files.send_private(
        request, copy.file_name, "application/zip", f"nonghuo-{day:%Y%m%d}.zip", as_attachment=True
    )
    response["Cache-Control"] = "private, no-store"
    return response
