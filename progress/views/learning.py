"""The trainee's own pages: my courses, one course with its ticks, one lesson."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import BooleanField, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import waiting
from accounts.kept import signed_in
from accounts.models import User
from courses import rules
from courses.models import Assignment, Course, Lesson
from courses.outline import Unit, outline, spot
from courses.reading import readable
from courses.versions import news_since
from progress import announcing, asking, gates, quizzing, watching
from progress.board import classes_of
from progress.doing import NotEnrolled, NotOut, mark_done
from progress.models import Enrolment, LessonDone
from progress.standing import current, standings

CLASSES_SHOWN, COURSES_SHOWN = 5, 6
# Written out, for the page that is read most: making these two by the ORM took a sixth of all its time.
ENROLLED = """EXISTS (SELECT 1 FROM progress_enrolment mine
 WHERE mine.user_id = %s AND mine.course_id = courses_module.course_id AND mine.left_at IS NULL)"""
DONE = """EXISTS (SELECT 1 FROM progress_lessondone tick
 WHERE tick.user_id = %s AND tick.lesson_id = courses_lesson.id)"""


@signed_in
@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    """Home of who is signed in: the next lesson first."""
    user = request.user
    mine = standings(user)
    taken = [standing.course.pk for standing in mine]
    classes = [standing.enrolment for standing in mine if standing.enrolment.cohort_id]
    announcing.hang_latest(classes)
    now = current(mine, request.LANGUAGE_CODE)
    others = Course.objects.published().filter(language=request.LANGUAGE_CODE).exclude(pk__in=taken)
    others = list(others[: COURSES_SHOWN + 1])
    context = {
        "standings": mine,
        "now": now,
        "pre_test": quizzing.pre_test(now.course, user) if now and not now.done else None,
        "classes": classes,
        "waits": waiting.block(request),
        "is_staff": user.is_superuser or user.has_a_staff_role,
        "taught": classes_of(user)[:CLASSES_SHOWN],
        "others": others[:COURSES_SHOWN],
        "more_courses": len(others) > COURSES_SHOWN,
        "today": timezone.localdate(),
    }
    return render(request, "progress/learn_home.html", context)


@signed_in
@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """The course with one's own ticks; who is not enrolled may look and is offered to enrol."""
    course = get_object_or_404(Course.objects.visible_to(request.user), slug=slug)
    enrolment = (
        Enrolment.objects.active()
        .filter(user=request.user, course=course)
        .select_related("cohort__place")
        .first()
    )
    ticked = LessonDone.objects.filter(user=request.user, lesson__module__course=course)
    done = dict(ticked.values_list("lesson_id", "happened_at"))
    units = outline(course)
    lessons = [lesson for unit in units for lesson in unit.lessons]
    context = {
        "course": course,
        "units": units,
        "enrolment": enrolment,
        "done": done,
        "count": sum(lesson.pk in done for lesson in lessons),
        "counts": {unit.module.pk: sum(lesson.pk in done for lesson in unit.lessons) for unit in units},
        "total": len(lessons),
        "next": next((lesson for lesson in lessons if lesson.pk not in done), None),
        "closed": gates.closed_in(request.user, course),
        "news": {},
        "beside": quizzing.on_course(course, request.user),
    }
    if enrolment and enrolment.course_version < course.version:
        context["versions"], context["news"] = news_since(course, enrolment.course_version)
    context["opened"] = opened(
        units, context["next"] if enrolment else lessons[0] if lessons else None, context["news"]
    )
    return render(request, "progress/course_show.html", context)


def opened(units: list[Unit], now: Lesson | None, news: dict[int, str]) -> set[int]:
    """The modules that are not folded: that of the lesson to go on with, and those in which something is new."""
    shown = {now.module_id} if now else set()
    return shown | {unit.module.pk for unit in units if any(lesson.pk in news for lesson in unit.lessons)}


@signed_in
@require_POST
def course_seen(request: HttpRequest, slug: str) -> HttpResponse:
    """The trainee has read what is new: from here on news are told from the version of now."""
    mine = Enrolment.objects.active().filter(user=request.user, course__slug=slug)
    enrolment = get_object_or_404(mine.select_related("course"))
    mine.filter(course_version__lt=enrolment.course.version).update(course_version=enrolment.course.version)
    return redirect("progress:course", slug)


