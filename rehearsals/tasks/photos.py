"""Photos handed in with tasks are private; those that were stored as public ones are moved.

They are sent as public ones by pages of an earlier release that a phone has stored, and were by that release.
"""

from __future__ import annotations

import logging
import time

from django.db.models import Exists, OuterRef, QuerySet

from media.models import Photo
from media.photos.privacy import make_private
from media.queue import task
from media.storages import StorageUnavailable
from rehearsals.models import TaskItem

log = logging.getLogger(__name__)

AT_ONCE = 100
# A round ends after so many seconds, because other rounds wait for it; the next one goes on.
LONGEST = 600


def find_public_photos() -> QuerySet[Photo]:
    """Return the public photos that were handed in with a task."""
    return Photo.objects.public().filter(Exists(TaskItem.objects.filter(photo=OuterRef("pk"))))


def move_public_photos() -> int:
    """Move all to the private storage; safe to be stopped and beside other workers. Returns how many were moved."""
    ends, last, count = time.monotonic() + LONGEST, 0, 0
    while found := list(find_public_photos().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        try:
            count += sum(map(move_photo, found))
        except StorageUnavailable as away:
            log.warning("photos of tasks wait for their storage", extra={"fields": {"why": str(away)}})
            break
        last = found[-1].pk
        if time.monotonic() > ends:
            break
    if count:
        log.info("photos of tasks made private", extra={"fields": {"count": count}})
    return count


def move_photo(photo: Photo) -> bool:
    private = make_private(photo, TaskItem)
    if private is None:
        return False
    if private.pk != photo.pk:
        TaskItem.objects.filter(photo=photo).update(photo=private)
    return True


@task()
def move_photos(pks: list[int]) -> int:
    """Move those of one hand-in, a moment after it has come."""
    return sum(map(move_photo, find_public_photos().filter(pk__in=pks).order_by("pk")))
