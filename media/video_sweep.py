"""Videos and uploads that nobody comes back for: jobs whose worker died, uploads that expired, pieces without use."""

from __future__ import annotations

import logging
import shutil
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from media import pieces, queue
from media.models import Upload, Video, VideoQuerySet
from media.tasks import make_video
from media.uses import uses
from media.video_making import WORKPLACE, drop_parts

log = logging.getLogger(__name__)

LATE = timedelta(minutes=1)
# What failed by an accident may be tried again for so long.
KEPT = timedelta(days=7)
UNUSED = timedelta(days=30)
# No job takes so long.
LEFT_OVER = timedelta(days=2)
AT_ONCE = 200


def run() -> dict[str, int]:
    """What cannot wait an hour; safe at any moment and beside other workers. Queries: 4."""
    return {"videos again": take_up_again(), "expired": expire(), "pieces": drop_strays(), "left": clear_up()}


def take_up_again() -> int:
    late = Video.objects.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.waiting(make_video)
    again = [pk for pk in late.values_list("pk", flat=True)[:AT_ONCE] if pk not in called]
    for pk in again:
        make_video.enqueue(pk)
    return len(again)


def expire() -> int:
    """Their pieces go by `drop_strays`."""
    late = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lt=timezone.now())
    return late.update(state=Upload.State.GONE)


def drop_strays() -> int:
    """Pieces that nothing needs any more: of uploads that expired, or of a job that died before its last step."""
    keys = pieces.keys()
    needed: set[str] = set()
    failed = Q(video__status=Video.Status.FAILED, video__created_at__gt=timezone.now() - KEPT)
    waits = Q(state=Upload.State.OPEN) | Q(video__status=Video.Status.WAITING) | failed
    for start in range(0, len(keys), 500):
        rows = Upload.objects.filter(waits, key__in=keys[start : start + 500])
        needed.update(rows.values_list("key", flat=True))
    strays = [key for key in keys if key not in needed]
    for key in strays[:AT_ONCE]:
        pieces.drop(key)
    return len(strays)


def clear_up() -> int:
    """Work folders of workers that were killed."""
    count = 0
    for folder in (settings.VAR_DIR / WORKPLACE).glob("*"):
        try:
            if folder.stat().st_mtime < time.time() - LEFT_OVER.total_seconds():
                shutil.rmtree(folder)
                count += 1
        except FileNotFoundError:
            continue
    return count


def unused(before: datetime) -> VideoQuerySet:
    """Older than that, and no row of any app points to it but the uploads it came by."""
    fields = [field for field in uses(Video) if field.model is not Upload]
    used = [Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in fields]
    return Video.objects.filter(~Q(*used, _connector=Q.OR), created_at__lt=before)


def drop_unused() -> int:
    """At most AT_ONCE, and uploads that are long over. The row goes first: a lesson that takes the video this very
    moment keeps it, and files without a row are better than a lesson without its film."""
    count = 0
    for video in unused(timezone.now() - UNUSED).order_by("id")[:AT_ONCE]:
        keys = list(video.uploads.values_list("key", flat=True))
        try:
            gone = unused(timezone.now() - UNUSED).filter(pk=video.pk).delete()[0]
        except (ProtectedError, RestrictedError):
            continue
        if gone:
            drop_parts(video)
            for key in keys:
                pieces.drop(key)
            count += 1
    over = Upload.objects.filter(expires_at__lt=timezone.now() - UNUSED).exclude(state=Upload.State.OPEN)
    over.filter(video__isnull=True).delete()
    return count
