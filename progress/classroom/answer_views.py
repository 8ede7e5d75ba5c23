"""The page on which a trainee answers, on the own phone, the question that stands on the wall."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.slides.questions import list_choices
from progress.classroom import sessions
from progress.models import ClassroomSession
from ui.parameters import read_number


@never_cache
@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def classroom(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the present question and take the answer, to those in the class; ?part=1 is what the page fetches anew."""
    seat = sessions.read_seat(request.user, code)
    if seat is None:
        raise Http404
    etag = f'"{hashlib.sha256(repr((request.LANGUAGE_CODE, seat)).encode()).hexdigest()[:24]}"'
    known = parse_etags(request.headers.get("If-None-Match", "").replace("W/", ""))
    is_part = request.GET.get("part") == "1"
    if is_part and etag in known and sessions.is_running(seat):
        response: HttpResponse = HttpResponseNotModified()
        response["ETag"] = etag
        return response
    rows = ClassroomSession.objects.select_related("question", "cohort", "lesson__module__course")
    session = get_object_or_404(rows, pk=seat.pk)
    if request.method == "POST":
        take_answer(request, session)
        return redirect("progress:classroom", session.code)
    question = session.question if session.is_running else None
    context = {
        "session": session,
        "course": session.lesson.module.course,
        "newer": None if session.is_running else sessions.find_newer(session),
        "question": question,
        "choices": list_choices(question) if question else (),
        "letter": seat.letter or "",
        "is_revealed": seat.revealed_at is not None,
    }
    page = "_classroom_question.html" if is_part else "classroom_show.html"
    response = render(request, f"progress/classroom/{page}", context)
    response["ETag"] = etag
    return response


def take_answer(request: SignedInRequest, session: ClassroomSession) -> None:
    """Store the answer that was posted, or say why it is not taken."""
    question = session.question
    letter = request.POST.get("letter", "")
    number = read_number(request.POST.get("question", ""))
    if question is None or number != question.pk:
        messages.error(request, _("这一题过去了，答案没记。看老师现在问的这一题。"))
        return
    if letter not in {choice.letter for choice in list_choices(question)}:
        messages.error(request, _("没有这个选项，重新选一个。"))
        return
    try:
        sessions.answer_question(request.user, session, question.pk, letter)
    except sessions.Closed:
        messages.error(request, _("答案已经揭晓，这一题不收了。"))
