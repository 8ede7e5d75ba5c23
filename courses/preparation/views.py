"""The pages for trainers before a class begins; nobody else sees them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from courses.hours import Hours, with_minutes
from courses.models import Cohort, Course, Lesson, State
from courses.other_language import PARAMETER, find_twin_in, make_switch
from courses.permissions import can_edit, can_teach
from courses.preparation.files import TrainerPage, find_other_page, find_page, list_pages
from courses.preparation.kit import build_kit
from courses.preparation.timetables import build_timetable
from courses.rendering import render_markdown
from ui.pages import build_page_url

# The page of what a trainer does after a lesson.
AFTER_THE_LESSON = "five-oclock"


def find_taught_course(request: SignedInRequest, slug: str) -> Any:
    """Return the course with its minutes; 404 for everybody who does not teach it."""
    courses = Course.objects.visible_to(request.user).select_related("place")
    course = get_object_or_404(with_minutes(courses), slug=slug)
    if not can_teach(request.user, course):
        raise Http404
    return course


@login_required_keeping_post
@require_safe
def preparation(request: SignedInRequest, slug: str) -> HttpResponse:
    """List what there is to read before a class begins, with the course's hours."""
    course = find_taught_course(request, slug)
    context = {"course": course, "pages": list_pages(), "hours": count_hours(course)}
    return render(request, "courses/preparation/preparation_list.html", context)


@login_required_keeping_post
@require_safe
def preparation_page(request: SignedInRequest, slug: str, topic: str) -> HttpResponse:
    """Show a page in the reader's language, with ?in= in another; a timetable names the lessons in its own language."""
    course = find_taught_course(request, slug)
    page = find_page(topic)
    if page is None:
        raise Http404
    other = find_other_page(page)
    switch = make_switch(request, page.language, [other.language] if other else [])
    is_missing = page.language != get_language()
    if other and switch and switch.is_on:
        page = other
    context = {
        "course": course,
        "page": page,
        "is_missing": is_missing,
        "switch": switch,
        "query": switch.query if switch else "",
        "problems": page.problems if can_edit(request.user, course) else [],
        "hours": count_hours(course),
        "links": list_links(request.user, course) if page.name == AFTER_THE_LESSON else [],
    }
    return render(
        request, f"courses/preparation/preparation_{page.shape}.html", context | describe(page, course)
    )


def list_links(user: User, course: Course) -> list[tuple[str, str]]:
    """Return (words, address) of the pages that a trainer opens after a lesson: staff alone review and follow who is stuck."""
    links = [(_("班级"), build_page_url("courses.classes"))]
    if user.works_in_the_admin:
        links.append((_("点评"), build_page_url("courses.reviews")))
        today = timezone.localdate()
        taught = (
            Cohort.objects.taught_by(user)
            .filter(course=course, starts_on__lte=today)
            .order_by("-starts_on", "-pk")
        )
        links += [(_("谁卡住了"), build_page_url("courses.support", cohort.pk)) for cohort in taught[:1]]
    return links


def count_hours(course: Any) -> Hours:
    rows = Lesson.objects.filter(module__course=course, state=State.PUBLISHED)
    return Hours(sum(rows.values_list("minutes", flat=True)), course.task_minutes, course.drill_minutes)


def describe(page: TrainerPage, course: Course) -> dict[str, Any]:
    """Return what the template of the page's shape needs besides."""
    if page.shape == "timetable":
        twin = find_twin_in(course, page.language)
        return {
            "timetable": build_timetable(page.content, course, twin),
            "written": twin or course,
            "plan_query": f"?{PARAMETER}={twin.language}" if twin else "",
        }
    if page.shape == "kit":
        return {"kit": build_kit(page.content, course, page.language)}
    if page.shape == "steps":
        return {"steps": [(step, render_markdown(step["do"], {})) for step in page.content["step"]]}
    return {"html": render_markdown(page.content["body"], {})}
