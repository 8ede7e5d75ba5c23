"""Creates the demo's videos, ready, from files: three lessons in each language and one rehearsal.

The files hold each film's picture in both sizes without sound, its poster, and one tune for all lessons, so that a clone
stays small. ffmpeg joins them without encoding; the result is what the worker makes of a phone's film.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from demo.seed.photos import MEDIA
from media.models import Video
from media.videos import encoding, ffmpeg, probing, processing
from media.videos.lease import acquire_lease

LESSONS = ("demo-steady-hands", "demo-window-light", "demo-per-jin")
REHEARSAL = "rehearsal"


def name_of(film: str, language: str) -> str:
    return f"{film}.{language}"


def create_lesson_video(film: str, language: str) -> Video:
    """The film with its titles in the language of the course, as a video that is ready. Made once."""
    name = name_of(film, language)
    if found := Video.objects.ready().filter(name=f"{name}.mp4").first():
        return found
    with processing.work_folder() as folder:
        assemble(name, "tune", Path(folder))
        sent = (Path(folder) / "480.mp4").read_bytes()
        digest = hashlib.sha256(sent).hexdigest()
        video = Video.objects.create(name=f"{name}.mp4", sha256=digest, bytes=len(sent))
        finish(video, Path(folder))
    video.refresh_from_db()
    return video


def assemble(name: str, sound: str, folder: Path) -> None:
    """The files that recipe.parts names, in the folder."""
    for rung in encoding.RUNGS:
        streams = ["-i", str(MEDIA / f"{name}.{rung.name}.mp4"), "-i", str(MEDIA / f"{sound}.m4a")]
        out = [
            "-c",
            "copy",
            "-fflags",
            "+bitexact",
            "-movflags",
            "+faststart",
            str(folder / f"{rung.name}.mp4"),
        ]
        quiet = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
        subprocess.run([ffmpeg.binary(), *quiet, *streams, *out], check=True, timeout=60)
    shutil.copyfile(MEDIA / f"{sound}.m4a", folder / encoding.LISTEN)
    shutil.copyfile(MEDIA / f"{name}.webp", folder / encoding.POSTER)


def finish(video: Video, folder: Path, facts: probing.Probe | None = None) -> None:
    """As the worker ends its job, with what it would have measured."""
    facts = facts or probing.probe(folder / "480.mp4", settings.VIDEO_MAX_SECONDS)
    lease = acquire_lease(video.pk)
    measures = json.loads((MEDIA / "rehearsal.json").read_text()) if video.wants_measures else {}
    processing.mark_ready(lease, facts, processing.store_files(lease, facts, folder), measures)
