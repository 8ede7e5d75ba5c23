"""The teleprompter: the whole script on one dark screen, for the phone beside the camera."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from live import now
from live.models import Livestream
from live.scripts import speech
from live.shortcuts import my_live_or_404
from shops.views.private import private


@private
@require_safe
@signed_in
def prompter(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is said stands in the page, so that it stays when the line goes; prices and stock are asked for after."""
    live = my_live_or_404(request, pk)
    screen = now.filled(now.read(Livestream.objects.filter(pk=pk)))
    figures = {item.id: item for item in screen.items}
    told = speech.prompter_items(live)
    context = {
        "live": live,
        "screen": screen,
        "told": [(each, figures[each.item.pk]) for each in told if each.item.pk in figures],
        "rate": speech.RATE,
        "slowest": speech.SLOWEST,
        "fastest": speech.FASTEST,
        "back_url": reverse("live:air", args=[pk]) if screen.is_on else live.get_absolute_url(),
    }
    return render(request, "live/prompter_show.html", context)
