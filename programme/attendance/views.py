"""Pages of a class's training sessions for those who guide it: the list, one session, the roll call, the hours."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import get_posted_or_kept
from accounts.requests import SignedInRequest
from courses.models import Cohort
from outbox.descriptions import describe_reason
from programme.attendance import sessions
from programme.attendance.codes import takes_codes
from programme.attendance.forms import CancelForm, SessionForm, WalkInForm, read_changes
from programme.attendance.hours import summarise_class
from programme.attendance.marks import NotTaken, find_refusal, load_history, record_marks, say
from programme.attendance.roll import Roll, cut_roll, list_parts, load_roll
from programme.event_descriptions import CLOSED
from programme.models import How, Mark, TrainingSession
from progress.classes.views import of_guided_class
from progress.permissions import can_lead_class
from ui.pagination import fetch_page
from ui.parameters import read_number

NEWEST = ("-starts_at", "-pk")


def of_session(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view one session of a class, for who leads the class and its mentor; else 404."""

    @of_guided_class
    @wraps(view)
    def answer(request: SignedInRequest, cohort: Cohort, session_pk: int, **kwargs) -> HttpResponseBase:
        rows = TrainingSession.objects.select_related("trainer", "module", "cancelled_by")
        session = get_object_or_404(rows, pk=session_pk, cohort=cohort)
        session.cohort = cohort
        return view(request, session, **kwargs)

    return answer


