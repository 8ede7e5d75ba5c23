"""Short films, as phones, browsers and attackers make them; each is made once a run."""

import subprocess
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from media import chunks
from media.models import Upload, Video
from media.uploads.services import store_film
from media.videos import ffmpeg

SPEECH = "anoisesrc=c=pink:r=44100:a=0.4,tremolo=f=4:d=0.9"
X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac"
HEVC = "-c:v libx265 -preset ultrafast -x265-params log-level=none:pools=1:frame-threads=1 -pix_fmt yuv420p -tag:v hvc1 -c:a aac"


@cache
def film(
    name: str = "plain.mp4",
    seconds: float = 2.4,
    size: str = "640x360",
    rate: str = "10",
    sound: str | None = SPEECH,
    how: str = X264,
    after: str = "",
) -> Path:
    """Return the path of a film; `after` are arguments of a second run, which copies."""
    folder = Path(settings.VAR_DIR, "films")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    command = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}"]
    command += ["-f", "lavfi", "-i", sound] if sound else []
    bare(*command, "-t", str(seconds), *how.split(), str(path))
    if after:
        turned = path.with_name(f"after-{name}")
        first, _slash, second = after.partition(" / ")
        bare(*first.split(), "-i", str(path), "-c", "copy", *second.split(), str(turned))
        return turned
    return path


def bare(*arguments: str) -> None:
    command = [ffmpeg.find_binary(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True, timeout=120)


def as_upload(path: Path, name: str | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name or path.name, path.read_bytes(), "video/mp4")


def sent(owner, path: Path) -> Video:
    """Return a video that was uploaded by the form and waits."""
    return store_film(as_upload(path), owner).video


def sent_unlooked(owner, content: bytes, name: str = "x.mp4") -> Video:
    """Return an uploaded video without the check of its first bytes, so that ffmpeg must find out."""
    video = Video.objects.create(owner=owner, name=name, bytes=len(content))
    facts = {"size": len(content), "offset": len(content), "state": Upload.State.WHOLE}
    upload = Upload.objects.create(owner=owner, video=video, expires_at="2999-01-01T00:00Z", **facts)
    chunks.stage_chunk(upload.key, 0, content).place()
    return video


def probe(path: Path) -> list[str]:
    """Return what ffmpeg prints about a file."""
    return ffmpeg.run(["-i", f"file:{path}"], path.parent, 20).lines
