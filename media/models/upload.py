"""A file that is uploaded in chunks, over a connection that may break."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models.processed import make_key


class Upload(models.Model):
    """An upload. Each chunk is a file in the intake, named by its offset, so that any node can take the next one.

    `offset` (bytes) moves by one conditional UPDATE, and only after the chunk is on the disk.
    """

    class Purpose(models.TextChoices):
        VIDEO = "video", _("视频")
        # One recording: several are joined into one video.
        TAKE = "take", _("一段录像")

    class State(models.TextChoices):
        OPEN = "open", _("正在传")
        WHOLE = "whole", _("传完了")
        GONE = "gone", _("过期了")

    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("上传人")
    )
    purpose = models.CharField(_("做什么用"), max_length=20, choices=Purpose, default=Purpose.VIDEO)
    name = models.CharField(_("文件名"), max_length=200, blank=True)
    # What it is for, in the format of the app that gave the ticket ("take 0b1c…"); begun twice it is the same upload.
    reference = models.CharField(max_length=60, blank=True, editable=False)
    # None while a recording still runs and its length is unknown.
    size = models.PositiveBigIntegerField(_("大小"), null=True, blank=True)
    # The most bytes, whatever size is declared in the end.
    most_bytes = models.PositiveBigIntegerField(null=True, editable=False)
    offset = models.PositiveBigIntegerField(_("到了多少"), default=0)
    state = models.CharField(_("状态"), max_length=5, choices=State, default=State.OPEN)
    video = models.ForeignKey(
        "media.Video", models.SET_NULL, null=True, blank=True, related_name="uploads", verbose_name=_("视频")
    )
    created_at = models.DateTimeField(_("开始"), default=timezone.now)
    expires_at = models.DateTimeField(_("过期"))

    class Meta:
        verbose_name = pgettext_lazy("one", "上传")
        verbose_name_plural = pgettext_lazy("many", "上传")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(offset__lte=F("size")), name="upload_within_size"),
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_not_empty"),
            models.UniqueConstraint(
                fields=["owner", "reference"],
                condition=~Q(reference="") & ~Q(state="gone"),
                name="upload_once_a_reference",
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="upload_expiry")]

    def __str__(self) -> str:
        return self.name or self.key[:8]

    @property
    def whole_size(self) -> int:
        """Return the bytes of an upload whose end has been declared."""
        assert self.size is not None
        return self.size
