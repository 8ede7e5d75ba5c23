"""One's own rehearsals after recording: where they are, one's own score, handing in, keeping and giving up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.kept import signed_in, typed
from progress import giving_up, handing_in, practising, retention, studio
from progress.handing_forms import OwnScoreForm
from progress.models import Rehearsal, Submission


def mine(request: HttpRequest) -> QuerySet[Rehearsal]:
    return practising.mine(request.user)


def one_of_mine(request: HttpRequest, key: UUID) -> practising.Recorded:
    get_object_or_404(mine(request), key=key)
    [found] = practising.recorded(mine(request).filter(key=key))
    return found


@signed_in
@require_safe
def rehearsal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where it is now; the page asks for the same as JSON while something is on its way."""
    found = one_of_mine(request, key)
    if "application/json" in request.headers.get("Accept", ""):
        submission = found.submission
        receipt = submission.receipt if submission else ""
        return JsonResponse({"state": found.state, "words": found.words, "receipt": receipt})
    context = {"recorded": found, "submission": found.submission, **own_takes(request, found)}
    context["left_until"] = retention.left_until(found.rehearsal)
    if found.submission:
        context["goes_on"] = retention.goes_on(found.submission)
    return render(request, "progress/rehearsal_show.html", context)


def own_takes(request: HttpRequest, found: practising.Recorded) -> dict:
    """What of it can be watched; ?take=2 picks one where no script runs."""
    number = request.GET.get("take", "")
    come = [part for part in found.parts if part.has_come]
    chosen = next((part for part in come if str(part.number) == number), *come[:1] or [None])
    return {"part": chosen, "film_url": studio.film_url()}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, key: UUID) -> HttpResponse:
    """One's own score first. What was handed in already, here or from the phone, is shown."""
    found = one_of_mine(request, key)
    if found.submission:
        return redirect("progress:rehearsal", key)
    rubric = handing_in.rubric_for(request.user, found.rehearsal.drill)
    form = OwnScoreForm(typed(request), content=rubric.content if rubric else {})
    if request.method == "POST" and form.is_valid():
        submission = handing_in.handed_in_now(found.rehearsal, form.own())
        told = _("交了，回执 %(receipt)s") % {"receipt": submission.receipt}
        messages.success(request, told, extra_tags=f"done:score-{key}")
        return redirect("progress:rehearsal", key)
    context = {"recorded": found, "form": form, "draft": f"score-{key}", **own_takes(request, found)}
    return render(request, "progress/rehearsal_hand_in.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    found = one_of_mine(request, key)
    here = reverse("progress:rehearsal", args=[key])
    if request.method == "POST":
        if not giving_up.drop(found.rehearsal):
            messages.info(request, _("这一遍已经交了，留着。"))
            return redirect(here)
        messages.success(request, _("这一遍不要了，录的都删了。"))
        return redirect("progress:practise")
    context = {
        "title": _("这一遍不要了？"),
        "text": _("录的都会删掉，找不回来。"),
        "confirm": _("删掉"),
        "cancel_url": here,
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@signed_in
@require_POST
def enough(request: HttpRequest, key: UUID) -> HttpResponse:
    """The phone is lost or empty: what has come is all of it."""
    found = one_of_mine(request, key)
    left = giving_up.enough(found.rehearsal)
    if left:
        told = ngettext("就用收到的 %(n)s 段。", "就用收到的 %(n)s 段。", left) % {"n": left}
        messages.success(request, told)
    else:
        messages.warning(request, _("一段都没收到，没有能用的。"))
    return redirect("progress:rehearsal", key)


@signed_in
@require_POST
def join_again(request: HttpRequest, key: UUID) -> HttpResponse:
    submission = one_of_mine(request, key).submission
    if submission and handing_in.join_again(submission):
        messages.success(request, _("再做一次，好了这里就看得到。"))
    return redirect("progress:rehearsal", key)


@signed_in
@require_POST
def keep_film(request: HttpRequest, key: UUID) -> HttpResponse:
    """Kept by choice, or no longer."""
    submission = get_object_or_404(Submission.objects.filter(user=request.user), key=key)
    kept = request.POST.get("keep") == "1"
    retention.keep(submission, kept)
    messages.success(request, _("录像给您留着。") if kept else _("录像到期就删。"))
    return redirect("progress:rehearsal", submission.rehearsal.key)
