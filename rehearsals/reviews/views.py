"""Pages of a trainer who reviews: the queue, one submission, the draft and its signature."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Assignment, Cohort
from rehearsals import permissions, scoring
from rehearsals.leases import HeldByAnother, acquire_lease, release_lease
from rehearsals.models import Review, Submission, TaskWork
from rehearsals.reviews import double_scoring as second
from rehearsals.reviews import notes, page, review_queue, services
from rehearsals.reviews.forms import NoteForm, ReviewForm
from rehearsals.reviews.page import get_page_context

# What a trainer calls what is handed in, as short as a button.
KINDS = {
    review_queue.PRACTICE: gettext_lazy("彩排"),
    review_queue.TASKS: gettext_lazy("全部任务"),
    Assignment.HandIn.VIDEO: gettext_lazy("视频任务"),
    Assignment.HandIn.PHOTO: gettext_lazy("照片任务"),
    Assignment.HandIn.TEXT: gettext_lazy("文字任务"),
    Assignment.HandIn.FILE: gettext_lazy("文件任务"),
    Assignment.HandIn.LISTING: gettext_lazy("商品任务"),
    Assignment.HandIn.RUNDOWN: gettext_lazy("排品表任务"),
    Assignment.HandIn.REHEARSAL: gettext_lazy("彩排任务"),
}
RELATED = ("user", "cohort__place", "cohort__course", "drill", "rehearsal__livestream", "video", "lease_by")


@login_required_keeping_post
@staff_page
@require_safe
def reviews(request: SignedInRequest) -> HttpResponse:
    """List what waits, the oldest first. ?class=3: only that class; ?kind=photo: only tasks with photos, ?kind=tasks: all
    tasks, ?kind=practice: only rehearsals; ?again=1: only what was returned before; ?show=second: what waits for a second
    score; ?show=films: what has no film yet.
    """
    user = request.user
    if not user.works_in_the_admin and not Cohort.objects.manageable_by(user).exists():
        raise Http404
    asked = request.GET
    show = asked.get("show", "")
    counts = review_queue.count_waiting(user, asked.get("class", ""))
    kind = asked.get("kind", "")
    kinds = list_kinds(counts.kinds, kind)
    chosen = review_queue.Filter(
        counts.chosen, kind if kind in [code for code, _name, _n in kinds] else "", asked.get("again") == "1"
    )
    twice = second.find_waiting(user)
    filmless = review_queue.find_without_film(user)
    sources = {"second": (twice, TaskWork.objects.none()), "films": filmless}.get(
        show, review_queue.find_sources(user, chosen)
    )
    context = {
        "counts": counts,
        "chosen": chosen,
        "kinds": kinds,
        "show": show,
        "page": review_queue.load_page(sources, asked.get("after", "")),
        "twice": twice.count(),
        "filmless": sum(rows.count() for rows in filmless),
        "signed": services.find_retractable(user),
    }
    if show == "second":
        spreads = second.list_spreads(user)
        context |= {"spreads": spreads, "mean": second.calculate_mean(spreads)}
    return render(request, "rehearsals/reviews/review_list.html", context)


def list_kinds(counted: dict[str, int], chosen: str) -> list[tuple[str, str, int]]:
    """Return (code, name in a word or two, how many) of the kinds that wait, in the order of the choices.

    All tasks are a choice, too, where tasks of several kinds wait.
    """
    tasks = [n for code, n in counted.items() if code != review_queue.PRACTICE]
    if len(tasks) > 1 or (tasks and chosen == review_queue.TASKS):
        counted = counted | {review_queue.TASKS: sum(tasks)}
    return [(code, str(name), counted[code]) for code, name in KINDS.items() if code in counted]


def get_reviewable_or_404(user: User, key: UUID) -> Submission:
    """Return the submission for who leads its class or is an assigned peer, never one's own; else 404."""
    submission = get_object_or_404(Submission.objects.select_related(*RELATED), key=key)
    if submission.user_id == user.pk or not permissions.can_watch_submission(user, submission):
        raise Http404
    return submission


@login_required_keeping_post
@staff_page
@require_safe
def review(request: SignedInRequest, key: UUID) -> HttpResponse:
    mine = Submission.objects.filter(key=key, user=request.user)
    if mine.exists():
        return redirect("rehearsals:submission", key)
    submission = get_reviewable_or_404(request.user, key)
    return render(request, "rehearsals/reviews/review_show.html", get_page_context(request, submission))


