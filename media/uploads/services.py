"""Uploads in chunks: who may begin one, how it grows, and what is made of it when it is complete."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Q, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from media import chunks
from media.models import Upload, Video
from media.received_files import get_size
from media.storages import StorageUnavailable
from media.tasks import queue_video
from media.uploads import quotas
from media.uploads.errors import UploadRefused
from media.videos import headers, inspection
from ui.formats import bytes_over
from ui.text import tidy

log = logging.getLogger(__name__)

MOST_CHUNK = 512 * 1024
FORM_CHUNK = 16 * MOST_CHUNK
# Time since the last chunk after which an upload expires.
EXPIRES_AFTER = timedelta(hours=48)
# A recording that broke off waits for its phone, which has deleted the acknowledged chunks.
RECORDING_EXPIRES_AFTER = timedelta(days=90)
MOST_OPEN = 3
IDLE_AFTER = timedelta(hours=1)
A_DAY = timedelta(days=1)
SALT = "media.upload"
# The name of a film's form field, after the name of what it is for.
FILM = "_film"


class WrongOffset(Exception):
    """Raised when the chunk does not begin at the upload's end; `offset` is that end."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


# --- begin ---


def begin_upload(owner: User, size: int, name: str = "") -> Upload:
    """Create an empty upload; whatever can be refused before the first byte is refused here. Raises UploadRefused."""
    if not owner.works_in_the_admin:
        raise UploadRefused("who")
    if size <= 0:
        raise UploadRefused("empty")
    if size > settings.VIDEO_MAX_BYTES:
        most = bytes_over(settings.VIDEO_MAX_BYTES, 10**9)
        raise UploadRefused("heavy", size=bytes_over(size, 10**9), most=most)
    refuse_full_disk(size)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # one at a time, or two would pass the same check
        refuse_too_much(owner, size)
        expires = timezone.now() + EXPIRES_AFTER
        return Upload.objects.create(owner=owner, size=size, name=tidy(name)[-200:], expires_at=expires)


def refuse_full_disk(size: int) -> None:
    """Require free space of twice the size (chunks and assembled file); skipped on S3. Raises UploadRefused."""
    if not settings.S3_BUCKET and shutil.disk_usage(settings.VAR_DIR).free < 2 * size + 1_000_000_000:
        raise UploadRefused("full")


def refuse_too_much(owner: User, size: int) -> None:
    """Refuse beyond the quotas. Of too many open uploads one that was idle for an hour is ended for the new one."""
    now = timezone.now()
    quotas.refuse_beyond(quotas.get_site_limit(), size)
    if count_sent_today(owner) + size > settings.VIDEO_BYTES_A_DAY:
        raise UploadRefused("day")
    mine = Upload.objects.filter(owner=owner, purpose=Upload.Purpose.VIDEO)
    going = mine.filter(state=Upload.State.OPEN, expires_at__gt=now).order_by("expires_at")
    if len(going) < MOST_OPEN:
        return
    if going[0].expires_at > now + EXPIRES_AFTER - IDLE_AFTER:
        raise UploadRefused("open", most=MOST_OPEN)
    going.filter(pk=going[0].pk).update(state=Upload.State.GONE)


def count_sent_today(owner: User) -> int:
    """Return the bytes sent in 24 hours; a recording of unknown length counts with its maximum."""
    weighs = Case(
        When(Q(size__isnull=True, state=Upload.State.OPEN), then=Coalesce("most_bytes", "offset")),
        default=Coalesce("size", "offset"),
        output_field=BigIntegerField(),
    )
    today = Upload.objects.filter(owner=owner, created_at__gt=timezone.now() - A_DAY)
    return today.aggregate(sum=Sum(weighs))["sum"] or 0


# --- the token with which an upload is continued ---


def make_token(upload: Upload) -> str:
    return signing.dumps([upload.owner_id, upload.key], salt=SALT)


def is_token_of(upload: Upload, token: str) -> bool:
    try:
        return signing.loads(token, salt=SALT) == [upload.owner_id, upload.key]
    except signing.BadSignature:
        return False


# --- grow ---


