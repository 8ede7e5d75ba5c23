"""Private pictures and PDFs: a licence, a payment code, a damaged fruit. They are sent only after a permission check."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models.processed import make_key


class Document(models.Model):
    """A file in the private storage under `name`. Pictures were redrawn without metadata; a PDF is unchanged and only sent
    as a download.
    """

    class Type(models.TextChoices):
        WEBP = "image/webp", "WebP"
        PDF = "application/pdf", "PDF"

    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("上传人"),
    )
    content_type = models.CharField(_("类型"), max_length=20, choices=Type)
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    bytes = models.PositiveIntegerField(_("大小"), default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "私密文件")
        verbose_name_plural = pgettext_lazy("many", "私密文件")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.key[:8]

    @property
    def is_picture(self) -> bool:
        return self.content_type == self.Type.WEBP

    @property
    def name(self) -> str:
        end = "webp" if self.is_picture else "pdf"
        return f"documents/{self.key[:2]}/{self.key}.{end}"
