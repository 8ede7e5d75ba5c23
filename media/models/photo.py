"""A photo: the phone's original, and the three upright pictures the worker makes of it."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models.processed import ProcessedFile, ProcessedQuerySet
from media.sandbox.results import list_available_widths


def make_file_url(name: str) -> str:
    """Return the URL of a public file; `default_storage.url` would quote and join three times a picture, which these names do
    not need, and load a bucket's library first.
    """
    return settings.MEDIA_URL + name


def make_photo_name(key: str, width: int) -> str:
    return f"photos/{key[:2]}/{key}-{width}.webp"


def make_photo_url(key: str, width: int) -> str:
    return make_file_url(make_photo_name(key, width))


class Photo(ProcessedFile):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人")
    )
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)

    objects = ProcessedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "照片")
        verbose_name_plural = pgettext_lazy("many", "照片")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "leased_until"], name="photo_due")]

    @property
    def intake_name(self) -> str:
        return f"photos/{self.key}"

    def intake(self):
        return storages["intake"]

    def name_at(self, width: int) -> str:
        return make_photo_name(self.key, width)

    def url_at(self, width: int) -> str:
        return make_photo_url(self.key, width)

    def widths(self) -> list[int]:
        """Return the widths that exist: a small photo is not enlarged, so its largest is at most its own width."""
        return list_available_widths(self.width, settings.PHOTO_WIDTHS)

    @property
    def names(self) -> list[str]:
        """Return every file that may exist of it, also while a worker processes it."""
        return [self.name_at(width) for width in {*settings.PHOTO_WIDTHS, *self.widths()}]

    @property
    def src(self) -> str:
        return self.url_at(self.widths()[0])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url_at(width)} {width}w" for width in self.widths())
