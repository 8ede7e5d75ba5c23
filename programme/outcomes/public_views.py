"""The public page: what the training came to so far, the same for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programme.models import Story, StoryConsent
from programme.outcomes.figures import public
from ui.responses.page_cache import stamped


@require_safe
@stamped("stories")
def public_impact(request: HttpRequest) -> HttpResponse:
    """Show dated totals, anonymous and without small groups; computed again once a day, and when a story comes or goes."""
    has_stories = Story.objects.open_for(StoryConsent.Use.PUBLIC).exists()
    context = public.load_facts() | {"has_stories": has_stories}
    return render(request, "programme/outcomes/impact_public.html", context)
