"""Limit how much film a person, a place and the whole site may send and store; checked before the first byte.

Bytes are those of the chunks in the intake: the films that the worker makes of them are a tenth of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Membership, User
from media.models import Upload, Video
from media.uploads.errors import UploadRefused

A_DAY = timedelta(days=1)
OPEN, WHOLE = Upload.State.OPEN, Upload.State.WHOLE
TAKE = Upload.Purpose.TAKE


@dataclass(frozen=True)
class Allowance:
    """A limit with its `code` of errors.REFUSALS; `left` bytes may still be sent, negative if the limit was lowered."""

    code: str
    most: int
    used: int

    @property
    def left(self) -> int:
        return self.most - self.used


def sum_bytes(uploads: QuerySet[Upload]) -> int:
    """Return the bytes of these uploads.

    A running recording of unknown length counts with the most that it may reach; one that was broken off a day ago with what
    has arrived.
    """
    runs = Q(size__isnull=True, state=OPEN, created_at__gt=timezone.now() - A_DAY)
    weighs = Case(
        When(runs, then=Coalesce("most_bytes", "offset")),
        When(state=WHOLE, then=Coalesce("size", "offset")),
        When(state=OPEN, created_at__gt=timezone.now() - A_DAY, then=Coalesce("size", "offset")),
        default=F("offset"),
        output_field=BigIntegerField(),
    )
    return uploads.aggregate(sum=Coalesce(Sum(weighs), Value(0), output_field=BigIntegerField()))["sum"]


def find_held_uploads() -> QuerySet[Upload]:
    """Return uploads whose chunks are stored: on their way, recordings, and films that wait or failed."""
    unmade = Q(video__status__in=(Video.Status.WAITING, Video.Status.FAILED))
    return Upload.objects.filter(Q(state=OPEN) | Q(state=WHOLE, purpose=TAKE) | Q(state=WHOLE) & unmade)


def find_recordings_of_places(user: User) -> QuerySet[Upload]:
    """Return the stored recordings of everybody who has a role in one of this person's places."""
    granted = Membership.objects.granted()
    mine = granted.filter(user=user).order_by().values("place")
    return find_held_uploads().filter(
        purpose=TAKE, owner__in=granted.filter(place__in=mine).order_by().values("user")
    )


def get_site_limit() -> Allowance:
    """Return the limit of all films of all people; for pages and alarms that show how full the site is. One query."""
    return Allowance("site", settings.SITE_FILM_BYTES, sum_bytes(find_held_uploads()))


def list_practice_limits(user: User) -> Iterator[Allowance]:
    """Yield the limits of recordings that apply to this person. Queries: 4."""
    mine = Upload.objects.filter(owner=user, purpose=TAKE)
    today = mine.filter(created_at__gt=timezone.now() - A_DAY)
    yield Allowance("practice_day", settings.PRACTICE_BYTES_A_DAY, sum_bytes(today))
    yield Allowance("practice", settings.PRACTICE_BYTES, sum_bytes(mine.filter(state__in=(OPEN, WHOLE))))
    yield Allowance("place", settings.PLACE_FILM_BYTES, sum_bytes(find_recordings_of_places(user)))
    yield get_site_limit()


def find_nearest_limit(user: User) -> Allowance:
    """Return the limit with the least left."""
    return min(list_practice_limits(user), key=lambda limit: limit.left)


def refuse_beyond(limit: Allowance, size: int) -> None:
    """Raise UploadRefused with the limit's own sentence."""
    if size > limit.left:
        raise UploadRefused(limit.code, most=f"{limit.most / 1e9:.0f}")
