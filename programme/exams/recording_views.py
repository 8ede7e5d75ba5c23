"""The recording of an examinee's half hour: its page, choosing which it is, and the film itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import second_factor
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from media.private_files import send_private
from programme.exams import recordings
from programme.exams.forms import RecordingForm
from programme.models import ExamSeat
from programme.permissions import can_link_exam_film, can_watch_exam_film
from progress.lessons.views import TYPES
from rehearsals.submissions import retention

RELATED = ("exam__cohort__place", "user", "recording__video", "recording__rehearsal__livestream")


def get_seat_or_404(user: User, key: UUID) -> ExamSeat:
    """Return a seat that still stands, to those who may watch its recording or choose it; else 404."""
    rows = ExamSeat.objects.filter(withdrawn_at=None).select_related(*RELATED)
    seat = get_object_or_404(rows, key=key)
    if not can_watch_exam_film(user, seat) and not can_link_exam_film(user, seat):
        raise Http404
    return seat


def require_second_factor(request: HttpRequest, seat: ExamSeat) -> HttpResponse | None:
    """Ask staff for the second factor before they see somebody else's; None if it is not due."""
    if seat.user_id == request.user.pk or not second_factor.is_due(request):
        return None
    return second_factor.redirect_to_second_factor(request, request.get_full_path())


@login_required_keeping_post
@second_factor.staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def exam_recording(request: SignedInRequest, key: UUID) -> HttpResponseBase:
    """Show the recording to those who may watch it, and the choice to its examiners and to who leads the class."""
    seat = get_seat_or_404(request.user, key)
    can_link = can_link_exam_film(request.user, seat)
    if request.method == "POST" and not can_link:
        raise Http404
    form = RecordingForm(get_posted_or_kept(request), seat=seat) if can_link else None
    if request.method == "POST" and form is not None and form.is_valid():
        return link(request, seat, form)
    can_watch = can_watch_exam_film(request.user, seat)
    context = {
        "seat": seat,
        "exam": seat.exam,
        "recording": seat.recording,
        "can_watch": can_watch,
        "is_mine": seat.user_id == request.user.pk,
        "goes_on": retention.get_deletion_day(seat.recording) if seat.recording else None,
        "form": form,
    }
    return render(request, "programme/exams/exam_recording.html", context)


def link(request: SignedInRequest, seat: ExamSeat, form: RecordingForm) -> HttpResponse:
    chosen = form.cleaned_data["recording"]
    try:
        if recordings.link_recording(request.user, seat, chosen):
            said = (
                _("附上了。考生、考官和管理员看得到。") if chosen else _("拿掉了，录像还在考生自己的彩排里。")
            )
            messages.success(request, said)
    except recordings.SeatWithdrawn:
        raise Http404 from None
    return redirect("programme:exam_recording", seat.key)


@require_safe
def exam_film(request: HttpRequest, key: UUID, part: str) -> HttpResponseBase:
    """Send the film, or its still; a player cannot follow to a sign-in page, so a refusal is 404."""
    if not request.user.is_authenticated or part not in TYPES:
        raise Http404
    seat = get_seat_or_404(request.user, key)
    recording = seat.recording
    if recording is None or not can_watch_exam_film(request.user, seat):
        raise Http404
    if recording.video is None or not recording.video.is_ready or recording.video_gone_at is not None:
        raise Http404
    return require_second_factor(request, seat) or send_private(
        request, recording.video.name_of(part), TYPES[part]
    )
