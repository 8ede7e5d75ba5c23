"""The public catalogue of courses, and the preview of a draft."""

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.hours import Hours, with_minutes
from courses.models import Course, Lesson, Module
from courses.outline import build_outline, find_first_lesson_id
from courses.panels import list_course_panels
from courses.standard.comparison import find_standard
from ui.database.orm import PreparedQuery
from ui.pages import build_page_url
from ui.responses.page_cache import stamped


def is_known(request: HttpRequest) -> bool:
    """Return whether somebody is signed in, without touching the session of a visitor who has none."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


@require_safe
@stamped("courses")
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the courses in the reader's language first, then the others."""
    lessons = Lesson.objects.published().filter(module__course=OuterRef("pk")).order_by()
    modules = Module.objects.filter(course=OuterRef("pk")).order_by()
    courses = Course.objects.published().select_related("cover")
    courses = courses.annotate(
        lesson_count=Coalesce(
            Subquery(lessons.values("module__course").annotate(n=Count("pk")).values("n")), 0
        ),
        hours=Coalesce(Subquery(modules.values("course").annotate(n=Sum("hours")).values("n")), 0),
    )
    ours = [course for course in courses if course.language == request.LANGUAGE_CODE]
    others = [course for course in courses if course.language != request.LANGUAGE_CODE]
    return render(request, "courses/course_list.html", {"courses": ours, "others": others})


def find_twins(course: int, twin: int) -> QuerySet[Course]:
    """Return the same course in the other language, which either of the two may name."""
    return Course.objects.published().filter(Q(pk=twin) | Q(twin=course)).order_by("pk")[:1]


COURSE = PreparedQuery(
    lambda slug: with_minutes(Course.objects.published().select_related("cover")).filter(slug=slug), 1
)
TWIN = PreparedQuery(find_twins, 2)


@require_safe
@stamped("courses")
def course(request: HttpRequest, slug: str) -> HttpResponse:
    found = COURSE.instances(slug)
    if not found:
        raise Http404
    course = found[0]
    units = build_outline(course.pk)
    context = {
        "course": course,
        "units": units,
        "first": units[0].lessons[0] if units and not is_known(request) else None,
        "hours": sum(unit.module.hours for unit in units),
        "minutes": Hours(
            sum(lesson.minutes for unit in units for lesson in unit.lessons),
            course.task_minutes,
            course.drill_minutes,
        ),
        "lesson_count": sum(len(unit.lessons) for unit in units),
        "proofs": [unit.module.proof for unit in units if unit.module.proof],
        "has_standard": find_standard(course) is not None,
        "panels": list_course_panels(),
        "twin": next(iter(TWIN.instances(course.pk, course.twin_id or 0)), None),
    }
    return render(request, "courses/course_show.html", context)


@require_safe
@stamped("courses")
def lesson(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show visitors the first lesson in full, and only the title of others; signed-in people learn at /learn/."""
    if is_known(request):
        return redirect(build_page_url("courses.lesson", pk))
    found = Lesson.objects.published().filter(module__course__slug=slug).select_related("module__course")
    lesson = get_object_or_404(found, pk=pk)
    course = lesson.module.course
    first_id = find_first_lesson_id(course)
    context = {
        "lesson": lesson.refresh_html() if pk == first_id else lesson,
        "course": course,
        "is_open": pk == first_id,
        "first_id": first_id,
        "next": build_page_url("courses.course", course.slug)
        if pk == first_id
        else lesson.get_absolute_url(),
    }
    return render(request, "courses/lesson_taste.html", context)


@login_required_keeping_post
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a lesson as the trainee will see it, to those who may edit it; rendered from the present text."""
    lesson = get_object_or_404(
        Lesson.objects.manageable_by(request.user).select_related("module__course"), pk=pk
    )
    lesson.render()
    return render(request, "courses/lesson_preview.html", {"lesson": lesson, "course": lesson.module.course})
