"""List a person's lives: running, planned, late, over, to practise, practised.

Real lives and rehearsals have separate lists; every list is paged.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from live.models import LASTS, Livestream, LivestreamQuerySet
from ui.pagination import Page, fetch_page

REAL, REHEARSAL = Livestream.Kind.REAL, Livestream.Kind.REHEARSAL
ROWS = 12
# Length of a list on the first page, which shows several.
FIRST_ROWS = 6
# A plan counts as planned until a day after its hour, then as late.
LATE = datetime.timedelta(days=1)
NEWEST_FIRST = ("-starts_at", "-id")
# Length of the list of other people's lives, for trainers and organisers.
OTHERS = "others"


@dataclass(frozen=True)
class LiveList:
    """One list of the page: `mark` and `tone` are its icon's, `more` labels the link to the next page."""

    name: str
    title: str
    mark: str
    tone: str
    more: str
    page: Page


def filter_lives(user: User) -> LivestreamQuerySet:
    return Livestream.objects.of(user).select_related("shop", "host", "drill")


def find_running(user: User, now: datetime.datetime | None = None) -> LivestreamQuerySet:
    """Return the lives on air."""
    return filter_lives(user).on_air(now).order_by("-started_at", "-id")


def find_coming(user: User, now: datetime.datetime | None = None) -> LivestreamQuerySet:
    """Return the planned real lives, the soonest first."""
    since = (now or timezone.now()) - LATE
    return (
        filter_lives(user)
        .filter(kind=REAL, started_at=None, starts_at__gte=since)
        .order_by("starts_at", "id")
    )


def find_late(user: User, now: datetime.datetime | None = None) -> LivestreamQuerySet:
    """Return the real lives that did not begin within a day of their time."""
    since = (now or timezone.now()) - LATE
    return filter_lives(user).filter(kind=REAL, started_at=None, starts_at__lt=since)


def find_unpractised(user: User) -> LivestreamQuerySet:
    """Return the rehearsals without any submission yet."""
    return filter_lives(user).filter(kind=REHEARSAL, started_at=None, practised_at=None)


def find_over(user: User, now: datetime.datetime | None = None) -> LivestreamQuerySet:
    return filter_lives(user).filter(is_over(now), kind=REAL)


def find_practised(user: User, now: datetime.datetime | None = None) -> LivestreamQuerySet:
    """Return the rehearsals that were handed in or have ended."""
    handed_in = Q(practised_at__isnull=False, started_at=None)
    return filter_lives(user).filter(is_over(now) | handed_in, kind=REHEARSAL)


def of_others(user: User) -> LivestreamQuerySet:
    """Return the real lives, on air or over, that the user may see as trainer or organiser and does not run."""
    seen = Livestream.objects.visible_to(user).filter(kind=REAL, started_at__isnull=False)
    mine = Livestream.objects.of(user).order_by().values("pk")
    return seen.exclude(pk__in=mine).select_related("shop", "host", "drill")


def is_over(now: datetime.datetime | None = None) -> Q:
    """Return the filter that agrees with Livestream.is_over."""
    forgotten = Q(ended_at=None, started_at__lte=(now or timezone.now()) - LASTS)
    return Q(ended_at__isnull=False) | forgotten


def list_lives(user: User, only: str = "", after: str = "", with_others: bool = True) -> list[LiveList]:
    """Return all lists, or the one that `only` names from the cursor `after` on. One query a list."""
    kinds = {
        "coming": (_("要播的"), "cal", "", _("看更晚的"), find_coming, ("starts_at", "id")),
        "late": (_("时间过了、没播的"), "clock", "", _("看更早的"), find_late, NEWEST_FIRST),
        "practise": (_("要练的彩排"), "practise", "", _("看更早的"), find_unpractised, NEWEST_FIRST),
        "over": (_("播完的"), "check", "leaf", _("看更早的"), find_over, NEWEST_FIRST),
        "practised": (_("练过的彩排"), "check", "leaf", _("看更早的"), find_practised, NEWEST_FIRST),
        OTHERS: (_("班里和辖区的真直播"), "eye", "", _("看更早的"), of_others, NEWEST_FIRST),
    }
    is_one = only in kinds
    return [
        LiveList(
            name, title, mark, tone, more,
            fetch_page(find(user), order, after if is_one else "", ROWS if is_one else FIRST_ROWS),
        )
        for name, (title, mark, tone, more, find, order) in kinds.items()
        if (name == only or not is_one) and (with_others or name != OTHERS)
    ]  # fmt: skip


def mark_practised(live_pk: int, at: datetime.datetime) -> None:
    """Record the first time that a rehearsal was handed in."""
    Livestream.objects.filter(pk=live_pk, kind=REHEARSAL, practised_at=None).update(practised_at=at)