def add_chunk(upload: Upload, start: int, content: bytes) -> Upload:
    """Add the chunk that begins at `start`; it is on the disk before the offset moves.

    The last one creates the video, or completes the recording. Raises WrongOffset when another chunk was first,
    UploadRefused when the first chunk shows that this is no video, or ("away") the storage cannot be reached: then the
    upload is as it was. Queries: 2, with the last chunk 6.
    """
    try:
        return store_chunk(upload, start, content)
    except StorageUnavailable as away:
        log.warning("a chunk could not be stored", extra={"fields": {"upload": upload.pk, "why": str(away)}})
        raise UploadRefused("away") from away


def store_chunk(upload: Upload, start: int, content: bytes) -> Upload:
    if start == 0 and not headers.looks_like_video(content):
        cancel_upload(upload)
        raise UploadRefused("other")
    if upload.size == start + len(content):
        refuse_heavy(upload, start, content)
    staged = chunks.stage_chunk(upload.key, start, content)
    try:
        with transaction.atomic():
            if not advance_offset(upload, start, len(content)):
                raise WrongOffset(Upload.objects.values_list("offset", flat=True).get(pk=upload.pk))
            staged.place()
            upload.offset = start + len(content)
            if upload.size is None:
                finish_recording(upload)
            elif upload.offset == upload.size:
                create_video(upload)
    finally:
        staged.clear()
    return upload


def advance_offset(upload: Upload, start: int, by: int) -> bool:
    """Move the offset by one conditional UPDATE, so that of two tabs one succeeds."""
    within = Q(size__isnull=True) | Q(size__gte=start + by)
    here = Upload.objects.filter(within, pk=upload.pk, state=Upload.State.OPEN, offset=start)
    upload.expires_at = timezone.now() + (
        RECORDING_EXPIRES_AFTER if upload.purpose == Upload.Purpose.TAKE else EXPIRES_AFTER
    )
    return bool(here.update(offset=F("offset") + by, expires_at=upload.expires_at))


def refuse_heavy(upload: Upload, start: int, last: bytes) -> None:
    """Refuse, with its last chunk here, a film whose own header says that it is larger than the worker takes."""

    def read_bytes(at: int, length: int) -> bytes:
        before = b"".join(chunks.read(upload.key, range(at, min(at + length, start)))) if at < start else b""
        return before + last[max(0, at - start) : max(0, at + length - start)]

    try:
        head = headers.read_header(read_bytes, start + len(last))
        if head is not None:
            inspection.refuse_heavy(head.width, head.height, head.frames)
    except chunks.ChunksMissing:  # the worker will report it
        return
    except inspection.UnfitVideo as unfit:
        cancel_upload(upload)
        raise UploadRefused(unfit.reason) from unfit


def finish_recording(upload: Upload) -> None:
    """Complete a recording whose length another tab has declared meanwhile."""
    ended = Upload.objects.filter(pk=upload.pk, size=upload.offset)
    ended.update(state=Upload.State.WHOLE)


def create_video(upload: Upload) -> None:
    """Create the video's row and its task, or neither, inside the transaction that moves the offset to the end."""
    upload.state = Upload.State.WHOLE
    if upload.purpose == Upload.Purpose.TAKE:
        upload.save(update_fields=["state"])
        return
    upload.video = Video.objects.create(owner_id=upload.owner_id, name=upload.name, bytes=upload.whole_size)
    upload.save(update_fields=["state", "video"])
    queue_video(upload.video)


def cancel_upload(upload: Upload) -> bool:
    """End an upload and delete its chunks; return whether it was still open."""
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(state=Upload.State.GONE):
        return False
    with suppress(StorageUnavailable):  # media.cleanup deletes what is left
        chunks.drop(upload.key)
    return True


# --- in one piece, by a form without JavaScript ---


def store_film(file: UploadedFile, owner: User) -> Upload:
    """Receive a whole film at once. Raises UploadRefused; call it outside a transaction, because it writes a large file."""
    size = get_size(file)
    if size > settings.VIDEO_FORM_MAX_BYTES:
        most = settings.VIDEO_FORM_MAX_BYTES // 10**6
        raise UploadRefused("heavy_form", size=bytes_over(size, 10**6), most=most)
    upload = begin_upload(owner, size, file.name or "")
    file.seek(0)
    for start in range(0, size, FORM_CHUNK):
        add_chunk(upload, start, file.read(FORM_CHUNK))
    return upload
