"""What came back to a trainee: the film with its marks, each to be heard at its second and answered."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import second_factor
from accounts.kept import signed_in
from media import voices
from media.sending import send
from progress import answering, comparing, peering, returned, review_page, rules
from progress import second_look as second
from progress.models import Review, Submission, TimedNote
from progress.review_forms import AnswerForm
from progress.views.learning import event_id
from progress.views.review_pages import film, said_of
from progress.views.reviews import ABOVE
from progress.views.watching import TYPES


def another_first(request: HttpRequest, submission: Submission) -> HttpResponse | None:
    """Staff who look at the film of somebody else show the second factor first; one's own needs none."""
    if submission.user_id == request.user.pk or not second_factor.is_due(request):
        return None
    return second_factor.demand(request, request.get_full_path())


def own(request: HttpRequest, key: UUID) -> Submission:
    rows = Submission.objects.filter(user=request.user).select_related(*ABOVE)
    return get_object_or_404(rows, key=key)


@signed_in
@require_safe
def submission(request: HttpRequest, key: UUID) -> HttpResponse:
    return render(request, "progress/submission_show.html", page_of(request, own(request, key)))


def page_of(request: HttpRequest, submission: Submission) -> dict:
    """The score that counts first, then what others said."""
    order = list(Review.Kind)
    signed = sorted(
        submission.reviews.signed().select_related("reviewer"), key=lambda one: order.index(one.kind)
    )
    counts = bool(signed) and signed[0].kind == Review.Kind.FIRST
    said = said_of(submission, signed)
    if not counts:
        said |= {"others": [said["shown"], *said["others"]] if signed else [], "shown": None}
    return {
        **said,
        "submission": submission,
        "spread": second.spread(submission.rubric_content, signed),
        "player": film(request, submission),
        "again": returned.again_url(submission),
        "returned": returned.returned(submission, signed, [mark.note for mark in said["marks"]]),
        "others_tried": comparing.others(submission),
    }


@require_safe
def submission_video(request: HttpRequest, key: UUID, part: str) -> HttpResponse:
    """A file is asked for by a player, which could not follow to a sign-in page: refused is 404."""
    submission = get_object_or_404(Submission.objects.select_related("video", "cohort__place"), key=key)
    video = submission.video
    if part not in TYPES or video is None or not video.is_ready or submission.video_gone_at is not None:
        raise Http404
    if not request.user.is_authenticated or not rules.can_watch_submission(request.user, submission):
        raise Http404
    return another_first(request, submission) or send(request, video.name_of(part), TYPES[part])


@require_safe
def note_voice(request: HttpRequest, note: UUID) -> HttpResponse:
    """For who may read its review; refused is 404 here too."""
    if not request.user.is_authenticated:
        raise Http404
    rows = TimedNote.objects.select_related("voice", "review__submission__cohort__place")
    note = get_object_or_404(rows, key=note, removed_at__isnull=True)
    if note.voice is None or not rules.can_read_review(request.user, note.review):
        raise Http404
    return another_first(request, note.review.submission) or voices.send(request, note.voice)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def note_answer(request: HttpRequest, note: UUID) -> HttpResponse:
    """The owner of the film answers a remark of a signed review."""
    rows = TimedNote.objects.select_related("review__submission__video", "review__reviewer", "voice")
    rows = rows.filter(review__submission__user=request.user, review__signed_at__isnull=False)
    note = get_object_or_404(rows, key=note, removed_at__isnull=True)
    submission = note.review.submission
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(request.user, note, form.cleaned_data["text"], event_id(request))
        except answering.TooMany:
            form.add_error(None, _("这一条回得够多了，当面问老师吧。"))
        else:
            messages.success(request, _("回好了，老师看得到。"), extra_tags=f"done:answer-{note.pk}")
            return redirect(f"{reverse('progress:submission', args=[submission.key])}#n{note.pk}")
    context = {
        "submission": submission,
        "mark": review_page.on_line([note], submission)[0],
        "form": form,
        "draft": f"answer-{note.pk}",
        "event_id": (event_id(request) if request.method == "POST" else None) or uuid4(),
    }
    return render(request, "progress/note_answer.html", context)


@signed_in
@require_POST
def submission_peers(request: HttpRequest, key: UUID) -> HttpResponse:
    """Its owner lets classmates look at it, or no longer."""
    submission, allowed = own(request, key), request.POST.get("for_peers") == "1"
    peering.let(submission, allowed)
    messages.success(request, _("老师可以给同学看了。") if allowed else _("收回来了，同学看不到了。"))
    return redirect("progress:submission", key)


@signed_in
@require_safe
def compare(request: HttpRequest, key: UUID) -> HttpResponse:
    """?with=<key>: two tries of the same drill; without it, the one before. For their owner and who leads the class."""
    submission = get_object_or_404(Submission.objects.select_related(*ABOVE), key=key)
    if submission.user_id != request.user.pk and not rules.can_review(request.user, submission):
        raise Http404
    if answer := another_first(request, submission):
        return answer
    found = comparing.others(submission)
    asked = request.GET.get("with", "")
    chosen = next((one for one in found if str(one.key) == asked), None)
    chosen = chosen or next((one for one in found if one.number < submission.number), *found[:1] or [None])
    if chosen is None:
        raise Http404
    other = Submission.objects.select_related(*ABOVE).get(pk=chosen.pk)
    if submission.user_id != request.user.pk and not rules.can_review(request.user, other):
        raise Http404
    old, new = comparing.tries(request.user, submission, other)
    pair = [{"try": one, "player": film(request, one.submission)} for one in (old, new)]
    context = {
        "submission": submission,
        "old": old,
        "new": new,
        "pair": pair,
        "both_ready": all(one["player"]["is_ready"] for one in pair),
        "rows": comparing.rows(old, new),
        "tries": found,
        "chosen": other,
        "is_own": submission.user_id == request.user.pk,
    }
    return render(request, "progress/submission_compare.html", context)
