"""Pages of a trainer who answers tasks: one work with its criteria and notes, taking it, and the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.decorators import get_kept_post, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Assignment, Cohort
from rehearsals import permissions
from rehearsals.leases import HeldByAnother, acquire_lease, release_lease
from rehearsals.models import TaskReview, TaskVersion, TaskWork
from rehearsals.reviews.views import describe_held, open_next, wants_json
from rehearsals.tasks import services
from rehearsals.tasks.page import VersionRow, load_versions
from rehearsals.tasks.reviews import best_three, notes, retraction
from rehearsals.tasks.reviews.forms import TaskNoteForm, TaskReviewForm, read_marks
from rehearsals.tasks.reviews.page import RELATED, get_page_context, make_key
from ui.parameters import read_id

REFUSALS = (HeldByAnother, services.AlreadyAnswered, services.NotNewest, notes.TooManyNotes)
Decision = TaskReview.Decision


def get_work_or_404(user: User, pk: int) -> TaskWork:
    """Return the work for who guides its class, never one's own; else 404."""
    work = get_object_or_404(TaskWork.objects.select_related(*RELATED), pk=pk)
    if work.user_id == user.pk or not permissions.can_see_task(user, work):
        raise Http404
    return work


def get_reviewable_or_404(user: User, pk: int) -> TaskWork:
    """Return the work for who leads its class; else 404."""
    work = get_work_or_404(user, pk)
    if not permissions.can_review_task(user, work):
        raise Http404
    return work


def show(request: SignedInRequest, pk: int, posted: QueryDict | None = None, **forms: Any) -> HttpResponse:
    """Show the page; `posted` is what was typed and not stored."""
    work = get_work_or_404(request.user, pk)
    context = get_page_context(request, work, posted, **forms)
    return render(request, "rehearsals/tasks/reviews/task_review.html", context)


@login_required_keeping_post
@staff_page
@require_safe
def task_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was handed in, with the form while one holds it; its owner is led to the own page."""
    if TaskWork.objects.filter(pk=pk, user=request.user).exists():
        work = TaskWork.objects.get(pk=pk)
        return redirect("rehearsals:task", work.assignment_id)
    return show(request, pk, get_kept_post(request))


@login_required_keeping_post
@staff_page
@require_POST
def task_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the work for oneself; where another holds it, say until when."""
    work = get_reviewable_or_404(request.user, pk)
    if work.waiting_since is None:
        messages.info(request, _("这一份已经看过了。"))
        return redirect("rehearsals:task_review", pk)
    try:
        acquire_lease(request.user, work)
    except HeldByAnother as held:
        messages.warning(request, describe_held(held))
    return redirect("rehearsals:task_review", pk)


@login_required_keeping_post
@staff_page
@require_POST
def task_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the work back into the queue."""
    if release_lease(request.user, get_reviewable_or_404(request.user, pk)):
        messages.success(request, _("放回去了。"))
    return redirect("rehearsals:reviews")


# --- notes ---


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def task_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Store a note; what else was typed on the page stays. With htmx the page draws only the notes anew."""
    if request.method != "POST":
        return show(request, pk, get_kept_post(request))
    work = get_reviewable_or_404(request.user, pk)
    newest = next(load_versions(work))
    if read_id(request.POST.get("version")) != newest.version.pk:
        return tell_newer(request, pk)
    form = TaskNoteForm(request.POST, row=newest)
    if not form.is_valid():
        return draw_notes(request, pk, note_form=form)
    try:
        notes.save_note(request.user, newest.version, form.cleaned_data["key"], **form.row)
    except REFUSALS as error:
        return refuse(request, pk, error)
    return draw_notes(request, pk, note_form=None)


@login_required_keeping_post
@staff_page
@require_POST
def task_note_remove(request: SignedInRequest, pk: int, note: UUID) -> HttpResponse:
    """Take a note off; what was typed on the page stays."""
    work = get_reviewable_or_404(request.user, pk)
    version = get_newest(work)
    try:
        notes.remove_note(request.user, version, note)
    except REFUSALS as error:
        return refuse(request, pk, error)
    return draw_notes(request, pk, note_form=None)


def draw_notes(request: SignedInRequest, pk: int, note_form: TaskNoteForm | None) -> HttpResponse:
    """Draw the page again with what was typed; after a note was stored its fields are empty."""
    posted = request.POST.copy()
    if note_form is None:
        for name in ("item", "spot", "at", "text"):
            posted.pop(f"note-{name}", None)
    forms = {"note_form": note_form} if note_form else {}
    return show(request, pk, posted, **forms)


def get_newest(work: TaskWork) -> TaskVersion:
    version = work.versions.order_by("-number").first()
    if version is None:
        raise Http404
    return version


