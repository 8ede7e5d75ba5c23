"""List the items that wait for a person, and count those behind each tab.

Each app registers sources in its `worklist` module (those of the admin alone next to its admin page): a source takes a
person and yields `WorkItem`s, in a fixed number of queries, and only what this person may act on. The block on the home
pages, the numbers on the tabs and the admin's first page are made of them. Messages to phones are not: they are written when
something happens (`accounts.notifications.delivery`).

The numbers are on every page of a signed-in person. They are cached per person in the memory of the process for
COUNTS_KEPT_SECONDS, so that most pages need no query for them. A stamp in the database would have to be changed by every
service whose rows wait for somebody, and by the clock; seeing other people's work a few seconds late does no harm. The
person's own work shows at once, in every process: `accounts.auth.middleware.Acted` sets a cookie after which numbers counted
before are not used any more.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from django.conf import settings
from django.core.cache import caches
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import ReadNews, User
from accounts.requests import get_person

ACTED = "acted"
TOKEN = re.compile("[0-9a-f]{8}")
SHOWN = 6
MOST_SHOWN = 99
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
PRESSING = 6 * HOUR


class Urgency(IntEnum):
    CLOCK = 0  # expires by itself, or is late
    SOMEBODY = 1  # somebody waits for it
    OWN = 2  # holds up the person's own work
    NEWS = 3  # to be read
    LATER = 4


@dataclass(frozen=True)
class WorkItem:
    """One row: `count` things of a kind, as a whole sentence that contains the number.

    `url` is the page where it is done, empty for what is done in the admin only; `admin_url` the admin's list of the same
    rows, empty for what is not done there. `until` is when its time is over, `since` how long somebody has waited. `tab` is
    the key of a tab (config.navigation). `news` is (kind, number) of a row that is done once it has been opened; `notice` is
    the key of the message that tells a phone the same (accounts.notifications.delivery), or its beginning up to a hyphen.
    """

    kind: str
    count: int
    sentence: str
    url: str = ""
    icon: str = "bell"
    tab: str = "learn"
    urgency: Urgency = Urgency.SOMEBODY
    until: datetime.datetime | None = None
    since: datetime.datetime | None = None
    note: str = ""
    admin_url: str = ""
    news: tuple[str, int] | None = None
    notice: str = ""

    @property
    def left(self) -> str:
        """Return how much time is left; empty if there is no limit."""
        return describe_time_left(self.until) if self.until else ""

    @property
    def is_pressing(self) -> bool:
        return self.until is not None and self.until - timezone.now() < PRESSING


Source = Callable[[User], Iterable[WorkItem]]


@dataclass(frozen=True)
class Registered:
    source: Source
    on_phone: bool
    in_admin: bool
    is_counted: bool


sources: list[Registered] = []


def register_work(
    *, on_phone: bool = True, in_admin: bool = False, is_counted: bool = True
) -> Callable[[Source], Source]:
    """Register a source (a decorator). A source that is not counted is listed, and adds no number to a tab."""

    def register(source: Source) -> Source:
        sources.append(Registered(source, on_phone, in_admin, is_counted))
        return source

    return register


def list_items(user: User) -> list[WorkItem]:
    """Return all that waits for this person outside the admin, the most urgent first."""
    return sort_items(list_found(lambda one: one.on_phone, user))


def list_admin_items(user: User) -> list[WorkItem]:
    """Return what waits for this person in the admin, in the order of registration."""
    return [wait for wait in list_found(lambda one: one.in_admin, user) if wait.admin_url]


def list_found(is_asked: Callable[[Registered], bool], user: User) -> list[WorkItem]:
    return [wait for one in sources if is_asked(one) for wait in one.source(user) if wait.count]


def sort_items(found: Iterable[WorkItem]) -> list[WorkItem]:
    """Sort by urgency, then by the end of the time, then by the longest waiting."""
    last = timezone.now() + 10_000 * DAY
    return sorted(found, key=lambda wait: (wait.urgency, wait.until or last, wait.since or last))


# --- the block of a page ---


@dataclass(frozen=True)
class Block:
    """The first rows of what waits; `more` is how many others are in the whole list."""

    rows: list[WorkItem]
    more: int
    tab: str


def make_block(request: HttpRequest, tab: str = "") -> Block:
    """Return the block at the top of a page: what is counted on this tab, or on all of them."""
    user = get_person(request)
    found = [wait for wait in list_counted(request) if tab in ("", choose_tab(wait, user))]
    # One more row takes no more room than the link to the whole list.
    shown = found if len(found) <= SHOWN + 1 else found[:SHOWN]
    return Block(shown, len(found) - len(shown), tab)


def list_counted(request: HttpRequest) -> list[WorkItem]:
    """Return the counted items, once a request, so that the block and the numbers on the tabs agree."""
    waits = request.__dict__.get("waits")
    if waits is None:
        user = get_person(request)
        waits = sort_items(list_found(lambda one: one.on_phone and one.is_counted, user))
        request.__dict__["waits"] = waits
        keep(request, count_by_tab(user, waits))
    return waits


# --- the numbers on the tabs ---


def count_waiting(request: HttpRequest) -> dict[str, int]:
    """Count what waits behind each tab, for every page of a signed-in person."""
    user = get_person(request)
    if (waits := request.__dict__.get("waits")) is not None:
        return count_by_tab(user, waits)
    kept = caches["counts"].get(user.pk) if settings.COUNTS_KEPT_SECONDS else None
    if kept is not None and kept[0] == read_acted(request):
        if time.monotonic() < kept[2]:
            return kept[1]
        # This request counts; the person's others show the old numbers meanwhile instead of counting the same.
        keep(request, kept[1])
    return keep(request, count_for(user))


def count_for(user: User) -> dict[str, int]:
    return count_by_tab(user, list_found(lambda one: one.on_phone and one.is_counted, user))


def keep(request: HttpRequest, counted: dict[str, int]) -> dict[str, int]:
    if seconds := settings.COUNTS_KEPT_SECONDS:
        kept = (read_acted(request), counted, time.monotonic() + seconds)
        caches["counts"].set(request.user.pk, kept, 2 * seconds)
    return counted


def count_by_tab(user: User, found: Iterable[WorkItem]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for wait in found:
        counted[choose_tab(wait, user)] += wait.count
    return dict(sorted(counted.items()))


def choose_tab(wait: WorkItem, user: User) -> str:
    """Return the item's tab; trainers have classes and reviews instead of the practice tab."""
    is_staff = user.is_superuser or user.has_a_staff_role
    return "learn" if wait.tab == "practise" and is_staff else wait.tab


