"""A trainer's queue, and one submission with what is said of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.kept import signed_in
from accounts.models import User
from accounts.second_factor import staff_page
from courses.models import Cohort
from progress import leases, queueing, reviewing, rules
from progress import second_look as second
from progress.models import Submission
from progress.views.review_pages import page_of

ABOVE = ("user", "cohort__place", "cohort__course", "drill", "rehearsal__livestream", "video", "lease_by")


@signed_in
@staff_page
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; ?class=3 of one class; ?show=second what waits for a second score;
    ?show=films what has no film yet."""
    user = request.user
    if not user.works_in_the_admin and not Cohort.objects.manageable_by(user).exists():
        raise Http404
    show, number = request.GET.get("show", ""), request.GET.get("class", "")
    waiting = queueing.classes(user)
    chosen = next((one.cohort for one in waiting if str(one.cohort.pk) == number), None)
    twice = second.waiting(user)
    filmless = queueing.without_film(user)
    rows = {"second": twice, "films": filmless}.get(show, queueing.queue(user, chosen))
    context = {
        "waiting": waiting,
        "count": sum(one.count for one in waiting),
        "chosen": chosen,
        "show": show,
        "page": queueing.rows_of(rows, queueing.OLDEST, request.GET.get("after", "")),
        "twice": twice.count(),
        "filmless": filmless.count(),
        "now": timezone.now(),
        "signed": reviewing.last_signed(user),
    }
    if show == "second":
        context["spreads"] = second.spreads(user)
        context["mean"] = second.mean(context["spreads"])
    return render(request, "progress/review_list.html", context)


def found(user: User, key: UUID) -> Submission:
    """For who leads its class or was given it; nobody's own, and to all others it is not there."""
    submission = get_object_or_404(Submission.objects.select_related(*ABOVE), key=key)
    if submission.user_id == user.pk or not rules.can_watch_submission(user, submission):
        raise Http404
    return submission


@signed_in
@staff_page
@require_safe
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    mine = Submission.objects.filter(key=key, user=request.user)
    if mine.exists():
        return redirect("progress:submission", key)
    submission = found(request.user, key)
    return render(request, "progress/review_show.html", page_of(request, submission))


@signed_in
@staff_page
@require_POST
def review_take(request: HttpRequest, key: UUID) -> HttpResponse:
    """Opens it for oneself; another's lock is told with its end."""
    submission = found(request.user, key)
    try:
        reviewing.begin(request.user, submission)
    except leases.Held as held:
        messages.warning(request, told_held(held))
    except reviewing.NothingToReview:
        messages.info(request, _("这一份已经点评好了。"))
    else:
        return redirect(playing(key))
    return redirect("progress:review", key)


def playing(key: UUID) -> str:
    """The page of a submission whose film begins by itself: whoever opened it did so by a tap."""
    return f"{reverse('progress:review', args=[key])}?play=1"


def told_held(held: leases.Held) -> str:
    until = time_format(timezone.localtime(held.until), "H:i")
    return _("%(name)s正在看这一份，%(until)s 以后没动静您再接手。") % {"name": held.by.name, "until": until}


@signed_in
@staff_page
@require_POST
def review_release(request: HttpRequest, key: UUID) -> HttpResponseRedirect:
    """Back into the queue; the draft stays with its author."""
    if leases.give_back(request.user, found(request.user, key)):
        messages.success(request, _("放回去了，草稿还在。"))
    return redirect("progress:reviews")
