"""Receive spoken remarks for the worker, and send them after the caller's permission check."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.models import Voice
from media.private_files import send_private as send_file
from media.received_files import TooManyFiles, get_size, hash_file, store_received
from media.tasks import make_voice
from media.videos.headers import HEAD_BYTES, looks_like_video

MOST_BYTES = 2_000_000
MOST_SECONDS = 90
A_DAY = timedelta(days=1)
VOICES_A_DAY = 300
TYPE = "audio/mp4"
REFUSALS = {
    "empty": _("没录到声音，再录一次"),
    "heavy": _("这段话太长了，最多 %(most)s 秒，讲短一点"),
    "other": _("这不是录音，再录一次"),
    "many": _("今天录得太多了，明天再录"),
}


def store_voice(file: UploadedFile, owner: User) -> Voice:
    """Store a recording of a microphone (WebM, MP4, M4A) and queue its processing.

    The same bytes from the same person return the existing voice. Raises ValidationError; call it outside a transaction,
    because it writes a file.
    """
    check_recording(file)
    digest = hash_file(file)
    same = Voice.objects.filter(owner=owner, sha256=digest).exclude(status=Voice.Status.FAILED).order_by("id")
    if known := same.first():
        return known
    if Voice.objects.filter(owner=owner, created_at__gt=timezone.now() - A_DAY).count() >= VOICES_A_DAY:
        raise TooManyFiles(REFUSALS["many"], code="many")
    voice = Voice(owner=owner, sha256=digest, bytes=get_size(file))
    file.seek(0)
    store_received(storages["intake"], voice.intake_name, file)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # sent twice at once it is stored once
        known = same.first()
        if known is None:
            voice.save(force_insert=True)
            make_voice.enqueue(voice.pk)
    if known:
        storages["intake"].delete(voice.intake_name)
    return known or voice


def check_recording(file: UploadedFile) -> None:
    if get_size(file) < HEAD_BYTES:
        raise make_refusal("empty")
    if get_size(file) > MOST_BYTES:
        raise make_refusal("heavy", most=MOST_SECONDS)
    file.seek(0)
    if not looks_like_video(file.read(HEAD_BYTES)):  # sound files use the same containers
        raise make_refusal("other")


def make_refusal(code: str, **params) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params=params)


def send_voice(request: HttpRequest, voice: Voice) -> HttpResponseBase:
    """Return the sound, after the caller's check that this person may hear it; 404 while it is not ready."""
    if not voice.is_ready:
        raise Http404
    return send_file(request, voice.name, TYPE)
