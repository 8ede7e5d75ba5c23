"""Pages of a trainee's results: the film with its notes, answers to them, a comparison of two tries, classmates' films."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import second_factor
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from media.private_files import send_private
from media.voice.services import send_voice
from outbox.protocol import get_event_id
from progress.lessons.views import TYPES
from progress.names import sort_by_name
from rehearsals import permissions
from rehearsals.models import Review, Submission, TimedNote
from rehearsals.reviews import comparison, notes, page, peer_review, retakes
from rehearsals.reviews import double_scoring as second
from rehearsals.reviews.forms import AnswerForm
from rehearsals.reviews.page import get_film_context, get_reviews_context
from rehearsals.reviews.review_queue import HEAVY_FIELDS
from rehearsals.reviews.views import RELATED, get_reviewable_or_404


def require_second_factor(request: HttpRequest, submission: Submission) -> HttpResponse | None:
    """Ask staff for the second factor before they watch somebody else's film; None if it is not due."""
    if submission.user_id == request.user.pk or not second_factor.is_due(request):
        return None
    return second_factor.redirect_to_second_factor(request, request.get_full_path())


def get_own_or_404(request: SignedInRequest, key: UUID) -> Submission:
    rows = Submission.objects.filter(user=request.user).select_related(*RELATED)
    return get_object_or_404(rows, key=key)


@login_required_keeping_post
@require_safe
def submission(request: SignedInRequest, key: UUID) -> HttpResponse:
    return render(
        request,
        "rehearsals/reviews/submission_show.html",
        get_own_page_context(request, get_own_or_404(request, key)),
    )


def get_own_page_context(request: HttpRequest, submission: Submission) -> dict:
    """Return the context of one's own submission: the score that counts, then other reviews."""
    order = list(Review.Kind)
    signed = sorted(
        submission.reviews.signed().select_related("reviewer"), key=lambda one: order.index(one.kind)
    )
    counts = bool(signed) and signed[0].kind == Review.Kind.FIRST
    context = get_reviews_context(submission, signed)
    if not counts:
        context |= {"others": [context["shown"], *context["others"]] if signed else [], "shown": None}
    return {
        **context,
        "submission": submission,
        "spread": second.calculate_spread(signed),
        "player": get_film_context(request, submission),
        "again": retakes.get_retake_url(submission),
        "returned": retakes.find_retake_request(submission, signed, [mark.note for mark in context["marks"]]),
        "others_tried": comparison.list_other_tries(submission),
    }


@require_safe
def submission_video(request: HttpRequest, key: UUID, part: str) -> HttpResponseBase:
    """Send the film; a player cannot follow to a sign-in page, so a refusal is 404."""
    submission = get_object_or_404(Submission.objects.select_related("video", "cohort__place"), key=key)
    video = submission.video
    if part not in TYPES or video is None or not video.is_ready or submission.video_gone_at is not None:
        raise Http404
    if not request.user.is_authenticated or not permissions.can_watch_submission(request.user, submission):
        raise Http404
    return require_second_factor(request, submission) or send_private(
        request, video.name_of(part), TYPES[part]
    )


@require_safe
def note_voice(request: HttpRequest, note: UUID) -> HttpResponseBase:
    """Send a note's voice to who may read its review; a refusal is 404."""
    if not request.user.is_authenticated:
        raise Http404
    rows = TimedNote.objects.select_related("voice", "review__submission__cohort__place")
    row = get_object_or_404(rows, key=note, removed_at__isnull=True)
    if row.voice is None or not permissions.can_read_review(request.user, row.review):
        raise Http404
    return require_second_factor(request, row.review.submission) or send_voice(request, row.voice)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def note_answer(request: SignedInRequest, note: UUID) -> HttpResponse:
    """Let the owner of the film answer a note of a signed review."""
    rows = TimedNote.objects.select_related("review__submission__video", "review__reviewer", "voice")
    rows = rows.filter(review__submission__user=request.user, review__signed_at__isnull=False)
    row = get_object_or_404(rows, key=note, removed_at__isnull=True)
    submission = row.review.submission
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            notes.answer_note(request.user, row, form.cleaned_data["text"], get_event_id(request))
        except notes.TooManyAnswers:
            form.add_error(None, _("这一条回得够多了，当面问老师吧。"))
        else:
            messages.success(request, _("回好了，老师看得到。"), extra_tags=f"done:answer-{row.pk}")
            return redirect(f"{reverse('rehearsals:submission', args=[submission.key])}#n{row.pk}")
    context = {
        "submission": submission,
        "mark": page.place_notes([row], submission)[0],
        "form": form,
        "draft": f"answer-{row.pk}",
        "event_id": (get_event_id(request) if request.method == "POST" else None) or uuid4(),
    }
    return render(request, "rehearsals/reviews/note_answer.html", context)


