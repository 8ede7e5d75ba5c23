"""The worker's job: what a microphone recorded becomes a small even sound file, once, whatever dies on the way."""

from __future__ import annotations

import logging
import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from media import ffmpeg, files, probing, recipe
from media.models import Voice
from media.video_making import WORKPLACE
from media.voices import MOST_SECONDS

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
ATTEMPTS = 3
PAUSE = timedelta(seconds=30)
SECONDS = 90
# A recorder stops a little after it was told to.
GRACE = 5
SHORTEST_MS = 300
PROBLEMS = {
    "other": gettext_noop("这不是录音，再录一次"),
    "short": gettext_noop("没录到声音，再录一次"),
    "long": gettext_noop("超过 90 秒，讲短一点再录"),
    "lost": gettext_noop("原来的录音找不到了，再录一次"),
    "tried": gettext_noop("试了几次都没做成，再录一次"),
}


def make(voice_id: int) -> bool:
    """Makes the sound of a voice nobody else is working on; whether it is ready now by our hand."""
    voice = take(voice_id)
    if voice is None:
        return False
    root = settings.VAR_DIR / WORKPLACE
    root.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=root) as folder:
            return made(voice, Path(folder))
    except probing.Unfit as unfit:
        fail(voice, unfit.reason)
        return False
    except BaseException:
        let_go(voice)
        raise


def due(now=None) -> QuerySet[Voice]:
    now = now or timezone.now()
    waiting = Voice.objects.filter(status=Voice.Status.WAITING)
    return waiting.exclude(leased_until__gte=now)


def take(voice_id: int) -> Voice | None:
    """The lease, for one of all who ask at once; None when somebody holds it or nothing is left to do."""
    now = timezone.now()
    mine = due(now).filter(pk=voice_id)
    if mine.filter(attempts__lt=ATTEMPTS).update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return Voice.objects.get(pk=voice_id)
    if worn_out := mine.filter(attempts__gte=ATTEMPTS).first():
        fail(worn_out, "tried")
    return None


def ours(voice: Voice) -> QuerySet[Voice]:
    return Voice.objects.filter(pk=voice.pk, status=Voice.Status.WAITING, leased_until=voice.leased_until)


def made(voice: Voice, folder: Path) -> bool:
    source, result = folder / "source", folder / "voice.m4a"
    try:
        with storages["intake"].open(voice.intake_name) as came:
            source.write_bytes(came.read())
    except FileNotFoundError as gone:
        raise probing.Unfit("lost") from gone
    stream = sound_in(ffmpeg.run(ffmpeg.source(source), folder, SECONDS).lines)
    ran = ffmpeg.run(arguments(source, stream, result.name), folder, SECONDS)
    lasts_ms = (
        max((int(found[1]) for line in ran.lines if (found := probing.WALKED.match(line))), default=0) // 1000
    )
    if ran.code or lasts_ms < SHORTEST_MS:
        raise probing.Unfit("short")
    if lasts_ms > (MOST_SECONDS + GRACE) * 1000:
        raise probing.Unfit("long")
    if not ours(voice).exists():
        return False
    with open(result, "rb") as sound:
        files.put(storages["private"], voice.name, File(sound))
    return finish(voice, lasts_ms, result.stat().st_size)


def sound_in(lines: list[str]) -> int:
    """The number of the first sound that we can read."""
    if any(line.startswith("Input #0, ") for line in lines):
        for line in lines:
            stream = probing.STREAM.match(line)
            if stream and stream[2] == "Audio" and stream[3] in ffmpeg.AUDIO_CODECS:
                return int(stream[1])
    raise probing.Unfit("other")


def arguments(source: Path, stream: int, name: str) -> list[str]:
    command = ["-loglevel", "error", "-nostats", "-progress", "pipe:1", *ffmpeg.source(source)]
    command += ["-map", f"0:{stream}", "-af", f"aresample=48000:async=1:first_pts=0,{recipe.LOUDNESS}"]
    command += ["-c:a", "aac", "-ac", "1", *recipe.LISTEN_RATE, *recipe.PLAIN, "-movflags", "+faststart"]
    return [*command, "-t", str(MOST_SECONDS + GRACE + 1), name]


def finish(voice: Voice, lasts_ms: int, size: int) -> bool:
    """What came goes only after the row says, for good, that it is needed no more."""
    facts = {"duration_ms": lasts_ms, "bytes": size, "problem": "", "leased_until": None}
    if not ours(voice).update(status=Voice.Status.READY, **facts):
        return False
    storages["intake"].delete(voice.intake_name)
    return True


def fail(voice: Voice, reason: str) -> None:
    facts = {"problem": PROBLEMS[reason], "leased_until": None}
    if not ours(voice).update(status=Voice.Status.FAILED, **facts):
        return
    log.warning("voice failed", extra={"fields": {"voice": voice.pk, "reason": reason}})
    storages["private"].delete(voice.name)
    storages["intake"].delete(voice.intake_name)


def let_go(voice: Voice) -> None:
    if voice.attempts >= ATTEMPTS:
        fail(voice, "tried")
    else:
        ours(voice).update(leased_until=timezone.now() + PAUSE)
