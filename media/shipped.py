"""Create photos and films from files that come with the code, as the worker would have made them.

A folder has a file of each picture in every width (`<name>-<width>.webp`). Of each film it has the picture in both sizes without
sound (`<name>.480.mp4`, `<name>.240.mp4`), the poster (`<name>.webp`), and one sound for several films, so that a clone stays
small; ffmpeg joins them without encoding.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from accounts.models import User
from media.models import Photo, Video
from media.photos.conversion import store_drawn_image, store_drawn_pictures
from media.sandbox import results
from media.sandbox.results import list_available_widths
from media.videos import conversion, encoding, ffmpeg, inspection
from media.videos.lease import acquire_lease

# --- photos ---


def list_files(folder: Path, name: str) -> dict[int, Path]:
    """Return the picture's files by width, the largest last."""
    found = {}
    for path in folder.glob(f"{name}-*.webp"):
        if match := re.fullmatch(re.escape(name) + r"-(\d+)\.webp", path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def create_photos(
    folder: Path, names: Iterable[str], owner: User | None = None, is_private: bool = False
) -> dict[str, Photo]:
    """Create a photo for each name, with the row and the files that the worker makes of a phone's photo."""
    photos = {name: Photo(owner=owner, is_private=is_private) for name in names}
    with ThreadPoolExecutor(8) as pool:  # Each file is synced to the disk, and together they wait once.
        deque(pool.map(lambda name: store_files(folder, name, photos[name]), photos), maxlen=0)
    Photo.objects.bulk_create(photos.values())
    return photos


def store_files(folder: Path, name: str, photo: Photo) -> None:
    """Store the picture's files and set the photo's size and status; leaves saving the row to the caller."""
    files = list_files(folder, name)
    with Image.open(list(files.values())[-1]) as largest:
        if list(files) == list_available_widths(largest.width, settings.PHOTO_WIDTHS):
            contents = {width: path.read_bytes() for width, path in files.items()}
            store_drawn_pictures(photo, results.DecodedPictures(*largest.size, contents))
        else:  # This site stores its photos in other widths.
            store_drawn_image(photo, largest.convert("RGB"))


# --- films ---


def create_video(folder: Path, name: str, sound: str) -> Video:
    """Return the film as a ready video; create it if there is none."""
    if found := Video.objects.ready().filter(name=f"{name}.mp4").first():
        return found
    with conversion.make_work_folder() as work:
        join_sound(folder, name, sound, Path(work))
        sent = (Path(work) / "480.mp4").read_bytes()
        digest = hashlib.sha256(sent).hexdigest()
        video = Video.objects.create(name=f"{name}.mp4", sha256=digest, bytes=len(sent))
        finish_video(video, Path(work), is_spoken=False)
    video.refresh_from_db()
    return video


def join_sound(folder: Path, name: str, sound: str, work: Path) -> None:
    """Write the files that `media.videos.encoding` would make into the folder `work`."""
    for rendition in encoding.RENDITIONS:
        streams = ["-i", str(folder / f"{name}.{rendition.name}.mp4"), "-i", str(folder / f"{sound}.m4a")]
        out = ["-c", "copy", "-fflags", "+bitexact", "-movflags", "+faststart"]
        quiet = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
        command = [ffmpeg.find_binary(), *quiet, *streams, *out, str(work / f"{rendition.name}.mp4")]
        subprocess.run(command, check=True, timeout=60)
    shutil.copyfile(folder / f"{sound}.m4a", work / encoding.LISTEN)
    shutil.copyfile(folder / f"{name}.webp", work / encoding.POSTER)


def finish_video(
    video: Video,
    work: Path,
    facts: inspection.Probe | None = None,
    measures: dict[str, Any] | None = None,
    is_spoken: bool = True,
) -> None:
    """Store the files in `work` and mark the video ready. One in which nobody speaks gets no file to listen to: music says
    nothing of a lesson.
    """
    facts = facts or inspection.probe(work / "480.mp4", settings.VIDEO_MAX_SECONDS)
    lease = acquire_lease(video.pk)
    if lease is None:
        raise RuntimeError(f"somebody works on film {video.pk}")
    stored = conversion.store_files(lease, facts if is_spoken else replace(facts, audio=None), work)
    conversion.mark_ready(lease, facts, stored, measures or {})
