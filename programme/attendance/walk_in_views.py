"""Pages of walk-ins: writing one down, and merging one into a person of the class."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import get_posted_or_kept
from accounts.requests import SignedInRequest
from outbox.descriptions import describe_reason
from programme.attendance.forms import WalkInForm
from programme.attendance.marks import NotTaken
from programme.attendance.views import describe, of_session
from programme.attendance.walk_ins import list_candidates, merge_walk_in, record_walk_in, split_walk_in
from programme.models import TrainingSession, WalkIn
from ui.parameters import read_id


@of_session
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in_new(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    """Write down somebody who is not in the class; who is, is marked present."""
    kept = get_posted_or_kept(request)
    form = WalkInForm(kept, initial={"key": uuid.uuid4()}, auto_id="walk_%s")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = record_walk_in(
                session,
                request.user,
                key=data["key"] or uuid.uuid4(),
                name=data["name"],
                phone=data["phone"],
            )
        except NotTaken as refused:
            form.add_error(None, describe_reason(refused.reason))
        else:
            if row.merged_into:
                messages.info(
                    request, _("这个号码是班里的%(name)s，给他记到了。") % {"name": row.merged_into.name}
                )
            else:
                messages.success(request, _("记下了%(name)s。") % {"name": row.name})
            return redirect(f"{reverse('programme:roll', args=[session.cohort_id, session.pk])}#walk-ins")
    context = describe(session) | {"form": form}
    return render(request, "programme/attendance/walk_in_new.html", context)


@of_session
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: SignedInRequest, session: TrainingSession, walk_in_pk: int) -> HttpResponse:
    """Show a walk-in with the people of the class into whom it may be merged; merge it, take that back, or drop it."""
    row = get_object_or_404(WalkIn.objects.select_related("merged_into"), pk=walk_in_pk, session=session)
    row.session = session
    if request.method == "POST":
        try:
            act(request, row)
        except NotTaken as refused:
            messages.error(request, describe_reason(refused.reason))
        return redirect("programme:session", session.cohort_id, session.pk)
    context = describe(session) | {
        "walk_in": row,
        "candidates": [] if row.merged_at else list_candidates(row),
    }
    return render(request, "programme/attendance/walk_in_show.html", context)


def act(request: SignedInRequest, row: WalkIn) -> None:
    """Do what the tapped button says; nothing for another word. Raises NotTaken."""
    verb = request.POST.get("do")
    if verb == "split":
        if split_walk_in(request.user, row):
            messages.success(request, _("分开了，又是临时学员。"))
    elif verb in ("drop", "back"):
        record_walk_in(
            row.session,
            request.user,
            key=row.key,
            name=row.name,
            phone=str(row.phone or ""),
            attended=verb == "back",
        )
        messages.success(request, _("不算了。") if verb == "drop" else _("又算上了。"))
    elif verb == "merge":
        merge(request, row)


def merge(request: SignedInRequest, row: WalkIn) -> None:
    pk = read_id(request.POST.get("person"))
    chosen = next((one.user for one in list_candidates(row) if one.user.pk == pk), None)
    if chosen is None:
        messages.error(request, _("先选一个班里的人。"))
    elif merge_walk_in(request.user, row, chosen):
        messages.success(request, _("并入%(name)s了，这次算到。") % {"name": chosen.name})
    else:
        messages.info(request, _("已经并过了。"))
