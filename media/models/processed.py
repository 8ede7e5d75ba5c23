"""Rows whose files the worker makes, once: the row holds the state of that work and the lease on it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long a worker may reserve a row, how often it may be begun, and how much later it is tried again after a technical
# failure that may pass (a full disk, a lost connection).
LEASE = timedelta(minutes=2)
ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=30)


def make_key() -> str:
    """Return 128 random bits: a draft's picture is public only to those who were given its URL."""
    return secrets.token_hex(16)


class ProcessedQuerySet(models.QuerySet):
    def ready(self) -> Self:
        return self.filter(status="ready")

    def due(self, now: datetime | None = None) -> Self:
        """Return rows that wait and that no worker has: never begun, or begun by a worker that died."""
        now = now or timezone.now()
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now), status="waiting")

    def acquire_lease(self, pk: int, **changes: int) -> Any:
        """Return the row for one of all who ask at once; None when somebody holds it or nothing is left to do."""
        now = timezone.now()
        due = self.due(now).filter(pk=pk, attempts__lt=ATTEMPTS)
        if due.update(leased_until=now + LEASE, attempts=F("attempts") + 1, **changes):
            return self.get(pk=pk)
        return None

    def exhausted(self, pk: int) -> Any:
        """Return a row whose every attempt ended with a death."""
        return self.due().filter(pk=pk, attempts__gte=ATTEMPTS).first()


class ProcessedFile(models.Model):
    """A file whose original is in the intake until the worker has made what is shown."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("正在处理")
        READY = "ready", _("好了")
        FAILED = "failed", _("坏了")

    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.WAITING)
    # Why it failed, as a sentence for the person who sent it (a msgid, translated when shown).
    problem = models.CharField(_("原因"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True, blank=True)
    bytes = models.PositiveIntegerField(_("大小"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key[:8]

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    @property
    def is_last_attempt(self) -> bool:
        return self.attempts >= ATTEMPTS

    def leased(self) -> models.QuerySet[Self]:
        """Return the row while this lease is valid; another worker's lease ends at another time."""
        rows = type(self)._default_manager.filter(pk=self.pk, status=self.Status.WAITING)
        return rows.filter(leased_until=self.leased_until)

    def release_lease(self, counts: bool = True) -> None:
        """Release the lease after a technical failure, so that the next try begins soon; with `counts` False this one is not
        counted.
        """
        facts = {} if counts else {"attempts": F("attempts") - 1}
        self.leased().update(leased_until=timezone.now() + RETRY_AFTER, **facts)