@login_required_keeping_post
@staff_page
@require_POST
def review_take(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Open the submission for oneself; where another holds it, say until when."""
    submission = get_reviewable_or_404(request.user, key)
    try:
        services.begin_review(request.user, submission)
    except HeldByAnother as held:
        messages.warning(request, describe_held(held))
    except services.NothingToReview:
        messages.info(request, _("这一份已经点评好了。"))
    else:
        return redirect(get_playing_url(key))
    return redirect("rehearsals:review", key)


def get_playing_url(key: UUID) -> str:
    """Return the page of a submission whose film begins by itself."""
    return f"{reverse('rehearsals:review', args=[key])}?play=1"


def describe_held(held: HeldByAnother) -> str:
    until = time_format(timezone.localtime(held.until), "H:i")
    return _("%(name)s正在看这一份，%(until)s 以后没动静你再接手。") % {"name": held.by.name, "until": until}


@login_required_keeping_post
@staff_page
@require_POST
def review_release(request: SignedInRequest, key: UUID) -> HttpResponseRedirect:
    """Put the submission back into the queue; the draft stays with its author."""
    if release_lease(request.user, get_reviewable_or_404(request.user, key)):
        messages.success(request, _("放回去了，草稿还在。"))
    return redirect("rehearsals:reviews")


# --- the draft: marks, notes, the signature; as forms, or as JSON for the page's script ---


def get_own_review_or_404(request: SignedInRequest, key: UUID) -> Review:
    """Return this person's own review of it; 404 where they have not begun."""
    rows = Review.objects.filter(submission=get_reviewable_or_404(request.user, key), reviewer=request.user)
    review = rows.select_related("submission__video", "submission__drill", "reviewer").first()
    if review is None:
        raise Http404
    return review


def answer_refusal(request: HttpRequest, key: UUID, problem: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"problem": problem}, status=409)
    messages.error(request, problem)
    return redirect("rehearsals:review", key)


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def describe_refusal(error: Exception) -> str:
    if isinstance(error, HeldByAnother):
        return describe_held(error)
    if isinstance(error, notes.TooManyNotes):
        return _("一份最多记 100 条。")
    if isinstance(error, notes.NoteOfAnotherReview):
        return _("这一条不是你记的。")
    return _("这一份已经发给学员了，不能再改。")


REFUSALS = (
    HeldByAnother,
    notes.AlreadySigned,
    notes.NoteOfAnotherReview,
    notes.TooManyNotes,
    services.NothingToReview,
)


