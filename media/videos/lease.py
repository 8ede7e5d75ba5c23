"""The lease on a Video row: one worker has it at a time and extends it while it works."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from media import queue
from media.models import ProcessedQuerySet, Video
from media.models.processed import LEASE, RETRY_AFTER

log = logging.getLogger(__name__)

BEAT_SECONDS = 5


class LeaseLost(Exception):
    """Raised when the lease has ended and another worker has started the job again."""


class WorkerStopping(Exception):
    """Raised when the worker must stop; the next worker starts the job again."""


class Lease:
    def __init__(self, video: Video) -> None:
        self.video, self.until, self.beaten = video, video.leased_until, time.monotonic()

    def rows(self) -> ProcessedQuerySet:
        """Return the row while this lease is valid; another worker's lease ends at another time."""
        waiting = Video.objects.filter(pk=self.video.pk, status=Video.Status.WAITING)
        return waiting.filter(leased_until=self.until)

    def beat(self, percent: int = 0) -> None:
        """Extend the lease and store the progress, at most every BEAT_SECONDS. Raises WorkerStopping and LeaseLost."""
        queue.report_progress()
        if queue.stopping.is_set():
            raise WorkerStopping
        if time.monotonic() - self.beaten < BEAT_SECONDS:
            return
        until = timezone.now() + LEASE
        if not self.rows().update(leased_until=until, percent=percent):
            raise LeaseLost
        self.until, self.beaten = until, time.monotonic()

    def let_go(self, counts: bool = True) -> None:
        """Let the next attempt begin soon after an accident; with `counts` False this one is not counted."""
        facts = {} if counts else {"attempts": F("attempts") - 1}
        self.rows().update(
            leased_until=timezone.now() + (RETRY_AFTER if counts else timedelta(0)), percent=0, **facts
        )


def acquire_lease(video_id: int) -> Lease | None:
    """Return the lease to one of all who ask at once; None when another holds it or nothing is left to do."""
    video = Video.objects.acquire_lease(video_id, percent=0)
    return Lease(video) if video else None


def find_exhausted_lease(video_id: int) -> Lease | None:
    """Return a lease on a video whose every attempt ended with the death of its worker."""
    video = Video.objects.exhausted(video_id)
    return Lease(video) if video else None
