"""A trainee's page of one task: hand in, read the answer, hand in again, share; and the files of what was handed in."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits, second_factor
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.requests import SignedInRequest, get_person
from courses.models import Assignment
from media.documents.services import send_document
from media.private_files import send_photo, send_private
from media.uploads import recordings
from media.uploads.errors import UploadRefused
from media.voice.services import send_voice
from progress.enrolment import prerequisites
from progress.lessons.views import TYPES
from rehearsals import permissions
from rehearsals.models import TaskItem, TaskNote, TaskReview, TaskVersion, TaskWork
from rehearsals.tasks import page, services
from rehearsals.tasks.forms import HandInForm

SHOWN_WORKS = 3


def get_task_or_404(request: SignedInRequest, pk: int) -> Assignment:
    rows = services.find_tasks(request.user).select_related("module__course")
    return get_object_or_404(rows, pk=pk)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a task; take what is handed in by a plain form. The script sends it as an event of the outbox instead."""
    task = get_task_or_404(request, pk)
    course = task.module.course
    if services.is_closed(request.user, task):
        missing = prerequisites.list_missing(request.user, task.module)
        context = {"task": task, "course": course, "missing": missing}
        return render(request, "rehearsals/tasks/task_show.html", context)
    form = HandInForm(
        *(
            (get_posted_or_kept(request), request.FILES)
            if request.method == "POST"
            else (get_posted_or_kept(request),)
        ),
        task=task,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid() and hand_in(request, task, form):
        return redirect("rehearsals:task", pk)
    standing = page.load_standing(request.user, task)
    context = {
        "task": task,
        "course": course,
        "form": form,
        "standing": standing,
        "cohort": services.find_class(request.user, task),
        "coming": page.list_coming(request.user, task),
        "empty": None if form.given else page.describe_empty(task),
        "facts": page.get_script_data(request.user, task),
        "most": page.MOST.get(task.hand_in),
        "draft": f"task-{pk}",
        "shown": list_shown(request, task),
    }
    return render(request, "rehearsals/tasks/task_show.html", context)


def hand_in(request: SignedInRequest, task: Assignment, form: HandInForm) -> bool:
    """Store what the form brought; return False with the form's error if a file or the thing itself is missing."""
    if not limits.allows(request, "task"):
        form.add_error(None, _("一个小时里交得太多了，过一会儿再交。"))
        return False
    now = timezone.now()
    try:
        version = services.hand_in_task(request.user, task, form.read(), now, now)
    except UploadRefused as refused:
        form.add_error("given", refused)
    except services.NothingHandedIn:
        form.add_error(None, _("还没放东西，先放再交"))
    except services.TooManyVersions:
        said = _("这个任务已经交了 %(most)s 遍，不能再交了，先问老师。")
        form.add_error(None, said % {"most": services.MOST_VERSIONS})
    except services.BelongsToAnother:
        form.add_error(None, _("没交成，刷新这一页再交一次"))
    else:
        said = _("交了，回执 %(receipt)s") % {"receipt": version.receipt}
        messages.success(request, said, extra_tags=f"done:task-{task.pk}")
        return True
    return False


def list_shown(request: SignedInRequest, task: Assignment) -> list[page.VersionRow]:
    """Return the newest accepted versions that classmates share and a trainer chose; one query where there is none."""
    works = TaskWork.objects.shown_to(request.user).filter(assignment=task).exclude(user=request.user)
    found = []
    for work in works.select_related("user").order_by("pk")[:SHOWN_WORKS]:
        rows = [row for row in page.load_versions(work) if row.review]
        accepted = [row for row in rows if row.review and row.review.decision == "accepted"]
        for row in accepted[:1]:
            row.version.work = work
            found.append(row)
    return found


@login_required_keeping_post
@require_POST
def task_share(request: SignedInRequest, pk: int) -> HttpResponse:
    """Allow the class to see one's work, or take that back."""
    work = get_object_or_404(TaskWork.objects.filter(user=request.user), assignment=pk)
    if request.POST.get("share") == "1":
        services.share_work(work)
        messages.success(request, _("同意了。老师选上的话，同班的人看得到。随时可以收回。"))
    else:
        services.withdraw_share(work)
        messages.success(request, _("收回了，同班的人看不到了。"))
    return redirect("rehearsals:task", pk)


@login_required_keeping_post
@require_POST
def task_ticket(request: SignedInRequest, pk: int, version: UUID, film: int) -> JsonResponse:
    """Return the ticket to upload one film of a version that the phone is handing in."""
    task = get_task_or_404(request, pk)
    if task.hand_in != Assignment.HandIn.VIDEO or not 0 < film <= services.MOST_FILMS:
        raise Http404
    reference = services.make_reference(task, version, film)
    return JsonResponse(
        {"ticket": recordings.issue_ticket(request.user, reference, settings.VIDEO_MAX_BYTES)}
    )


# --- files; players and pictures cannot follow to a sign-in page, so a refusal is 404 ---


def get_seen_item_or_404(request: HttpRequest, pk: int) -> TaskItem:
    """Return a thing handed in by the person, in a class that they guide, or shared with the class in which they are."""
    if not request.user.is_authenticated:
        raise Http404
    rows = TaskItem.objects.select_related("version__work__cohort__place", "photo", "video", "document")
    item = get_object_or_404(rows, pk=pk)
    if not may_see(request, item.version):
        raise Http404
    return item


def may_see(request: HttpRequest, version: TaskVersion) -> bool:
    user = request.user
    if not user.is_authenticated:
        return False
    return permissions.can_see_task(user, version.work) or permissions.can_see_shown_task(user, version)


def require_second_factor(request: HttpRequest, work: TaskWork) -> HttpResponse | None:
    """Ask staff for the second factor before they open somebody else's files; None if it is not due."""
    if work.user_id == request.user.pk or not second_factor.is_due(request):
        return None
    return second_factor.redirect_to_second_factor(request, request.get_full_path())


def keep_revocable(request: HttpRequest, item: TaskItem, response: HttpResponseBase) -> HttpResponseBase:
    """Let a classmate's browser ask each time, so that a permission that was taken back counts at once."""
    is_redirect = response.status_code == HTTPStatus.FOUND  # a bucket's URL ends by itself
    if not is_redirect and not permissions.can_see_task(get_person(request), item.version.work):
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def task_film(request: HttpRequest, pk: int, part: str) -> HttpResponseBase:
    """Send a film, or its still."""
    item = get_seen_item_or_404(request, pk)
    if part not in TYPES or item.video is None or not item.video.is_ready or item.gone_at is not None:
        raise Http404
    if refused := require_second_factor(request, item.version.work):
        return refused
    return keep_revocable(request, item, send_private(request, item.video.name_of(part), TYPES[part]))


@require_safe
def task_photo(request: HttpRequest, task_pk: int, pk: int, width: int) -> HttpResponseBase:
    """Send a photo in one of its widths; one that is not moved yet (`rehearsals.tasks.photos`) from its public address."""
    item = get_seen_item_or_404(request, pk)
    if item.photo is None or item.version.work.assignment_id != task_pk:
        raise Http404
    if refused := require_second_factor(request, item.version.work):
        return refused
    if not item.photo.is_private and width in item.photo.widths():
        return redirect(item.photo.url_at(width))
    return send_photo(request, item.photo, width)


@require_safe
def task_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a document: a picture is shown, anything else is downloaded."""
    item = get_seen_item_or_404(request, pk)
    if item.document is None:
        raise Http404
    name = item.document.stem or item.version.work.assignment.title
    if refused := require_second_factor(request, item.version.work):
        return refused
    return keep_revocable(request, item, send_document(request, item.document, name))


@require_safe
def task_voice(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Send the voice of a review, to its owner and to those who guide the class."""
    rows = TaskReview.objects.select_related("voice", "version__work__cohort__place")
    review = get_object_or_404(rows, key=key)
    return send_task_voice(request, review, review.version.work)


@require_safe
def task_note_voice(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Send the voice of a note; its owner hears it once the version was answered."""
    rows = TaskNote.objects.select_related("voice", "version__work__cohort__place", "version__review")
    note = get_object_or_404(rows, key=key, removed_at=None)
    work = note.version.work
    if work.user_id == request.user.pk and not hasattr(note.version, "review"):
        raise Http404
    return send_task_voice(request, note, work)


def send_task_voice(request: HttpRequest, row: TaskReview | TaskNote, work: TaskWork) -> HttpResponseBase:
    user = request.user
    if not user.is_authenticated or row.voice is None or not permissions.can_see_task(user, work):
        raise Http404
    return require_second_factor(request, work) or send_voice(request, row.voice)