@signed_in
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be made after a module, and what is to be handed in."""
    courses = Course.objects.visible_to(request.user).order_by().values("pk")
    tasks = Assignment.objects.select_related("module__course").filter(module__course__in=courses)
    task = get_object_or_404(tasks, pk=pk)
    course = task.module.course
    is_closed = gates.is_closed(request.user, task.module) and not rules.can_edit(request.user, course)
    missing = gates.missing(request.user, task.module) if is_closed else []
    return render(request, "progress/task_show.html", {"task": task, "course": course, "missing": missing})


@signed_in
@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """Six queries with those of the session, whatever the course's length."""
    lesson = get_object_or_404(as_read_by(request.user), pk=pk)
    if not rules.can_read(request.user, lesson):
        raise Http404
    if not lesson.is_out:
        return redirect("courses:preview", pk)
    if lesson.has_gates and gates.is_closed(request.user, lesson.module):
        return closed(request, lesson)
    context = reading(readable(lesson), request.user, watching.asked(request))
    return render(request, "progress/lesson_show.html", context)


def closed(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """What is missing before this lesson, each with the way to it; who teaches it may go in all the same."""
    course = lesson.module.course
    context = {
        "lesson": lesson,
        "course": course,
        "missing": gates.missing(request.user, lesson.module),
        "may_preview": rules.can_edit(request.user, course),
    }
    return render(request, "progress/lesson_closed.html", context)


def as_read_by(user: User) -> QuerySet[Lesson]:
    """Lessons with their courses, videos and this reader's part in them: `is_enrolled`, `is_done`, `has_gates`,
    `ask_count`."""
    return gates.with_gates(Lesson.objects.all()).annotate(
        is_enrolled=RawSQL(ENROLLED, [user.pk], BooleanField()),
        is_done=RawSQL(DONE, [user.pk], BooleanField()),
        ask_count=RawSQL(asking.ASKED, [user.pk], IntegerField()),
    )


def reading(lesson: Lesson, user: User, asked: watching.Asked | None = None) -> dict:
    """What the page of a lesson shows its reader. Two queries."""
    here = spot(lesson)
    return {
        "lesson": lesson,
        "course": lesson.module.course,
        "spot": here,
        "is_enrolled": lesson.is_enrolled,
        "is_done": lesson.is_done,
        "event_id": uuid4(),
        "quizzes": quizzing.on_lesson(lesson, user, here),
        "player": watching.player(lesson, user, asked) if lesson.is_enrolled else None,
    }


@signed_in
@require_POST
def lesson_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the phone's event: `event_id`, `happened_at`. Sent again, it is answered with the same success.

    A lesson that was taken back while somebody read it still counts for them: what they did is not lost.
    """
    lesson = get_object_or_404(Lesson.objects.select_related("module__course"), pk=pk)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        row = mark_done(request.user, lesson, event_id(request), happened_at(request))
    except NotOut:
        raise Http404 from None
    except NotEnrolled:
        if not rules.can_read(request.user, lesson):
            raise Http404 from None
        problem = _("先报名，再记学完。")
        if wants_json:
            return JsonResponse({"problem": problem}, status=409)
        messages.error(request, problem)
        return redirect("progress:course", lesson.module.course.slug)
    if wants_json:
        dock = render_to_string(
            "progress/_dock.html", reading(as_read_by(request.user).get(pk=pk), request.user), request
        )
        return JsonResponse({"event_id": row.event_id, "happened_at": row.happened_at, "dock": dock})
    messages.success(request, _("学完了，给您记上了。"))
    if lesson.is_out:
        return redirect("progress:lesson", pk)
    return redirect("progress:learn")


def event_id(request: HttpRequest) -> UUID | None:
    """An id that is none is none: the fact is taken all the same."""
    try:
        return UUID(request.POST.get("event_id", ""))
    except ValueError:
        return None


def happened_at(request: HttpRequest) -> datetime | None:
    try:
        at = parse_datetime(request.POST.get("happened_at", ""))
        return at if at is None or timezone.is_aware(at) else timezone.make_aware(at)
    except (ValueError, OverflowError):
        return None
