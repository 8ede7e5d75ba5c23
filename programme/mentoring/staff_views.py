"""Pages of the trainers and organisers of a place: who mentors there, inviting a graduate, withdrawing an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from programme import permissions
from programme.exceptions import NotInvited
from programme.mentoring import invitations
from programme.mentoring.forms import InviteForm, WithdrawForm
from programme.models import MentorInvitation
from ui.pagination import fetch_page

NEWEST = ("-invited_at", "-pk")


@login_required_keeping_post
@staff_page
@require_safe
def mentor_list(request: SignedInRequest) -> HttpResponse:
    """List the invitations into the villages below the person's places, the newest first."""
    if not request.user.works_in_the_admin:
        raise Http404
    rows = MentorInvitation.objects.manageable_by(request.user)
    rows = rows.select_related("person", "place", "course", "invited_by")
    context = {"page": fetch_page(rows, NEWEST, request.GET.get("after", ""))}
    return render(request, "programme/mentoring/mentor_list.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Invite somebody who belongs to a village below one's place; 404 for anybody else and for oneself."""
    user, person = request.user, get_object_or_404(User, pk=pk, is_active=True)
    villages = invitations.list_villages(person, user) if person.pk != user.pk else []
    if not villages or not permissions.can_see_steps(user, person):
        raise Http404
    form = InviteForm(get_posted_or_kept(request), person=person, actor=user)
    draft = f"invite-{person.pk}"
    if request.method == "POST" and form.is_valid():
        try:
            invitations.invite(user, person, **form.cleaned_data)
        except NotInvited as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("请了，等他在手机上答复。"), extra_tags=f"done:{draft}")
            return redirect("programme:mentor_list")
    context = {
        "person": person,
        "form": form,
        "draft": draft,
        "found": MentorInvitation.objects.open().filter(person=person).first(),
        "is_graduate": invitations.is_graduate(person),
    }
    return render(request, "programme/mentoring/mentor_invite.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = MentorInvitation.objects.select_related("person", "place", "course")
    found = get_object_or_404(rows, pk=pk)
    if not permissions.can_manage_invitation(request.user, found):
        raise Http404
    form = WithdrawForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        if invitations.withdraw(request.user, found, form.cleaned_data["reason"]):
            messages.success(request, _("收回了。班还在，由你们接着带。"))
        else:
            messages.info(request, _("这个邀请已经了结了。"))
        return redirect("programme:mentor_list")
    return render(request, "programme/mentoring/mentor_withdraw.html", {"invitation": found, "form": form})
