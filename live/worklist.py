"""Register lives that wait for somebody: for the home pages, and before a seller's role or account ends."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Place, User
from accounts.people.closure import Unfinished
from accounts.worklist.items import DAY, Urgency, WorkItem, register_work
from live.models import Livestream
from ui import formats

MOST = 3
# A plan that was not started is given up so long after its hour.
STILL_DUE = datetime.timedelta(hours=3)


@register_work()
def lives(user: User) -> Iterator[WorkItem]:
    """Yield the real lives that run and those of the next 24 hours. One query."""
    now = timezone.now()
    soon = Q(started_at=None, starts_at__range=(now - STILL_DUE, now + DAY))
    running = Q(pk__in=Livestream.objects.on_air(now).values("pk"))
    rows = Livestream.objects.of(user).filter(soon | running, kind=Livestream.Kind.REAL)
    for live in rows.order_by("starts_at", "pk")[:MOST]:
        yield describe_on_air(live) if live.is_on else describe_coming(live, now)


def describe_on_air(live: Livestream) -> WorkItem:
    return WorkItem(
        kind="live_on",
        count=1,
        sentence=_("“%(title)s”正在播") % {"title": live.title},
        url=reverse("live:air", args=[live.pk]),
        icon="live",
        tab="lives",
        urgency=Urgency.CLOCK,
    )


def describe_coming(live: Livestream, now: datetime.datetime) -> WorkItem:
    soon = _("“%(title)s”快开播了，先看还差什么")
    due = _("“%(title)s”到点了，该开播了")
    sentence = due if live.starts_at <= now else soon
    return WorkItem(
        kind="live_soon",
        count=1,
        sentence=sentence % {"title": live.title},
        note=f"{formats.day(live.starts_at)} {timezone.localtime(live.starts_at):%H:%M}",
        url=reverse("live:plan", args=[live.pk]),
        icon="live",
        tab="lives",
        urgency=Urgency.CLOCK,
        until=live.starts_at,
    )


def list_unfinished(user: User, place: Place | None = None) -> list[Unfinished]:
    """Return the real lives on air or ahead of this host or shop owner, in one place or anywhere (setting UNFINISHED)."""
    now = timezone.now()
    on_air = Q(pk__in=Livestream.objects.on_air(now).order_by().values("pk"))
    ahead = Q(started_at=None, starts_at__gt=now - STILL_DUE)
    mine = Q(host=user) | Q(shop__owner=user)
    rows = Livestream.objects.not_removed().filter(on_air | ahead, mine, kind=Livestream.Kind.REAL)
    if place:
        rows = rows.filter(place=place)
    return [describe_unfinished(live) for live in rows.order_by("starts_at", "pk")]


def describe_unfinished(live: Livestream) -> Unfinished:
    start = f"{formats.day(live.starts_at)} {timezone.localtime(live.starts_at):%H:%M}"
    facts = {"title": live.title, "start": start}
    sentence = _("直播“%(title)s”正在播") if live.is_on else _("直播“%(title)s”：%(start)s 开播")
    url = reverse("live:air" if live.is_on else "live:plan", args=[live.pk])
    return Unfinished(sentence % facts, url, reverse("admin:live_livestream_change", args=[live.pk]))
