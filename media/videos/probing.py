"""Find out what a video file is before anything of it is decoded.

Read from what `ffmpeg -i` prints, because that is there on every machine: the ffmpeg of the Python package has
no ffprobe. What the file says about itself stands deeper in those lines than what is looked for here, so it
cannot pretend to be it.
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
# 4K of cameras and of phones.
MOST_SIDE, MOST_PIXELS = 4096, 4096 * 2304
# Pixels of all pictures together: two hours of 1080p at 30 a second, half an hour of 4K. An hour's work of a plain computer.
MOST_WORK = 1920 * 1080 * 30 * 7200
# What is larger is still looked at, so that its refusal can say why.
PROBE_PIXELS = 100_000_000


class Unfit(Exception):
    """`reason`: a key of videos.processing.PROBLEMS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Probe:
    """Of the upright picture with square pixels; `video` and `audio` are numbers of streams."""

    duration_ms: int
    width: int
    height: int
    fps: float
    video: int
    audio: int | None


def probe(path: Path, most_seconds: int) -> Probe:
    """Raises Unfit for what is no video, cannot be decoded here, is too short, too long or too large."""
    lines = ffmpeg.run(ffmpeg.input_arguments(path, PROBE_PIXELS), path.parent, SECONDS).lines
    found = parse_streams(lines)
    duration = parse_duration(lines) or measure_duration(path, found.video)
    if duration < 2000:
        raise Unfit("short" if duration else "broken")
    if duration > most_seconds * 1000:
        raise Unfit("long")
    refuse_heavy(found.width, found.height, round(found.fps * duration / 1000))
    return Probe(duration, found.width, found.height, found.fps, found.video, found.audio)


def refuse_heavy(width: int, height: int, frames: int) -> None:
    """Raises Unfit for pictures above 4K, and for more of them than one film may keep the worker busy with."""
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise Unfit("large")
    refuse_work(width * height * frames)


def refuse_work(pixels: int) -> None:
    """Of all pictures that one film's making decodes."""
    if pixels > MOST_WORK:
        raise Unfit("costly")


def parse_streams(lines: list[str]) -> Probe:
    """The first moving picture and the first sound of those lines; the duration is left out."""
    if not any(line.startswith("Input #0, ") for line in lines):
        raise Unfit("other")
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
                upright_size(int(size[1]), int(size[2]), rest, lines[at + 1 :]),
                parse_fps(rest),
            )
        elif kind == "Audio" and audio is None and codec in ffmpeg.AUDIO_CODECS:
            audio = int(number)
    if video is None:
        raise Unfit("no_picture")
    if strange:
        raise Unfit("codec")
    number, (width, height), fps = video
    return Probe(0, width, height, fps, number, audio)


def upright_size(width: int, height: int, rest: str, below: list[str]) -> tuple[int, int]:
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
    """A second; 30 when the file does not say, as those of browsers."""
    if not (found := FRAMES.search(rest)):
        return 30.0
    fps = float(found[1]) * (1000 if found[2] else 1)
    return fps if 0 < fps <= 240 else 30.0


def parse_duration(lines: list[str]) -> int:
    """In milliseconds; 0 where the file does not say."""
    for line in lines:
        if found := DURATION.match(line):
            hours, minutes, seconds, hundredths = (int(part) for part in found.groups())
            return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
    return 0


def measure_duration(path: Path, video: int) -> int:
    """Recordings of browsers do not say how long they are: their packets are counted, undecoded."""
    arguments = [*ffmpeg.input_arguments(path), "-map", f"0:{video}", "-c", "copy", "-f", "null", "-"]
    lines = ffmpeg.run(["-nostats", "-progress", "pipe:1", *arguments], path.parent, SECONDS * 5).lines
    times = [int(found[1]) for line in lines if (found := OUT_TIME.match(line))]
    return max(times, default=0) // 1000
