"""The page on which who teaches a lesson reads it aloud, paragraph by paragraph."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Lesson, LessonVoice
from courses.permissions import can_teach
from courses.voices import services
from courses.voices.forms import PartForm, VoiceForm
from courses.voices.paragraphs import estimate_seconds, list_paragraphs
from media.voice.services import MOST_SECONDS
from outbox.protocol import get_event_id, get_happened_at

DELETED = gettext_lazy("删掉了。录音文件一周之内从网站上清干净。")


def make_url(lesson: Lesson, speech: str = "", *, of_film: bool = False) -> str:
    url = reverse("courses:voice", args=[lesson.module.course.slug, lesson.pk])
    query = ({"speech": speech} if speech else {}) | ({"film": "1"} if of_film else {})
    return f"{url}?{urlencode(query)}" if query else url


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Begin, record, open, withdraw and delete one's own voice of a lesson; `?speech=` says which of them,
    and `?film=1` that the lines of the film are recorded, not the text.

    Who does not teach the course any more withdraws and deletes what they have recorded, and does nothing else; 404 for
    everybody else. `do=part` is posted by the phone and answered with JSON.
    """
    lessons = Lesson.objects.select_related("module__course__place", "video")
    lesson = get_object_or_404(lessons, pk=pk, module__course__slug=slug)
    own = services.list_own(request.user, lesson)
    mine = next((one for one in own if one.speech == request.GET.get("speech")), None)
    is_visible = Lesson.objects.visible_to(request.user).filter(pk=pk).exists()
    if not is_visible or not can_teach(request.user, lesson.module.course):
        return give_up(request, lesson, own, mine)
    of_film = request.GET.get("film") == "1" and bool(services.list_film_cues(lesson))
    act = request.POST.get("do", "")
    if act == "part":
        return keep_part(request, lesson, mine, of_film)
    if mine and act in ("open", "withdraw", "delete"):
        return change(request, lesson, mine, act, of_film)
    if mine and request.method != "POST":
        return show_recorder(request, lesson, mine, of_film)
    return begin(request, lesson, own, of_film)


def give_up(
    request: SignedInRequest, lesson: Lesson, own: list[LessonVoice], mine: LessonVoice | None
) -> HttpResponse:
    """Withdraw or delete one's own voice, also without teaching the course any more."""
    act = request.POST.get("do", "")
    if not own or (request.method == "POST" and not (mine and act in ("withdraw", "delete"))):
        raise Http404
    if mine and act == "withdraw":
        services.withdraw_voice(mine)
        messages.success(request, _("收回来了，学员听不到了。"))
        return redirect(make_url(lesson))
    if mine and act == "delete":
        services.delete_voice(mine)
        messages.success(request, DELETED)
        return redirect(make_url(lesson) if len(own) > 1 else "/")
    context = {
        "lesson": lesson,
        "course": lesson.module.course,
        "own": [(one, make_url(lesson, one.speech)) for one in own],
    }
    return render(request, "courses/voices/voice_own.html", context)


def begin(request: SignedInRequest, lesson: Lesson, own: list[LessonVoice], of_film: bool) -> HttpResponse:
    form = VoiceForm(get_posted_or_kept(request), initial={"shown_name": request.user.name[:20]})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        row = services.begin_voice(request.user, lesson, facts["speech"], facts["shown_name"])
        return redirect(make_url(lesson, row.speech, of_film=of_film))
    seconds = sum(estimate_seconds(one.text) for one in list_paragraphs(lesson.html))
    context = {
        "lesson": lesson,
        "course": lesson.module.course,
        "form": form,
        "own": [(one, make_url(lesson, one.speech, of_film=of_film)) for one in own],
        "count": len(list_paragraphs(lesson.html)),
        "minutes": max(1, round(seconds / 60)),
        "cue_count": len(services.list_film_cues(lesson)),
        "of_film": of_film,
    }
    return render(request, "courses/voices/voice_begin.html", context)


def show_recorder(request: SignedInRequest, lesson: Lesson, mine: LessonVoice, of_film: bool) -> HttpResponse:
    rows = services.list_rows(mine, lesson, of_film=of_film)
    context = {
        "lesson": lesson,
        "course": lesson.module.course,
        "voice": mine,
        "rows": rows,
        "missing": sum(row.part is None for row in rows),
        "is_begun": any(row.part for row in rows),
        "of_film": of_film,
        "has_film": bool(services.list_film_cues(lesson)),
        "film_file": f"{'240' if lesson.video and lesson.video.bytes_of('240') else '480'}.mp4",
        "action": make_url(lesson, mine.speech, of_film=of_film),
        "text_url": make_url(lesson, mine.speech),
        "film_url": make_url(lesson, mine.speech, of_film=True),
        "begin_url": make_url(lesson, of_film=of_film),
        "most_seconds": MOST_SECONDS,
        "quiet_db": services.QUIET_DB,
    }
    return render(request, "courses/voices/voice_record.html", context)


def change(
    request: SignedInRequest, lesson: Lesson, mine: LessonVoice, act: str, of_film: bool
) -> HttpResponse:
    """Open, withdraw or delete it, and say so."""
    if act == "open":
        try:
            services.open_voice(mine)
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
        else:
            messages.success(request, _("放出去了，学员打开这一课就听得到。"))
        return redirect(make_url(lesson, mine.speech, of_film=of_film))
    if act == "withdraw":
        services.withdraw_voice(mine)
        messages.success(request, _("收回来了，学员听不到了。录音还在，随时可以再放。"))
        return redirect(make_url(lesson, mine.speech, of_film=of_film))
    services.delete_voice(mine)
    messages.success(request, DELETED)
    return redirect(make_url(lesson, of_film=of_film))


def keep_part(
    request: SignedInRequest, lesson: Lesson, mine: LessonVoice | None, of_film: bool
) -> JsonResponse:
    """Take one recording that the server has; a second copy is answered with the same success."""
    if mine is None:
        return JsonResponse({"problem": _("这份录音已经删掉了。")}, status=404)
    form, key = PartForm(request.POST), get_event_id(request)
    if key is None or not form.is_valid():
        return JsonResponse({"problem": _("没传完整，再录一次")}, status=400)
    facts = form.cleaned_data
    try:
        part = services.keep_part(
            mine,
            lesson,
            facts["digest"],
            facts["voice"],
            key,
            noise_db=facts["noise_db"],
            at=get_happened_at(request),
        )
    except ValidationError as problem:
        return JsonResponse({"problem": problem.messages[0]}, status=400)
    missing = sum(row.part is None for row in services.list_rows(mine, lesson, of_film=of_film))
    return JsonResponse({"digest": facts["digest"], "is_kept": part is not None, "missing": missing})
