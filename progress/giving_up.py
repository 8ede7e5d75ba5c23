"""What will not come any more: a rehearsal nobody wants, or the rest of one whose phone is lost."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from media import takes as uploads
from progress import handing_in
from progress.models import Rehearsal, Take
from progress.rehearsing import bind_uploads, is_here


def drop(rehearsal: Rehearsal) -> bool:
    """False when it has been handed in: then it stays."""
    rows = Rehearsal.objects.standing().filter(pk=rehearsal.pk, submission__isnull=True)
    if not rows.update(dropped_at=timezone.now()):
        return False
    forget_uploads(rehearsal)
    return True


def forget_uploads(rehearsal: Rehearsal) -> None:
    uploads.forget([take.upload for take in bind_uploads(rehearsal) if take.upload])


def enough(rehearsal: Rehearsal) -> int:
    """What has come of it is all there will be; how many takes are left. Their beginnings are kept: what was recorded
    first is worth more than nothing."""
    with transaction.atomic():
        left = 0
        for take in bind_uploads(rehearsal):
            if take.is_left_out:
                continue
            if is_here(take) or (take.upload and uploads.end(take.upload)):
                left += 1
            else:
                Take.objects.filter(pk=take.pk).update(is_left_out=True)
        Rehearsal.objects.filter(pk=rehearsal.pk).update(on_phone_bytes=0, on_phone_at=timezone.now())
        handing_in.join_of(rehearsal)
    return left
