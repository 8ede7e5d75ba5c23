"""Pages of a course and its lessons: reading, watching, storing for offline use, and how a person likes to learn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from courses.authoring.publication import list_changes_since
from courses.models import Course, Lesson, Quiz
from courses.outline import LessonRow, Unit, build_outline, list_lessons
from courses.permissions import can_read
from media.private_files import send_private
from media.voice.services import send_voice
from outbox.protocol import get_event_id, get_happened_at
from progress import permissions
from progress.enrolment import prerequisites
from progress.enrolment.services import NotEnrolled
from progress.lessons import offline_bundle, player, voices
from progress.lessons.completion import NotPublished, mark_done
from progress.lessons.forms import LearningChoiceForm
from progress.lessons.lesson_page import answer_closed, get_lesson_as_read_by, get_lesson_context
from progress.lessons.next_task import find_next_task
from progress.lessons.watch_time import to_ms
from progress.models import Enrolment, LearningChoice, LessonDone
from progress.quizzes import placement, quiz_status

TYPES = {
    "480.mp4": "video/mp4",
    "240.mp4": "video/mp4",
    "listen.m4a": "audio/mp4",
    "poster.webp": "image/webp",
}


@login_required_keeping_post
@require_safe
def course(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the course with the lessons one has done; who is not enrolled may look and is offered to enrol."""
    course = get_object_or_404(Course.objects.visible_to(request.user), slug=slug)
    enrolment = (
        Enrolment.objects.active()
        .filter(user=request.user, course=course)
        .select_related("cohort__place")
        .first()
    )
    ticked = LessonDone.objects.filter(user=request.user, lesson__module__course=course)
    done = dict(ticked.values_list("lesson_id", "happened_at"))
    units = build_outline(course.pk)
    lessons = list_lessons(units)
    context = {
        "course": course,
        "units": units,
        "enrolment": enrolment,
        "done": done,
        "count": sum(lesson.pk in done for lesson in lessons),
        "counts": {unit.module.pk: sum(lesson.pk in done for lesson in unit.lessons) for unit in units},
        "total": len(lessons),
        "next": next((lesson for lesson in lessons if lesson.pk not in done), None),
        "closed": prerequisites.list_closed_ids(request.user, course),
        "news": {},
        "work": quiz_status.list_for_course(course, request.user),
        "known": set(),
        "teaches": enrolment is None and permissions.can_teach(request.user, course),
    }
    if any(quiz.kind == Quiz.Kind.PLACEMENT and quiz.tried for quiz in context["work"].pre):
        context["known"] = find_known(request.user, course)
        left = [lesson for lesson in lessons if lesson.pk not in done]
        context["next"] = next(
            (lesson for lesson in left if lesson.module_id not in context["known"]), context["next"]
        )
    if enrolment and enrolment.course_version < course.version:
        context["versions"], context["news"] = list_changes_since(course, enrolment.course_version)
    if enrolment:
        context["task"] = find_next_task(enrolment, context["work"], units, context["closed"])
    context["returned"] = context["work"].find_returned()
    context["opened"] = context["returned"] | find_unfolded(
        units, context["next"] if enrolment else lessons[0] if lessons else None, context["news"]
    )
    return render(request, "progress/lessons/course_show.html", context)


def find_known(user: User, course: Course) -> set[int]:
    """Return the ids of the modules that the person's newest placement test shows as known."""
    found = placement.load_placement(user, course)
    return found.known if found else set()


def find_unfolded(units: list[Unit], now: LessonRow | None, news: dict[int, str]) -> set[int]:
    """Return the ids of modules shown unfolded: that of the next lesson, and those in which something is new."""
    shown = {now.module_id} if now else set()
    return shown | {unit.module.pk for unit in units if any(lesson.pk in news for lesson in unit.lessons)}


