"""The demo's pictures as photos that are ready: each comes as a file in every width that the worker keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from PIL import Image

from accounts.models import User
from media import making, outcome
from media.models import Photo
from media.widths import existing

FILES = Path(__file__).parent / "files"
# Views: one for each village and each shop.
VILLAGES = 15

Job = tuple
"""("produce", kind, seed), ("scene", name) or ("village", seed)."""


def files_of(job: Job) -> dict[int, Path]:
    """By width, the largest last."""
    found = {}
    for path in FILES.glob(f"{'-'.join(map(str, job))}-*.webp"):
        if match := re.fullmatch(re.escape("-".join(map(str, job))) + r"-(\d+)\.webp", path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def shipped(jobs: Iterable[Job], owner: User | None = None) -> dict[Job, Photo]:
    """A photo for each job, with the rows and files that the worker makes of a phone's photo."""
    photos = {}
    for job in jobs:
        photo = photos[job] = Photo(owner=owner)
        files = files_of(job)
        with Image.open(list(files.values())[-1]) as largest:
            if list(files) == existing(largest.width, settings.PHOTO_WIDTHS):
                contents = {width: path.read_bytes() for width, path in files.items()}
                making.keep_made(photo, outcome.Made(*largest.size, contents))
            else:  # this site keeps its photos in other widths
                making.keep_pictures(photo, largest.convert("RGB"))
        photo.save()
    return photos