def read_acted(request: HttpRequest) -> str:
    token = request.COOKIES.get(ACTED, "")
    return token if TOKEN.fullmatch(token) else ""


def format_for_screen_reader(count: int) -> str:
    """Return what a screen reader adds to the tab's name: 小店，2 件要办."""
    return ngettext("，%(n)s 件要办", "，%(n)s 件要办", count) % {"n": count}


def format_for_tab(count: int) -> str:
    return f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count)


def format_numbers(counted: dict[str, int]) -> tuple[dict[str, dict[str, str]], str]:
    """Return what the tabs show, and the ETag with which a page that shows the same is answered by 304."""
    return write_numbers(tuple(counted.items()), get_language())


@lru_cache(maxsize=1000)
def write_numbers(
    counted: tuple[tuple[str, int], ...], language: str | None
) -> tuple[dict[str, dict[str, str]], str]:
    """Write the numbers in this language, which is the page's."""
    shown = {
        tab: {"n": format_for_tab(count), "words": format_for_screen_reader(count)} for tab, count in counted
    }
    digest = hashlib.sha256(json.dumps([language, shown]).encode()).hexdigest()[:16]
    return shown, f'"{digest}"'


def describe_time_left(until: datetime.datetime, now: datetime.datetime | None = None) -> str:
    left = until - (now or timezone.now())
    if left <= datetime.timedelta():
        return _("过了时间")
    if left < HOUR:
        n = max(1, left // datetime.timedelta(minutes=1))
        return ngettext("还剩 %(n)s 分钟", "还剩 %(n)s 分钟", n) % {"n": n}
    if left < 3 * DAY:
        n = left // HOUR
        return ngettext("还剩 %(n)s 小时", "还剩 %(n)s 小时", n) % {"n": n}
    n = left // DAY
    return ngettext("还剩 %(n)s 天", "还剩 %(n)s 天", n) % {"n": n}


# --- news that were read ---


def is_read(user: User, kind: str, changed: str) -> Exists:
    """Return for each row whether this person has read it since the time in its field `changed`."""
    read = ReadNews.objects.filter(user=user, kind=kind, number=OuterRef("pk"), at__gte=OuterRef(changed))
    return Exists(read)


def exclude_read(rows: QuerySet, user: User, kind: str, changed: str) -> QuerySet:
    return rows.exclude(is_read(user, kind, changed))


def mark_read(user: User, kind: str, number: int) -> None:
    """Record that this person has read it now; may be repeated."""
    ReadNews.objects.update_or_create(user=user, kind=kind, number=number, defaults={"at": timezone.now()})
