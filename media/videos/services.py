"""Let the worker make a film: from several recordings (a call or a lost connection interrupted the phone), or once more."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from media import chunks
from media.models import Upload, Video, VideoPart
from media.tasks import queue_video
from media.videos.conversion import find_source
from ui.text import tidy

MOST_PARTS = 500
Part = tuple[Upload, int, int | None]


def join_recordings(owner: User, name: str, parts: list[Part], measures: bool = True) -> Video:
    """Create a video that waits for the worker, from parts: (complete recording, from, until) in milliseconds; None: to its
    end.

    The position of each part is in `video.parts` once the film is ready; `lasts_ms` is 0 for one that could not be played.
    Raises ValueError for what only a wrong program can pass: no part, one that is not complete or not its owner's, an until
    before its from. Queries: 4.
    """
    if not 0 < len(parts) <= MOST_PARTS:
        raise ValueError(f"{len(parts)} parts")
    for upload, from_ms, until_ms in parts:
        if upload.state != Upload.State.WHOLE or upload.owner_id != owner.pk:
            raise ValueError(f"upload {upload.pk} is {upload.state} and of {upload.owner_id}")
        if from_ms < 0 or (until_ms is not None and until_ms <= from_ms):
            raise ValueError(f"{from_ms} to {until_ms}")
    weight = sum(upload.whole_size for upload in {upload.pk: upload for upload, *_times in parts}.values())
    with transaction.atomic():
        facts = {"name": tidy(name)[-200:], "bytes": weight, "wants_measures": measures}
        video = Video.objects.create(owner=owner, **facts)
        VideoPart.objects.bulk_create(
            VideoPart(video=video, upload=upload, position=number, from_ms=from_ms, until_ms=until_ms)
            for number, (upload, from_ms, until_ms) in enumerate(parts, 1)
        )
        queue_video(video)
    return video


def retry_video(video: Video) -> bool:
    """Queue a failed video once more if its upload still exists; return whether it does.

    Its digest is cleared, because somebody may have sent the same bytes meanwhile.
    """
    parts = list(video.parts.select_related("upload"))
    try:
        if not all(chunks.list_offsets(part.upload.key) for part in parts):
            return False
        if not parts:
            find_source(video)
    except chunks.ChunksMissing:
        return False
    fresh = {"status": Video.Status.WAITING, "attempts": 0, "problem": "", "sha256": "", "leased_until": None}
    if not Video.objects.filter(pk=video.pk, status=Video.Status.FAILED).update(**fresh):
        return False
    queue_video(video)
    return True
