"""Find out what a video file is before anything of it is decoded.

It is read from the output of `ffmpeg -i`, which exists on every machine: the ffmpeg of the Python package has no ffprobe.
The file's own metadata is indented deeper in that output than the lines read here, so it cannot imitate them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from media.videos import ffmpeg

SECONDS = 60
STREAM = re.compile(r"^  Stream #0:(\d+)(?:\[[^\]]*\])?(?:\([^)]*\))?: (Video|Audio): (\w+)(.*)$")
DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d)")
SIZE = re.compile(r", (\d{1,6})x(\d{1,6})(?=[, ]|$)")
SHAPE = re.compile(r"\bSAR (\d+):(\d+) DAR\b")
FRAMES = re.compile(r", ([\d.]+)(k?) (?:fps|tbr)\b")
TURN = re.compile(r"^ +(?:displaymatrix|Display Matrix): rotation of (-?[\d.]+) degrees$")
OUT_TIME = re.compile(r"^out_time_us=(\d+)")
# The 4K sizes of cameras and of phones.
MOST_SIDE, MOST_PIXELS = 4096, 4096 * 2304
# Pixels of all pictures together: two hours of 1080p at 30 a second, or half an hour of 4K; an hour's work for a plain
# computer.
MOST_WORK = 1920 * 1080 * 30 * 7200
# Larger files are still probed, so that their refusal can name the reason.
PROBE_PIXELS = 100_000_000


class UnfitVideo(Exception):
    """Raised for an unusable film; `reason` is a key of videos.conversion.PROBLEMS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Probe:
    """Facts about the upright picture with square pixels; `video` and `audio` are numbers of streams."""

    duration_ms: int
    width: int
    height: int
    fps: float
    video: int
    audio: int | None


def probe(path: Path, most_seconds: int) -> Probe:
    """Probe a file. Raises UnfitVideo if it is no video, cannot be decoded here, or is too short, too long or too large."""
    lines = ffmpeg.run(ffmpeg.build_input_arguments(path, PROBE_PIXELS), path.parent, SECONDS).lines
    found = parse_streams(lines)
    duration = parse_duration(lines) or measure_duration(path, found.video)
    if duration < 2000:
        raise UnfitVideo("short" if duration else "broken")
    if duration > most_seconds * 1000:
        raise UnfitVideo("long")
    refuse_heavy(found.width, found.height, round(found.fps * duration / 1000))
    return Probe(duration, found.width, found.height, found.fps, found.video, found.audio)


def refuse_heavy(width: int, height: int, frames: int) -> None:
    """Raise UnfitVideo for pictures above 4K, and for more of them than one film may keep the worker busy with."""
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise UnfitVideo("large")
    refuse_work(width * height * frames)


def refuse_work(pixels: int) -> None:
    """Raise UnfitVideo if a film needs too many decoded pixels in all."""
    if pixels > MOST_WORK:
        raise UnfitVideo("costly")


def parse_streams(lines: list[str]) -> Probe:
    """Return the first moving picture and the first sound of those lines, without the duration."""
    if not any(line.startswith("Input #0, ") for line in lines):
        raise UnfitVideo("other")
    video = audio = None
    strange = False
    for at, line in enumerate(lines):
        stream = STREAM.match(line)
        if stream is None or "(attached pic)" in line:
            continue
        number, kind, codec, rest = stream.groups()
        if kind == "Video" and video is None and (size := SIZE.search(rest)):
            strange = codec not in ffmpeg.VIDEO_CODECS
            video = (
                int(number),
                compute_upright_size(int(size[1]), int(size[2]), rest, lines[at + 1 :]),
                parse_fps(rest),
            )
        elif kind == "Audio" and audio is None and codec in ffmpeg.AUDIO_CODECS:
            audio = int(number)
    if video is None:
        raise UnfitVideo("no_picture")
    if strange:
        raise UnfitVideo("codec")
    number, (width, height), fps = video
    return Probe(0, width, height, fps, number, audio)


def compute_upright_size(width: int, height: int, rest: str, below: list[str]) -> tuple[int, int]:
    if (shape := SHAPE.search(rest)) and int(shape[1]) and int(shape[2]):
        width = max(1, round(width * int(shape[1]) / int(shape[2])))
    for line in below:
        if line.startswith("  Stream "):
            break
        if turn := TURN.match(line):
            if round(float(turn[1]) / 90) % 2:
                width, height = height, width
            break
    return width, height


def parse_fps(rest: str) -> float:
    """Return the pictures a second; 30 if the file does not state it, as files of browsers."""
    if not (found := FRAMES.search(rest)):
        return 30.0
    fps = float(found[1]) * (1000 if found[2] else 1)
    return fps if 0 < fps <= 240 else 30.0


def parse_duration(lines: list[str]) -> int:
    """Return the duration in milliseconds; 0 if the file does not state it."""
    for line in lines:
        if found := DURATION.match(line):
            hours, minutes, seconds, hundredths = (int(part) for part in found.groups())
            return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
    return 0


def measure_duration(path: Path, video: int) -> int:
    """Measure the duration by counting packets without decoding, because recordings of browsers do not state it."""
    arguments = [*ffmpeg.build_input_arguments(path), "-map", f"0:{video}", "-c", "copy", "-f", "null", "-"]
    lines = ffmpeg.run(["-nostats", "-progress", "pipe:1", *arguments], path.parent, SECONDS * 5).lines
    times = [int(found[1]) for line in lines if (found := OUT_TIME.match(line))]
    return max(times, default=0) // 1000
