"""Pages of the checklist before a live (开播前核对), and of the host: age, training, a guardian's consent with its document."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators, second_factor
from accounts.decorators import is_partial, login_required_keeping_post
from accounts.requests import SignedInRequest
from live import permissions
from live.exceptions import LiveStarted
from live.models import GuardianConsent, Livestream
from live.readiness import checklist as ticking
from live.readiness import hosts
from live.readiness.checks import Readiness
from live.readiness.forms import BirthForm, GuardianForm
from live.shortcuts import my_live_or_404, parse_uuid, refuse_change, visible_live_or_404
from media.documents.services import send_document
from shops.exceptions import IdempotencyConflict
from shops.shortcuts import private_page
from ui.pagination import fetch_page
from ui.parameters import get_return_url

HISTORY = 40


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def checklist(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the list; a POST ticks one line (code, is_done=1 or 0, event_id), and htmx gets that line alone."""
    live = my_live_or_404(request, pk)
    if request.method == "POST":
        return post_tick(request, live)
    readiness = Readiness.load(live)
    context = {
        "live": live,
        "readiness": readiness,
        "rows": readiness.ticks,
        "page": fetch_page(live.ticks.select_related("by"), ("-id",), request.GET.get("after", ""), HISTORY),
        "is_turned": "after" in request.GET,
        "can_edit": live.started_at is None,
        "event": uuid.uuid4(),
        "back_url": get_return_url(request, live.get_absolute_url()),
    }
    return render(request, "live/readiness/checklist_show.html", add_events(context))


def add_events(context: dict) -> dict:
    """Give each line's button an id of its own, so that a tap sent twice is one row."""
    return context | {"rows": [(row, uuid.uuid4()) for row in context["rows"]]}


def post_tick(request: SignedInRequest, live: Livestream) -> HttpResponse:
    code, event = request.POST.get("code", ""), parse_uuid(request.POST, "event_id")
    try:
        ticking.tick_line(live, code, request.POST.get("is_done") == "1", request.user, event)
    except (ValueError, IdempotencyConflict):
        messages.warning(request, _("没看懂，再点一次"))
        return redirect("live:checklist", live.pk)
    except LiveStarted:
        return refuse_change(request, live)
    if not is_partial(request):
        return redirect("live:checklist", live.pk)
    rows = ticking.list_rows(live)
    row = next(row for row in rows if row.code == code)
    left = sum(not one.is_done for one in rows)
    context = {
        "live": live,
        "row": row,
        "event": uuid.uuid4(),
        "can_edit": True,
        "left": left,
        "swapped": True,
    }
    return render(request, "live/readiness/_tick.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def host(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the host; a POST stores the month of birth (the host alone, once) or a guardian's consent."""
    live = my_live_or_404(request, pk)
    who, age = live.host, hosts.get_age_group(live.host)
    is_me = who.pk == request.user.pk
    form: BirthForm | GuardianForm | None
    if age == hosts.AgeGroup.UNKNOWN:
        form = BirthForm(decorators.get_posted_or_kept(request)) if is_me else None
    else:
        form = make_consent_form(request) if age == hosts.AgeGroup.MINOR else None
    if request.method == "POST" and form and form.is_valid():
        return save_host(request, live, form)
    consents = GuardianConsent.objects.filter(user=who).select_related("file", "made_by")
    context = {
        "live": live,
        "host": who,
        "is_me": is_me,
        "age": age,
        "form": form,
        "consents": [(one, permissions.can_see_consent(request.user, one, live)) for one in consents],
        "clearance": hosts.find_active_clearance(who),
        "quiz": hosts.find_first_live_quiz(get_language() or ""),
        "draft_name": f"host-{pk}",
        "back_url": get_return_url(request, live.get_absolute_url()),
    }
    return render(request, "live/readiness/host_show.html", context)


def make_consent_form(request: SignedInRequest) -> GuardianForm:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    typed = QueryDict() if given else decorators.get_kept_post(request) or QueryDict()
    initial = {"given_on": timezone.localdate()} | {n: typed[n] for n in GuardianForm.NAMES if n in typed}
    return GuardianForm(*given, user=request.user, initial=initial)


def save_host(request: SignedInRequest, live: Livestream, form: BirthForm | GuardianForm) -> HttpResponse:
    if isinstance(form, BirthForm):
        hosts.set_birth_month(live.host, form.cleaned_data["birth_month"], live.place)
        messages.success(request, _("记下了。"), extra_tags=f"done:host-{live.pk}")
    else:
        hosts.submit_consent(live.host, form.facts(), request.user, live.place)
        messages.success(request, _("同意书收到了。"), extra_tags=f"done:host-{live.pk}")
    return redirect(get_return_url(request, reverse("live:host", args=[live.pk])))


@private_page
@require_safe
@login_required_keeping_post
def consent_file(request: SignedInRequest, pk: int, consent: int) -> HttpResponseBase:
    live = visible_live_or_404(request, pk)
    row = consent_or_404(request, live, consent)
    if request.user.pk not in (row.user_id, row.made_by_id) and second_factor.is_due(request):
        return second_factor.redirect_to_second_factor(request, request.get_full_path())
    return send_document(request, row.file, f"{_('监护人同意书')} {row.guardian}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def withdraw_consent(request: SignedInRequest, pk: int, consent: int) -> HttpResponse:
    live = my_live_or_404(request, pk)
    row = consent_or_404(request, live, consent)
    if request.method == "POST":
        hosts.withdraw_consent(row, request.user, live.place)
        messages.success(request, _("撤回来了。"))
        return redirect("live:host", pk)
    context = {
        "title": _("撤回%(name)s签的同意书？") % {"name": row.guardian},
        "text": _("撤回以后，%(host)s不能再开播，直到交新的。") % {"host": live.host.name},
        "cancel_url": live.get_absolute_url() + "host/",
        "confirm": _("撤回"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


def consent_or_404(request: SignedInRequest, live: Livestream, pk: int) -> GuardianConsent:
    row = get_object_or_404(GuardianConsent.objects.select_related("file", "user"), pk=pk, user=live.host_id)
    if not permissions.can_see_consent(request.user, row, live):
        raise Http404
    return row
