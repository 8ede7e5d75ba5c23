"""The evidence of one live as a zip."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from live import evidence
from live.permissions import can_take_evidence
from live.shortcuts import require_second_factor
from live.views.recap import ended_or_404
from ui.downloads import send_made


@require_safe
@signed_in
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """For who ran it, and for the organiser of its place, who shows the second factor first."""
    live = ended_or_404(request, pk)
    if not live.is_real or not can_take_evidence(request.user, live):
        raise Http404
    if demanded := require_second_factor(request, live):
        return demanded
    name = f"live-{live.pk}-{timezone.localtime(live.started_at):%Y%m%d}.zip"
    answer = send_made(lambda file: evidence.write(live, file), name, "application/zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
