"""A copy of a person's data, made for them (个人信息保护法 §45)."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def make_key() -> str:
    return secrets.token_hex(16)


class DataExport(models.Model):
    """One requested copy: a zip in the private storage under `file_name`, made by the worker and deleted after some days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("正在准备")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("没做成")
        GONE = "gone", _("过期删了")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports", verbose_name=_("人")
    )
    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    # Why it failed, as a sentence for its owner (a msgid, translated when shown).
    problem = models.CharField(_("原因"), max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(_("大小"), default=0)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    # Until then one worker has reserved it.
    leased_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("过期"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "资料副本")
        verbose_name_plural = pgettext_lazy("many", "资料副本")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="waiting"), name="one_copy_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.key[:8]

    @property
    def file_name(self) -> str:
        return f"own-data/{self.key[:2]}/{self.key}.zip"
