"""Pages on which a trainer moves a person to another class of the course, and takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import get_posted_or_kept
from accounts.models import User
from accounts.people.memberships import NoLonger
from accounts.requests import SignedInRequest
from courses.models import Cohort
from progress import permissions
from progress.classes.board import find_members
from progress.classes.forms import TransferForm
from progress.classes.views import of_class
from progress.enrolment import seats, transfers
from progress.models import Transfer


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: SignedInRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """Ask to which class, and move the person there."""
    targets = transfers.find_targets(request.user, cohort)
    form = TransferForm(get_posted_or_kept(request), targets=targets)
    enrolment = find_members(cohort).select_related("user").filter(user=user_pk).first()
    if enrolment is None:
        return lead_after(request, cohort, user_pk)
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["target"]
        if refusal := move(request, enrolment.user, cohort, target):
            form.add_error("target", refusal)
        else:
            facts = {"name": enrolment.user.name, "to": target.name}
            messages.success(request, _("%(name)s转到“%(to)s”了，通知他了。一天内能撤回。") % facts)
            return redirect("progress:trainee", target.pk, user_pk)
    context = {"cohort": cohort, "person": enrolment.user, "form": form, "has_targets": targets.exists()}
    return render(request, "progress/classes/transfer.html", context)


def lead_after(request: SignedInRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """Lead a form that was sent twice to where the person is now; else 404."""
    rows = Transfer.objects.filter(user=user_pk, from_cohort=cohort, undone_at=None).select_related(
        "to_cohort"
    )
    made = rows.order_by("-made_at", "-pk").first()
    if made is None or not find_members(made.to_cohort).filter(user=user_pk).exists():
        raise Http404
    if not permissions.can_lead_class(request.user, made.to_cohort):
        raise Http404
    return redirect("progress:trainee", made.to_cohort_id, user_pk)


def move(request: SignedInRequest, user: User, cohort: Cohort, target: Cohort) -> str:
    """Move the person; return the sentence why not, "" if they are there."""
    try:
        transfers.transfer(request.user, user, cohort, target)
    except seats.ClassFull:
        return _("“%(name)s”满了，先到那个班加名额。") % {"name": target.name}
    except seats.NotAdmitted as refusal:
        return refusal.sentence
    except NoLonger:
        return _("他在那边的学员身份没同意或者结束了，先请管理员同意。")
    except transfers.NotThere:
        return _("他已经不在这个班里了。")
    return ""


@of_class
@require_POST
def transfer_undo(request: SignedInRequest, cohort: Cohort, transfer_pk: int) -> HttpResponse:
    """Take a move into this class back, by who leads both classes."""
    rows = Transfer.objects.select_related("from_cohort__place", "user")
    made = get_object_or_404(rows, pk=transfer_pk, to_cohort=cohort)
    if not permissions.can_lead_class(request.user, made.from_cohort):
        raise Http404
    try:
        transfers.undo_transfer(request.user, made)
    except seats.ClassFull:
        facts = {"name": made.from_cohort.name}
        messages.error(request, _("“%(name)s”的名额已经给了别人，先加名额再撤回。") % facts)
    except transfers.TooLate:
        messages.info(request, _("撤回过了，或者过了一天撤不回了。要转就再转一次。"))
    except transfers.NotThere:
        messages.info(request, _("他已经不在这个班里了。"))
    else:
        facts = {"name": made.user.name, "to": made.from_cohort.name}
        messages.success(request, _("撤回了，%(name)s还在“%(to)s”。") % facts)
        return redirect("progress:trainee", made.from_cohort_id, made.user_id)
    return redirect("progress:class", cohort.pk)
