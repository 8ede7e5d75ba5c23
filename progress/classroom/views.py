"""The slides of a lesson on the wall and their remote control on a phone, for those who teach the course."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Cohort, Lesson
from courses.other_language import find_same_lessons, find_twin, make_switch
from courses.outline import locate_lesson
from courses.permissions import can_teach
from courses.slides.other_words import Words
from courses.slides.questions import LETTERS
from courses.slides.slide import Slide
from progress.classroom import sessions
from progress.classroom.deck import load_deck, load_words
from progress.classroom.forms import StartForm, read_hands
from progress.models import ClassroomSession
from ui.svg import draw_code


def of_lesson(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its lesson, for those who teach the course; else 404."""

    @never_cache
    @login_required_keeping_post
    @wraps(view)
    def answer(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
        lessons = Lesson.objects.visible_to(request.user).select_related("module__course__place")
        lesson = get_object_or_404(lessons, pk=pk, module__course__slug=slug)
        if not can_teach(request.user, lesson.module.course):
            raise Http404
        return view(request, lesson)

    return answer


@of_lesson
@require_safe
def slides(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    """Show the slides: all on one page, which a script turns into one at a time."""
    session = sessions.find_session(request.user, lesson)
    classes = find_classes(request, lesson)
    remote = request.build_absolute_uri(make_url("slides_remote", lesson))
    context = describe(lesson, load_deck(lesson), session) | {
        "spot": locate_lesson(lesson),
        "form": StartForm(None, classes),
        "has_classes": classes.exists(),
        "remote": remote,
        "remote_code": draw_code(remote) if session else "",
    }
    if session and session.cohort_id:
        link = request.build_absolute_uri(reverse("progress:classroom", args=[session.code]))
        context |= {"answer_link": link, "answer_code": draw_code(link)}
    return render(request, "progress/classroom/slides_show.html", context)


@of_lesson
@require_safe
def remote(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    """Show the trainer's phone: what to say now, what comes next, two large buttons; with ?in= in the words of the course's
    twin, while the wall stays as it is.
    """
    session = sessions.find_session(request.user, lesson)
    deck = load_deck(lesson)
    course = lesson.module.course
    twin = find_twin(course)
    other = find_same_lessons(twin, [lesson.pk]).get(lesson.pk) if twin else None
    switch = make_switch(request, course.language, [twin.language] if twin and other else [])
    words: list[Words | None] = [None] * len(deck)
    if other and switch and switch.is_on:
        words = load_words(deck, other)
    at = (min(session.position, len(deck)), session.is_second) if session else (1, False)
    context = describe(lesson, deck, session) | {
        "at": at[0],
        "steps": list(zip(deck, words, strict=True)),
        "written": twin if switch and switch.is_on else course,
        "switch": switch,
        "previous": find_step(deck, *at, -1),
        "next": find_step(deck, *at, 1),
        "hands": sessions.read_counts(session.pk, session.question_id)["hands"] if session else [],
    }
    return render(request, "progress/classroom/remote_show.html", context)


def describe(lesson: Lesson, deck: list[Slide], session: ClassroomSession | None) -> dict[str, Any]:
    return {
        "lesson": lesson,
        "course": lesson.module.course,
        "deck": deck,
        "session": session,
        "letters": LETTERS,
        **{name: make_url(name, lesson) for name in ("slides", "slides_move", "slides_now", "slides_hands")},
    }


def make_url(name: str, lesson: Lesson) -> str:
    return reverse(f"progress:{name}", args=[lesson.module.course.slug, lesson.pk])


def find_classes(request: SignedInRequest, lesson: Lesson):
    """Return the person's classes of this course that are not over."""
    rows = Cohort.objects.guided_by(request.user).filter(course=lesson.module.course_id)
    return rows.filter(ends_on__gte=timezone.localdate())


def find_step(deck: list[Slide], position: int, is_second: bool, by: int) -> str:
    """Return where one press leads from here, as 7 or 7.1; at the end of the slides it leads nowhere new."""
    stops = [
        (n, second)
        for n, slide in enumerate(deck, 1)
        for second in ((False, True) if slide.has_second else (False,))
    ]
    here = stops.index((position, is_second)) if (position, is_second) in stops else 0
    number, second = stops[min(max(here + by, 0), len(stops) - 1)]
    return f"{number}.1" if second else str(number)


@of_lesson
@require_POST
def start(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    """Begin, so that a phone can control the slides and the class can answer."""
    form = StartForm(request.POST, find_classes(request, lesson))
    if not form.is_valid():
        messages.error(request, _("这个班不在了，或者不是你带的。重新选一个。"))
    else:
        sessions.start_session(request.user, lesson, form.cleaned_data["cohort"])
    return redirect(make_url("slides", lesson))


@of_lesson
@require_POST
def end(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    sessions.end_session(request.user, lesson)
    messages.success(request, _("这堂课结束了，手机不再答题。"))
    return redirect(lesson.plan if hasattr(lesson, "plan") else make_url("slides", lesson))


@of_lesson
@require_POST
def move(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    """Go to a slide: `to` is 7, or 7.1 for its second press. The script gets JSON, a form goes back to the remote."""
    deck = load_deck(lesson)
    to = sessions.parse_at(request.POST.get("to", ""), len(deck))
    session = sessions.move_session(request.user, lesson, deck, *to) if to else None
    if is_script(request):
        if to is None:
            return JsonResponse({"problem": _("没有这一页。")}, status=400)
        return answer_poll(request, lesson.pk) if session else answer_over()
    if to is None:
        messages.error(request, _("没有这一页。"))
    return redirect(make_url("slides_remote", lesson))


@of_lesson
@require_POST
def hands(request: SignedInRequest, lesson: Lesson) -> HttpResponse:
    """Store the hands that were counted for the question on the wall."""
    counts = read_hands(request.POST)
    session = sessions.count_hands(request.user, lesson, counts) if counts else None
    problem = ""
    if counts is None:
        problem = _("举手的人数写 0 到 %(most)s 的整数。") % {"most": sessions.MOST_HANDS}
    elif session is None:
        problem = _("墙上现在没有题，人数没记。")
    if is_script(request):
        return JsonResponse({"problem": problem}, status=400) if problem else answer_poll(request, lesson.pk)
    if problem:
        messages.error(request, problem)
    return redirect(make_url("slides_remote", lesson))


@never_cache
@login_required_keeping_post
@require_safe
def now(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Say where one's own slides stand; 304 if nothing has changed, after one query of its own."""
    return answer_poll(request, pk)


def answer_poll(request: SignedInRequest, lesson: int) -> HttpResponse:
    found = sessions.read_poll(request.user, lesson)
    if found is None:
        return answer_over()
    etag = f'"{hashlib.sha256(repr(found).encode()).hexdigest()[:24]}"'
    known = parse_etags(request.headers.get("If-None-Match", "").replace("W/", ""))
    response: HttpResponse
    if etag in known and request.method != "POST":
        response = HttpResponseNotModified()
    else:
        elapsed = int((timezone.now() - found.moved_at).total_seconds())
        state = {"version": found.version, "at": found.at, "elapsed": elapsed, "question": found.question}
        state |= {"answered": found.answered}
        counts = sessions.read_counts(found.pk, found.question) if found.question else {}
        response = JsonResponse(state | counts)
    response["ETag"] = etag
    return response


def answer_over() -> JsonResponse:
    return JsonResponse({"over": True}, status=404)


def is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
