"""Pages of a class's seats: how many it has, who waits for one, and letting somebody in or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.decorators import get_posted_or_kept
from accounts.people.memberships import NoLonger
from accounts.requests import SignedInRequest
from courses.models import Cohort
from progress.classes.forms import DeclineForm, SeatsForm
from progress.classes.views import of_class
from progress.enrolment import seats, waiting_lists
from progress.models import WaitingEntry
from ui.pagination import fetch_page

A_PAGE = 50
IN_ORDER, NEWEST = ("needs_consent", "asked_at", "pk"), ("-decided_at", "-pk")


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def class_seats(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show the seats and who waits, or by `?state=declined` who was declined; POST sets the number of seats, and lets in who
    stands first.
    """
    form = SeatsForm(get_posted_or_kept(request), initial={"seats": cohort.most_people})
    if request.method == "POST" and form.is_valid():
        moved = waiting_lists.set_seats(request.user, cohort, form.cleaned_data["seats"])
        messages.success(request, _("改好了。"))
        if moved:
            said = ngettext(
                "候补的前 %(n)s 个人进班了，通知了他们。", "候补的前 %(n)s 个人进班了，通知了他们。", moved
            )
            messages.success(request, said % {"n": moved})
        return redirect("progress:class_seats", cohort.pk)
    is_declined, declined = request.GET.get("state") == "declined", waiting_lists.find_declined(cohort)
    rows = declined if is_declined else waiting_lists.find_of_class(cohort)
    context = {
        "cohort": cohort,
        "form": form,
        "taken": seats.count_taken(cohort),
        "places": cohort.from_places.all(),
        "is_declined": is_declined,
        "has_declined": declined.exists(),
        "page": fetch_page(rows, NEWEST if is_declined else IN_ORDER, request.GET.get("after", ""), A_PAGE),
    }
    return render(request, "progress/classes/class_seats.html", context)


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_entry(request: SignedInRequest, cohort: Cohort, entry_pk: int) -> HttpResponse:
    """Show one person who waits; POST lets them in (`admit`), declines with a reason, or lifts that (`lift`)."""
    rows = WaitingEntry.objects.filter(cohort=cohort).select_related("user", "cohort__place", "decided_by")
    entry = get_object_or_404(waiting_lists.annotate_position(rows), pk=entry_pk)
    is_tap = bool({"admit", "lift"} & request.POST.keys())
    form = DeclineForm(None if is_tap else get_posted_or_kept(request))
    if request.method == "POST" and "admit" in request.POST:
        return let_in(request, entry)
    if request.method == "POST" and "lift" in request.POST:
        if waiting_lists.lift(request.user, entry):
            name = {"name": entry.user.name}
            messages.success(request, _("%(name)s可以再报了，通知他了。") % name)
        return redirect("progress:class_seats", cohort.pk)
    if request.method == "POST" and form.is_valid():
        if waiting_lists.decline(request.user, entry, form.cleaned_data["reason"]):
            messages.success(request, _("没收，原因告诉他了。"))
        else:
            messages.info(request, _("他已经不在候补里了。"))
        return redirect("progress:class_seats", cohort.pk)
    context = {
        "cohort": cohort,
        "entry": entry,
        "is_waiting": entry.state == WaitingEntry.State.WAITING,
        "is_declined": entry.state == WaitingEntry.State.DECLINED,
        "places": seats.find_own_places(entry.user),
        "asked_places": seats.find_asked_places(entry.user),
        "has_seat": seats.has_free_seat(cohort),
        "form": form,
    }
    return render(request, "progress/classes/waiting_entry.html", context)


def let_in(request: SignedInRequest, entry: WaitingEntry) -> HttpResponse:
    name = {"name": entry.user.name}
    try:
        if waiting_lists.admit(request.user, entry):
            messages.success(request, _("%(name)s进班了，通知他了。") % name)
        else:
            messages.info(request, _("他已经不在候补里了。"))
    except seats.ClassFull:
        messages.error(request, _("班里没有空名额了，先加名额。"))
    except seats.NotAdmitted as refusal:
        messages.error(request, refusal.sentence)
    except NoLonger:
        messages.error(request, _("%(name)s在这里的学员身份没同意或者结束了，先请管理员同意。") % name)
    return redirect("progress:class_seats", entry.cohort_id)
