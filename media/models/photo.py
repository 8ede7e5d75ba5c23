"""A photo: the phone's original, and the three upright pictures the worker makes of it.

Public photos have unguessable addresses that answer to everybody; a private one is sent only after a permission check.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages
from django.db import models
from django.urls import reverse
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


class PhotoQuerySet(ProcessedQuerySet):
    def public(self) -> Self:
        return self.filter(is_private=False)


class Photo(ProcessedFile):
    """`is_private`: in the private storage; `media.photos.privacy` moves one there."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人")
    )
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    is_private = models.BooleanField(_("不公开"), default=False)

    objects = PhotoQuerySet.as_manager()

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

    @property
    def storage(self) -> Storage:
        return storages["private"] if self.is_private else default_storage

    def name_at(self, width: int) -> str:
        return make_photo_name(self.key, width)

    def url_at(self, width: int) -> str:
        """Return the public address; of a private photo that which answers its owner only."""
        if self.is_private:
            return reverse("media:own_photo", args=[self.key, width])
        return make_photo_url(self.key, width)

    def widths(self) -> list[int]:
        """Return the widths that exist: a small photo is not enlarged, so its largest is at most its own width."""
        return list_available_widths(self.width, settings.PHOTO_WIDTHS)

    @property
    def names(self) -> list[str]:
        """Return every file that may exist of it, also while a worker processes it."""
        return [self.name_at(width) for width in {*settings.PHOTO_WIDTHS, *self.widths()}]

    def list_files(self) -> list[tuple[Storage, str]]:
        """Return every file that may exist of what is shown, in both storages: it may be moved this very moment."""
        return [(storage, name) for storage in (default_storage, storages["private"]) for name in self.names]

    @property
    def src(self) -> str:
        return self.url_at(self.widths()[0])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url_at(width)} {width}w" for width in self.widths())