@login_required_keeping_post
@require_POST
def submission_peers(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Let the owner allow classmates to look at it, or no longer."""
    submission, allowed = get_own_or_404(request, key), request.POST.get("for_peers") == "1"
    peer_review.set_allowed(submission, allowed)
    messages.success(request, _("老师可以给同学看了。") if allowed else _("收回来了，同学看不到了。"))
    return redirect("rehearsals:submission", key)


@login_required_keeping_post
@require_safe
def compare(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Compare with another try of the drill (?with=<key>, else the one before), for the owner and who leads the class."""
    submission = get_object_or_404(Submission.objects.select_related(*RELATED), key=key)
    if submission.user_id != request.user.pk and not permissions.can_review(request.user, submission):
        raise Http404
    if answer := require_second_factor(request, submission):
        return answer
    found = comparison.list_other_tries(submission)
    asked = request.GET.get("with", "")
    chosen = next((one for one in found if str(one.key) == asked), None)
    if not found:
        raise Http404
    chosen = chosen or next((one for one in found if one.number < submission.number), found[0])
    other = Submission.objects.select_related(*RELATED).get(pk=chosen.pk)
    if submission.user_id != request.user.pk and not permissions.can_review(request.user, other):
        raise Http404
    old, new = comparison.pair_tries(request.user, submission, other)
    pair: list[dict[str, Any]] = [
        {"try": one, "player": get_film_context(request, one.submission)} for one in (old, new)
    ]
    context = {
        "submission": submission,
        "old": old,
        "new": new,
        "pair": pair,
        "both_ready": all(one["player"]["is_ready"] for one in pair),
        "rows": comparison.compare_dimensions(old, new),
        "tries": found,
        "chosen": other,
        "is_own": submission.user_id == request.user.pk,
    }
    return render(request, "rehearsals/reviews/submission_compare.html", context)


# --- classmates watch each other's rehearsals for practice ---


@login_required_keeping_post
@require_safe
def peer_list(request: SignedInRequest) -> HttpResponse:
    rows = list(peer_review.find_assigned(request.user).defer(*HEAVY_FIELDS, "video__measures")[:50])
    mine = Review.objects.filter(reviewer=request.user, submission__in=rows)
    signed = dict(mine.values_list("submission", "signed_at"))
    context = {"rows": [(row, row.pk in signed, signed.get(row.pk)) for row in rows]}
    return render(request, "rehearsals/reviews/peer_list.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def peers_give(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Let who leads its class assign up to five classmates at a time."""
    submission = get_reviewable_or_404(request.user, key)
    if not permissions.can_review(request.user, submission):
        raise Http404
    people = sort_by_name(peer_review.find_classmates(submission), lambda one: (one.name, one.pk))
    given = set(submission.peers.values_list("pk", flat=True))
    if request.method == "POST":
        asked = set(request.POST.getlist("people"))
        chosen = [person for person in people if str(person.pk) in asked]
        if len(chosen) > peer_review.MOST_PEERS:
            messages.error(request, _("一次最多给 %(n)d 个人看。") % {"n": peer_review.MOST_PEERS})
            given = {person.pk for person in chosen}
        else:
            return save_peers(request, submission, chosen)
    context = {"submission": submission, "people": people, "given": given, "most": peer_review.MOST_PEERS}
    return render(request, "rehearsals/reviews/peers_give.html", context)


def save_peers(request: HttpRequest, submission, chosen: list) -> HttpResponse:
    try:
        peer_review.assign_peers(submission, chosen)
    except peer_review.NotAllowed:
        messages.error(request, _("学员没有答应给同学看。"))
    else:
        messages.success(request, _("好了，他们在“练习”里看得到。"))
    return redirect("rehearsals:review", submission.key)
