"""A lesson's video, its captions and what of it was watched; and how a person likes to learn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.kept import signed_in
from courses.models import Lesson
from media.sending import send
from progress import gates, rules
from progress.clock_time import ms
from progress.forms import LearningChoiceForm
from progress.models import LearningChoice
from progress.views.learning import as_read_by, reading

TYPES = {
    "480.mp4": "video/mp4",
    "240.mp4": "video/mp4",
    "listen.m4a": "audio/mp4",
    "poster.webp": "image/webp",
}


def watchable(request: HttpRequest, pk: int) -> Lesson:
    """The lesson, for who may watch its video now; to everybody else it is not there."""
    lesson = get_object_or_404(gates.with_gates(Lesson.objects.all()), pk=pk)
    if not rules.can_watch(request.user, lesson):
        raise Http404
    return lesson


@require_safe
def video(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """A file is asked for by a player, which could not follow to a sign-in page: refused is 404."""
    lesson = watchable(request, pk)
    if part not in TYPES or lesson.video is None or not lesson.video.is_ready:
        raise Http404
    return send(request, lesson.video.name_of(part), TYPES[part])


@require_safe
@cache_control(private=True, max_age=86400)
def captions(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = watchable(request, pk)
    if not lesson.captions:
        raise Http404
    return HttpResponse(lesson.captions, content_type="text/vtt; charset=utf-8")


@never_cache
@require_safe
def watched(request: HttpRequest, pk: int) -> JsonResponse:
    """What stands of this person and this video now, and the dock that follows from it."""
    watchable(request, pk)
    lesson = as_read_by(request.user).get(pk=pk)
    found = reading(lesson, request.user)
    player = found["player"]
    if player is None:
        raise Http404
    dock = render_to_string("progress/_dock.html", found, request)
    return JsonResponse(
        {
            "intervals": player.watch["intervals"],
            "watched_ms": player.watch["watched_ms"],
            "last_ms": player.watch["last_ms"],
            "furthest_ms": player.watch["furthest_ms"],
            "percent": player.percent,
            "done": lesson.is_done,
            "dock": dock,
        }
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: HttpRequest) -> HttpResponse:
    """How I like to learn. A lesson's page posts a rung alone here, and leads back."""
    mine = LearningChoice.objects.filter(user=request.user).first() or LearningChoice(user=request.user)
    back = request.POST.get("next", "")
    # A word without a stroke would be looked up as the name of a page.
    is_ours = "/" in back and url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    form = LearningChoiceForm(kept.typed(request), instance=mine, keeps_rest=bool(back))
    if request.method == "POST" and form.is_valid():
        chosen_at = mine.chosen_at | dict.fromkeys(form.cleaned_data, ms(timezone.now()))
        new = form.cleaned_data | {"chosen_at": chosen_at}
        LearningChoice.objects.update_or_create(user=request.user, defaults=new)
        messages.success(request, _("记下了，以后都这样。"))
        return redirect(back if is_ours else "progress:choice")
    return render(request, "progress/choice_edit.html", {"form": form})
