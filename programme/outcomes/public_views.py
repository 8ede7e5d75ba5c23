"""The public page: what the training came to so far, the same for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programme.outcomes import public
from ui.page_cache import stamped


@require_safe
@stamped("impact")
def public_impact(request: HttpRequest) -> HttpResponse:
    """Show dated totals, anonymous and without small groups; computed once a day and language in each process."""
    return render(request, "programme/outcomes/impact_public.html", public.load_facts())
