"""Pages of a person who practises: the drills, the studio of one plan, and their own rehearsals after recording."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.worklist import items
from courses.models import Cohort
from live.exceptions import ActionNotAllowed
from live.planning.plans import create_plan
from media.private_files import send_upload
from media.uploads import recordings
from media.uploads.errors import UploadRefused
from progress.classes.views import of_class
from rehearsals.models import Rehearsal, Submission, Take, TimedNote
from rehearsals.recordings import external_films, reports, studio
from rehearsals.submissions import dashboard, retention, services
from rehearsals.submissions.forms import FilmForm, OwnScoreForm
from rehearsals.submissions.services import find_rubric
from ui.pagination import fetch_page
from ui.parameters import read_key

PLANS_SHOWN = TRIES_SHOWN = 5


@of_class
@require_safe
def class_phones(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """List for the trainers of a class what its people have recorded and their phones have not sent."""
    context = {"cohort": cohort, "on_phones": dashboard.list_on_phones(cohort)}
    return render(request, "rehearsals/submissions/class_phones.html", context)


@login_required_keeping_post
@require_safe
def practise(request: SignedInRequest) -> HttpResponse:
    """List the drills and the person's rehearsals; a later page has only further rehearsals."""
    after = request.GET.get("after", "")
    context = {
        "practice": dashboard.load_practice(request.user, after),
        "waits": items.make_block(request, "practise"),
        "is_first": not after,
    }
    return render(request, "rehearsals/submissions/practise_home.html", context)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def drill(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what a drill practises and how often the person has tried it; one tap makes a plan with goods and script."""
    drill = get_object_or_404(dashboard.find_visible_drills(request.user), pk=pk)
    if request.method == "POST":
        try:
            plan = create_plan(request.user, key=parse_posted_key(request), drill=drill)
        except ActionNotAllowed as not_possible:
            messages.warning(request, not_possible.sentence)
            return redirect("rehearsals:drill", pk)
        return redirect("rehearsals:studio", plan.pk)
    plans = find_open_plans(request.user).filter(drill=drill)
    tries = dashboard.find_tries(request.user).filter(drill=drill)
    context = {
        "drill": drill,
        "tries": fetch_page(tries, ("-number", "-pk"), request.GET.get("tries", ""), TRIES_SHOWN),
        "page": fetch_page(plans, ("-made_at", "-pk"), request.GET.get("after", ""), PLANS_SHOWN),
        "key": uuid4(),
    }
    return render(request, "rehearsals/submissions/drill_show.html", context)


def parse_posted_key(request: HttpRequest) -> UUID | None:
    return read_key(request.POST.get("key"))


def find_open_plans(user: User):
    return reports.find_plans(user).filter(removed_at__isnull=True)


@login_required_keeping_post
@ensure_csrf_cookie
@require_safe
def studio_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the studio. The page contains everything that is needed to rehearse, because the connection may be lost."""
    plan = get_object_or_404(
        find_open_plans(request.user).select_related("drill", "shop", "host", "place"), pk=pk
    )
    note = find_note(request.user, request.GET.get("note", ""))
    rubric = find_rubric(request.user, plan.drill)
    mine = dashboard.find_rehearsals(request.user).filter(livestream=plan, submission=None)
    context = {
        "plan": plan,
        "note": note,
        "facts": studio.get_page_data(plan, request.user, note),
        "words": studio.get_texts(),
        "form": OwnScoreForm(content=rubric.content if rubric else {}),
        "open": dashboard.load_recordings(mine),
        "film_url": studio.get_film_url_pattern(),
        "room": reports.get_sending_allowance(request.user),
    }
    return render(request, "rehearsals/submissions/studio_show.html", context | studio.get_prompter(plan))


def find_note(user: User, key: str) -> TimedNote | None:
    """Find the note that a new recording is to answer; 404 for a wrong key."""
    if not key:
        return None
    try:
        found = TimedNote.objects.filter(key=UUID(key), review__signed_at__isnull=False, removed_at=None)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(found.filter(review__submission__user=user))


@login_required_keeping_post
@require_POST
def take_ticket(request: SignedInRequest, key: UUID) -> JsonResponse:
    """Return the ticket to upload this take. 404 until the phone's outbox has reported it, and for another person's."""
    mine = Take.objects.select_related("rehearsal").filter(rehearsal__user=request.user)
    take = get_object_or_404(mine, key=key)
    try:
        reports.refuse_too_long(request.user, take.key)
    except UploadRefused as refused:
        return JsonResponse({"error": refused.messages[0]}, status=refused.status)
    most = reports.get_bytes_limit_of_take(take)
    return JsonResponse(
        {"ticket": recordings.issue_ticket(request.user, reports.get_upload_reference(take.key), most)}
    )


@require_safe
def take_film(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Send the person's own recording as far as it has arrived, to be watched before it is handed in.

    Refused with 404, because a video player cannot follow a redirect to a sign-in page.
    """
    if not request.user.is_authenticated:
        raise Http404
    mine = Take.objects.filter(rehearsal__user=request.user, rehearsal__dropped_at=None)
    take = get_object_or_404(mine.select_related("upload", "rehearsal"), key=key)
    upload = take.upload or reports.find_upload(take)
    if upload is None:
        raise Http404
    return send_upload(request, upload)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def film(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a film made elsewhere by a plain form; the studio sends larger ones in pieces."""
    plan = get_object_or_404(find_open_plans(request.user), pk=pk)
    is_sent = request.method == "POST"
    form = FilmForm(*((request.POST, request.FILES) if is_sent else ()), user=request.user)
    if is_sent and form.is_valid():
        try:
            rehearsal: Rehearsal = external_films.receive_film(
                request.user, plan, form.cleaned_data["film"], form.lasts_ms
            )
        except UploadRefused as refused:
            form.add_error("film", refused)
        else:
            messages.success(request, _("收到了。先给自己打个分，再交给老师。"))
            return redirect("rehearsals:hand_in", rehearsal.key)
    return render(
        request,
        "rehearsals/submissions/film_new.html",
        {"plan": plan, "form": form, "room": reports.get_sending_allowance(request.user)},
    )


# --- after recording: its state, the own score, handing in, keeping and giving up ---


def find_own_rehearsals(request: SignedInRequest) -> QuerySet[Rehearsal]:
    return dashboard.find_rehearsals(request.user)


def load_own_recording(request: SignedInRequest, key: UUID) -> dashboard.Recording:
    get_object_or_404(find_own_rehearsals(request), key=key)
    [found] = dashboard.load_recordings(find_own_rehearsals(request).filter(key=key))
    return found


@login_required_keeping_post
@require_safe
def rehearsal(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Show the state of a recording; the page requests the same as JSON while something is being sent."""
    found = load_own_recording(request, key)
    if "application/json" in request.headers.get("Accept", ""):
        submission = found.submission
        receipt = submission.receipt if submission else ""
        return JsonResponse({"state": found.state, "words": found.words, "receipt": receipt})
    context = {"recorded": found, "submission": found.submission, **get_own_takes(request, found)}
    context["left_until"] = retention.get_unsubmitted_deadline(found.rehearsal)
    if found.submission:
        context["goes_on"] = retention.get_deletion_day(found.submission)
    return render(request, "rehearsals/submissions/rehearsal_show.html", context)


def get_own_takes(request: HttpRequest, found: dashboard.Recording) -> dict:
    """Return what can be watched of it; ?take=2 chooses one if no script runs."""
    number = request.GET.get("take", "")
    come = [part for part in found.parts if part.has_come]
    first = come[0] if come else None
    chosen = next((part for part in come if str(part.number) == number), first)
    return {"part": chosen, "film_url": studio.get_film_url_pattern()}


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Take the person's own score and hand in. A rehearsal that was handed in already, here or from the phone, is shown."""
    found = load_own_recording(request, key)
    if found.submission:
        return redirect("rehearsals:rehearsal", key)
    rubric = find_rubric(request.user, found.rehearsal.drill)
    form = OwnScoreForm(get_posted_or_kept(request), content=rubric.content if rubric else {})
    if request.method == "POST" and form.is_valid():
        submission = services.hand_in_form(found.rehearsal, form.own())
        message = _("交了，回执 %(receipt)s") % {"receipt": submission.receipt}
        messages.success(request, message, extra_tags=f"done:score-{key}")
        return redirect("rehearsals:rehearsal", key)
    context = {"recorded": found, "form": form, "draft": f"score-{key}", **get_own_takes(request, found)}
    return render(request, "rehearsals/submissions/rehearsal_hand_in.html", context)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: SignedInRequest, key: UUID) -> HttpResponse:
    found = load_own_recording(request, key)
    here = reverse("rehearsals:rehearsal", args=[key])
    if request.method == "POST":
        if not services.drop_rehearsal(found.rehearsal):
            messages.info(request, _("这一遍已经交了，删不了。"))
            return redirect(here)
        messages.success(request, _("这一遍不要了，录的都删了。"))
        return redirect("rehearsals:practise")
    context = {
        "title": _("这一遍不要了？"),
        "text": _("录的都会删掉，找不回来。"),
        "confirm": _("删掉"),
        "cancel_url": here,
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@login_required_keeping_post
@require_POST
def enough(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Hand in what has arrived, because the phone is lost or has no more."""
    found = load_own_recording(request, key)
    left = services.close_incomplete(found.rehearsal)
    if left:
        message = ngettext("就用收到的 %(n)s 段。", "就用收到的 %(n)s 段。", left) % {"n": left}
        messages.success(request, message)
    else:
        messages.warning(request, _("一段都没收到，没有能用的。"))
    return redirect("rehearsals:rehearsal", key)


@login_required_keeping_post
@require_POST
def join_again(request: SignedInRequest, key: UUID) -> HttpResponse:
    submission = load_own_recording(request, key).submission
    if submission and services.retry_film(submission):
        messages.success(request, _("再做一次，好了这里就看得到。"))
    return redirect("rehearsals:rehearsal", key)


@login_required_keeping_post
@require_POST
def keep_film(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Keep the film beyond its term, or stop keeping it."""
    submission = get_object_or_404(Submission.objects.filter(user=request.user), key=key)
    kept = request.POST.get("keep") == "1"
    retention.set_film_kept(submission, kept)
    messages.success(request, _("录像给你留着。") if kept else _("录像到期就删。"))
    return redirect("rehearsals:rehearsal", submission.rehearsal.key)
