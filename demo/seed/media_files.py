"""Create the demo's photos and videos from files, as the worker would have made them.

There is a file of each picture in every width. Of each film there are files of its picture in both sizes without sound, of its
poster, and of one tune for all lessons, so that a clone stays small; ffmpeg joins them without encoding.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from PIL import Image

from accounts.models import User
from media.models import Photo, Video
from media.photos.processing import store_drawn_image, store_drawn_pictures
from media.sandbox import results
from media.sandbox.results import list_available_widths
from media.videos import encoding, ffmpeg, probing, processing
from media.videos.lease import acquire_lease

MEDIA = Path(__file__).parent.parent / "media"
# Number of pictures of the county: one for each village and each shop.
VILLAGES = 15

Job = tuple
"""("produce", kind, seed), ("scene", name) or ("village", seed)."""


def find_files(job: Job) -> dict[int, Path]:
    """Return the picture's files by width, the largest last."""
    found = {}
    for path in MEDIA.glob(f"{'-'.join(map(str, job))}-*.webp"):
        if match := re.fullmatch(re.escape("-".join(map(str, job))) + r"-(\d+)\.webp", path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def create_photos(jobs: Iterable[Job], owner: User | None = None) -> dict[Job, Photo]:
    """Create a photo for each job, with the row and the files that the worker makes of a phone's photo."""
    photos = {job: Photo(owner=owner) for job in jobs}
    with ThreadPoolExecutor(8) as pool:  # Each file is synced to the disk, and together they wait once.
        deque(pool.map(store_files, photos, photos.values()), maxlen=0)
    Photo.objects.bulk_create(photos.values())
    return photos


def store_files(job: Job, photo: Photo) -> None:
    """Store the picture's files and set the photo's size and status; leaves saving the row to the caller."""
    files = find_files(job)
    with Image.open(list(files.values())[-1]) as largest:
        if list(files) == list_available_widths(largest.width, settings.PHOTO_WIDTHS):
            contents = {width: path.read_bytes() for width, path in files.items()}
            store_drawn_pictures(photo, results.DecodedPictures(*largest.size, contents))
        else:  # This site stores its photos in other widths.
            store_drawn_image(photo, largest.convert("RGB"))


LESSONS = ("demo-steady-hands", "demo-window-light", "demo-per-jin")
REHEARSAL = "rehearsal"


def make_name(film: str, language: str) -> str:
    return f"{film}.{language}"


def create_lesson_video(film: str, language: str) -> Video:
    """Return the lesson's film with titles in this language as a ready video; create it if there is none."""
    name = make_name(film, language)
    if found := Video.objects.ready().filter(name=f"{name}.mp4").first():
        return found
    with processing.make_work_folder() as folder:
        assemble(name, "tune", Path(folder))
        sent = (Path(folder) / "480.mp4").read_bytes()
        digest = hashlib.sha256(sent).hexdigest()
        video = Video.objects.create(name=f"{name}.mp4", sha256=digest, bytes=len(sent))
        finish(video, Path(folder))
    video.refresh_from_db()
    return video


def assemble(name: str, sound: str, folder: Path) -> None:
    """Write the files that `media.videos.encoding` would make into the folder."""
    for rendition in encoding.RENDITIONS:
        streams = ["-i", str(MEDIA / f"{name}.{rendition.name}.mp4"), "-i", str(MEDIA / f"{sound}.m4a")]
        out = [
            "-c",
            "copy",
            "-fflags",
            "+bitexact",
            "-movflags",
            "+faststart",
            str(folder / f"{rendition.name}.mp4"),
        ]
        quiet = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
        subprocess.run([ffmpeg.find_binary(), *quiet, *streams, *out], check=True, timeout=60)
    shutil.copyfile(MEDIA / f"{sound}.m4a", folder / encoding.LISTEN)
    shutil.copyfile(MEDIA / f"{name}.webp", folder / encoding.POSTER)


def finish(video: Video, folder: Path, facts: probing.Probe | None = None) -> None:
    """Store the files and mark the video ready, with the measurements that the worker would have made."""
    facts = facts or probing.probe(folder / "480.mp4", settings.VIDEO_MAX_SECONDS)
    lease = acquire_lease(video.pk)
    measures = json.loads((MEDIA / "rehearsal.json").read_text()) if video.wants_measures else {}
    processing.mark_ready(lease, facts, processing.store_files(lease, facts, folder), measures)
