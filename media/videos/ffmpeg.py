"""Run ffmpeg on strangers' files: in a separate process with limits, without access to other files and URLs."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from media.sandbox import limits

LIMITS_SCRIPT = Path(limits.__file__)
# The formats that phones and browsers record. A playlist, which may name other files and URLs, is none of these.
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "h263", "mjpeg")
AUDIO_CODECS = (
    "aac", "mp3", "opus", "vorbis", "amr_nb", "amr_wb", "alac", "ac3", "eac3", "flac",
    "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_f32le", "pcm_mulaw", "pcm_alaw",
)  # fmt: skip
# Decoders of these codecs that have other names.
DECODERS = ",".join(
    (*VIDEO_CODECS, "libdav1d", "libaom-av1", *AUDIO_CODECS, "mp3float", "amrnb", "amrwb", "libopus")
)
# The largest decoded picture: 4K, as its codec pads it.
MOST_PIXELS = 10_000_000
SECONDS_A_SECOND, SECONDS_AT_LEAST = 20, 600
# Without output for so long it is taken to hang.
STALL = 180
LOOK_EVERY = 0.5
# How far it is, on its standard output once a second.
REPORTS = ["-loglevel", "error", "-nostats", "-stats_period", "1", "-progress", "pipe:1"]
KEPT_LINES, LINE = 400, 500


class TimedOut(Exception):
    """Raised when ffmpeg took longer than its limit, or printed nothing for STALL seconds."""


@dataclass(frozen=True)
class Result:
    """The result of a run; `code` as in subprocess: negative when a limit or somebody killed it."""

    code: int
    lines: list[str]


@cache
def find_binary() -> str:
    """Return the system's ffmpeg, else that of a Python package, which has no ffprobe."""
    if found := settings.FFMPEG or shutil.which("ffmpeg"):
        return found
    import imageio_ffmpeg

    return imageio_ffmpeg.get_ffmpeg_exe()


def get_time_limit(film_ms: int) -> int:
    """Return how long a step may take for a film of this length: a village's computer may be ten times slower than the film."""
    return min(SECONDS_AT_LEAST + film_ms // 1000 * SECONDS_A_SECOND, settings.VIDEO_WORK_SECONDS)


def build_input_arguments(path: Path, most_pixels: int = MOST_PIXELS) -> list[str]:
    """Return the arguments that open a stranger's file: only files, and no format or decoder beyond the lists."""
    return [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS, "-codec_whitelist", DECODERS,
        "-max_pixels", str(most_pixels), "-i", f"file:{path}",
    ]  # fmt: skip


def run(
    arguments: list[str],
    folder: Path,
    seconds: int,
    most_bytes: int = 1 << 30,
    on_line: Callable[[str], None] = lambda line: None,
) -> Result:
    """Run ffmpeg; `on_line` gets each line of its output, and "" twice a second; an exception of it ends the process.

    Raises TimedOut after `seconds`, or without output for STALL. `most_bytes` is the limit of each file it writes.
    """
    command = [
        sys.executable,
        "-I",
        "-S",
        str(LIMITS_SCRIPT),
        str(most_bytes),
        str(seconds * (os.cpu_count() or 1)),
        str(os.getpid()),
    ]
    command += [find_binary(), "-hide_banner", "-nostdin", "-y", *arguments]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None  # a pipe
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    try:
        for line in read_lines(process.stdout.fileno(), seconds):
            if line:
                kept.append(line)
            on_line(line)
        return Result(process.wait(), list(kept))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def read_lines(pipe: int, seconds: int) -> Iterator[str]:
    end = time.monotonic() + seconds
    last, rest = time.monotonic(), b""
    while True:
        now = time.monotonic()
        if now > end or now - last > STALL:
            raise TimedOut
        if not select.select([pipe], [], [], LOOK_EVERY)[0]:
            yield ""
            continue
        block = os.read(pipe, 65536)
        last = time.monotonic()
        *lines, rest = (rest + block).split(b"\n")
        rest = rest[:LINE]
        for line in lines:
            yield line[:LINE].decode("utf-8", "replace").rstrip("\r")
        if not block:
            return
