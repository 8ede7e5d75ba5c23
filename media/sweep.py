"""What nobody comes back for: jobs whose worker died, photos no page uses, originals without a row."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.files.storage import default_storage, storages
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext_noop

from media import queue, video_sweep, voice_sweep
from media.models import Photo, PhotoQuerySet
from media.tasks import make_pictures
from media.uses import uses

log = logging.getLogger(__name__)

LATE = timedelta(minutes=1)
UNUSED = timedelta(days=7)
# An upload writes its file first and its row a moment later.
STRAY = timedelta(hours=1)
AT_ONCE = 200
CLEARED = gettext_noop("这张照片放得太久，已经删了，重新传一次")


def run() -> None:
    """What cannot wait an hour, as `drop_unused` can; safe at any moment and beside other workers."""
    done = {"again": take_up_again(), "strays": drop_strays()} | video_sweep.run()
    done |= voice_sweep.run()
    if any(done.values()):
        log.info("swept", extra={"fields": done})


def take_up_again() -> int:
    """Calls the worker for photos whose lease has run out or whose task was lost."""
    late = Photo.objects.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.waiting(make_pictures)
    again = [pk for pk in late.values_list("pk", flat=True)[:AT_ONCE] if pk not in called]
    for pk in again:
        make_pictures.enqueue(pk)
    return len(again)


def unused(before: datetime) -> PhotoQuerySet:
    """Older than that, and no row of any app points to it."""
    used = [Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in uses(Photo)]
    return Photo.objects.filter(~Q(*used, _connector=Q.OR), created_at__lt=before)


def drop_unused() -> int:
    """At most AT_ONCE. Files first, on a row that nobody shows any more; the row last, so that a crash leaves
    no lost file."""
    count = 0
    for photo in unused(timezone.now() - UNUSED).order_by("id")[:AT_ONCE]:
        mine = unused(timezone.now() - UNUSED).filter(pk=photo.pk)
        if not mine.update(status=Photo.Status.FAILED, problem=CLEARED, leased_until=None):
            continue
        for name in photo.names:
            default_storage.delete(name)
        photo.intake().delete(photo.intake_name)
        try:
            count += bool(mine.delete()[0])
        except (ProtectedError, RestrictedError):  # taken into use this very moment: it shows as failed
            log.warning(
                "a photo came into use while it was cleared away", extra={"fields": {"photo": photo.pk}}
            )
    return count


def drop_strays() -> int:
    """Originals that no row needs: the upload broke off, or the worker died before its last step."""
    storage = storages["intake"]
    try:
        names = storage.listdir("photos")[1]
    except FileNotFoundError:
        return 0
    now, count = timezone.now(), 0
    needed = rows_of(names, now)
    for name in names:
        path = f"photos/{name}"
        try:
            if not needed.get(name, storage.get_modified_time(path) > now - STRAY):
                storage.delete(path)
                count += 1
        except FileNotFoundError:  # another worker's sweep, or an upload clearing up after itself
            continue
    return count


def rows_of(names: list[str], now: datetime) -> dict[str, bool]:
    """Whether a row still needs its original: while it waits and, after accidents, for a while; key by key."""
    failed = Q(status=Photo.Status.FAILED, created_at__gt=now - UNUSED)
    needs = Case(When(Q(status=Photo.Status.WAITING) | failed, then=True), default=False)
    found = {}
    for start in range(0, len(names), 500):
        rows = Photo.objects.filter(key__in=names[start : start + 500])
        found |= dict(rows.values_list("key", needs))
    return found
