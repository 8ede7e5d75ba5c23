"""Creates the demo's photos, ready, from files: each picture comes in every width that the worker makes."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from PIL import Image

from accounts.models import User
from media.models import Photo
from media.photos.processing import store_drawn_image, store_drawn_pictures
from media.sandbox import results
from media.sandbox.results import available_widths

MEDIA = Path(__file__).parent.parent / "media"
# Views of the county: one for each village and each shop.
VILLAGES = 15

Job = tuple
"""("produce", kind, seed), ("scene", name) or ("village", seed)."""


def files_of(job: Job) -> dict[int, Path]:
    """Return the picture's files by width, the largest last."""
    found = {}
    for path in MEDIA.glob(f"{'-'.join(map(str, job))}-*.webp"):
        if match := re.fullmatch(re.escape("-".join(map(str, job))) + r"-(\d+)\.webp", path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def create_photos(jobs: Iterable[Job], owner: User | None = None) -> dict[Job, Photo]:
    """Create a photo for each job, with the row and the files that the worker makes of a phone's photo."""
    photos = {job: Photo(owner=owner) for job in jobs}
    with ThreadPoolExecutor(
        8
    ) as pool:  # Each file is written through to the disk, and together they wait once.
        deque(pool.map(store_files, photos, photos.values()), maxlen=0)
    Photo.objects.bulk_create(photos.values())
    return photos


def store_files(job: Job, photo: Photo) -> None:
    """Store the picture's files and set the photo's size and status; leaves saving the row to the caller."""
    files = files_of(job)
    with Image.open(list(files.values())[-1]) as largest:
        if list(files) == available_widths(largest.width, settings.PHOTO_WIDTHS):
            contents = {width: path.read_bytes() for width, path in files.items()}
            store_drawn_pictures(photo, results.DecodedPictures(*largest.size, contents))
        else:  # This site keeps its photos in other widths.
            store_drawn_image(photo, largest.convert("RGB"))
