"""This machine's record of its copies. It is in no copy, because another machine's copies are not this one's."""

from __future__ import annotations

from django.db import models
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
