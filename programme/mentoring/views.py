"""Pages of a mentor on the phone: the invitation to answer, the own class, and how far each pupil has come."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Cohort
from programme.exceptions import NotInvited
from programme.mentoring import invitations, pupils
from programme.mentoring.forms import ClassForm
from programme.models import MentorInvitation

# How long a class usually is; the course of 49 hours in evenings.
USUAL_DAYS = 60


def get_own_or_404(request: SignedInRequest, pk: int) -> MentorInvitation:
    rows = MentorInvitation.objects.select_related("person", "place", "course")
    return get_object_or_404(rows, pk=pk, person=request.user)


@login_required_keeping_post
@staff_page
@require_safe
def mentoring(request: SignedInRequest) -> HttpResponse:
    """Show one's invitation, one's class and its people; earlier classes by their names."""
    user = request.user
    rows = MentorInvitation.objects.filter(person=user).select_related("place", "course", "invited_by")
    running = invitations.find_running(user)
    earlier = Cohort.objects.mentored_by(user).select_related("course").order_by("-starts_on", "-pk")
    context = {
        "invitation": rows.order_by("-pk").first(),
        "running": running,
        "pupils": pupils.list_pupils(running) if running else [],
        "earlier": earlier.exclude(pk=running.pk if running else None)[:10],
    }
    return render(request, "programme/mentoring/mentoring_home.html", context)


@login_required_keeping_post
@require_POST
def mentor_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept or decline one's invitation; a second tap says what is already so."""
    found = get_own_or_404(request, pk)
    try:
        if request.POST.get("do") == "accept" and invitations.accept(found):
            messages.success(request, _("答应了，谢谢你。开个小班，把进班码给要学的人。"))
        elif request.POST.get("do") == "decline" and invitations.decline(found):
            messages.success(request, _("这次不带。以后想带了，跟老师说一声。"))
        else:
            messages.info(request, _("这个邀请已经答复过了。"))
    except NotInvited as refusal:
        messages.error(request, refusal.sentence)
    return redirect("programme:mentoring")


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open one's class."""
    found = get_own_or_404(request, pk)
    today = timezone.localdate()
    initial = {
        "name": _("%(name)s带的班") % {"name": request.user.name},
        "starts_on": today,
        "ends_on": today + datetime.timedelta(days=USUAL_DAYS),
    }
    form, draft = ClassForm(get_posted_or_kept(request), initial=initial), f"mentor-class-{found.pk}"
    if request.method == "POST" and form.is_valid():
        try:
            cohort = invitations.open_class(found, **form.cleaned_data)
        except NotInvited as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("班开好了，把进班码给要学的人。"), extra_tags=f"done:{draft}")
            return redirect("progress:class", cohort.pk)
    context = {"invitation": found, "form": form, "draft": draft}
    return render(request, "programme/mentoring/mentor_open.html", context)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_give_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give mentoring up after a confirmation."""
    found, back = get_own_or_404(request, pk), reverse("programme:mentoring")
    if request.method == "POST":
        if invitations.withdraw(request.user, found):
            messages.success(request, _("不带了。班交给老师接着带。"))
        else:
            messages.info(request, _("这个邀请已经了结了。"))
        return redirect(back)
    context = {
        "title": _("不带教了？"),
        "lines": [_("班还在，由老师接着带。"), _("你带过谁，记录还在。")],
        "where": _("我带的人"),
        "confirm": _("不带了"),
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "ui/confirm.html", context)
