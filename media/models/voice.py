"""A spoken remark: short, private, compressed by the worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models.processed import ProcessedFile, ProcessedQuerySet


class Voice(ProcessedFile):
    """A recording, from which the worker makes the file `name` in the private storage."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁说的")
    )
    duration_ms = models.PositiveIntegerField(_("时长"), default=0)

    objects = ProcessedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "语音")
        verbose_name_plural = pgettext_lazy("many", "语音")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "leased_until"], name="voice_due")]

    @property
    def intake_name(self) -> str:
        return f"voices/{self.key}"

    @property
    def name(self) -> str:
        return f"voices/{self.key[:2]}/{self.key}.m4a"
