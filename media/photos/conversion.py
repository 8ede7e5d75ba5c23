"""The worker's job: make the pictures of a photo from its original, once, even if a worker dies meanwhile.

The Photo row carries the lease, not the task: a second copy of the task finds the lease taken or the work done.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_noop

from media.models import Photo
from media.sandbox import decoder, results
from media.storages import StorageUnavailable, write_file
from ui.responses import page_cache

if TYPE_CHECKING:
    from PIL import Image

log = logging.getLogger(__name__)

PROBLEMS = {
    "broken": gettext_noop("这张照片打不开，可能没存完整，重拍一张"),
    "large": gettext_noop("这张照片像素太多，打不开。用普通模式重拍一张，或者截个图再传"),
    "costly": gettext_noop("这张照片太费劲，打不开。重拍一张，或者截个图再传"),
    "lost": gettext_noop("原来的照片找不到了，重新传一次"),
    "tried": gettext_noop("试了几次都没做成，换一张再传"),
}


def process_photo(photo_id: int) -> bool:
    """Make the pictures of a photo that nobody else works on; return whether this call made it ready."""
    photo = Photo.objects.acquire_lease(photo_id)
    if photo is None:
        if exhausted := Photo.objects.exhausted(photo_id):
            mark_failed(exhausted, "tried")
        return False
    try:
        made = decode(photo)
        if not photo.leased().exists():  # it took longer than the lease, and another worker has started again
            return False
        store_files(photo, made)
        if mark_ready(photo, made):
            return True
        drop_if_moved(photo)
        return False
    except results.Unusable as unusable:
        mark_failed(photo, unusable.reason)
        return False
    except StorageUnavailable as away:  # however long it is away, the photo waits
        log.warning("photo waits for its storage", extra={"fields": {"photo": photo.pk, "why": str(away)}})
        photo.release_lease(counts=False)
        return False
    except BaseException:
        if photo.is_last_attempt:
            mark_failed(photo, "tried")
        else:
            photo.release_lease()
        raise


def decode(photo: Photo) -> results.DecodedPictures:
    try:
        original = photo.intake().open(photo.intake_name)
    except FileNotFoundError as missing:
        raise results.Unusable("lost") from missing
    with original:
        return decoder.shrink_picture(
            original,
            settings.PHOTO_WIDTHS,
            max(settings.PHOTO_MAX_PIXELS.values()),
            folder=settings.FILE_UPLOAD_TEMP_DIR,
        )


def store_files(photo: Photo, made: results.DecodedPictures) -> None:
    for width, encoded in made.files.items():
        write_file(photo.storage, photo.name_at(width), ContentFile(encoded))


def mark_ready(photo: Photo, made: results.DecodedPictures) -> bool:
    """Delete the original after the row is committed as ready. Returns False if the lease was lost, or the photo has become
    private meanwhile.
    """
    with transaction.atomic():
        facts = {"width": made.width, "height": made.height, "problem": "", "leased_until": None}
        mine = photo.leased().filter(is_private=photo.is_private)
        if not mine.update(status=Photo.Status.READY, **facts):
            return False
        for area in (
            () if photo.is_private else ("shops", "courses")
        ):  # their pages have shown a placeholder so far
            page_cache.invalidate(area)
    photo.intake().delete(photo.intake_name)
    return True


def drop_if_moved(photo: Photo) -> None:
    """Delete public files that were written while the photo became private; it is processed once more."""
    if photo.is_private or not Photo.objects.filter(pk=photo.pk, is_private=True).exists():
        return
    for name in photo.names:
        photo.storage.delete(name)
    photo.release_lease(counts=False)


def mark_failed(photo: Photo, reason: str) -> None:
    """Mark it as failed and delete its files.

    Bytes that cannot be decoded may still contain the place where they were taken. After a technical failure ("tried") the
    original is kept for a while (see media.cleanup), so that the work can be tried again.
    """
    if not photo.leased().update(status=Photo.Status.FAILED, problem=PROBLEMS[reason], leased_until=None):
        return
    log.warning("photo failed", extra={"fields": {"photo": photo.pk, "reason": reason}})
    for storage, name in photo.list_files():
        storage.delete(name)
    if reason != "tried":
        photo.intake().delete(photo.intake_name)


def store_drawn_image(photo: Photo, image: Image.Image) -> None:
    """Store the pictures of an image that the site drew itself; the caller saves the photo, which is ready then."""
    from media.sandbox import pictures  # not a stranger's file: Pillow may be loaded here

    store_drawn_pictures(
        photo, pictures.resize_pictures(pictures.to_resizable(image), image.size, 1, settings.PHOTO_WIDTHS)
    )


def store_drawn_pictures(photo: Photo, made: results.DecodedPictures) -> None:
    """Store pictures that exist already as the photo's."""
    store_files(photo, made)
    photo.width, photo.height, photo.status = made.width, made.height, Photo.Status.READY
