"""Recordings that are uploaded while they are being recorded, so that their length is not known yet.

An upper app gives a person a ticket to send one recording for one row of its own; `reference` names that row in the app's
format ("take 0b1c…", at most 60 characters). Begun again with the same reference an upload continues. A recording is
complete when its phone declares its length; no Video is made of it automatically (see media.videos.services).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from media import chunks
from media.models import Upload
from media.storages import StorageUnavailable
from media.uploads import quotas
from media.uploads.errors import UploadRefused
from media.uploads.services import RECORDING_EXPIRES_AFTER, count_sent_today, refuse_full_disk
from ui.text import tidy

MOST_OPEN = 30
SALT = "media.ticket"
# A phone may be offline for weeks; a ticket is limited to its owner and its bytes.
TICKET_HOLDS = timedelta(days=90)
LONGEST_REFERENCE = 60


@dataclass(frozen=True)
class Ticket:
    reference: str
    most_bytes: int


def issue_ticket(owner: User, reference: str, most_bytes: int) -> str:
    """Return a signed ticket, which may stand in a page and be stored on a phone."""
    if not reference or len(reference) > LONGEST_REFERENCE or most_bytes <= 0:
        raise ValueError(reference, most_bytes)
    return signing.dumps([owner.pk, reference, most_bytes], salt=SALT)


def read_ticket(raw: str, owner: User) -> Ticket:
    """Read a signed ticket. Raises UploadRefused when it is another's, too old or none at all."""
    try:
        whose, reference, most_bytes = signing.loads(raw, salt=SALT, max_age=TICKET_HOLDS)
    except signing.BadSignature as bad:
        raise UploadRefused("ticket") from bad
    if whose != owner.pk:
        raise UploadRefused("not_yours")
    return Ticket(reference, most_bytes)


def begin_recording(owner: User, ticket: Ticket, size: int | None, name: str = "") -> Upload:
    """Return the upload of this ticket's reference, a new one the first time. Raises UploadRefused.

    No open one is ended for a new one: the phone relies on the chunks that were acknowledged.
    """
    most = min(ticket.most_bytes, settings.VIDEO_MAX_BYTES)
    if size is not None and size <= 0:
        raise UploadRefused("empty")
    if size is not None and size > most:
        raise UploadRefused("heavy_take", most=most // 10**6)
    with transaction.atomic():
        User.objects.select_for_update().get(
            pk=owner.pk
        )  # one at a time, or two requests would pass the same check
        if known := find_recording(owner, ticket.reference):
            if size is not None and known.size not in (None, size):
                raise UploadRefused("changed")
            return known
        refuse_full_disk(size or most)
        refuse_too_much(owner, size or most)
        facts = {"purpose": Upload.Purpose.TAKE, "reference": ticket.reference, "most_bytes": most}
        facts |= {"size": size, "name": tidy(name)[-200:]}
        expires = timezone.now() + RECORDING_EXPIRES_AFTER
        return Upload.objects.create(owner=owner, expires_at=expires, **facts)


def find_recording(owner: User, reference: str) -> Upload | None:
    mine = Upload.objects.filter(owner=owner, reference=reference, purpose=Upload.Purpose.TAKE)
    return mine.exclude(state=Upload.State.GONE).first()


def refuse_too_much(owner: User, size: int) -> None:
    if count_sent_today(owner) + size > settings.VIDEO_BYTES_A_DAY:
        raise UploadRefused("day")
    for limit in quotas.list_practice_limits(owner):
        quotas.refuse_beyond(limit, size)
    going = Upload.objects.filter(owner=owner, purpose=Upload.Purpose.TAKE, state=Upload.State.OPEN)
    if going.count() >= MOST_OPEN:
        raise UploadRefused("takes", most=MOST_OPEN)


def declare_size(upload: Upload, size: int) -> None:
    """Set the length that a recording has reached; it must be the same if declared again. It is complete with its last byte.

    Raises UploadRefused. Queries: 3, none when it is complete.
    """
    if upload.size not in (None, size):
        raise UploadRefused("changed")
    if upload.state == Upload.State.WHOLE:
        return
    if size <= 0:
        raise UploadRefused("empty")
    if upload.size is None and upload.most_bytes and size > upload.most_bytes:
        raise UploadRefused("heavy_take", most=upload.most_bytes // 10**6)
    open_here = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN)
    with transaction.atomic():
        if not open_here.filter(Q(size__isnull=True) | Q(size=size), offset__lte=size).update(size=size):
            refuse_other_size(upload, size)
        open_here.filter(offset=size).update(state=Upload.State.WHOLE)
    upload.refresh_from_db()


def refuse_other_size(upload: Upload, size: int) -> None:
    """Raise UploadRefused if another window declared another size."""
    upload.refresh_from_db()
    if upload.size is None:
        raise UploadRefused("short_of")
    if upload.size != size:
        raise UploadRefused("changed")


def end_recording(upload: Upload) -> bool:
    """Complete a recording with what has arrived; return whether anything has.

    For an app that knows that no more will follow (a lost phone, a part handed in).
    """
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.state == Upload.State.OPEN and row.offset:
            Upload.objects.filter(pk=row.pk, offset=row.offset).update(
                size=row.offset, state=Upload.State.WHOLE
            )
    upload.refresh_from_db()
    return upload.state == Upload.State.WHOLE


def drop_recordings(uploads: list[Upload]) -> None:
    """Delete recordings and their chunks, except those of which a film is being made."""
    free = Upload.objects.filter(pk__in=[upload.pk for upload in uploads], purpose=Upload.Purpose.TAKE)
    free = free.exclude(Q(parts__video__status="waiting"))
    for key in list(free.values_list("key", flat=True)):
        if Upload.objects.filter(key=key).update(state=Upload.State.GONE):
            with suppress(StorageUnavailable):  # media.cleanup deletes what is left
                chunks.drop(key)
