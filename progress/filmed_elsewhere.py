"""A rehearsal that was filmed with something else: one file, one take, whole at once."""

from __future__ import annotations

from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import User
from live.models import Livestream
from media import takes, uploading
from media.tickets import Ticket
from progress import rehearsing
from progress.models import Rehearsal
from progress.rehearsing import Told, ToldTake

CLEAR = Rehearsal.Quality.CLEAR.value


def receive(user: User, plan: Livestream, film: UploadedFile) -> Rehearsal:
    """Raises media.refusals.Refused. Outside a transaction, because it writes a large file; broken off, nothing of it
    is left but an upload that expires."""
    take, now = uuid4(), timezone.now()
    ticket = Ticket(rehearsing.reference(take), film.size)
    upload = takes.begin(user, ticket, film.size, film.name or "")
    film.seek(0)
    for start in range(0, film.size, uploading.AT_ONCE):
        uploading.add(upload, start, film.read(uploading.AT_ONCE))
    rehearsal = rehearsing.begin(user, Told(uuid4(), plan.pk, CLEAR, now, now, on_phone=0), now)
    marks = [{"kind": "file", "name": (film.name or "")[-80:], "at_ms": 0}]
    rehearsing.take_in(rehearsal, ToldTake(take, 1, now, marks=marks), now)
    rehearsing.bind_uploads(rehearsal)
    return rehearsal
