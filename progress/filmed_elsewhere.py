"""A rehearsal that was filmed with something else: one file, one take, whole at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import User
from live.models import Livestream
from media import ffmpeg, probing, quotas, takes, uploading
from media.refusals import Refused
from media.tickets import Ticket
from media.video_making import PROBLEMS, workplace
from progress import rehearsing
from progress.models import Rehearsal
from progress.rehearsing import Told, ToldTake

# Of the length that a film says it has: a phone rounds, a second may lack its last pictures.
THERE = 0.9
# Of one person: each look reads up to 120 MB while the page waits.
LOOKS_WITHIN = timedelta(minutes=10)
LOOKS = 6
CLEAR = Rehearsal.Quality.CLEAR.value


def refuse_early(user: User, size: int) -> None:
    """Raises Refused for what can be said before the film is read."""
    rehearsing.refuse_too_long(user)
    quotas.refuse_past(quotas.practice_room(user), size)
    if not limits.take(f"film looked at {user.pk}", LOOKS, timezone.now() + LOOKS_WITHIN):
        raise Refused("often")


def look_at(film: UploadedFile) -> int:
    """Its milliseconds. Raises ValidationError for what could not be shown to anybody: no picture, under two seconds,
    broken off. Reads the whole file, decodes nothing."""
    with workplace() as folder:
        path = Path(folder, "film")
        with open(path, "wb") as copy:
            for block in film.chunks():
                copy.write(block)
        film.seek(0)
        try:
            facts = probing.probe(path, settings.VIDEO_MAX_SECONDS)
            # Its own head tells how long it is; what is there must come near that.
            if probing.walked(path, facts.video) < facts.duration_ms * THERE:
                raise probing.Unfit("broken")
            return facts.duration_ms
        except probing.Unfit as unfit:
            # It began like a film: what cannot be opened then is one that was not kept whole.
            reason = "broken" if unfit.reason == "other" else unfit.reason
            raise ValidationError(_(PROBLEMS[reason]), code=reason) from unfit
        except ffmpeg.Slow as slow:
            raise ValidationError(_(PROBLEMS["slow"]), code="slow") from slow


def receive(user: User, plan: Livestream, film: UploadedFile, lasts_ms: int) -> Rehearsal:
    """Raises media.refusals.Refused. Outside a transaction, because it writes a large file; broken off, nothing of it
    is left but an upload that expires."""
    rehearsing.refuse_too_long(user)
    take, now = uuid4(), timezone.now()
    ticket = Ticket(rehearsing.reference(take), film.size)
    upload = takes.begin(user, ticket, film.size, film.name or "")
    film.seek(0)
    for start in range(0, film.size, uploading.AT_ONCE):
        uploading.add(upload, start, film.read(uploading.AT_ONCE))
    rehearsal = rehearsing.begin(user, Told(uuid4(), plan.pk, CLEAR, now, now, on_phone=0), now)
    marks = [{"kind": "file", "name": (film.name or "")[-80:], "at_ms": 0}]
    rehearsing.take_in(rehearsal, ToldTake(take, 1, now, lasted_ms=lasts_ms, marks=marks), now)
    rehearsing.bind_uploads(rehearsal)
    return rehearsal
