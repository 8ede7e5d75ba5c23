"""Move photos from the public storage to the private one: the public address answers nothing any more.

The files are copied first, then the row is changed, then the public files are deleted: it may be stopped anywhere and done
again.
"""

from __future__ import annotations

from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import models, transaction

from media.models import Photo
from media.models.references import filter_referenced
from media.queue import task
from media.storages import write_file


def make_private(photo: Photo, used_by: type[models.Model]) -> Photo | None:
    """Return the photo once it is private; a private copy of it where other models than `used_by` show it too.

    None if that is to be tried again later: it was changed or put elsewhere meanwhile, or one that is to be copied is not ready.
    Raises StorageUnavailable.
    """
    is_shown_too = filter_referenced(Photo, besides=(used_by,))
    if Photo.objects.filter(is_shown_too, pk=photo.pk).exists():
        return copy_photo(photo) if photo.is_ready else None
    if photo.is_ready:
        copy_files(photo, photo)
    with transaction.atomic():
        # Copying takes a while, in which its owner may have put it into a shop.
        mine = Photo.objects.public().filter(~is_shown_too, pk=photo.pk, status=photo.status)
        if mine.update(is_private=True):
            photo.is_private = True
            drop_public_files.enqueue(photo.pk)
            transaction.on_commit(partial(drop_public_files.func, photo.pk), robust=True)
            return photo
    if not Photo.objects.filter(pk=photo.pk).exists():  # deleted while it was copied
        for name in photo.names:
            storages["private"].delete(name)
    return None


def copy_photo(photo: Photo) -> Photo:
    """Return a private copy. Its row comes first: if this is stopped, media.cleanup finds a row that nothing uses."""
    facts = {
        name: getattr(photo, name) for name in ("owner_id", "status", "sha256", "bytes", "width", "height")
    }
    made = Photo.objects.create(**facts, is_private=True)
    copy_files(photo, made)
    return made


def copy_files(photo: Photo, goal: Photo) -> None:
    """Copy the public files of a photo to the private storage, as those of `goal`; a missing one is left out."""
    for width in photo.widths():
        try:
            with default_storage.open(photo.name_at(width)) as file:
                content = ContentFile(file.read())
        except FileNotFoundError:
            continue
        write_file(storages["private"], goal.name_at(width), content)


@task()
def drop_public_files(pk: int) -> None:
    """Delete the public files of a private photo: at once after the commit, and by the worker, in case that fails."""
    for photo in Photo.objects.filter(pk=pk, is_private=True):
        for name in photo.names:
            default_storage.delete(name)