def while_open(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lead back to the session when its class has been over for so long that its hours are final."""

    @wraps(view)
    def answer(request: SignedInRequest, session: TrainingSession) -> HttpResponseBase:
        if session.is_closed:
            messages.error(request, describe_reason(CLOSED))
            return redirect(session_url(session))
        return view(request, session)

    return answer


@of_guided_class
@require_safe
def session_list(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    shown = fetch_page(sessions.find_sessions(cohort), NEWEST, request.GET.get("after", ""))
    now = timezone.now()
    context = {
        "cohort": cohort,
        "page": shown,
        "coming": [session for session in reversed(shown.items) if session.ends_at > now],
        "past": [session for session in shown.items if session.ends_at <= now],
        "is_over": cohort.ends_on < timezone.localdate(),
    }
    return render(request, "programme/attendance/session_list.html", context)


@of_guided_class
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    form = SessionForm(get_posted_or_kept(request), cohort=cohort, user=request.user)
    draft = f"session-{cohort.pk}"
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or uuid.uuid4()
        session = sessions.plan_session(request.user, cohort, form.get_facts(), key)
        messages.success(request, _("排好了，班里的人看得到。"), extra_tags=f"done:{draft}")
        return redirect("programme:session", cohort.pk, session.pk)
    context = {"cohort": cohort, "form": form, "draft": draft, "back": list_url(cohort)}
    return render(request, "programme/attendance/session_edit.html", context)


@of_session
@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    form = SessionForm(get_posted_or_kept(request), cohort=session.cohort, user=request.user, session=session)
    draft = f"session-edit-{session.pk}"
    if request.method == "POST" and form.is_valid():
        sessions.change_session(request.user, session, form.get_facts())
        messages.success(request, _("改好了。"), extra_tags=f"done:{draft}")
        return redirect("programme:session", session.cohort_id, session.pk)
    context = {
        "cohort": session.cohort,
        "session": session,
        "form": form,
        "draft": draft,
        "back": session_url(session),
    }
    return render(request, "programme/attendance/session_edit.html", context)


@of_session
@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    form = CancelForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        if sessions.cancel_session(request.user, session, form.cleaned_data["reason"]):
            messages.success(request, _("取消了。班里的人看得到原因。"))
        else:
            messages.info(request, _("已经取消了。"))
        return redirect("programme:session", session.cohort_id, session.pk)
    context = {"session": session, "form": form}
    return render(request, "programme/attendance/session_cancel.html", context)


@of_session
@while_open
@require_POST
def session_reinstate(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    if sessions.reinstate_session(request.user, session):
        messages.success(request, _("恢复了，照常上。"))
    return redirect("programme:session", session.cohort_id, session.pk)


@of_session
@require_safe
def session_show(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """Show one session with everybody's mark and its history; of a long roll one part at a time."""
    roll = load_roll(session)
    part = cut_roll(roll, read_number(request.GET.get("from", "")) or 1)
    history = load_history(session, [row.user for row in part.rows])
    context = describe(session) | {
        "roll": roll,
        "people": [(row, history.get(row.user, [])) for row in part.rows],
        "parts": list_parts(roll),
        "first": part.rows[0].number if part.rows else 1,
        "takes_codes": takes_codes(session),
    }
    return render(request, "programme/attendance/session_show.html", context)


# --- roll call ---


@of_session
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roll_call(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    """Show the roll and take it as one form; with scripts each tap is a fact of its own, which waits in the outbox.

    `?how=paper` keys in the printed sheet. What a form held when the session of its sender had ended is shown to be saved,
    as a form without scripts.
    """
    whole = load_roll(session)
    roll = cut_roll(whole, read_number(request.GET.get("from", "")) or 1)
    if request.method == "POST":
        return take_form(request, roll)
    kept = get_posted_or_kept(request)
    changes = read_changes(roll, kept) if kept else {}
    context = describe(session) | {
        "roll": roll,
        "rows": [(row, changes.get(row.user, row.mark)) for row in roll.rows],
        "has_kept": bool(changes),
        "marks": [mark for mark in Mark if mark != Mark.OPEN],
        "walk_in_form": WalkInForm(initial={"key": uuid.uuid4()}, auto_id="walk_%s"),
        "how": read_how(request),
        "parts": list_parts(whole),
        "first": roll.rows[0].number if roll.rows else 1,
    }
    return render(request, "programme/attendance/roll_call.html", context)


def take_form(request: SignedInRequest, roll: Roll) -> HttpResponse:
    session = roll.session
    changes, how = read_changes(roll, request.POST), read_how(request)
    facts = [say(user, mark, how) for user, mark in changes.items()]
    if "rest" in request.POST:
        left = [row.user for row in roll.rows if row.mark == Mark.OPEN and row.user not in changes]
        facts += [say(user, Mark.ABSENT, How.REST) for user in left]
    try:
        record_marks(session, facts, request.user)
    except NotTaken as refused:
        messages.error(request, describe_reason(refused.reason))
    else:
        n = len(facts)
        messages.success(request, ngettext("记了 %(n)s 个人。", "记了 %(n)s 个人。", n) % {"n": n})
    if list_parts(roll):
        return redirect(request.get_full_path())
    return redirect(session_url(session))


def read_how(request: HttpRequest) -> str:
    return How.PAPER if request.GET.get("how") == "paper" else How.ROLL


@of_session
@never_cache
@require_safe
def roll_now(request: HttpRequest, session: TrainingSession) -> JsonResponse:
    """Return by person what holds now, for a roll that is open while people sign in by themselves or on a second phone."""
    roll = load_roll(session)
    return JsonResponse(
        {
            "now": timezone.now().isoformat(),
            "marks": {row.user: row.mark for row in roll.rows},
            "walk_ins": [str(walk_in.key) for walk_in in roll.waiting],
        }
    )


@of_guided_class
@require_safe
def class_attendance(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show how often each person of the class attended, and the hours credited."""
    held = list(TrainingSession.objects.filter(cohort=cohort).held().values_list("minutes", flat=True))
    context = {
        "cohort": cohort,
        "people": summarise_class(cohort),
        "held": len(held),
        "minutes": sum(held),
        "leads": can_lead_class(request.user, cohort),
    }
    return render(request, "programme/attendance/class_attendance.html", context)


# --- shared ---


def describe(session: TrainingSession) -> dict[str, object]:
    refusal = find_refusal(session)
    return {
        "session": session,
        "cohort": session.cohort,
        "refusal": describe_reason(refusal) if refusal else "",
    }


def session_url(session: TrainingSession) -> str:
    return reverse("programme:session", args=[session.cohort_id, session.pk])


def list_url(cohort: Cohort) -> str:
    return reverse("programme:sessions", args=[cohort.pk])
