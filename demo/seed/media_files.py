"""The demo's pictures and films: which files they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from accounts.models import User
from media import shipped
from media.models import Photo, Video
from media.videos import inspection

MEDIA = Path(__file__).parent.parent / "media"
# Number of pictures of the county: one for each village and each shop.
VILLAGES = 15
REHEARSAL, SPEECH = "rehearsal", "babble"

Job = tuple
"""("produce", kind, seed) or ("village", seed)."""


def make_name(job: Job) -> str:
    return "-".join(map(str, job))


def create_photos(jobs: Iterable[Job], owner: User | None = None) -> dict[Job, Photo]:
    names = {job: make_name(job) for job in jobs}
    photos = shipped.create_photos(MEDIA, names.values(), owner)
    return {job: photos[name] for job, name in names.items()}


def finish_rehearsal(video: Video, work: Path, facts: inspection.Probe) -> None:
    """Store the rehearsal's film, with the measurements that the worker would have made."""
    measures = json.loads((MEDIA / "rehearsal.json").read_text()) if video.wants_measures else {}
    shipped.finish_video(video, work, facts, measures)
