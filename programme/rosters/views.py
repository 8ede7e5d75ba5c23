"""Pages of a class's rosters for those who lead it: sending a file, looking at its rows, confirming."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts import limits, second_factor
from accounts.backoffice.export import send_xlsx
from accounts.decorators import get_posted_or_kept, to_sign_in
from accounts.requests import SignedInRequest
from courses.models import Cohort
from media.received_files import NotStored
from programme.models import Roster, RosterRow
from programme.rosters import corrections, imports
from programme.rosters.forms import ConfirmForm, RosterForm, read_choices
from programme.rosters.outcomes import find_class_refusal
from programme.rosters.problems import describe_note, describe_problem
from progress.classes.views import of_class
from ui.pagination import fetch_page

NEWEST = ("-made_at", "-pk")
ROWS_A_PAGE = 50
Outcome, Choice, State = RosterRow.Outcome, RosterRow.Choice, Roster.State


def says_if_lost(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Say that a file did not arrive when the session of its sender had ended: a form is kept, a file is not."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        is_signed_in = request.user.is_authenticated
        if (
            request.method == "POST"
            and request.FILES
            and not (is_signed_in and not second_factor.is_due(request))
        ):
            messages.warning(request, _("登录断了，名单没有传上来。登录以后再选一次文件。"))
            if not is_signed_in:
                return to_sign_in(request)
        return view(request, *args, **kwargs)

    return answer


def of_roster(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view one roster of a class, for who leads the class; else 404."""

    @of_class
    @wraps(view)
    def answer(request: SignedInRequest, cohort: Cohort, roster_pk: int, **kwargs) -> HttpResponseBase:
        rows = Roster.objects.select_related("made_by", "confirmed_by")
        roster = get_object_or_404(rows, pk=roster_pk, cohort=cohort)
        roster.cohort = cohort
        return view(request, roster, **kwargs)

    return answer


@says_if_lost
@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def roster_list(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Take a file, and list the rosters of the class."""
    form = RosterForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid() and not limits.allows(request, "roster"):
        form.add_error("file", _("今天传的名单太多了，明天再传。"))
    elif request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or uuid.uuid4()
        try:
            roster = imports.receive_roster(request.user, cohort, form.cleaned_data["file"], key)
        except (imports.ClassTakesNobody, NotStored) as refused:
            form.add_error("file", refused if isinstance(refused, NotStored) else str(refused))
        else:
            if roster.state == State.FAILED:
                form.add_error("file", roster.problem)
            else:
                return redirect("programme:roster", cohort.pk, roster.pk)
    rows = Roster.objects.filter(cohort=cohort).select_related("made_by")
    context = {
        "cohort": cohort,
        "form": form,
        "refusal": find_class_refusal(cohort),
        "page": fetch_page(rows, NEWEST, request.GET.get("after", "")),
    }
    status = 422 if form.errors else 200
    return render(request, "programme/rosters/roster_list.html", context, status=status)


@of_class
@require_safe
def roster_template(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Download a table to fill in, whose columns are text, so that no number loses its digits."""
    header = [_("姓名"), _("手机号"), _("村"), _("备注")]
    return send_xlsx(f"roster-{cohort.pk}", header, [], text_columns=True)


@of_roster
@never_cache
@require_safe
def roster_failed(request: SignedInRequest, roster: Roster) -> HttpResponse:
    """Download the rows that cannot be added, with what is wrong, to be corrected and sent again."""
    if roster.is_at_work or not corrections.find_failed(roster).exists():
        raise Http404
    if not limits.allows(request, "roster_failed"):
        messages.error(request, _("下载得太多了，过十分钟再来。"))
        return redirect("programme:roster", roster.cohort_id, roster.pk)
    rows = corrections.list_rows(roster)
    return send_xlsx(f"roster-{roster.pk}", corrections.list_columns(), rows, text_columns=True)


@of_roster
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roster_show(request: SignedInRequest, roster: Roster) -> HttpResponse:
    """Show the rows with what would happen to each; take what is decided, the confirmation, or that it is dropped."""
    form = ConfirmForm(request.POST if request.method == "POST" and "confirm" in request.POST else None)
    if request.method == "POST":
        try:
            if act(request, roster, form):
                return redirect("programme:roster", roster.cohort_id, roster.pk)
        except imports.NotNow:
            messages.info(request, _("这份名单已经办过了，看下面。"))
            return redirect("programme:roster", roster.cohort_id, roster.pk)
        except imports.ClassTakesNobody as refused:
            messages.error(request, str(refused))
            return redirect("programme:roster", roster.cohort_id, roster.pk)
    return show(request, roster, form)


def act(request: SignedInRequest, roster: Roster, form: ConfirmForm) -> bool:
    """Do what the tapped button says; False where the form is to be shown again. Raises NotNow, ClassTakesNobody."""
    if "drop" in request.POST:
        imports.drop_roster(roster)
        messages.success(request, _("这份名单不要了，里面的姓名和手机号都删了。"))
        return True
    changed = imports.decide_rows(roster, read_choices(request.POST))
    if "confirm" not in request.POST:
        if changed:
            sentence = ngettext("记下了 %(n)s 行。", "记下了 %(n)s 行。", changed)
            messages.success(request, sentence % {"n": changed})
        return True
    if not form.is_valid():
        return False
    imports.confirm_roster(request.user, roster)
    return True


def show(request: SignedInRequest, roster: Roster, form: ConfirmForm) -> HttpResponse:
    wanted = request.GET.get("show", "")
    kept = get_posted_or_kept(request)
    choices = read_choices(kept) if kept else {}
    rows = roster.rows.select_related("place").order_by("number")
    if roster.state in (State.READING, State.FAILED):
        rows = rows.none()  # the audit entry is written once all rows are read
    if wanted in Outcome.values:
        rows = rows.filter(outcome=wanted)
    page = fetch_page(rows, ("number", "pk"), request.GET.get("after", ""), ROWS_A_PAGE)
    for row in page.items:
        row.sentence, row.note_of_role = describe_problem(row), describe_note(row)
        row.shown_choice = choices.get(row.number, row.choice)
    left = imports.find_left(roster).count() if roster.state == State.READY else 0
    context = {
        "cohort": roster.cohort,
        "roster": roster,
        "form": form,
        "page": page,
        "show": wanted if wanted in Outcome.values else "",
        "counts": [(one, roster.counts[one]) for one in Outcome if one in roster.counts],
        "left": left,
        "failed": 0 if roster.is_at_work else corrections.find_failed(roster).count(),
        "undecided": roster.rows.filter(outcome=Outcome.CLASH, choice="").count()
        if Outcome.CLASH in roster.counts
        else 0,
        "choices": [choice for choice in Choice if choice],
        "refusal": find_class_refusal(roster.cohort) if roster.state == State.READY else "",
    }
    return render(request, "programme/rosters/roster_show.html", context, status=422 if form.errors else 200)


@of_roster
@never_cache
@require_safe
def roster_progress(request: HttpRequest, roster: Roster) -> HttpResponse:
    """Return how far the worker has come, for the page that asks every two seconds; reload that page when it is done."""
    if getattr(request, "htmx", False) and not roster.is_at_work:
        return HttpResponseClientRefresh()
    return render(request, "programme/rosters/_progress.html", {"roster": roster, "cohort": roster.cohort})
