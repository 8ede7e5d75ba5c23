"""Pages of follow-ups: what is due in one's classes, one of them, and the short form for the person, also without sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consents
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import Consent
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Cohort
from programme.exceptions import NoConsent, TooManyAnswers
from programme.models import FollowUp, FollowUpAnswer
from programme.outcomes.follow_ups import services as follow_ups
from programme.outcomes.follow_ups.forms import AnswerForm, EstimateForm, LedgerForm
from progress.models import Enrolment
from shops.exceptions import IdempotencyConflict
from shops.forms import AGAIN
from ui.pagination import fetch_page
from ui.parameters import read_id

Mark = FollowUpAnswer.Mark


@login_required_keeping_post
@staff_page
@require_safe
def follow_up_list(request: SignedInRequest) -> HttpResponse:
    """List the follow-ups that are due: those without an answer, or with `?state=answered` the others."""
    if not request.user.works_in_the_admin:
        raise Http404
    cohort = Cohort.objects.manageable_by(request.user).filter(pk=read_id(request.GET.get("class"))).first()
    due = FollowUp.objects.due().visible_to(request.user).exclude(user=request.user)
    if cohort:
        members = Enrolment.objects.active().filter(cohort=cohort).order_by().values("user")
        due = due.filter(user__in=members)
    is_answered = request.GET.get("state") == "answered"
    answered = FollowUpAnswer.objects.filter(is_newest=True).order_by().values("follow_up")
    rows = due.filter(pk__in=answered) if is_answered else due.open()
    context = {
        "cohort": cohort,
        "is_answered": is_answered,
        "page": fetch_page(rows.select_related("user"), ("due_on", "pk"), request.GET.get("after", "")),
    }
    return render(request, "programme/outcomes/follow_up_list.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: SignedInRequest, follow_up_pk: int) -> HttpResponse:
    """Show one person's follow-up with all answers; POST estimates, reads the ledger if the person has agreed, or reminds."""
    if not request.user.works_in_the_admin:
        raise Http404
    rows = FollowUp.objects.due().visible_to(request.user).exclude(user=request.user).select_related("user")
    row = get_object_or_404(rows, pk=follow_up_pk)
    kept = get_posted_or_kept(request)
    by_ledger = kept is not None and "from_ledger" in kept
    form = EstimateForm(None if by_ledger else kept)
    if request.method == "POST":
        if by_ledger:
            key_form = LedgerForm(kept, prefix="ledger")
            key_form.fields.pop("agrees")
            if key_form.is_valid() and fill_from_ledger(request, row, key_form):
                return redirect(row)
        elif "remind" in request.POST:
            remind(request, row)
            return redirect(row)
        elif form.is_valid() and store(request, row, form, Mark.ESTIMATED):
            return redirect(row)
    context = describe(row) | {
        "form": form,
        "can_remind": follow_ups.can_remind_again(row),
        "ledger_form": LedgerForm(prefix="ledger"),
        "phone": row.user.phone,
    }
    return render(request, "programme/outcomes/follow_up_show.html", context)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def my_follow_up(request: SignedInRequest, follow_up_pk: int) -> HttpResponse:
    """Let the person answer, by hand or from the shop's ledger."""
    rows = FollowUp.objects.due().filter(user=request.user).select_related("user")
    row = get_object_or_404(rows, pk=follow_up_pk)
    kept = get_posted_or_kept(request)
    by_ledger = kept is not None and "from_ledger" in kept
    form, ledger_form = (
        AnswerForm(None if by_ledger else kept),
        LedgerForm(kept if by_ledger else None, prefix="ledger"),
    )
    if request.method == "POST":
        if by_ledger and ledger_form.is_valid():
            consents.give(request.user, Consent.Kind.LEDGER_FIGURES)
            if fill_from_ledger(request, row, ledger_form):
                return redirect("programme:my_follow_up", row.pk)
        elif not by_ledger and form.is_valid() and store(request, row, form, Mark.STATED):
            return redirect("programme:my_follow_up", row.pk)
    context = describe(row) | {"form": form, "ledger_form": ledger_form}
    return render(request, "programme/outcomes/follow_up_mine.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let who has the link of the message answer once without signing in; what was answered before is not shown."""
    row = follow_ups.read_token(token)
    if row is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    is_valid = request.method == "POST" and form.is_valid()
    if follow_ups.has_answered(row):
        is_again = is_valid and follow_ups.find_answer(form.cleaned_data["key"], row) is not None
        said = {"is_done": is_again, "is_used": not is_again}
        status = 200 if is_again else 410
        return render(request, "programme/outcomes/follow_up_link.html", said, status=status)
    is_done = is_valid and store(request, row, form, Mark.STATED)
    name = row.user.name
    context = {
        "follow_up": row,
        "form": form,
        "is_done": is_done,
        "month": follow_ups.find_last_month(),
        "masked": name[:1] + "*" * max(1, len(name) - 1),
    }
    return render(request, "programme/outcomes/follow_up_link.html", context)


def describe(row: FollowUp) -> dict[str, Any]:
    return {
        "follow_up": row,
        "history": follow_ups.list_history(row),
        "month": follow_ups.find_last_month(),
        "has_agreed": follow_ups.has_agreed(row.user),
    }


def store(request: HttpRequest, row: FollowUp, form: AnswerForm, mark: str) -> bool:
    """Store the answer; put on the form why not."""
    by = request.user if request.user.is_authenticated else None
    try:
        follow_ups.answer(row, mark, by=by, key=form.cleaned_data["key"], **form.facts)
    except TooManyAnswers:
        form.add_error(None, _("这次回访填的次数太多了，有变化就跟老师说。"))
        return False
    except IdempotencyConflict:
        form.add_error(None, str(AGAIN))
        return False
    if request.user.is_authenticated:
        messages.success(request, _("记下了。"))
    return True


def remind(request: SignedInRequest, row: FollowUp) -> None:
    if follow_ups.remind_again(row):
        messages.success(request, _("发过去了，以前的链接不能用了。"))
    else:
        messages.info(request, _("没再发：他答过了，或者一天里发过一次。"))


def fill_from_ledger(request: SignedInRequest, row: FollowUp, form: LedgerForm) -> bool:
    try:
        follow_ups.answer_from_ledger(row, request.user, form.cleaned_data["key"])
    except NoConsent:
        messages.error(request, _("本人没有同意用小店的账填，或者撤回了。"))
    except (TooManyAnswers, IdempotencyConflict):
        messages.error(request, _("没记下，重新打开这一页再试。"))
    else:
        messages.success(request, _("照小店的账填好了。"))
        return True
    return False
