"""Receive photos: check the header, store the file once, and queue the processing."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.models import Photo
from media.photos import headers
from media.received_files import TooManyFiles, get_size, hash_file, shorten_name, store_received
from media.tasks import make_pictures
from ui.formats import bytes_over

A_DAY = timedelta(days=1)
PHOTOS_A_DAY = 200
# A longer strip is a screenshot of a whole conversation; WebP allows 16,383 pixels a side.
MOST_STRETCHED = 10
REFUSALS = {
    "empty": _("“%(name)s”是空的，重新选一次"),
    "heavy": _("“%(name)s”有 %(size)s MB，最多收 %(most)s MB"),
    "other": _("“%(name)s”不是照片，能收 JPEG、PNG、WebP 和 HEIC"),
    "gif": _("“%(name)s”是 GIF，换一张照片"),
    "pdf": _("“%(name)s”是 PDF，把那一页拍下来再传"),
    "video": _("“%(name)s”是视频，这里只收照片"),
    "moving": _("“%(name)s”是动图，换一张照片"),
    "cut": _("“%(name)s”缺了后半截，重新选一次"),
    "large": _("“%(name)s”有 %(width)s×%(height)s 像素，太大了，用普通模式拍一张"),
    "long": _("“%(name)s”太长了，截成几张再传"),
    "many": _("今天传了 %(most)s 张，明天再传"),
}


def store_photo(file: UploadedFile, owner: User, is_private: bool = False) -> Photo:
    """Store a photo and queue its processing; return the existing photo if this person has sent the same bytes, as private or
    as public as now.

    Raises ValidationError with a sentence that names the file, and NotStored. Queries: 1 for a known photo, else 7; call it
    outside a transaction, because it writes a file.
    """
    head = check_photo(file)
    digest = hash_file(file)
    if known := find_same(owner, digest, is_private):
        return known
    refuse_too_many(owner)
    photo = Photo(owner=owner, sha256=digest, width=head.width, height=head.height, bytes=get_size(file))
    photo.is_private = is_private
    file.seek(0)
    store_received(photo.intake(), photo.intake_name, file)
    return insert_once(photo, owner)


def check_photo(file: UploadedFile) -> headers.Head:
    """Read the header and look for the end of the picture. Raises ValidationError."""
    if not file.size:
        raise make_refusal("empty", file)
    if file.size > settings.PHOTO_MAX_BYTES:
        most = settings.PHOTO_MAX_BYTES // 10**6
        raise make_refusal("heavy", file, size=bytes_over(file.size, 10**6), most=most)
    try:
        head = headers.read(file, file.size)
    except headers.UnfitPhoto as unfit:
        raise make_refusal(unfit.code, file) from unfit
    if head.width * head.height > settings.PHOTO_MAX_PIXELS[head.kind]:
        raise make_refusal("large", file, width=head.width, height=head.height)
    if max(head.width, head.height) > MOST_STRETCHED * min(head.width, head.height):
        raise make_refusal("long", file)
    return head


def make_refusal(code: str, file: UploadedFile, **params) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params={"name": shorten_name(file), **params})


def find_same(owner: User, digest: str, is_private: bool) -> Photo | None:
    """Return the photo of these bytes that this person sent before, unless it failed.

    Its age begins anew, or `media.cleanup` could delete it while a form with it is being filled in."""
    kept = Photo.objects.filter(owner=owner, sha256=digest, is_private=is_private)
    kept = kept.exclude(status=Photo.Status.FAILED)
    photo = kept.order_by("id").first()
    if photo and photo.created_at < timezone.now() - A_DAY:
        Photo.objects.filter(pk=photo.pk).update(created_at=timezone.now())
    return photo


def refuse_too_many(owner: User) -> None:
    if Photo.objects.filter(owner=owner, created_at__gt=timezone.now() - A_DAY).count() >= PHOTOS_A_DAY:
        raise TooManyFiles(REFUSALS["many"], code="many", params={"most": PHOTOS_A_DAY})


def insert_once(photo: Photo, owner: User) -> Photo:
    """Insert the row and its task, or neither; of two equal photos that arrive at once the first stays."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)
        known = find_same(owner, photo.sha256, photo.is_private)
        if known is None:
            photo.save(force_insert=True)
            make_pictures.enqueue(photo.pk)
            return photo
    photo.intake().delete(photo.intake_name)
    return known
