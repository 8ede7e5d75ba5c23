"""Lessons on the phone: what one consists of, and the page that lists those that are there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from courses.models import Lesson
from courses.reading import readable
from progress import gates, keeping, rules


@signed_in
@require_safe
@cache_control(private=True, no_cache=True)
def keep(request: HttpRequest, pk: int) -> JsonResponse:
    """JSON for keep.js, see progress.keeping. A draft is nobody's to keep."""
    lesson = get_object_or_404(gates.with_gates(Lesson.objects.all()), pk=pk)
    if not lesson.is_out or not rules.can_watch(request.user, lesson):
        raise Http404
    return JsonResponse(keeping.listing(readable(lesson), request.user))


@signed_in
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """The phone fills it in: what is kept, nobody else knows."""
    return render(request, "progress/kept.html")
