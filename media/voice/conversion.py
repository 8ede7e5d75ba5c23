"""The worker's job: make a small sound file of even loudness from a recording, once, even if a worker dies meanwhile."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.utils.translation import gettext_noop

from media.models import Voice
from media.storages import StorageUnavailable, write_file
from media.videos import encoding, ffmpeg, inspection
from media.videos.conversion import WORK_FOLDER
from media.voice.services import MOST_SECONDS

log = logging.getLogger(__name__)

SECONDS = 90
# Seconds by which recorders may stop late.
GRACE = 5
SHORTEST_MS = 300
PROBLEMS = {
    "other": gettext_noop("这不是录音，再录一次"),
    "short": gettext_noop("没录到声音，再录一次"),
    "long": gettext_noop("超过 90 秒，讲短一点再录"),
    "lost": gettext_noop("原来的录音找不到了，再录一次"),
    "tried": gettext_noop("试了几次都没做成，再录一次"),
}


def process_voice(voice_id: int) -> bool:
    """Make the sound of a voice that nobody else works on; return whether this call made it ready."""
    voice = Voice.objects.acquire_lease(voice_id)
    if voice is None:
        if exhausted := Voice.objects.exhausted(voice_id):
            mark_failed(exhausted, "tried")
        return False
    root = settings.VAR_DIR / WORK_FOLDER
    root.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=root) as folder:
            return convert(voice, Path(folder))
    except inspection.UnfitVideo as unfit:
        mark_failed(voice, unfit.reason)
        return False
    except StorageUnavailable as away:  # however long it is away, the voice waits
        log.warning("voice waits for its storage", extra={"fields": {"voice": voice.pk, "why": str(away)}})
        voice.release_lease(counts=False)
        return False
    except BaseException:
        if voice.is_last_attempt:
            mark_failed(voice, "tried")
        else:
            voice.release_lease()
        raise


def convert(voice: Voice, folder: Path) -> bool:
    source, result = folder / "source", folder / "voice.m4a"
    try:
        with storages["intake"].open(voice.intake_name) as came:
            source.write_bytes(came.read())
    except FileNotFoundError as gone:
        raise inspection.UnfitVideo("lost") from gone
    stream = find_sound(ffmpeg.run(ffmpeg.build_input_arguments(source), folder, SECONDS).lines)
    ran = ffmpeg.run(build_arguments(source, stream, result.name), folder, SECONDS)
    lasts_ms = (
        max((int(found[1]) for line in ran.lines if (found := inspection.OUT_TIME.match(line))), default=0)
        // 1000
    )
    if ran.code or lasts_ms < SHORTEST_MS:
        raise inspection.UnfitVideo("short")
    if lasts_ms > (MOST_SECONDS + GRACE) * 1000:
        raise inspection.UnfitVideo("long")
    if not voice.leased().exists():
        return False
    with open(result, "rb") as sound:
        write_file(storages["private"], voice.name, File(sound))
    return mark_ready(voice, lasts_ms, result.stat().st_size)


def find_sound(lines: list[str]) -> int:
    """Return the number of the first audio stream that can be read. Raises UnfitVideo."""
    if any(line.startswith("Input #0, ") for line in lines):
        for line in lines:
            stream = inspection.STREAM.match(line)
            if stream and stream[2] == "Audio" and stream[3] in ffmpeg.AUDIO_CODECS:
                return int(stream[1])
    raise inspection.UnfitVideo("other")


def build_arguments(source: Path, stream: int, name: str) -> list[str]:
    command = ["-loglevel", "error", "-nostats", "-progress", "pipe:1", *ffmpeg.build_input_arguments(source)]
    command += ["-map", f"0:{stream}", "-af", f"aresample=48000:async=1:first_pts=0,{encoding.LOUDNESS}"]
    command += ["-c:a", "aac", "-ac", "1", *encoding.LISTEN_RATE, *encoding.PLAIN, "-movflags", "+faststart"]
    return [*command, "-t", str(MOST_SECONDS + GRACE + 1), name]


def mark_ready(voice: Voice, lasts_ms: int, size: int) -> bool:
    """Delete what came after the row is committed as ready. Returns False if the lease was lost."""
    facts = {"duration_ms": lasts_ms, "bytes": size, "problem": "", "leased_until": None}
    if not voice.leased().update(status=Voice.Status.READY, **facts):
        return False
    storages["intake"].delete(voice.intake_name)
    return True


def mark_failed(voice: Voice, reason: str) -> None:
    facts = {"problem": PROBLEMS[reason], "leased_until": None}
    if not voice.leased().update(status=Voice.Status.FAILED, **facts):
        return
    log.warning("voice failed", extra={"fields": {"voice": voice.pk, "reason": reason}})
    storages["private"].delete(voice.name)
    storages["intake"].delete(voice.intake_name)