@login_required_keeping_post
@require_POST
def course_seen(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that the trainee has read what is new in the course; later changes count from the present version."""
    mine = Enrolment.objects.active().filter(user=request.user, course__slug=slug)
    enrolment = get_object_or_404(mine.select_related("course"))
    mine.filter(course_version__lt=enrolment.course.version).update(course_version=enrolment.course.version)
    return redirect("progress:course", slug)


def get_lesson_or_404(pk: int) -> Lesson:
    """Return a lesson with its course and video; the caller decides who may see it."""
    return get_object_or_404(Lesson.objects.select_related("module__course", "video"), pk=pk)


@login_required_keeping_post
@require_safe
def lesson(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a lesson. The same queries whatever the course's length."""
    lesson = get_lesson_as_read_by(request.user, pk)
    if not can_read(request.user, lesson):
        raise Http404
    if not lesson.is_out:
        return redirect("courses:preview", pk)
    if prerequisites.is_closed(request.user, lesson.module):
        return answer_closed(request, lesson)
    context = get_lesson_context(lesson.refresh_html(), request.user, player.parse_request(request))
    return render(request, "progress/lessons/lesson_show.html", context)


@login_required_keeping_post
@require_POST
def lesson_done(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the phone's event: `event_id`, `happened_at`. A second copy is answered with the same success.

    A lesson that was withdrawn while somebody read it still counts for them.
    """
    lesson = get_object_or_404(Lesson.objects.select_related("module__course"), pk=pk)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        row = mark_done(request.user, lesson, get_event_id(request), get_happened_at(request))
    except NotPublished:
        raise Http404 from None
    except NotEnrolled:
        if not can_read(request.user, lesson):
            raise Http404 from None
        problem = _("先报名，再记学完。")
        if wants_json:
            return JsonResponse({"problem": problem}, status=409)
        messages.error(request, problem)
        return redirect("progress:course", lesson.module.course.slug)
    if wants_json:
        dock = render_to_string(
            "progress/lessons/_dock.html",
            get_lesson_context(get_lesson_as_read_by(request.user, pk), request.user),
            request,
        )
        return JsonResponse({"event_id": row.event_id, "happened_at": row.happened_at, "dock": dock})
    messages.success(request, _("学完了，给你记上了。"))
    if lesson.is_out:
        return redirect("progress:lesson", pk)
    return redirect("progress:learn")


def get_watchable_or_404(request: SignedInRequest, pk: int) -> Lesson:
    """Return the lesson for who may watch its video now; 404 for everybody else."""
    lesson = get_lesson_or_404(pk)
    if not permissions.can_watch(request.user, lesson):
        raise Http404
    return lesson


@require_safe
def video(request: SignedInRequest, pk: int, part: str) -> HttpResponseBase:
    """Send a file of the video; a player cannot follow to a sign-in page, so a refusal is 404."""
    lesson = get_watchable_or_404(request, pk)
    if part not in TYPES or lesson.video is None or not lesson.video.is_ready:
        raise Http404
    return send_private(request, lesson.video.name_of(part), TYPES[part])


@require_safe
def lesson_voice(request: SignedInRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Send the recording of a paragraph; a refusal is 404."""
    found = voices.find_sound(request.user, pk, key)
    if found is None:
        raise Http404
    return send_voice(request, found)


@require_safe
@cache_control(private=True, max_age=86400)
def captions(request: SignedInRequest, pk: int) -> HttpResponse:
    lesson = get_watchable_or_404(request, pk)
    if not lesson.captions:
        raise Http404
    return HttpResponse(lesson.captions, content_type="text/vtt; charset=utf-8")


@never_cache
@require_safe
def watched(request: SignedInRequest, pk: int) -> JsonResponse:
    """Return what this person has watched of the video so far, and the dock that follows from it."""
    get_watchable_or_404(request, pk)
    found = get_lesson_context(get_lesson_as_read_by(request.user, pk), request.user)
    player = found["player"]
    if player is None:
        raise Http404
    dock = render_to_string("progress/lessons/_dock.html", found, request)
    return JsonResponse(
        {
            "intervals": player.watch["intervals"],
            "watched_ms": player.watch["watched_ms"],
            "last_ms": player.watch["last_ms"],
            "furthest_ms": player.watch["furthest_ms"],
            "percent": player.percent,
            "done": found["is_done"],
            "dock": dock,
        }
    )


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: SignedInRequest) -> HttpResponse:
    """Edit how a person likes to learn. A lesson's page posts only the rendition, and is returned to."""
    mine = LearningChoice.objects.filter(user=request.user).first() or LearningChoice(user=request.user)
    back = request.POST.get("next", "")
    # A word without a slash would be looked up as the name of a URL.
    is_ours = "/" in back and url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    form = LearningChoiceForm(get_posted_or_kept(request), instance=mine, keeps_rest=bool(back))
    if request.method == "POST" and form.is_valid():
        chosen_at = mine.chosen_at | dict.fromkeys(form.cleaned_data, to_ms(timezone.now()))
        new = form.cleaned_data | {"chosen_at": chosen_at}
        LearningChoice.objects.update_or_create(user=request.user, defaults=new)
        messages.success(request, _("记下了，以后都这样。"))
        return redirect(back if is_ours else "progress:choice")
    return render(request, "progress/lessons/choice_edit.html", {"form": form})


@login_required_keeping_post
@require_safe
@cache_control(private=True, no_cache=True)
def keep(request: SignedInRequest, pk: int) -> JsonResponse:
    """Return the bundle for keep.js as JSON (`offline_bundle`), with the voice that `?voice=` names. A draft cannot be taken
    offline.
    """
    lesson = get_lesson_or_404(pk)
    if not lesson.is_out or not permissions.can_watch(request.user, lesson):
        raise Http404
    choice = request.GET.get("voice", "")
    return JsonResponse(offline_bundle.describe_bundle(lesson.refresh_html(), request.user, choice))


@login_required_keeping_post
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show the page of lessons on the phone; the phone fills it in, because only it knows them."""
    return render(request, "progress/lessons/offline_list.html")
