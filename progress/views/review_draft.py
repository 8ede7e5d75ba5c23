"""What a reviewer writes while they hold a submission: marks, notes, the signature. Forms, or JSON for the page's script."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.kept import signed_in
from accounts.second_factor import staff_page
from progress import leases, noting, queueing, review_page, reviewing, scoring
from progress.models import Review, Submission
from progress.review_forms import NoteForm, ReviewForm
from progress.views.review_pages import page_of
from progress.views.reviews import found, playing, told_held


def mine(request: HttpRequest, key: UUID) -> Review:
    """This person's own review of it; without one they have not begun."""
    review = Review.objects.filter(submission=found(request.user, key), reviewer=request.user)
    review = review.select_related("submission__video", "submission__drill", "reviewer").first()
    if review is None:
        raise Http404
    return review


def refused(request: HttpRequest, key: UUID, problem: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"problem": problem}, status=409)
    messages.error(request, problem)
    return redirect("progress:review", key)


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def why(error: Exception) -> str:
    if isinstance(error, leases.Held):
        return told_held(error)
    if isinstance(error, noting.TooMany):
        return _("一份最多记 100 条。")
    if isinstance(error, noting.NotMine):
        return _("这一条不是您记的。")
    return _("这一份已经签发了，不能再改。")


REFUSALS = (leases.Held, noting.Signed, noting.NotMine, noting.TooMany, reviewing.NothingToReview)


@signed_in
@staff_page
@require_POST
def review_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keeps the form as it is now. Absolute, so a phone may send it again."""
    review = mine(request, key)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return invalid(request, review.submission, form=form)
    try:
        review = kept(request, review, form)
    except REFUSALS as error:
        return refused(request, key, why(error))
    if wants_json(request):
        return JsonResponse(state(review))
    messages.success(request, _("草稿存好了。"))
    return redirect("progress:review", key)


def kept(request: HttpRequest, review: Review, form: ReviewForm) -> Review:
    content = review.submission.rubric_content
    marks = review_page.marks_from(request.POST, content, review.marks)
    if request.POST.get("rest") in scoring.LEVELS:  # one button for all that has no mark yet
        unmarked = [
            one["code"] for one in scoring.criteria(content) if one["code"] not in review.marks | marks
        ]
        marks |= dict.fromkeys(unmarked, request.POST["rest"])
    return reviewing.save(review, marks, **form.cleaned_data)


def state(review: Review) -> dict:
    """What the page's script writes over the marks."""
    shown = review_page.Shown(review, review.submission)
    parts = review_page.parts(review.submission.rubric_content, review.marks, {}, {})
    return {
        "total": shown.score.total,
        "capped": shown.score.capped,
        "scored": shown.counted[1],
        "parts": [
            {name: getattr(part, name) for name in ("number", "earned", "points", "marked")} for part in parts
        ],
    }


def invalid(request: HttpRequest, submission: Submission, **forms) -> HttpResponse:
    """The same page with what was typed; for the script the sentences alone."""
    form = forms.get("form") or forms.get("note_form")
    if wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    submission = found(request.user, submission.key)
    return render(request, "progress/review_show.html", page_of(request, submission, **forms))


@signed_in
@staff_page
@require_POST
def review_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """One note, new or as it is now; its id is made on the phone."""
    review = mine(request, key)
    form = NoteForm(request.POST, submission=review.submission, user=request.user)
    if not form.is_valid():
        return invalid(request, review.submission, note_form=form)
    try:
        reviewing.hold(review)
        note = noting.write(review, form.cleaned_data["key"], **form.row())
    except REFUSALS as error:
        return refused(request, key, why(error))
    if wants_json(request):
        return noted(request, review)
    return redirect(f"{reverse('progress:review', args=[key])}#n{note.pk}")


@signed_in
@staff_page
@require_POST
def review_note_remove(request: HttpRequest, key: UUID, note: UUID) -> HttpResponse:
    review = mine(request, key)
    try:
        reviewing.hold(review)
        noting.remove(review, note)
    except REFUSALS as error:
        return refused(request, key, why(error))
    if wants_json(request):
        return noted(request, review)
    messages.success(request, _("拿掉了。"))
    return redirect(f"{reverse('progress:review', args=[key])}#notes")


def noted(request: HttpRequest, review: Review) -> JsonResponse:
    """The list and the line of marks as they are now."""
    marks = review_page.on_line(list(noting.standing([review])), review.submission, review)
    context = {"marks": marks, "submission": review.submission, "holds": True}
    return JsonResponse(
        {
            "notes": render_to_string("progress/_review_notes.html", context, request),
            "line": render_to_string("progress/_review_marks.html", context, request),
        }
    )


@signed_in
@staff_page
@require_POST
def review_sign(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keeps the form and signs. What is missing is said, and the draft is kept; a film that has not been played is asked
    about once. `then=next` opens the next of the queue."""
    review = mine(request, key)
    if review.signed_at:
        return redirect("progress:review", key)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return invalid(request, review.submission, form=form)
    try:
        review = kept(request, review, form)
        if lacks := reviewing.lacks(review):
            submission = found(request.user, key)
            return render(request, "progress/review_show.html", page_of(request, submission, lacks=lacks))
        if is_unplayed(request, review.submission):
            submission = found(request.user, key)
            context = page_of(request, submission) | {"unplayed": True, "then": request.POST.get("then", "")}
            return render(request, "progress/review_show.html", context)
        review = reviewing.sign_off(review)
    except REFUSALS as error:
        return refused(request, key, why(error))
    if review.kind == Review.Kind.PEER:
        messages.success(request, _("交给同学了，谢谢您看得这么细。"))
    else:
        messages.success(request, _("签发了，%(total)d 分。") % {"total": review.total})
        if request.POST.get("then") == "next" and (following := opened_next(request, review.submission)):
            return redirect(playing(following.key))
    return redirect("progress:review", key)


def is_unplayed(request: HttpRequest, submission: Submission) -> bool:
    """The page's script says that the film stood still, and nobody has answered for it. Without script it is not known."""
    stood_still = request.POST.get("played") == "0" and "anyway" not in request.POST
    video = submission.video
    return stood_still and video is not None and video.is_ready and submission.video_gone_at is None


@signed_in
@staff_page
@require_POST
def review_take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Of one's own signature, within ten minutes."""
    review = mine(request, key)
    try:
        reviewing.take_back(review)
    except leases.Held as held:
        messages.error(request, told_held(held))
    except reviewing.TooLate:
        messages.error(request, _("撤不回来了：过了 10 分钟，或者学员已经回了话，或者别的老师打了第二遍分。"))
    else:
        messages.success(request, _("撤回来了，改好了再签发。"))
    return redirect("progress:review", key)


def opened_next(request: HttpRequest, submission: Submission) -> Submission | None:
    """Of the queue, held by this trainer from now on; None where there is none, or another was faster."""
    following = queueing.spot(request.user, submission).next
    if following is None:
        return None
    try:
        reviewing.begin(request.user, found(request.user, following.key))
    except (leases.Held, reviewing.NothingToReview):
        return None
    return following
