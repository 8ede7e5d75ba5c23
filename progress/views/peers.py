"""Classmates look at each other's rehearsals for practice: the trainer gives, the classmate finds it in a list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from accounts.second_factor import staff_page
from progress import peering, rules
from progress.models import Review
from progress.queueing import UNREAD
from progress.views.reviews import found


@signed_in
@require_safe
def peer_list(request: HttpRequest) -> HttpResponse:
    rows = list(peering.given_to(request.user).defer(*UNREAD, "video__measures")[:50])
    mine = Review.objects.filter(reviewer=request.user, submission__in=rows)
    signed = dict(mine.values_list("submission", "signed_at"))
    context = {"rows": [(row, row.pk in signed, signed.get(row.pk)) for row in rows]}
    return render(request, "progress/peer_list.html", context)


@signed_in
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def peers_give(request: HttpRequest, key: UUID) -> HttpResponse:
    """For who leads its class: up to five classmates at a time."""
    submission = found(request.user, key)
    if not rules.can_review(request.user, submission):
        raise Http404
    people = list(peering.classmates(submission))
    given = set(submission.peers.values_list("pk", flat=True))
    if request.method == "POST":
        asked = set(request.POST.getlist("people"))
        chosen = [person for person in people if str(person.pk) in asked]
        if len(chosen) > peering.MOST:
            messages.error(request, _("一次最多给 %(n)d 个人看。") % {"n": peering.MOST})
            given = {person.pk for person in chosen}
        else:
            return take(request, submission, chosen)
    context = {"submission": submission, "people": people, "given": given, "most": peering.MOST}
    return render(request, "progress/peers_give.html", context)


def take(request: HttpRequest, submission, chosen: list) -> HttpResponse:
    try:
        peering.give(submission, chosen)
    except peering.NotLet:
        messages.error(request, _("学员没有答应给同学看。"))
    else:
        messages.success(request, _("好了，他们在“练习”里看得到。"))
    return redirect("progress:review", submission.key)
