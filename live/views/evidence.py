"""The evidence of one live as a zip."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from live import evidence
from live.rules import can_take_evidence
from live.views.fetching import staff_first
from live.views.recap import ended_or_404

IN_MEMORY = 8 << 20


@require_safe
@signed_in
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """For who ran it, and for the organiser of its place, who shows the second factor first."""
    live = ended_or_404(request, pk)
    if not live.is_real or not can_take_evidence(request.user, live):
        raise Http404
    if demanded := staff_first(request, live):
        return demanded
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by the response
    evidence.write(live, file)
    file.seek(0)
    day = timezone.localtime(live.started_at).strftime("%Y%m%d")
    answer = FileResponse(
        file, as_attachment=True, filename=f"live-{live.pk}-{day}.zip", content_type="application/zip"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
