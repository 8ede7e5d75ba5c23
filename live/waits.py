"""What waits for people who go live."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.waiting import DAY, Urgency, Wait, waits
from live.models import Livestream
from ui import days

MOST = 3
# A live that has not begun still waits so long after its hour.
STILL_SOON = datetime.timedelta(hours=3)


@waits()
def lives(user: User) -> Iterator[Wait]:
    """The real lives that run, and those of the next 24 hours. One query."""
    now = timezone.now()
    soon = Q(started_at=None, starts_at__range=(now - STILL_SOON, now + DAY))
    running = Q(pk__in=Livestream.objects.on_air(now).values("pk"))
    rows = Livestream.objects.of(user).filter(soon | running, kind=Livestream.Kind.REAL)
    for live in rows.order_by("starts_at", "pk")[:MOST]:
        yield on_air(live) if live.is_on else coming(live, now)


def on_air(live: Livestream) -> Wait:
    return Wait(
        kind="live_on",
        count=1,
        sentence=_("“%(title)s”正在播") % {"title": live.title},
        url=reverse("live:air", args=[live.pk]),
        icon="live",
        tab="lives",
        urgency=Urgency.CLOCK,
    )


def coming(live: Livestream, now: datetime.datetime) -> Wait:
    soon = _("“%(title)s”快开播了，先看还差什么")
    due = _("“%(title)s”到点了，该开播了")
    sentence = due if live.starts_at <= now else soon
    return Wait(
        kind="live_soon",
        count=1,
        sentence=sentence % {"title": live.title},
        note=f"{days.day(live.starts_at)} {timezone.localtime(live.starts_at):%H:%M}",
        url=reverse("live:plan", args=[live.pk]),
        icon="live",
        tab="lives",
        urgency=Urgency.CLOCK,
        until=live.starts_at,
    )
