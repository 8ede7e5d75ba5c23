"""A photo: what came from the phone, and the three upright pictures the worker makes of it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.files.storage import default_storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.sandbox.results import available_widths


def new_key() -> str:
    """128 random bits: a draft's picture is public only to those who were given its address."""
    return secrets.token_hex(16)


def file_url(name: str) -> str:
    """`default_storage.url`, which quotes and joins, three times a picture; our names need neither."""
    base = getattr(default_storage, "base_url", None)
    return base + name if base else default_storage.url(name)


class PhotoQuerySet(models.QuerySet):
    def ready(self) -> PhotoQuerySet:
        return self.filter(status=Photo.Status.READY)

    def due(self, now=None) -> PhotoQuerySet:
        """Waiting, with nobody working on them: never begun, or begun by a worker that died."""
        now = now or timezone.now()
        return self.filter(status=Photo.Status.WAITING).filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lt=now)
        )


class Photo(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("正在处理")
        READY = "ready", _("好了")
        FAILED = "failed", _("坏了")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁传的")
    )
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.WAITING)
    # Why it failed, in words for the person who sent it (a msgid, translated when shown).
    problem = models.CharField(_("原因"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    bytes = models.PositiveIntegerField(_("大小"), default=0)
    sha256 = models.CharField(max_length=64, db_index=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "照片")
        verbose_name_plural = pgettext_lazy("many", "照片")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "leased_until"], name="photo_due")]

    def __str__(self) -> str:
        return self.key[:8]

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    @property
    def intake_name(self) -> str:
        return f"photos/{self.key}"

    def intake(self):
        return storages["intake"]

    def name_at(self, width: int) -> str:
        return f"photos/{self.key[:2]}/{self.key}-{width}.webp"

    def url_at(self, width: int) -> str:
        return file_url(self.name_at(width))

    def widths(self) -> list[int]:
        """The widths that exist: a small photo is not blown up, so the largest is its own width at most."""
        return available_widths(self.width, settings.PHOTO_WIDTHS)

    @property
    def names(self) -> list[str]:
        """Every file that may exist of it, also while a worker is at it."""
        return [self.name_at(width) for width in {*settings.PHOTO_WIDTHS, *self.widths()}]

    @property
    def src(self) -> str:
        return self.url_at(self.widths()[0])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url_at(width)} {width}w" for width in self.widths())
