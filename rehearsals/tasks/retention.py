"""Delete the films of tasks after PRACTICE_FILM_DAYS (个人信息保护法 §19); their page has shown the day from the beginning.

What a trainer of its class is still to look at is not deleted before it is answered.

What was written, ticked and answered stays.
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.utils import timezone

from media.models import Upload, Video
from media.uploads import recordings
from rehearsals.models import TaskItem, TaskVersion, TaskWork
from rehearsals.submissions.retention import split_batches
from rehearsals.tasks.services import REFERENCE_PREFIX

log = logging.getLogger(__name__)

LASTS = datetime.timedelta(days=settings.PRACTICE_FILM_DAYS)


def get_deletion_day(version: TaskVersion) -> datetime.date:
    """Return the day on which the films of a version are deleted."""
    return timezone.localdate(version.received_at + LASTS)


def apply_retention(now: datetime.datetime | None = None) -> dict[str, int]:
    """Do everything that is due; safe to run at any time. The worker runs it once a day.

    Returns how many films were unlinked, and how many uploads dropped: those of finished films, and those that nobody
    handed in.
    """
    now = now or timezone.now()
    done = {"gone": delete_films(now), "dropped": drop_uploads(now)}
    if any(done.values()):
        log.info("films of tasks", extra={"fields": done})
    return done


def delete_films(now: datetime.datetime) -> int:
    """Unlink the films that are due; media's cleanup then deletes rows and files nothing refers to."""
    due = TaskItem.objects.filter(video__isnull=False, version__received_at__lte=now - LASTS)
    waiting = TaskWork.objects.waiting().filter(cohort__isnull=False).order_by()
    newest = TaskVersion.objects.newest().filter(work__in=waiting.values("pk"))
    due = due.exclude(version__in=newest.order_by().values("pk"))
    return sum(
        TaskItem.objects.filter(pk__in=some).update(video=None, gone_at=now)
        for some in split_batches(due.order_by("pk"))
    )


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
