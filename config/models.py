"""This site's record of its copies, and of what its workers do once in an hour or a day. It is in no copy: another site has its
own."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CopyRun(models.Model):
    """One try to copy the site. Without `problem` and with `ended_at` it is a good copy that was read back.

    The order is that of the ids: a machine's clock may be set back.
    """

    class Problem(models.TextChoices):
        FULL = "full", _("硬盘满了")
        KEY = "key", _("没有密钥文件")
        DAMAGED = "damaged", _("写完再读，对不上")
        OTHER = "other", _("没做成，日志里写着原因")

    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    # Made by the worker's plan, not by hand.
    is_planned = models.BooleanField(default=False)
    problem = models.CharField(max_length=8, choices=Problem, blank=True)
    name = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    files = models.PositiveBigIntegerField(default=0)
    # Files that were deleted while the copy was made and could not be held for it.
    missing = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.began_at:%Y-%m-%d}"

    @classmethod
    def last(cls) -> CopyRun | None:
        """Return the latest try that has ended."""
        return cls.objects.filter(ended_at__isnull=False).order_by("-id").first()

    @classmethod
    def last_good(cls, **which) -> CopyRun | None:
        return cls.objects.filter(ended_at__isnull=False, problem="", **which).order_by("-id").first()


class Round(models.Model):
    """When one of the workers' hourly and daily rounds is due. The workers of several computers share them: each round is taken
    by one, which renews its lease until it has ended it, and by another if that one has died."""

    LEASE = datetime.timedelta(hours=1)
    # Several times within a lease, so that one may fail. What runs for longer than LONGEST is taken to hang.
    RENEWED_EVERY = datetime.timedelta(minutes=10)
    LONGEST = datetime.timedelta(hours=24)
    AFTER_FAILURE = datetime.timedelta(seconds=10)

    name = models.CharField(primary_key=True, max_length=100)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def take(cls, name: str, every: datetime.timedelta) -> bool:
        """Return whether the round is due and nobody else has taken it."""
        now = timezone.now()
        Round.objects.bulk_create([Round(name=name, due_at=now)], ignore_conflicts=True)
        # What is due later than ever possible was written before a clock was set back.
        is_due = Q(due_at__lte=now) | Q(due_at__gt=now + max(every, cls.LEASE))
        return bool(cls.objects.filter(is_due, name=name).update(due_at=now + cls.LEASE))

    @classmethod
    def run_if_due(cls, work: Callable[[], object], seconds: float) -> None:
        """Run a round unless another worker has run it in this time or is running it; after a failure it is due again soon."""
        name, every = f"{work.__module__}.{work.__qualname__}"[-100:], datetime.timedelta(seconds=seconds)
        if not cls.take(name, every):
            return
        begun, pause = timezone.now(), cls.AFTER_FAILURE
        try:
            with cls.keep(name):
                work()
            pause = every
        finally:
            cls.objects.filter(name=name).update(due_at=begun + pause)

    @classmethod
    @contextmanager
    def keep(cls, name: str) -> Iterator[None]:
        """Renew the lease of a round that was taken, from a thread of its own, so that nobody else takes it meanwhile."""
        ended, begun = threading.Event(), time.monotonic()

        def renew() -> None:
            while not ended.wait(cls.RENEWED_EVERY.total_seconds()):
                if time.monotonic() - begun > cls.LONGEST.total_seconds():
                    return
                with suppress(Error):  # the database is away; until it is back nobody else takes it
                    cls.objects.filter(name=name).update(due_at=timezone.now() + cls.LEASE)
                connection.close()

        thread = threading.Thread(target=renew, name=f"lease of {name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
