"""The lives that somebody still waits for when a seller's role or account ends (UNFINISHED in the settings)."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.closing import Unfinished
from accounts.models import User
from accounts.places import Place
from live.models import Livestream
from ui import days

# A plan whose hour passed without a start is given up after this.
STILL_DUE = datetime.timedelta(hours=3)


def unfinished(user: User, place: Place | None = None) -> list[Unfinished]:
    """Real lives on air or ahead that this person speaks in or whose shop they own, in this place or anywhere."""
    now = timezone.now()
    on_air = Q(pk__in=Livestream.objects.on_air(now).order_by().values("pk"))
    ahead = Q(started_at=None, starts_at__gt=now - STILL_DUE)
    mine = Q(host=user) | Q(shop__owner=user)
    rows = Livestream.objects.not_removed().filter(on_air | ahead, mine, kind=Livestream.Kind.REAL)
    if place:
        rows = rows.filter(place=place)
    return [waiting_live(live) for live in rows.order_by("starts_at", "pk")]


def waiting_live(live: Livestream) -> Unfinished:
    start = f"{days.day(live.starts_at)} {timezone.localtime(live.starts_at):%H:%M}"
    facts = {"title": live.title, "start": start}
    sentence = _("直播“%(title)s”正在播") if live.is_on else _("直播“%(title)s”：%(start)s 开播")
    url = reverse("live:air" if live.is_on else "live:plan", args=[live.pk])
    return Unfinished(sentence % facts, url, reverse("admin:live_livestream_change", args=[live.pk]))