@login_required_keeping_post
@staff_page
@require_POST
def review_draft(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Store the draft as posted. Values are absolute, so a phone may send it again."""
    review = get_own_review_or_404(request, key)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return answer_invalid(request, review.submission, form=form)
    try:
        review = save_posted_draft(request, review, form)
    except REFUSALS as error:
        return answer_refusal(request, key, describe_refusal(error))
    if wants_json(request):
        return JsonResponse(get_draft_state(review))
    messages.success(request, _("草稿存好了。"))
    return redirect("rehearsals:review", key)


def save_posted_draft(request: HttpRequest, review: Review, form: ReviewForm) -> Review:
    content = review.rubric
    given = {
        name.removeprefix("mark-"): str(level)
        for name, level in request.POST.items()
        if name.startswith("mark-")
    }
    known = services.clean_both_forms(review, given)
    if known.keys() - {one["code"] for one in scoring.list_criteria(content)}:
        # A tab opened before the form was changed: its lines are stored, and its buttons for several mean other lines.
        return services.save_draft(review, known, **form.cleaned_data)
    marks = page.parse_marks(request.POST, content, review.marks)
    if request.POST.get("rest") in scoring.LEVELS:  # one button marks all that have no mark yet
        unmarked = [
            one["code"] for one in scoring.list_criteria(content) if one["code"] not in review.marks | marks
        ]
        marks |= dict.fromkeys(unmarked, request.POST["rest"])
    stamps = page.parse_stamps(request.POST, content)
    undone = request.POST.get("undone", "").split()
    return services.save_draft(review, marks, stamps, undone, **form.cleaned_data)


def get_draft_state(review: Review) -> dict:
    """Return what the page's script writes over the marks."""
    shown = page.ShownReview(review, review.submission)
    parts = page.build_parts(review.submission, review, {})
    return {
        "total": shown.score.total,
        "capped": shown.score.capped,
        "scored": shown.counted[1],
        "parts": [
            {name: getattr(part, name) for name in ("number", "earned", "points", "marked")} for part in parts
        ],
    }


@login_required_keeping_post
@staff_page
@require_POST
def review_form(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Store the draft as posted and score it by the rubric's other form from now on."""
    review = get_own_review_or_404(request, key)
    form, chosen = ReviewForm(request.POST), request.POST.get("form", "")
    if not form.is_valid():
        return answer_invalid(request, review.submission, form=form)
    try:
        review = save_posted_draft(request, review, form)
        if chosen in Review.Form.values:
            services.change_form(review, Review.Form(chosen))
    except REFUSALS as error:
        return answer_refusal(request, key, describe_refusal(error))
    return redirect(f"{reverse('rehearsals:review', args=[key])}#marks")


def answer_invalid(request: SignedInRequest, submission: Submission, **forms) -> HttpResponse:
    """Answer with the same page and what was typed; for the script with the sentences alone."""
    form = forms["form"] if "form" in forms else forms["note_form"]
    if wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    submission = get_reviewable_or_404(request.user, submission.key)
    return render(
        request, "rehearsals/reviews/review_show.html", get_page_context(request, submission, **forms)
    )


@login_required_keeping_post
@staff_page
@require_POST
def review_note(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Store one note, new or changed; its id is made on the phone."""
    review = get_own_review_or_404(request, key)
    form = NoteForm(request.POST, submission=review.submission, user=request.user)
    if not form.is_valid():
        return answer_invalid(request, review.submission, note_form=form)
    try:
        services.extend_lease(review)
        note = notes.save_note(review, form.cleaned_data["key"], **form.row())
    except REFUSALS as error:
        return answer_refusal(request, key, describe_refusal(error))
    if wants_json(request):
        return answer_with_notes(request, review)
    return redirect(f"{reverse('rehearsals:review', args=[key])}#n{note.pk}")


@login_required_keeping_post
@staff_page
@require_POST
def review_note_remove(request: SignedInRequest, key: UUID, note: UUID) -> HttpResponse:
    review = get_own_review_or_404(request, key)
    try:
        services.extend_lease(review)
        notes.remove_note(review, note)
    except REFUSALS as error:
        return answer_refusal(request, key, describe_refusal(error))
    if wants_json(request):
        return answer_with_notes(request, review)
    messages.success(request, _("拿掉了。"))
    return redirect(f"{reverse('rehearsals:review', args=[key])}#notes")


def answer_with_notes(request: HttpRequest, review: Review) -> JsonResponse:
    """Answer with the list of notes and the line of marks as they are now."""
    marks = page.place_notes(list(notes.find_notes([review])), review.submission, review)
    context = {"marks": marks, "submission": review.submission, "holds": True}
    return JsonResponse(
        {
            "notes": render_to_string("rehearsals/reviews/_review_notes.html", context, request),
            "line": render_to_string("rehearsals/reviews/_review_marks.html", context, request),
        }
    )


@login_required_keeping_post
@staff_page
@require_POST
def review_sign(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Store the draft and sign it; `then=next` opens the next of the queue.

    If something is missing, it is named and the draft stays. If the film was not played, a confirmation is asked once.
    """
    review = get_own_review_or_404(request, key)
    if review.signed_at:
        return redirect("rehearsals:review", key)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return answer_invalid(request, review.submission, form=form)
    try:
        review = save_posted_draft(request, review, form)
        if missing := services.list_missing(review):
            submission = get_reviewable_or_404(request.user, key)
            return render(
                request,
                "rehearsals/reviews/review_show.html",
                get_page_context(request, submission, missing=missing),
            )
        if is_unplayed(request, review.submission):
            submission = get_reviewable_or_404(request.user, key)
            context = get_page_context(request, submission) | {
                "unplayed": True,
                "then": request.POST.get("then", ""),
            }
            return render(request, "rehearsals/reviews/review_show.html", context)
        review = services.sign_review(review)
    except REFUSALS as error:
        return answer_refusal(request, key, describe_refusal(error))
    if review.kind == Review.Kind.PEER:
        messages.success(request, _("交给同学了，谢谢你看得这么细。"))
    else:
        messages.success(request, _("发给学员了，%(total)d 分。") % {"total": review.total})
        if request.POST.get("then") == "next" and (url := open_next(request.user, review.submission)):
            return redirect(url)
    return redirect("rehearsals:review", key)


def is_unplayed(request: HttpRequest, submission: Submission) -> bool:
    """Return whether the page's script reports that the film was not played, unconfirmed; False without scripts."""
    stood_still = request.POST.get("played") == "0" and "anyway" not in request.POST
    video = submission.video
    return stood_still and video is not None and video.is_ready and submission.video_gone_at is None


@login_required_keeping_post
@staff_page
@require_POST
def review_take_back(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Retract one's own signature within ten minutes."""
    review = get_own_review_or_404(request, key)
    try:
        services.retract_signature(review)
    except HeldByAnother as held:
        messages.error(request, describe_held(held))
    except services.TooLateToRetract:
        messages.error(request, _("撤不回来了：过了 10 分钟，或者学员已经回了话，或者别的老师打了第二遍分。"))
    else:
        messages.success(request, _("撤回来了，改好了再发。"))
    return redirect("rehearsals:review", key)


def open_next(user: User, row: Submission | TaskWork) -> str:
    """Open what is next in the queue for this trainer and return its page; "" where there is none, or another was faster."""
    following = review_queue.get_position(user, row).next
    if following is None:
        return ""
    try:
        if following.submission:
            opened = get_reviewable_or_404(user, following.submission.key)
            services.begin_review(user, opened)
            return get_playing_url(opened.key)
        acquire_lease(user, following.row)
    except (HeldByAnother, services.NothingToReview):
        return ""
    return following.url
