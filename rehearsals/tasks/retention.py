"""Delete photos, films and documents of tasks after PRACTICE_FILM_DAYS (个人信息保护法 §19).

Their page has shown the day from the beginning. What a trainer of its class is still to look at is not deleted
before it is answered.

What was written, ticked and answered stays.
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from media.cleanup import release_photo
from media.models import Upload, Video
from media.uploads import recordings
from rehearsals.models import TaskItem, TaskVersion, TaskWork
from rehearsals.submissions.retention import split_batches
from rehearsals.tasks.services import REFERENCE_PREFIX

log = logging.getLogger(__name__)

LASTS = datetime.timedelta(days=settings.PRACTICE_FILM_DAYS)


def get_deletion_day(version: TaskVersion) -> datetime.date:
    """Return the day on which the photos, films and documents of a version are deleted."""
    return timezone.localdate(version.received_at + LASTS)


def apply_retention(now: datetime.datetime | None = None) -> dict[str, int]:
    """Do everything that is due; safe to run at any time. The worker runs it once a day.

    Returns how many photos, films and documents were unlinked, and how many uploads dropped: those of finished films, and those
    that nobody handed in.
    """
    now = now or timezone.now()
    done = {"gone": delete_files(now), "dropped": drop_uploads(now)}
    if any(done.values()):
        log.info("files of tasks", extra={"fields": done})
    return done


def delete_files(now: datetime.datetime) -> int:
    """Unlink what is due. Photos are deleted at once, the others by media's cleanup, if nothing else refers to them."""
    has_file = Q(photo__isnull=False) | Q(video__isnull=False) | Q(document__isnull=False)
    due = TaskItem.objects.filter(has_file, version__received_at__lte=now - LASTS)
    waiting = TaskWork.objects.waiting().filter(cohort__isnull=False).order_by()
    newest = TaskVersion.objects.newest().filter(work__in=waiting.values("pk"))
    due = due.exclude(version__in=newest.order_by().values("pk"))
    count = 0
    for some in split_batches(due.order_by("pk")):
        rows = TaskItem.objects.filter(pk__in=some)
        photos = list(rows.filter(photo__isnull=False).values_list("photo", flat=True))
        count += rows.update(photo=None, video=None, document=None, gone_at=now)
        for photo in photos:
            release_photo(photo)
    return count


def drop_uploads(now: datetime.datetime) -> int:
    """Drop what films were made of, once they are ready, and what was never handed in."""
    mine = Upload.objects.filter(reference__startswith=REFERENCE_PREFIX).exclude(state=Upload.State.GONE)
    ready = mine.filter(parts__video__status=Video.Status.READY)
    left = mine.filter(parts__isnull=True, created_at__lte=now - LASTS)
    count = 0
    for rows in (ready, left):
        for some in split_batches(rows.order_by("pk").distinct()):
            recordings.drop_recordings(list(Upload.objects.filter(pk__in=some)))
            count += len(some)
    return count
