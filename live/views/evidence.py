"""The evidence of one live as a zip."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import second_factor
from accounts.kept import signed_in
from accounts.models import Membership
from accounts.rules import can_act_on
from live import evidence
from live.rules import can_run
from live.views.recap import ended_or_404

IN_MEMORY = 8 << 20


@require_safe
@signed_in
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """For who ran it, and for the organiser of its place, who shows the second factor first."""
    live = ended_or_404(request, pk)
    if not live.is_real:
        raise Http404
    if not can_run(request.user, live):
        if not can_act_on(request.user, live.place, Membership.Role.ORGANISER):
            raise Http404
        if second_factor.is_due(request):
            return second_factor.demand(request, request.get_full_path())
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by the response
    evidence.write(live, file)
    file.seek(0)
    day = timezone.localtime(live.started_at).strftime("%Y%m%d")
    answer = FileResponse(
        file, as_attachment=True, filename=f"live-{live.pk}-{day}.zip", content_type="application/zip"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
