"""Practising: the drills, where one stands in them, and the studio for one plan."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import waiting
from accounts.kept import signed_in
from accounts.models import User
from live.exceptions import ActionNotAllowed
from live.planning.plans import create_plan
from media import tickets
from media.refusals import Refused
from media.sending import send_upload
from progress import filmed_elsewhere, practising, rehearsing, studio
from progress.handing_forms import FilmForm, OwnScoreForm
from progress.handing_in import rubric_for
from progress.models import Rehearsal, Take, TimedNote
from ui.paging import page

PLANS_SHOWN = TRIES_SHOWN = 5


@signed_in
@require_safe
def practise(request: HttpRequest) -> HttpResponse:
    """Behind the first page of one's rehearsals nothing but the next ones."""
    after = request.GET.get("after", "")
    context = {
        "practice": practising.practice(request.user, after),
        "waits": waiting.block(request, "practise"),
        "is_first": not after,
    }
    return render(request, "progress/practise_home.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    """What is practised and how often one has; one tap makes a plan with goods and script in it."""
    drill = get_object_or_404(practising.drills_open_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            plan = create_plan(request.user, key=key_in(request), drill=drill)
        except ActionNotAllowed as not_possible:
            messages.warning(request, not_possible.sentence)
            return redirect("progress:drill", pk)
        return redirect("progress:studio", plan.pk)
    plans = plans_of(request.user).filter(drill=drill)
    tries = practising.tries_of(request.user).filter(drill=drill)
    context = {
        "drill": drill,
        "tries": page(tries, ("-number", "-pk"), request.GET.get("tries", ""), TRIES_SHOWN),
        "page": page(plans, ("-made_at", "-pk"), request.GET.get("after", ""), PLANS_SHOWN),
        "key": uuid4(),
    }
    return render(request, "progress/drill_show.html", context)


def key_in(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def plans_of(user: User):
    return rehearsing.plans_of(user).filter(removed_at__isnull=True)


@signed_in
@ensure_csrf_cookie
@require_safe
def studio_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is needed to rehearse is in the page: the line may go."""
    plan = get_object_or_404(plans_of(request.user).select_related("drill", "shop", "host", "place"), pk=pk)
    note = note_for(request.user, request.GET.get("note", ""))
    rubric = rubric_for(request.user, plan.drill)
    mine = practising.mine(request.user).filter(livestream=plan, submission=None)
    context = {
        "plan": plan,
        "note": note,
        "facts": studio.facts(plan, request.user, note),
        "words": studio.words(),
        "form": OwnScoreForm(content=rubric.content if rubric else {}),
        "open": practising.recorded(mine),
        "film_url": studio.film_url(),
        "room": rehearsing.room_left(request.user),
    }
    return render(request, "progress/studio_show.html", context | studio.prompter(plan))


def note_for(user: User, key: str) -> TimedNote | None:
    """The remark that is to be answered by a new recording; a wrong key is 404."""
    if not key:
        return None
    try:
        found = TimedNote.objects.filter(key=UUID(key), review__signed_at__isnull=False, removed_at=None)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(found.filter(review__submission__user=user))


@signed_in
@require_POST
def take_ticket(request: HttpRequest, key: UUID) -> JsonResponse:
    """Leave to send this take. 404 until the phone's outbox has told of it, and for another's."""
    mine = Take.objects.select_related("rehearsal").filter(rehearsal__user=request.user)
    take = get_object_or_404(mine, key=key)
    try:
        rehearsing.refuse_too_long(request.user, take.key)
    except Refused as refused:
        return JsonResponse({"error": refused.messages[0]}, status=refused.status)
    most = rehearsing.most_bytes_of(take)
    return JsonResponse({"ticket": tickets.ticket(request.user, rehearsing.reference(take.key), most)})


@require_safe
def take_film(request: HttpRequest, key: UUID) -> HttpResponse:
    """One's own recording as far as it has come, to be watched before it is handed in. Asked for by a player, which could
    not follow to a sign-in page: refused is 404."""
    if not request.user.is_authenticated:
        raise Http404
    mine = Take.objects.filter(rehearsal__user=request.user, rehearsal__dropped_at=None)
    take = get_object_or_404(mine.select_related("upload", "rehearsal"), key=key)
    upload = take.upload or rehearsing.upload_of(take)
    if upload is None:
        raise Http404
    return send_upload(request, upload)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def film(request: HttpRequest, pk: int) -> HttpResponse:
    """A file filmed elsewhere, by a plain form; the studio sends larger ones in pieces."""
    plan = get_object_or_404(plans_of(request.user), pk=pk)
    is_sent = request.method == "POST"
    form = FilmForm(*((request.POST, request.FILES) if is_sent else ()), user=request.user)
    if is_sent and form.is_valid():
        try:
            rehearsal: Rehearsal = filmed_elsewhere.receive(
                request.user, plan, form.cleaned_data["film"], form.lasts_ms
            )
        except Refused as refused:
            form.add_error("film", refused)
        else:
            messages.success(request, _("收到了。先给自己打个分，再交给老师。"))
            return redirect("progress:hand_in", rehearsal.key)
    return render(
        request,
        "progress/film_new.html",
        {"plan": plan, "form": form, "room": rehearsing.room_left(request.user)},
    )
