"""Take in a rehearsal filmed outside the studio: one file, which becomes one take."""

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
from media.uploads import quotas, recordings
from media.uploads.errors import UploadRefused
from media.uploads.recordings import Ticket
from media.uploads.services import FORM_CHUNK, add_chunk
from media.videos import ffmpeg, inspection
from media.videos.conversion import PROBLEMS, make_work_folder
from rehearsals.models import Rehearsal
from rehearsals.recordings import reports
from rehearsals.recordings.reports import ReportedRehearsal, ReportedTake

# The share of its stated length that a film must have: phones round, and the last pictures of a second may be missing.
COMPLETE_SHARE = 0.9
# Limit for one person: each check reads up to 120 MB while the page waits.
CHECKS_WITHIN = timedelta(minutes=10)
MOST_CHECKS = 6
CLEAR = Rehearsal.Quality.CLEAR.value


def refuse_early(user: User, size: int) -> None:
    """Refuse what can be refused before the film is read. Raises UploadRefused."""
    reports.refuse_too_long(user)
    quotas.refuse_beyond(quotas.find_nearest_limit(user), size)
    if not limits.consume(f"film looked at {user.pk}", MOST_CHECKS, timezone.now() + CHECKS_WITHIN):
        raise UploadRefused("often")


def measure_film(film: UploadedFile) -> int:
    """Return the film's length in milliseconds. Reads the whole file, decodes nothing.

    Raises ValidationError for a film that cannot be shown: without a picture, under two seconds, or cut off.
    """
    with make_work_folder() as folder:
        path = Path(folder, "film")
        with open(path, "wb") as copy:
            for block in film.chunks():
                copy.write(block)
        film.seek(0)
        try:
            facts = inspection.probe(path, settings.VIDEO_MAX_SECONDS)
            # Its header states its length; the content must come near that.
            if inspection.measure_duration(path, facts.video) < facts.duration_ms * COMPLETE_SHARE:
                raise inspection.UnfitVideo("broken")
            return facts.duration_ms
        except inspection.UnfitVideo as unfit:
            # It begins like a film, so one that cannot be opened was not saved completely.
            reason = "broken" if unfit.reason == "other" else unfit.reason
            raise ValidationError(_(PROBLEMS[reason]), code=reason) from unfit
        except ffmpeg.TimedOut as slow:
            raise ValidationError(_(PROBLEMS["slow"]), code="slow") from slow


def receive_film(user: User, plan: Livestream, film: UploadedFile, lasts_ms: int) -> Rehearsal:
    """Store the film as a rehearsal, outside a transaction, because the file is large. Raises UploadRefused.

    If the request breaks off, only an upload is left, which expires.
    """
    reports.refuse_too_long(user)
    take, now, size = uuid4(), timezone.now(), film.size or 0
    ticket = Ticket(reports.get_upload_reference(take), size)
    upload = recordings.begin_recording(user, ticket, size, film.name or "")
    film.seek(0)
    for start in range(0, size, FORM_CHUNK):
        add_chunk(upload, start, film.read(FORM_CHUNK))
    rehearsal = reports.record_rehearsal(
        user, ReportedRehearsal(uuid4(), plan.pk, CLEAR, now, now, on_phone=0), now
    )
    marks = [{"kind": "file", "name": (film.name or "")[-80:], "at_ms": 0}]
    reports.record_take(rehearsal, ReportedTake(take, 1, now, lasted_ms=lasts_ms, marks=marks), now)
    reports.bind_uploads(rehearsal)
    return rehearsal
