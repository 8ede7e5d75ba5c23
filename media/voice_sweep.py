"""Spoken remarks that nobody comes back for: jobs whose worker died, voices no row points to, files without a row."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core.files.storage import storages
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from media import queue, voice_making
from media.models import Voice
from media.tasks import make_voice
from media.uses import uses

log = logging.getLogger(__name__)

LATE = timedelta(minutes=1)
UNUSED = timedelta(days=7)
STRAY = timedelta(hours=1)
AT_ONCE = 200


def run() -> dict[str, int]:
    return {"voices again": take_up_again(), "voice files": drop_strays()}


def take_up_again() -> int:
    late = voice_making.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.waiting(make_voice)
    again = [pk for pk in late.values_list("pk", flat=True)[:AT_ONCE] if pk not in called]
    for pk in again:
        make_voice.enqueue(pk)
    return len(again)


def drop_strays() -> int:
    """Recordings in the intake that no waiting row needs."""
    storage = storages["intake"]
    try:
        names = storage.listdir("voices")[1]
    except FileNotFoundError:
        return 0
    now, count = timezone.now(), 0
    waiting = Voice.objects.filter(status=Voice.Status.WAITING)
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        needed = set(waiting.filter(key__in=some).values_list("key", flat=True))
        for name in set(some) - needed:
            try:
                if storage.get_modified_time(f"voices/{name}") < now - STRAY:
                    storage.delete(f"voices/{name}")
                    count += 1
            except FileNotFoundError:
                continue
    return count


def drop_unused() -> int:
    """At most AT_ONCE; the row first, in one statement that looks once more, then its files."""
    used = [Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in uses(Voice)]
    old = Voice.objects.filter(created_at__lt=timezone.now() - UNUSED)
    unused = old.filter(~Q(*used, _connector=Q.OR)) if used else old
    count = 0
    for voice in unused.order_by("id")[:AT_ONCE]:
        try:
            gone = unused.filter(pk=voice.pk).delete()[0]
        except (ProtectedError, RestrictedError):  # taken into use this very moment
            log.warning("a voice came into use while it was cleared away")
            continue
        if gone:
            storages["private"].delete(voice.name)
            storages["intake"].delete(voice.intake_name)
            count += 1
    return count
