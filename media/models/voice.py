"""A spoken remark: short, private, made small by the worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models.photo import new_key


class Voice(models.Model):
    """What came lies in the intake until the worker has made `name` of it in the private storage."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("正在处理")
        READY = "ready", _("好了")
        FAILED = "failed", _("坏了")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁说的")
    )
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.WAITING)
    problem = models.CharField(_("原因"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    bytes = models.PositiveIntegerField(_("大小"), default=0)
    duration_ms = models.PositiveIntegerField(_("时长"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "语音")
        verbose_name_plural = pgettext_lazy("many", "语音")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "leased_until"], name="voice_due")]

    def __str__(self) -> str:
        return self.key[:8]

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    @property
    def intake_name(self) -> str:
        return f"voices/{self.key}"

    @property
    def name(self) -> str:
        return f"voices/{self.key[:2]}/{self.key}.m4a"
