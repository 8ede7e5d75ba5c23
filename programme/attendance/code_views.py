"""Pages of signing in by oneself: the trainer's rotating code, and the page on which a trainee uses it; a trainee's own hours."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.decorators import login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest, get_person
from courses.models import Cohort
from outbox.descriptions import describe_reason
from programme.attendance import codes
from programme.attendance.forms import CodeForm
from programme.attendance.hours import count_minutes, credit, list_own
from programme.attendance.marks import NotTaken
from programme.attendance.roll import load_roll
from programme.attendance.views import describe, of_session
from programme.models import Attendance, IdNumberRule, Mark, TrainingSession
from programme.models.attendance import CREDITED
from progress.permissions import is_in_class
from ui.svg import draw_code


@of_session
@never_cache
@require_safe
def code(request: HttpRequest, session: TrainingSession) -> HttpResponse:
    """Show the code of this minute and who is in; `?part=1` is what the page fetches anew every few seconds."""
    roll = load_roll(session)
    context = describe(session) | {"roll": roll, "came": [row for row in roll.rows if row.mark in CREDITED]}
    if codes.takes_codes(session):
        now = codes.make_code(session)
        link = f"{reverse('programme:sign_in', args=[session.pk])}?{urlencode({'t': now.token})}"
        context |= {"code": now, "qr": draw_code(request.build_absolute_uri(link))}
    template = "_code.html" if request.GET.get("part") else "code_show.html"
    return render(request, f"programme/attendance/{template}", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, session_pk: int) -> HttpResponse:
    """Let a person of the class sign in to a session: by the QR, or by the digits that the trainer reads out."""
    if not request.user.is_authenticated:
        return lead_to_account(request, session_pk)
    user = get_person(request)
    session = get_object_or_404(TrainingSession.objects.select_related("cohort", "trainer"), pk=session_pk)
    if not is_in_class(user, session.cohort):
        raise Http404
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and try_to_sign_in(request, user, session, form):
        return redirect("programme:sign_in", session.pk)
    ticket = request.GET.get("t", ""), request.GET.get("ticket", "")
    if codes.is_current_token(session, ticket[0]):
        known = codes.make_ticket(session, user)
    else:  # a ticket keeps its own time: one that was renewed by reading the page again would never end
        known = ticket[1] if codes.is_ticket(session, user, ticket[1]) else ""
    mine = Attendance.objects.filter(session=session, user=user).exclude(mark=Mark.OPEN).first()
    context = describe(session) | {
        "form": form if request.method == "POST" else CodeForm(),
        "mark": mine,
        "is_in": mine is not None and mine.mark in CREDITED,
        "is_open": codes.takes_codes(session),
        "ticket": known,
        "was_old": bool(ticket[0]) and not known,
    }
    return render(request, "programme/attendance/sign_in.html", context)


def lead_to_account(request: HttpRequest, session_pk: int) -> HttpResponse:
    """Let a visitor sign in first; a code that is right now, or was, is remembered for that time by a ticket in the URL."""
    back = reverse("programme:sign_in", args=[session_pk])
    session = TrainingSession.objects.filter(pk=session_pk).first()
    # Of a person whose session ended meanwhile; whether it is good is checked when they are back.
    ticket = (request.POST.get("ticket") or request.GET.get("ticket", ""))[:200]
    if session and codes.is_current_token(session, request.GET.get("t", "")):
        ticket = codes.make_ticket(session, None)
    if ticket:
        back = f"{back}?{urlencode({'ticket': ticket})}"
    return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def try_to_sign_in(request: HttpRequest, user: User, session: TrainingSession, form: CodeForm) -> bool:
    """Sign in by the form's ticket or digits; put on the form why not."""
    if not codes.takes_codes(session):
        form.add_error(None, _("现在不能自己签到，请老师点名。"))
        return False
    if not codes.is_ticket(session, user, request.POST.get("ticket", "")):
        if not form.is_valid():
            return False
        usage = limits.try_action(request, "attendance_code")
        if usage is None:
            form.add_error(None, _("试得太多了。请老师点名，或者过十分钟再来。"))
            return False
        if not codes.are_current_digits(session, form.cleaned_data["code"]):
            form.add_error("code", _("这个数不对，或者刚换了。看一眼老师那里现在的数。"))
            return False
        usage.rollback()
    try:
        codes.sign_in(session, user)
    except NotTaken as refused:
        form.add_error(None, describe_reason(refused.reason))
        return False
    messages.success(request, _("签到了。"))
    return True


@login_required_keeping_post
@require_safe
def my_class(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a person of a class its sessions, their own mark at each, and their hours."""
    cohort = get_object_or_404(Cohort.objects.select_related("course", "place"), pk=pk)
    if not is_in_class(request.user, cohort):
        raise Http404
    marks = {row.session_id: row for row in list_own(request.user, cohort)}
    rows = list(TrainingSession.objects.filter(cohort=cohort).select_related("trainer"))
    for row in rows:
        row.cohort = cohort
    credited = sum(credit(row.minutes, marks[row.pk].mark) for row in rows if row.pk in marks)
    context = {
        "cohort": cohort,
        "rows": [(row, marks.get(row.pk), codes.takes_codes(row)) for row in rows],
        "minutes": credited,
        "elsewhere": count_minutes([request.user.pk], cohort.course_id).get(request.user.pk, 0) - credited,
        "reports_id_numbers": IdNumberRule.objects.filter(cohort=cohort).exists(),
    }
    return render(request, "programme/attendance/my_class.html", context)
