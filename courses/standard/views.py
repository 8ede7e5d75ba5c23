"""The page that shows a course beside the national occupational standard, for everybody."""

from __future__ import annotations

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.models import Course
from courses.standard.comparison import build_rows, find_standard
from ui.responses.page_cache import stamped


@require_safe
@stamped("courses")
def standard(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the standard asks and what the course teaches of it; 404 for a course about which nothing is written."""
    course = get_object_or_404(Course.objects.published(), slug=slug)
    written = find_standard(course)
    if written is None:
        raise Http404
    tasks, beyond, left = build_rows(written, course)
    numbers = {one["code"]: n for n, one in enumerate(written["source"], 1)}
    hours = course.modules.aggregate(hours=Sum("hours"))["hours"] or 0
    context = {
        "course": course,
        "standard": written,
        "levels": [
            one | {"source": numbers[one["source"]], "short": max(0, one["hours"] - hours)}
            for one in written["level"]
        ],
        "tests": [one | {"sources": [numbers[code] for code in one["sources"]]} for one in written["test"]],
        "hours": hours,
        "tasks": tasks,
        "beyond": beyond,
        "left": left,
    }
    return render(request, "courses/standard/standard_show.html", context)
