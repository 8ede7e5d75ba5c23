"""Recordings on their way in while they are being recorded: nobody knows yet how long they will be.

Whoever has a ticket may send. A take becomes whole when its phone says how long it has become; no Video is made of
it by itself (see media.joining).
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from media import pieces, quotas, uploading
from media.models import Upload
from media.refusals import Refused
from media.tickets import Ticket
from ui.text import tidy

MOST_OPEN = 30


def begin(owner: User, ticket: Ticket, size: int | None, name: str = "") -> Upload:
    """The upload of this ticket's reference, as far as it is; a new one the first time. Raises Refused.

    None of those left open is thrown away for a new one: the phone has been told that their pieces are safe.
    """
    most = min(ticket.most_bytes, settings.VIDEO_MAX_BYTES)
    if size is not None and size <= 0:
        raise Refused("empty")
    if size is not None and size > most:
        raise Refused("heavy_take", most=most // 10**6)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # one at a time, or two would pass the same check
        if known := standing(owner, ticket.reference):
            if size is not None and known.size not in (None, size):
                raise Refused("changed")
            return known
        uploading.room_for(size or most)
        refuse_too_much(owner, size or most)
        facts = {"purpose": Upload.Purpose.TAKE, "reference": ticket.reference, "most_bytes": most}
        facts |= {"size": size, "name": tidy(name)[-200:]}
        expires = timezone.now() + uploading.TAKE_LASTS
        return Upload.objects.create(owner=owner, expires_at=expires, **facts)


def standing(owner: User, reference: str) -> Upload | None:
    mine = Upload.objects.filter(owner=owner, reference=reference, purpose=Upload.Purpose.TAKE)
    return mine.exclude(state=Upload.State.GONE).first()


def refuse_too_much(owner: User, size: int) -> None:
    if uploading.sent_today(owner) + size > settings.VIDEO_BYTES_A_DAY:
        raise Refused("day")
    for limit in quotas.practice_limits(owner):
        quotas.refuse_past(limit, size)
    going = Upload.objects.filter(owner=owner, purpose=Upload.Purpose.TAKE, state=Upload.State.OPEN)
    if going.count() >= MOST_OPEN:
        raise Refused("takes", most=MOST_OPEN)


def declare(upload: Upload, size: int) -> None:
    """How long it has become; said again it must be the same. With the last byte here already it is whole.

    Raises Refused. Queries: 3, none when it is whole.
    """
    if upload.size not in (None, size):
        raise Refused("changed")
    if upload.state == Upload.State.WHOLE:
        return
    if size <= 0:
        raise Refused("empty")
    if upload.size is None and size > upload.most_bytes:
        raise Refused("heavy_take", most=upload.most_bytes // 10**6)
    open_here = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN)
    with transaction.atomic():
        if not open_here.filter(Q(size__isnull=True) | Q(size=size), offset__lte=size).update(size=size):
            refuse_as_it_is(upload, size)
        open_here.filter(offset=size).update(state=Upload.State.WHOLE)
    upload.refresh_from_db()


def refuse_as_it_is(upload: Upload, size: int) -> None:
    """Another window was quicker; with the same size it is all one."""
    upload.refresh_from_db()
    if upload.size is None:
        raise Refused("short_of")
    if upload.size != size:
        raise Refused("changed")


def end(upload: Upload) -> bool:
    """Whole as far as it has come, for an app that knows no more will follow (a lost phone, a part handed in).
    Whether there is anything of it."""
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.state == Upload.State.OPEN and row.offset:
            Upload.objects.filter(pk=row.pk, offset=row.offset).update(
                size=row.offset, state=Upload.State.WHOLE
            )
    upload.refresh_from_db()
    return upload.state == Upload.State.WHOLE


def forget(uploads: list[Upload]) -> None:
    """Recordings that nobody wants any more: their pieces go at once, unless a film is being made of them."""
    free = Upload.objects.filter(pk__in=[upload.pk for upload in uploads], purpose=Upload.Purpose.TAKE)
    free = free.exclude(Q(parts__video__status="waiting"))
    for key in list(free.values_list("key", flat=True)):
        if Upload.objects.filter(key=key).update(state=Upload.State.GONE):
            pieces.drop(key)