# --- the answer ---


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def task_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept the newest version, or return it with the one thing to do; then open the next of the queue.

    What is missing is named and what was typed stays; so it does when a newer version has come meanwhile. A recording that is
    sent from another page gets no answer, and stays on its phone until this page is open.
    """
    if request.method != "POST":
        return show(request, pk, get_kept_post(request))
    work = get_reviewable_or_404(request.user, pk)
    if wants_json(request):
        return JsonResponse({}, status=409)
    newest = next(load_versions(work))
    decision = request.POST.get("decision", "")
    form = TaskReviewForm(request.POST, user=request.user)
    if form.is_valid() and decision == Decision.RETURNED and not form.cleaned_data["next_step"]:
        form.ask_for_next_step()
    if read_id(request.POST.get("version")) != newest.version.pk:
        return tell_newer(request, pk)
    if form.errors or decision not in Decision.values:
        return show(request, pk, request.POST, form=form)
    try:
        acquire_lease(request.user, work)
        review = answer(request, newest, decision, form)
    except REFUSALS as error:
        return refuse(request, pk, error)
    words = {
        Decision.ACCEPTED: _("通过了，%(name)s收得到。"),
        Decision.RETURNED: _("退回了，%(name)s先改这一处。"),
    }
    said = words[Decision(review.decision)] % {"name": work.user.name}
    messages.success(request, said, extra_tags=f"done:task-review-{newest.version.pk}")
    return redirect(open_next(request.user, work) or reverse("rehearsals:task_review", args=[pk]))


def answer(request: SignedInRequest, newest: VersionRow, decision: str, form: TaskReviewForm) -> TaskReview:
    facts: dict[str, Any] = {
        "marks": read_marks(request.POST, newest),
        "next_step": form.cleaned_data["next_step"],
        "voice": form.cleaned_data["voice"],
        "key": make_key(newest.version, request.user),
    }
    if decision == Decision.ACCEPTED:
        return services.accept_task(request.user, newest.version, **facts)
    return services.return_task(request.user, newest.version, **facts)


def tell_newer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the newest version with what was typed for the one before."""
    messages.warning(request, _("他刚又交了一遍，下面是新的。你写的还在，看过新的再定。"))
    return show_whole(request, pk)


def show_whole(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the page with what was typed; where htmx asked for the notes, all of it is drawn anew."""
    response = show(request, pk, request.POST)
    if request.htmx:
        reswap(retarget(response, "#main"), "outerHTML")
        response["HX-Reselect"] = "#main"
    return response


def refuse(request: SignedInRequest, pk: int, error: Exception) -> HttpResponse:
    """Say why it was not stored, and show what was typed."""
    if isinstance(error, services.NotNewest):
        return tell_newer(request, pk)
    if isinstance(error, HeldByAnother):
        messages.error(request, describe_held(error))
    elif isinstance(error, notes.TooManyNotes):
        messages.error(request, _("一遍最多记 %(most)s 条。") % {"most": notes.MOST_NOTES})
    else:
        messages.error(request, _("这一份已经有老师看过了，下面是他的答复。"))
    return show_whole(request, pk)


@login_required_keeping_post
@staff_page
@require_POST
def task_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one's own answer back within ten minutes."""
    work = get_reviewable_or_404(request.user, pk)
    try:
        retraction.retract_review(request.user, work)
    except HeldByAnother as held:
        messages.error(request, describe_held(held))
    except retraction.TooLateToRetract:
        messages.error(request, _("撤不回来了：过了 10 分钟，或者他又交了一遍。"))
    else:
        messages.success(request, _("撤回来了，重新看、重新定。"))
    return redirect("rehearsals:task_review", pk)


# --- good examples ---


@login_required_keeping_post
@staff_page
@require_POST
def task_choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose the work as an example for its class (chosen=1), or no longer."""
    work = get_reviewable_or_404(request.user, pk)
    if request.POST.get("chosen") != "1":
        best_three.unchoose_work(work)
        messages.success(request, _("不选了，班里看不到了。"))
        return redirect("rehearsals:task_review", pk)
    try:
        best_three.choose_work(work)
    except best_three.NotAccepted:
        messages.error(request, _("先通过，再选出来给全班看。"))
    except best_three.TooManyChosen:
        messages.error(request, _("这个任务已经选了三份，先换下一份。"))
    else:
        waits = _("选上了。%(name)s同意了，班里才看得到。") % {"name": work.user.name}
        messages.success(request, _("选上了，班里看得到了。") if work.is_shared else waits)
    return redirect("rehearsals:task_review", pk)


@login_required_keeping_post
@staff_page
@require_safe
def task_examples(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the good examples of a task to who is in a class of its course, and to who guides one; else 404."""
    task = get_object_or_404(Assignment.objects.select_related("module__course"), pk=pk)
    cohorts = best_three.find_classes(request.user, task)
    if not cohorts.exists():
        raise Http404
    context = {
        "task": task,
        "course": task.module.course,
        "rows": best_three.list_examples(task, cohorts),
        "guides": Cohort.objects.guided_by(request.user).filter(course=task.module.course_id).exists(),
    }
    return render(request, "rehearsals/tasks/reviews/task_examples.html", context)
