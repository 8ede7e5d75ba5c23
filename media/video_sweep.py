"""Videos and uploads that nobody comes back for: jobs whose worker died, uploads that expired, pieces without use."""

from __future__ import annotations

import logging
import shutil
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext_noop

from media import pieces, queue
from media.models import Upload, Video, VideoPart, VideoQuerySet
from media.tasks import make_video, queue_video, raise_waiting
from media.uploading import TAKE_LASTS
from media.uses import uses
from media.video_making import WORKPLACE, drop_parts, drop_pieces

log = logging.getLogger(__name__)

LATE = timedelta(minutes=1)
# What failed by an accident may be tried again for so long.
KEPT = timedelta(days=7)
UNUSED = timedelta(days=30)
# No form is filled, checked and saved more slowly than that.
SET_ASIDE = timedelta(hours=1)
CLEARED = gettext_noop("这段视频一直没用上，已经清走了，要用就重新传一次")
# No job takes so long.
LEFT_OVER = timedelta(days=2)
AT_ONCE = 200


def run() -> dict[str, int]:
    """What cannot wait an hour; safe at any moment and beside other workers. Queries: 6."""
    done = {"videos again": take_up_again(), "raised": raise_waiting(), "expired": expire()}
    return done | {"pieces": drop_strays(), "left": clear_up()}


def take_up_again() -> int:
    late = Video.objects.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.waiting(make_video)
    again = [video for video in late[:AT_ONCE] if video.pk not in called]
    for video in again:
        queue_video(video)
    return len(again)


def expire() -> int:
    """Their pieces go by `drop_strays`."""
    now = timezone.now()
    late = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lt=now)
    return late.update(state=Upload.State.GONE) + over_takes(now).update(state=Upload.State.GONE)


def over_takes(now: datetime) -> models.QuerySet[Upload]:
    """Whole recordings that nothing points to a week after their last piece, whose film has been ready for a week,
    or that are as old as a recording may become; none of which a film is being made."""
    parts = VideoPart.objects.filter(upload=OuterRef("pk"))
    busy = parts.filter(video__status=Video.Status.WAITING)
    done = parts.filter(video__status=Video.Status.READY, video__created_at__lt=now - KEPT)
    rows = [
        Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in uses(Upload)
    ]
    whole = Upload.objects.filter(~Exists(busy), purpose=Upload.Purpose.TAKE, state=Upload.State.WHOLE)
    lonely = ~Q(*rows, _connector=Q.OR) & Q(expires_at__lt=now + TAKE_LASTS - KEPT)
    return whole.filter(lonely | Exists(done) | Q(expires_at__lt=now))


def drop_strays() -> int:
    """Pieces that nothing needs any more: of uploads that expired, or of a job that died before its last step."""
    keys = pieces.keys()
    needed: set[str] = set()
    failed = Q(video__status=Video.Status.FAILED, video__created_at__gt=timezone.now() - KEPT)
    waits = Q(state=Upload.State.OPEN) | Q(video__status=Video.Status.WAITING) | failed
    waits |= Q(purpose=Upload.Purpose.TAKE, state=Upload.State.WHOLE)
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
    """Older than that, and no row of any app points to it but the uploads it came by or was joined of."""
    fields = [field for field in uses(Video) if field.model not in (Upload, VideoPart)]
    used = [Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in fields]
    return Video.objects.filter(~Q(*used, _connector=Q.OR), created_at__lt=before)


def drop_unused() -> int:
    """Videos that nobody uses, in two steps an hour apart, and uploads that are long over; safe to die anywhere.

    First a video is set aside: from then on no form takes it, while its files are all there. An hour later, when
    every form that might have seen it before is through, one that did come into use is given back, and of the
    others the files go and the row last: as long as there is a file, there is a row that the next sweep finds.
    """
    now = timezone.now()
    aside = Video.objects.filter(status=Video.Status.FAILED, problem=CLEARED, leased_until__lt=now)
    count = sum(drop_or_give_back(video) for video in aside.order_by("id")[:AT_ONCE])
    set_aside()
    over = Upload.objects.filter(expires_at__lt=now - UNUSED).exclude(state=Upload.State.OPEN)
    over.filter(video__isnull=True, parts__isnull=True).delete()
    return count


def set_aside() -> None:
    """One that still waits is somebody's work: it will be ready or failed one day, and then be looked at."""
    now = timezone.now()
    old = unused(now - UNUSED).exclude(status=Video.Status.WAITING)
    fresh = old.exclude(status=Video.Status.FAILED, problem=CLEARED).order_by("id")
    found = list(fresh.values_list("pk", flat=True)[:AT_ONCE])
    aside = {"status": Video.Status.FAILED, "problem": CLEARED, "leased_until": now + SET_ASIDE}
    old.filter(pk__in=found).update(**aside)


def drop_or_give_back(video: Video) -> bool:
    """Whether it is gone."""
    mine = unused(timezone.now() - UNUSED).filter(pk=video.pk, problem=CLEARED)
    if not mine.exists():
        give_back(video)
        return False
    drop_parts(video)
    drop_pieces(video)
    try:
        return bool(mine.delete()[0])
    except (ProtectedError, RestrictedError):  # by no form: they take none that is set aside
        log.warning("a video came into use while it was cleared away", extra={"fields": {"video": video.pk}})
        return False


def give_back(video: Video) -> None:
    """To those who took it just before it was set aside. What never was a film stays failed."""
    if not video.renditions:
        return
    mine = Video.objects.filter(pk=video.pk, problem=CLEARED)
    ready = {"status": Video.Status.READY, "problem": "", "leased_until": None}
    try:
        with transaction.atomic():
            mine.update(**ready)
    except IntegrityError:  # meanwhile the same bytes were sent again, and are another Video
        mine.update(**ready, sha256="")
