"""Private pictures, PDFs and office files: a licence, a payment code, a damaged fruit, a cost sheet. They are sent only after a
permission check.
"""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models.processed import make_key


class Document(models.Model):
    """A file in the private storage under `name`. Pictures were redrawn without metadata; any other file is unchanged and only
    sent as a download.

    `filename`: what its sender called it, of a file that a task asks for.
    """

    class Type(models.TextChoices):
        WEBP = "image/webp", "WebP"
        PDF = "application/pdf", "PDF"
        DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"
        XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"
        PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint"
        TXT = "text/plain", "TXT"
        CSV = "text/csv", "CSV"

    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("上传人"),
    )
    content_type = models.CharField(_("类型"), max_length=80, choices=Type)
    filename = models.CharField(_("文件名"), max_length=80, blank=True)
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
    def is_office(self) -> bool:
        return not self.is_picture and self.content_type != self.Type.PDF

    @property
    def end(self) -> str:
        """Return the extension by its type, whatever its sender called it."""
        known = {kind.value: kind.name.lower() for kind in self.Type}
        return known.get(self.content_type, "pdf")

    @property
    def name(self) -> str:
        return f"documents/{self.key[:2]}/{self.key}.{self.end}"

    @property
    def stem(self) -> str:
        """Return the sender's name of it without the extension, else nothing."""
        return PurePath(self.filename).stem

    @property
    def shown_name(self) -> str:
        """Return what it is called when it is downloaded."""
        return f"{self.stem}.{self.end}" if self.stem else ""
